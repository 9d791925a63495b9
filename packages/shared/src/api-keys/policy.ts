import { z } from 'zod';
import { DAY_MS } from '../time/index.ts';
import { defaultKeyPrefix, keyEnvironments, type KeyEnvironment } from './format.ts';

/** Life of a key that names none, as in the HashInsight manual. */
export const DEFAULT_KEY_LIFE_DAYS = 90;
export const MAX_KEY_LIFE_DAYS = 366;
/** Overlap of a rotation that names none, as in the HashInsight manual; and the longest. */
export const DEFAULT_OVERLAP_DAYS = 7;
export const MAX_OVERLAP_DAYS = 30;

/** How keys are written: ours with id and checksum, sixteen characters as in the HashInsight manual, or made elsewhere. */
export const keyFormats = ['v2', 'seed16', 'opaque'] as const;
export type KeyFormat = (typeof keyFormats)[number];

const days = (max: number) => z.number().int().min(1, 'at least one day').max(max, `at most ${max} days`);

/** How keys of a platform look, how long they live and when they are rotated. */
export const keyPolicyFacts = z.strictObject({
  /** What new keys begin with. */
  prefix: z.string().regex(/^[a-z0-9]{2,8}$/, 'use 2 to 8 of a-z and 0-9'),
  /** Of keys made here; `opaque` ones are only imported. */
  format: z.enum(['v2', 'seed16']),
  /** By age of the key, or with the quarters of the year (UTC). */
  rotation: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('age'), everyDays: days(MAX_KEY_LIFE_DAYS) }),
    z.strictObject({ by: z.literal('quarter') }),
  ]),
  overlapDays: z.number().int().min(0).max(MAX_OVERLAP_DAYS, `at most ${MAX_OVERLAP_DAYS} days`),
  /** Longest life by environment; only an owner goes beyond, never past a year. */
  maxLifeDays: z.strictObject({
    prod: days(MAX_KEY_LIFE_DAYS),
    staging: days(MAX_KEY_LIFE_DAYS),
    dev: days(MAX_KEY_LIFE_DAYS),
    test: days(MAX_KEY_LIFE_DAYS),
  }),
  /** Environments whose keys stop at once when they are found leaked; keys of others are reported and go on. */
  quarantines: z.array(z.enum(keyEnvironments)),
});
export type KeyPolicyFacts = z.output<typeof keyPolicyFacts>;

/** The policy a platform begins with. */
export function defaultKeyPolicy(platform: string): KeyPolicyFacts {
  return {
    prefix: defaultKeyPrefix(platform),
    format: 'v2',
    rotation: { by: 'age', everyDays: DEFAULT_KEY_LIFE_DAYS },
    overlapDays: DEFAULT_OVERLAP_DAYS,
    maxLifeDays: { prod: 90, staging: 90, dev: 180, test: 180 },
    quarantines: ['prod', 'staging'],
  };
}

/** A key made this late in a quarter is due only at the end of the next one. */
const LATE_IN_QUARTER_MS = 14 * DAY_MS;

/** When a key that began at `sinceMs` (epoch ms) is to be rotated by the policy: after so many days, or at the turn of a quarter, UTC. */
export function rotationDueMs(rotation: KeyPolicyFacts['rotation'], sinceMs: number): number {
  if (rotation.by === 'age') return sinceMs + rotation.everyDays * DAY_MS;
  const since = new Date(sinceMs + LATE_IN_QUARTER_MS);
  return Date.UTC(since.getUTCFullYear(), (Math.floor(since.getUTCMonth() / 3) + 1) * 3, 1);
}

/**
 * Keys that began before this instant (epoch ms) are to be rotated by `byMs`; younger ones later. The other way round of
 * `rotationDueMs`, so that a database can look for what is due.
 */
export function dueSinceMs(rotation: KeyPolicyFacts['rotation'], byMs: number): number {
  if (rotation.by === 'age') return byMs - rotation.everyDays * DAY_MS + 1;
  const by = new Date(byMs);
  return Date.UTC(by.getUTCFullYear(), Math.floor(by.getUTCMonth() / 3) * 3, 1) - LATE_IN_QUARTER_MS;
}

/** Longest life, in days, the policy allows in an environment; owners of the console may give up to a year. */
export function maxLifeDays(policy: KeyPolicyFacts, environment: KeyEnvironment, isOwner: boolean): number {
  return isOwner ? MAX_KEY_LIFE_DAYS : policy.maxLifeDays[environment];
}
