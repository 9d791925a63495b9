import { z } from 'zod';
import { pageInput } from '../paging/index.ts';
import { platformId } from '../platforms/index.ts';
import { DAY_MS } from '../time/index.ts';
import type { KeyEnvironment } from './format.ts';
import { keyId } from './limits.ts';
import type { KeyFormat, KeyPolicyFacts } from './policy.ts';
import type { ApiKeyState } from './state.ts';

/** Which keys a list shows. `all` leaves out what ended more than `ENDED_SHOWN_MS` ago; `ended` has it. */
export const keyFilters = ['all', 'due', 'expiring', 'unused', 'no_consumer', 'ended'] as const;
export type KeyFilter = (typeof keyFilters)[number];

/** A key is due this long before its rotation is, at least; a longer overlap counts instead. */
export const DUE_SOON_MS = 7 * DAY_MS;
/** A key that ends within this time by its own expiry is expiring. */
export const EXPIRES_SOON_MS = 14 * DAY_MS;
/** A key nobody used for this long is unused. */
export const UNUSED_MS = 30 * DAY_MS;
/** Keys that ended are shown among all for this long. */
export const ENDED_SHOWN_MS = 90 * DAY_MS;
/** How far back the use of scopes is counted, in days. */
export const SCOPE_USE_DAYS = 30;

export const MAX_KEY_SEARCH_LENGTH = 100;

/** A page of the list of keys; `text` is looked for in names and ids. */
export const listKeyRowsInput = pageInput
  .extend({
    show: z.enum(keyFilters).default('all'),
    platform: platformId.optional(),
    text: z.string().trim().max(MAX_KEY_SEARCH_LENGTH).optional(),
  })
  .strict();
export type ListKeyRowsInput = z.output<typeof listKeyRowsInput>;

/** What of the list a file holds. */
export const exportKeysInput = listKeyRowsInput.pick({ show: true, platform: true, text: true }).strict();
export type ExportKeysInput = z.output<typeof exportKeysInput>;

export const countKeysInput = z.strictObject({ platform: platformId.optional() });
export type CountKeysInput = z.output<typeof countKeysInput>;

export const keyUsageInput = z.strictObject({
  id: keyId,
  /** How far back, in hours. Spans of a day are counted whole from 48 h on. */
  hours: z
    .number()
    .int()
    .min(1)
    .max(24 * 90)
    .default(24),
});
export type KeyUsageInput = z.output<typeof keyUsageInput>;

/** One key as a bar on the time axis. Instants are epoch ms. */
export interface KeyBar {
  id: string;
  /** What of the key may be shown, e.g. `hsi_prod_key_a1b2c3d4…`. */
  shown: string;
  state: ApiKeyState;
  createdAt: number;
  /** When its secret came to be; null while a claim link waits. */
  activatedAt: number | null;
  /** When it stops by itself; null: never. */
  stopsAt: number | null;
  /** When it ended, by revocation, expiry or rotation; null while it has not. */
  endedAt: number | null;
}

/** A row of the list: a key and, while both are of interest, the key it replaces or is replaced by. Instants are epoch ms. */
export interface KeyListRow extends KeyBar {
  name: string;
  platform: string;
  platformName: string;
  environment: KeyEnvironment;
  format: KeyFormat;
  /** Made elsewhere: to be rotated into a format of ours. */
  isLegacy: boolean;
  isDemo: boolean;
  owner: { id: string; name: string } | null;
  /** Why and by whom it was revoked or quarantined. */
  endReason: string | null;
  endedByName: string | null;
  /** When the policy of the platform wants it rotated; null for keys that do not work, or are being rotated. */
  rotationDueAt: number | null;
  /** True from some days before that instant on. */
  isDue: boolean;
  expiresAt: number | null;
  firstUsedAt: number | null;
  lastUsedAt: number | null;
  /** The open rotation of this key; `moved` of `consumers` consumers send the new key alone. */
  rotation: { id: string; successor: KeyBar; startedAt: number; deadlineAt: number; moved: number } | null;
  /** The key this one replaced. */
  previous: KeyBar | null;
  consumers: number;
  /** Calls a minute of the last ten full minutes, with both keys of a rotation. */
  ratePerMin: number;
  rateLimitPerMin: number | null;
  /** Calls refused since 00:00 UTC. */
  refusedToday: number;
  scopes: number;
  /** Scopes used in the last 30 days. */
  scopesUsed: number;
}

/** A key that has to be named. Instants are epoch ms. */
export interface NamedKey {
  id: string;
  name: string;
  platformName: string;
  /** The instant it is named for: due, expiry, end of the old key, quarantine. */
  at: number;
}

/** How many keys there are by filter, and which to name first. */
export interface KeyCounts {
  counts: Record<KeyFilter, number>;
  /** All that are not ended, and those that work now. */
  live: number;
  usable: number;
  overdue: { count: number; first: NamedKey | null };
  rotating: { count: number; first: (NamedKey & { consumers: number; moved: number }) | null };
  expiring: { count: number; first: NamedKey | null };
  quarantined: { count: number; first: NamedKey | null };
  /** Policy of each platform that has keys, by id; `*` for keys of all platforms. */
  policies: Record<string, Pick<KeyPolicyFacts, 'rotation' | 'overlapDays'>>;
  /** Whether the reader sees any key of any state, whatever the filter. */
  hasKeys: boolean;
}

/** Everything of one key but its use. Instants are epoch ms. */
export interface KeyDetail extends KeyListRow {
  scopeNames: string[];
  ipAllow: string[];
  createdByName: string | null;
  pepperVersion: number;
  policy: Pick<KeyPolicyFacts, 'rotation' | 'overlapDays'>;
  /** The keys before and after it, oldest first, itself among them; at most twenty. */
  lineage: KeyBar[];
}

/** Who called with a key. Instants are epoch ms. */
export interface KeyUsageView {
  /** Start of the time counted and its end. */
  fromAt: number;
  asOf: number;
  calls: number;
  refused: number;
  callers: {
    /** `other` for the sum of those beyond the sixteen kept apart in a span. */
    address: string;
    agent: string;
    /** Name of the consumer it belongs to, or null. */
    consumer: string | null;
    calls: number;
    refused: number;
    lastAt: number;
  }[];
  /** Callers beyond those listed. */
  moreCallers: number;
  outcomes: { outcome: string; calls: number }[];
}

/** Which scopes of a key were used within so many days. Days are UTC, `2026-10-03`. */
export interface ScopeUseView {
  days: number;
  used: number;
  scopes: { scope: string; calls: number; lastDay: string | null }[];
  /** True once the key is old enough for silence to mean something. */
  isConclusive: boolean;
}
