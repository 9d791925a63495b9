import { z } from 'zod';
import { actReason, type PersonRef, userId } from './people.ts';

/** Ends one session of a person. */
export const endSessionInput = z.strictObject({
  id: userId,
  sessionId: z.string().regex(/^ses_[A-Za-z0-9_-]{1,60}$/, 'is no id of a session'),
  reason: actReason,
});
export type EndSessionInput = z.output<typeof endSessionInput>;
/** Ends every session of a person. */
export const endSessionsInput = z.strictObject({ id: userId, reason: actReason });
export type EndSessionsInput = z.output<typeof endSessionsInput>;

/** A live session of a person. Instants are epoch ms. */
export interface PersonSession {
  id: string;
  /** E.g. `Chrome on Windows`. */
  device: string;
  address: string;
  method: 'password' | 'passkey' | 'oidc' | 'link';
  /** 1 one factor, 2 two factors or a verified passkey (NIST SP 800-63B). */
  assurance: 1 | 2;
  createdAt: number;
  /** To the minute. */
  lastSeenAt: number;
  expiresAt: number;
  /** The reader's own. */
  isCurrent: boolean;
}

/** Proof that sessions are over: after `endedAt` nothing of them is taken. */
export interface EndedSessions {
  ended: number;
  endedAt: number;
  /** Last call any of them made, to the minute; null when none was live. */
  lastRequestAt: number | null;
}

/** What becomes of a key when its owner leaves. */
export const keyFates = ['revoke', 'transfer'] as const;
export type KeyFate = (typeof keyFates)[number];

const keyFate = z.discriminatedUnion('becomes', [
  z.strictObject({ keyId: z.string().min(1).max(60), becomes: z.literal('revoke') }),
  z.strictObject({ keyId: z.string().min(1).max(60), becomes: z.literal('transfer'), to: userId }),
]);

/** Ends everything a person has here. Keys that are not named are revoked. */
export const offboardInput = z.strictObject({
  id: userId,
  reason: actReason,
  keys: z
    .array(keyFate)
    .max(500, 'names too many keys')
    .refine((keys) => new Set(keys.map((k) => k.keyId)).size === keys.length, 'names a key twice')
    .default([]),
});
export type OffboardInput = z.output<typeof offboardInput>;

/** A key that would stop, and whether anybody uses it. Instants are epoch ms. */
export interface OwnedKeyView {
  id: string;
  name: string;
  platform: string;
  environment: string;
  scopes: string[];
  lastUsedAt: number | null;
  expiresAt: number | null;
}

/** Something that stays in force under the name of who leaves. Instants are epoch ms. */
export type LeftBehind = {
  id: string;
  /** Why it was made, as they said it. */
  reason: string;
  platform: string;
} & (
  | {
      kind: 'exclusion';
      /** Null when it is for the whole platform. */
      slo: { id: string; name: string } | null;
      /** The first occurrence, the only one unless it recurs. */
      startsAt: number;
      endsAt: number;
      recurs: boolean;
    }
  | { kind: 'override'; slo: { id: string; name: string }; until: number }
);

/** A slot of who leaves that would end, or be cut off where it runs. Instants are epoch ms. */
export interface LeaverSlot {
  id: string;
  platform: string;
  platformName: string;
  role: 'primary' | 'secondary';
  startsAt: number;
  endsAt: number;
  isRunning: boolean;
  /** True when part of it has nobody else on call for the platform. */
  leavesNobody: boolean;
}

/** What offboarding a person ends, and what it leaves to others. */
export interface BlastRadius {
  person: PersonRef;
  sessions: number;
  keys: OwnedKeyView[];
  grants: { role: string; title: string; platform: string }[];
  memberships: { platform: string; role: string; title: string }[];
  /** Requests of theirs that wait, and are cancelled. */
  approvals: { id: string; summary: string }[];
  /** Open invitations they sent, which stop working. */
  invitations: { id: string; email: string; role: string }[];
  /** Stay in force under their name, of those the reader may see. */
  leftBehind: LeftBehind[];
  /** Slots on call, by their start, of those the reader may see: the first 100 and how many there are. */
  onCall: { slots: LeaverSlot[]; count: number };
  /** Why it cannot be done now, e.g. the last owner; null when it can. */
  refusal: string | null;
}

/** What offboarding ended. */
export interface OffboardResult {
  endedSessions: number;
  revokedKeys: number;
  transferredKeys: number;
  removedGrants: number;
  removedMemberships: number;
  cancelledApprovals: number;
  revokedInvitations: number;
  endedSlots: number;
}
