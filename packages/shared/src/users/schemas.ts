import { z } from 'zod';
import { builtInRoles, type GrantScope } from '../permissions/index.ts';
import { platformId } from '../platforms/index.ts';
import { emailAddress } from './email.ts';
import { newPassword, presentedPassword } from './password.ts';
import { personName } from './text.ts';

/** Input of a sign-in. */
export const signInInput = z.strictObject({ email: emailAddress, password: presentedPassword });
export type SignInInput = z.output<typeof signInInput>;

/** Input that makes the first owner; `token` comes from the one-time link. */
export const createOwnerInput = z.strictObject({
  token: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'open the whole link again; part of it is missing'),
  name: personName,
  email: emailAddress,
  password: newPassword,
});
export type CreateOwnerInput = z.output<typeof createOwnerInput>;

/** A platform a grant is for, or `*` for all. */
export const grantPlatform = z.union([platformId, z.literal('*')], 'name a platform, or * for all');

/** A new person, with or without a first role. */
export const createUserInput = z.strictObject({
  name: personName,
  email: emailAddress,
  password: newPassword,
  role: z
    .enum(builtInRoles, `use one of ${builtInRoles.join(', ')}`)
    .nullable()
    .default(null),
  platform: grantPlatform.default('*'),
});
export type CreateUserInput = z.output<typeof createUserInput>;

/** A role in force, as the screens name it. */
export interface RoleView {
  /** Name of a built-in role, or the id of one made here. */
  role: string;
  title: string;
  platform: string;
}

/** The person of a session. Instants are epoch ms. */
export interface SessionUser {
  id: string;
  name: string;
  email: string;
  roles: RoleView[];
  /** What the person may do now; nothing while `mustEnrol`. */
  grants: GrantScope[];
  /** Authenticator assurance level: 1 one factor, 2 two factors or a passkey. */
  assurance: 1 | 2;
  /** Instant by which a second factor must be set up; null when none is missing. */
  enrolBy: number | null;
  /** True when that instant is past: everything but setting one up is refused. */
  mustEnrol: boolean;
}

/** What the browser knows of its own session. */
export interface SessionView {
  /** True until the first owner exists; only the one-time link leads on. */
  setup: boolean;
  demo: boolean;
  demoAccounts: boolean;
  user: null | SessionUser;
  version: string;
  embedded: boolean;
}

/** States of a person: `invited` has not come in yet, `offboarded` is gone for good and kept for the record. */
export const userStates = ['invited', 'active', 'suspended', 'offboarded'] as const;
export type UserState = (typeof userStates)[number];

/** A person as lists show them. Instants are epoch ms. */
export interface UserView {
  id: string;
  name: string;
  email: string;
  state: UserState;
  roles: RoleView[];
  isDemo: boolean;
  createdAt: number;
  lastSeenAt: number | null;
}
