import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { actReason, userId } from './people.ts';

/** Name of a role on a platform; whether the platform has it is checked where it is given. */
export const platformRoleName = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'is no name of a role');

const seen = {
  id: userId,
  platform: platformId,
  /** The change the sender saw last (`updatedAt`, epoch ms); null where they saw none. Another one since is a conflict. */
  seenAt: z.number().int().nullable(),
  reason: actReason,
};

/** Gives a person a role on a platform, or another one than they have. */
export const assignMembershipInput = z.strictObject({ ...seen, role: platformRoleName });
export type AssignMembershipInput = z.output<typeof assignMembershipInput>;

export const membershipStates = ['active', 'suspended'] as const;
export type MembershipState = (typeof membershipStates)[number];

/** Suspends the account on the platform, or lets it work again. */
export const suspendMembershipInput = z.strictObject({ ...seen, state: z.enum(membershipStates) });
export type SuspendMembershipInput = z.output<typeof suspendMembershipInput>;

export const removeMembershipInput = z.strictObject(seen);
export type RemoveMembershipInput = z.output<typeof removeMembershipInput>;

/** An account on a platform, as lists show it. */
export interface MembershipBrief {
  platform: string;
  role: string;
  title: string;
  state: MembershipState;
}

/** An account on a platform in full. Instants are epoch ms. */
export interface MembershipView extends MembershipBrief {
  id: string;
  platformName: string;
  /** In the platform's own names. */
  permissions: readonly string[];
  reason: string;
  createdAt: number;
  updatedAt: number;
}

/** What a platform asks: may this person do this here. `user` is an id or an e-mail address. */
export const authorizeInput = z.strictObject({
  user: z.string().trim().min(1, 'give an id or an address').max(320, 'is too long'),
  permission: z
    .string()
    .max(100, 'is too long')
    .regex(/^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$/, 'is written like miners:read'),
  platform: platformId,
});
export type AuthorizeInput = z.output<typeof authorizeInput>;

/**
 * Why. `no_account` covers people nobody knows and people with nothing on that platform alike: a key learns of its own
 * platform only.
 */
export const authorizeReasons = ['role', 'no_account', 'suspended', 'invited', 'not_in_role'] as const;
export type AuthorizeReason = (typeof authorizeReasons)[number];

export interface AuthorizeAnswer {
  allow: boolean;
  reason: AuthorizeReason;
  /** One sentence for the log of the platform. */
  message: string;
}
