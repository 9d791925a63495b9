import { z } from 'zod';
import { pageInput } from '../paging/index.ts';
import { platformId } from '../platforms/index.ts';
import { LAST_INSTANT_MS } from '../time/index.ts';
import { emailAddress } from './email.ts';
import { platformRoleName, type MembershipBrief, type MembershipView } from './memberships.ts';
import { actReason, type PersonRef, userId } from './people.ts';
import { userStates, type UserState } from './schemas.ts';
import { personName } from './text.ts';

/** Longest text searched for; more is no search. */
export const MAX_SEARCH_LENGTH = 100;
/** Without a sign-in for this long, an account needs a look. */
export const IDLE_AFTER_DAYS = 90;
export const INVITATION_ENDS_SOON_DAYS = 2;
export const GRANT_ENDS_SOON_DAYS = 7;
/** Most people in one bulk act. */
export const MAX_BULK_PEOPLE = 500;

/** Why somebody should look at an account. */
export const attentionKinds = ['owner_without_second_factor', 'idle', 'invitation_ends', 'grant_ends'] as const;
export type AttentionKind = (typeof attentionKinds)[number];

export const directorySorts = ['name', 'email', 'lastSeen'] as const;
export type DirectorySort = (typeof directorySorts)[number];

const instant = z.number().int().min(0).max(LAST_INSTANT_MS, 'must be before the year 10000');

/** Filters of the directory; all given must hold. */
export const directoryFilters = z.strictObject({
  /** Parts of the name or the address, in any order and case; every word must be found. */
  text: z
    .string()
    .max(MAX_SEARCH_LENGTH, `use at most ${MAX_SEARCH_LENGTH} characters`)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'has a broken character; type it again')
    .optional(),
  /** A built-in role, or the id of one made here. */
  role: z.string().min(1).max(60).optional(),
  /** Somewhere to have a role of the console, an account or an invitation. */
  platform: platformId.optional(),
  platformRole: platformRoleName.optional(),
  state: z.enum(userStates).optional(),
  /** Last seen at this instant or after (epoch ms). */
  seenFrom: instant.optional(),
  /** Last seen before this instant, or never (epoch ms). */
  seenTo: instant.optional(),
  attention: z.union([z.enum(attentionKinds), z.literal('any')]).optional(),
});
export type DirectoryFilters = z.output<typeof directoryFilters>;

/** Longest marker of a page: it holds a name. */
const MAX_CURSOR_LENGTH = 1_000;

/** Input of the directory. With a text and no sort, addresses that begin with it come first. */
export const directoryListInput = directoryFilters.extend({
  ...pageInput.shape,
  cursor: z
    .string()
    .max(MAX_CURSOR_LENGTH)
    .regex(/^[A-Za-z0-9_-]+$/, 'is not a marker of a list')
    .optional(),
  sort: z.enum(directorySorts).default('email'),
  /** By address and name from A to Z, by last seen the latest first, unless turned round. */
  reverse: z.boolean().default(false),
});
export type DirectoryListInput = z.output<typeof directoryListInput>;

/** A role in force, as lists show it; `role` is a built-in name or the id of one made here. Instants are epoch ms. */
export interface GrantBrief {
  role: string;
  title: string;
  platform: string;
  expiresAt: number | null;
}

/** A role in force, with how it came to be. */
export interface GrantView extends GrantBrief {
  id: string;
  /** False for roles made here. */
  isBuiltIn: boolean;
  reason: string;
  grantedBy: PersonRef | null;
  createdAt: number;
}

export const secondFactorKinds = ['totp', 'passkey', 'recovery'] as const;
export type SecondFactorKind = (typeof secondFactorKinds)[number];

/** How a person can sign in: kinds only. Recovery codes are counted among the factors while unused ones are left. */
export interface SignInWays {
  password: boolean;
  oidc: boolean;
  factors: SecondFactorKind[];
}

/** A row of the directory. Instants are epoch ms. */
export interface DirectoryRow {
  id: string;
  name: string;
  email: string;
  state: UserState;
  isDemo: boolean;
  createdAt: number;
  lastSeenAt: number | null;
  /** On platforms the reader may see, and on all (`*`). */
  grants: GrantBrief[];
  memberships: MembershipBrief[];
  signIn: SignInWays;
  /** The invitation still open. */
  invitation: { expiresAt: number } | null;
  attention: AttentionKind[];
}

/** How many there are, among those the reader may see. */
export interface DirectoryCounts {
  /** Everybody but those who left. */
  people: number;
  byState: Record<UserState, number>;
  /** People with at least one reason. */
  attention: number;
  byAttention: Record<AttentionKind, number>;
}

/** An act of a person from the audit log. */
export interface RecentAct {
  seq: number;
  at: number;
  action: string;
  status: 'success' | 'denied' | 'failure';
  platform: string | null;
  target: { kind: string; id: string } | null;
}

/** What the reader may do to the person; each act checks again. */
export const personActs = [
  'update',
  'suspend',
  'reinstate',
  'end_sessions',
  'reset',
  'offboard',
  'assign',
  'grant',
] as const;
export type PersonAct = (typeof personActs)[number];

/** Everything the console shows of a person. Instants are epoch ms. */
export interface PersonView extends Omit<DirectoryRow, 'grants' | 'memberships' | 'invitation'> {
  version: number;
  origin: 'console' | 'invitation' | 'import' | 'oidc' | 'cli' | 'demo';
  stateReason: string | null;
  stateSince: number | null;
  grants: GrantView[];
  memberships: MembershipView[];
  /** Live ones. */
  sessions: number;
  apiKeys: number;
  invitation: {
    id: string;
    role: string;
    title: string;
    platform: string;
    invitedBy: PersonRef | null;
    createdAt: number;
    expiresAt: number;
  } | null;
  /** Newest first; sign-ins only for readers without the audit log. */
  recent: RecentAct[];
  may: PersonAct[];
}

/** Changes the name or the address. Another change since `version` is a conflict that names what the person is now. */
export const updateProfileInput = z.strictObject({
  id: userId,
  version: z.number().int().min(1),
  name: personName.optional(),
  email: emailAddress.optional(),
});
export type UpdateProfileInput = z.output<typeof updateProfileInput>;

/** Suspends or reinstates a person. */
export const personStateInput = z.strictObject({ id: userId, reason: actReason });
export type PersonStateInput = z.output<typeof personStateInput>;

export const bulkActs = ['suspend', 'reinstate', 'end_sessions', 'offboard'] as const;
export type BulkAct = (typeof bulkActs)[number];

/** One act on many people, each judged alone. */
export const bulkInput = z.strictObject({
  act: z.enum(bulkActs),
  ids: z
    .array(userId)
    .min(1, 'name at least one person')
    .max(MAX_BULK_PEOPLE, `name at most ${MAX_BULK_PEOPLE} people`)
    .refine((ids) => new Set(ids).size === ids.length, 'names somebody twice'),
  reason: actReason,
});
export type BulkInput = z.output<typeof bulkInput>;

/** What became of one person in a bulk act; `message` says why where nothing was done. */
export interface BulkOutcome {
  id: string;
  done: boolean;
  message: string | null;
}
