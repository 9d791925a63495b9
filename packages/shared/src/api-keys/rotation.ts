import { DAY_MS, HOUR_MS } from '../time/index.ts';
import { MAX_OVERLAP_DAYS } from './policy.ts';

/** The old key may be closed when nobody has used it for this long. */
export const SILENT_MS = DAY_MS;
/** How long, at most, the old key works on after the first use of its successor. */
export const MAX_GRACE_HOURS = MAX_OVERLAP_DAYS * 24;

/** The clocks of a rotation. Instants are epoch ms. */
export interface RotationClocks {
  /** The hard end. */
  deadlineMs: number;
  /** How long the old key works on after the successor's first use; null: until the deadline. */
  graceMs: number | null;
  /** First use of the successor; null while it was never used. */
  firstUseMs: number | null;
  /** Expiry of the old key; null: it has none. */
  expiresMs: number | null;
}

/** When the old key ends (epoch ms): the first of deadline, end of grace and its own expiry. */
export function rotationEndMs({ deadlineMs, graceMs, firstUseMs, expiresMs }: RotationClocks): number {
  const graceEnd = graceMs === null || firstUseMs === null ? Infinity : firstUseMs + graceMs;
  return Math.min(deadlineMs, graceEnd, expiresMs ?? Infinity);
}

/** The deadline (epoch ms) of a rotation that starts now with so many days of overlap; never past the old key's expiry. */
export function deadlineMs(nowMs: number, overlapDays: number, expiresMs: number | null): number {
  return Math.min(nowMs + overlapDays * DAY_MS, expiresMs ?? Infinity);
}

/**
 * When the old key ends (epoch ms) after an extension by so many days: never past its expiry, and never more than 30 days after
 * the rotation started. Not later than `endsMs` when there is no room left.
 */
export function extendedEndMs(of: {
  endsMs: number;
  days: number;
  startedMs: number;
  expiresMs: number | null;
}): number {
  const latest = Math.min(of.startedMs + MAX_OVERLAP_DAYS * DAY_MS, of.expiresMs ?? Infinity);
  return Math.max(of.endsMs, Math.min(of.endsMs + of.days * DAY_MS, latest));
}

/** Which of the two keys a consumer sends. */
export type Adoption = 'old' | 'new' | 'both' | 'silent';

/** Last calls (epoch ms) of one consumer with each key; null: none is known. */
export interface LastCalls {
  oldMs: number | null;
  newMs: number | null;
}

/**
 * Which key a consumer sends: `both` when each was used within the last hour, otherwise the one used last within 24 hours, and
 * `silent` when neither was.
 */
export function adoptionOf({ oldMs, newMs }: LastCalls, nowMs: number): Adoption {
  const within = (at: number | null, ms: number): at is number => at !== null && nowMs - at < ms;
  if (within(oldMs, HOUR_MS) && within(newMs, HOUR_MS)) return 'both';
  const old = within(oldMs, SILENT_MS) ? oldMs : null;
  const young = within(newMs, SILENT_MS) ? newMs : null;
  if (old === null) return young === null ? 'silent' : 'new';
  return young !== null && young > old ? 'new' : 'old';
}

/**
 * Which key somebody sends who calls from several places, each with its own last calls: `both` when some are on the old key and
 * others on the new one, for who has moved in one place only has not moved.
 */
export function adoptionOfAll(callers: readonly LastCalls[], nowMs: number): Adoption {
  const sent = callers.map((caller) => adoptionOf(caller, nowMs));
  const some = (...kinds: Adoption[]): boolean => sent.some((one) => kinds.includes(one));
  const [old, young] = [some('old', 'both'), some('new', 'both')];
  if (old) return young ? 'both' : 'old';
  return young ? 'new' : 'silent';
}

/** Why an old key may be closed, or what still speaks against it. */
export type CloseVerdict =
  | { isSafe: true; because: 'silent' | 'all_moved' }
  | { isSafe: false; lastOldMs: number; stillOld: string[]; unknownCallers: number };

/**
 * Whether the old key can be closed without breaking anybody: it was silent for 24 hours, or every consumer that is told apart
 * sends only the new key from wherever it calls, at least one does, and no unknown caller used the old one within 24 hours.
 * `lastOldMs` is its last use by anybody, null for none; `sends` null: the consumer's calls are not told apart; `hasMore`: there
 * are callers of the last 24 hours beyond those counted here, of whom nothing is known.
 */
export function closeVerdict(
  of: {
    lastOldMs: number | null;
    consumers: readonly { name: string; sends: Adoption | null }[];
    unknownLastOldMs: readonly (number | null)[];
    hasMore?: boolean;
  },
  nowMs: number,
): CloseVerdict {
  const { lastOldMs } = of;
  const recent = (at: number | null): boolean => at !== null && nowMs - at < SILENT_MS;
  if (lastOldMs === null || !recent(lastOldMs)) return { isSafe: true, because: 'silent' };
  const stillOld = of.consumers.filter(({ sends }) => sends === 'old' || sends === 'both').map(({ name }) => name);
  const unknownCallers = of.unknownLastOldMs.filter(recent).length + (of.hasMore === true ? 1 : 0);
  const moved = of.consumers.filter(({ sends }) => sends === 'new').length;
  if (stillOld.length === 0 && unknownCallers === 0 && moved > 0) return { isSafe: true, because: 'all_moved' };
  return { isSafe: false, lastOldMs, stillOld, unknownCallers };
}
