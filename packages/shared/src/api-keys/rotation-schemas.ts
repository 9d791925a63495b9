import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { actReason, linkToken } from '../users/index.ts';
import { keyDelivery, type NewClaim } from './create.ts';
import type { KeyEnvironment } from './format.ts';
import { keyId } from './limits.ts';
import { MAX_OVERLAP_DAYS } from './policy.ts';
import { MAX_GRACE_HOURS, type Adoption, type CloseVerdict } from './rotation.ts';
import { keyScopeList } from './scopes.ts';

/** Days the old key works beside the new one; 0 ends it at once. */
export const overlapDays = z
  .number()
  .int()
  .min(0, 'at least 0 days')
  .max(MAX_OVERLAP_DAYS, `at most ${MAX_OVERLAP_DAYS} days`);
const graceHours = z
  .number()
  .int()
  .min(0, 'at least 0 hours')
  .max(MAX_GRACE_HOURS, `at most ${MAX_GRACE_HOURS} hours`)
  .nullable();

export const previewRotationInput = z.strictObject({ keyId, overlapDays: overlapDays.optional() });
export type PreviewRotationInput = z.output<typeof previewRotationInput>;

/** A rotation to start. */
export const startRotationInput = z.strictObject({
  keyId,
  /** Days both keys work; 0 ends the old key at once. */
  overlapDays,
  /** The old key also ends this long after the successor's first use; null: only at the deadline. */
  graceHours: graceHours.default(null),
  reason: actReason,
  /** What the successor may do, part of what the old key may; all of it when left out. */
  scopes: keyScopeList.optional(),
  /** The new key is shown once in the answer, or drawn by whoever is to use it through a link. */
  delivery: keyDelivery.default({ kind: 'show' }),
});
export type StartRotationInput = z.output<typeof startRotationInput>;

export const emergencyRotationInput = startRotationInput.pick({
  keyId: true,
  reason: true,
  scopes: true,
  delivery: true,
});
export type EmergencyRotationInput = z.output<typeof emergencyRotationInput>;

export const extendRotationInput = z.strictObject({
  keyId,
  days: z.number().int().min(1, 'at least one day').max(MAX_OVERLAP_DAYS, `at most ${MAX_OVERLAP_DAYS} days`),
  reason: actReason,
});
export type ExtendRotationInput = z.output<typeof extendRotationInput>;

export const cancelRotationInput = z.strictObject({
  keyId,
  reason: actReason,
  /** Says that the successor, which was used already, is to stop all the same. */
  successorInUse: z.boolean().default(false),
});
export type CancelRotationInput = z.output<typeof cancelRotationInput>;

export const closeRotationInput = z.strictObject({
  keyId,
  reason: actReason,
  /** Name of the key, typed; ends the old key although it is still used. */
  typedName: z.string().max(400).optional(),
});
export type CloseRotationInput = z.output<typeof closeRotationInput>;

export const rotationBoardInput = z.strictObject({ keyId });
export const remindInput = z.strictObject({ keyId });
export const remindManyInput = z.strictObject({ keyIds: z.array(keyId).min(1, 'name at least one key').max(100) });
export const acknowledgementInput = z.strictObject({ token: linkToken });
export const rotationCalendarInput = z.strictObject({ platform: platformId.optional() });

/** Somebody who calls with a key. Instants are epoch ms. */
export interface KeyCaller {
  address: string;
  agent: string;
  /** Name of the consumer it belongs to; null for unknown callers. */
  consumer: string | null;
  /** Calls in the last hour (of spans of ten minutes that began within it). */
  lastHour: number;
  lastAt: number;
}

/** What a rotation of a key would do. Instants are epoch ms. */
export interface RotationPreview {
  keyId: string;
  name: string;
  platform: string;
  environment: KeyEnvironment;
  scopes: string[];
  /** Why it cannot be rotated now; null when it can. */
  fault: string | null;
  /** Overlap the policy of the platform names, in days. */
  policyOverlapDays: number;
  overlapDays: number;
  deadlineAt: number;
  /** True when the old key's own expiry cuts the overlap short. */
  isCutByExpiry: boolean;
  successorExpiresAt: number;
  consumers: { name: string; channel: 'email' | 'slack' | 'webhook' }[];
  /** Who called within the last hour, the busiest first, at most 20: what breaks when the old key ends at once. */
  callers: KeyCaller[];
  callsLastHour: number;
  /** Permissions of the console the key has and the reader lacks: then the new key is not shown to them. */
  beyondYou: string[];
  delivery: DeliveryOffer;
}

/** How somebody may hand over the successor of a key. */
export interface DeliveryOffer {
  /** It may be shown to them. */
  canShow: boolean;
  /** The key acts for another person, who alone may get it. */
  isOfAnother: boolean;
  /** Who may be sent a link: anybody, or those listed; nobody where none is. */
  link: 'anybody' | 'listed';
  recipients: { name: string; email: string }[];
  /** Consumers told by e-mail to whom no link may go, and why. */
  notCounting: { name: string; email: string; why: string }[];
  /** False where links are shown instead of mailed. */
  canMail: boolean;
}

/** A rotation that has started. Instants are epoch ms. */
export interface StartedRotation {
  rotationId: string;
  newKeyId: string;
  /** The new key, shown now and never again; null where it is drawn by a link. */
  text: string | null;
  claim: NewClaim | null;
  endsAt: number;
  newExpiresAt: number;
}

/** What one consumer sends and was told. Instants are epoch ms. */
export interface BoardRow {
  consumerId: string;
  name: string;
  ownerName: string;
  channel: 'email' | 'slack' | 'webhook';
  /** Null: its calls cannot be told apart, for want of addresses and agents. */
  sends: Adoption | null;
  oldLastHour: number;
  newLastHour: number;
  lastOldAt: number | null;
  lastNewAt: number | null;
  toldAt: number | null;
  acknowledgedAt: number | null;
  /** Why the last notice to it has not gone out; null when it has, or is about to. */
  notDelivered: string | null;
}

/** A caller that is no consumer's. Instants are epoch ms. */
export interface UnmovedCaller {
  address: string;
  agent: string;
  sends: Adoption;
  oldLastHour: number;
  newLastHour: number;
  lastOldAt: number | null;
}

/** Where a rotation stands. Instants are epoch ms. */
export interface RotationBoard {
  rotationId: string;
  isOpen: boolean;
  outcome: 'completed' | 'closed_early' | 'cancelled' | null;
  closedAt: number | null;
  reason: string;
  isEmergency: boolean;
  startedAt: number;
  startedBy: string | null;
  old: { id: string; name: string; expiresAt: number | null };
  successor: {
    id: string;
    createdAt: number;
    expiresAt: number | null;
    firstUsedAt: number | null;
    isPending: boolean;
  };
  /** The two clocks, and the end they give. */
  deadlineAt: number;
  graceMs: number | null;
  graceEndsAt: number | null;
  endsAt: number;
  /** How far the end can be moved at most. */
  latestEndAt: number;
  consumers: BoardRow[];
  unknown: UnmovedCaller[];
  /** Unknown callers beyond those listed. */
  unknownMore: number;
  lastOldAt: number | null;
  verdict: CloseVerdict;
  envLines: { before: string; overlap: string; after: string };
  asOf: number;
}

/** One date of the calendar. */
export interface CalendarEntry {
  keyId: string;
  name: string;
  platform: string;
  platformName: string;
  environment: KeyEnvironment;
  kind: 'rotation_due' | 'old_key_ends' | 'expires';
  at: number;
}

/** What the holder of a notice sees before they acknowledge it. Instants are epoch ms. */
export interface AcknowledgementView {
  keyName: string;
  shown: string;
  platformName: string;
  environment: KeyEnvironment;
  consumer: string;
  endsAt: number;
  acknowledgedAt: number | null;
  isRotated: boolean;
}
