import { z } from 'zod';
import { pageInput } from '../../paging/index.ts';
import { actReason } from '../../users/index.ts';
import { keyLike, type KeyEnvironment } from '../format.ts';
import { MAX_SCAN_LENGTH } from '../scan/scan.ts';
import type { ApiKeyState } from '../state.ts';

/** Most keys that are ended in one act. */
export const MAX_ENDED_AT_ONCE = 25;

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'is no id of a key');

export const endingInput = z.strictObject({ id });
export const revokeKeyInput = z.strictObject({
  id,
  reason: actReason,
  /** Name of the key as it stands there, typed by whoever ends it. */
  typedName: z.string().max(400),
});
export type RevokeKeyInput = z.output<typeof revokeKeyInput>;
export const revokeManyInput = z
  .strictObject({
    ids: z
      .array(id)
      .min(1, 'name at least one key')
      .max(MAX_ENDED_AT_ONCE, `at most ${MAX_ENDED_AT_ONCE} keys at once`)
      .transform((ids) => [...new Set(ids)]),
    reason: actReason,
    /** Name of the key where it is only one, typed as when it is ended alone. */
    typedName: z.string().max(400).optional(),
  })
  .refine(({ ids, typedName }) => ids.length > 1 || typedName !== undefined, {
    path: ['typedName'],
    message: 'is missing: a single key is ended with its name typed',
  });
export type RevokeManyInput = z.output<typeof revokeManyInput>;
export const containKeyInput = z.strictObject({ id, reason: actReason });
export type ContainKeyInput = z.output<typeof containKeyInput>;

/** Longest text that is asked about: far beyond any key, so that a faulty one is still told apart. */
export const MAX_LOOK_UP_LENGTH = 512;
export const lookUpInput = z.strictObject({
  text: z.string().min(1, 'is empty').max(MAX_LOOK_UP_LENGTH, 'is too long'),
});

/** A caller of a key, and how much of its calls is its. Instants are epoch ms. */
export interface EndingCaller {
  address: string;
  agent: string;
  /** Name of the consumer it belongs to; null for unknown callers. */
  consumer: string | null;
  /** Calls let in within the last hour and the last 24 h, of whole spans of ten minutes. */
  lastHour: number;
  lastDay: number;
  lastAt: number;
}

/** What ending a key now would cost, from calls that were made. Instants are epoch ms. */
export interface EndingPreview {
  id: string;
  name: string;
  platform: string;
  environment: KeyEnvironment;
  state: ApiKeyState;
  ownerEmail: string | null;
  /** Calls a minute, mean over the last five whole minutes. */
  perMinute: number;
  lastHour: number;
  lastDay: number;
  /** The busiest of the last 24 h, at most 20. */
  callers: EndingCaller[];
  /** Callers beyond those listed. */
  callersMore: number;
  /** Names, or addresses where no consumer stands for them, of who called within the last hour, the busiest first. */
  from: string[];
  consumers: { name: string; ownerName: string; lastHour: number; lastDay: number }[];
  /** The rotation the key is part of, if it is open. */
  rotation: { role: 'old' | 'successor'; otherId: string; otherName: string; endsAt: number | null } | null;
  asOf: number;
}

/** What ending several keys came to, key by key. */
export interface EndedKey {
  id: string;
  isEnded: boolean;
  /** Why it was not; null when it was. */
  message: string | null;
  isLedgerPending: boolean;
}

/** What revoking a key came to. */
export interface RevokedKey {
  /** False when it was revoked before. */
  revoked: boolean;
  /** True while the ledger could not be written. */
  isLedgerPending: boolean;
}

/** Whether a text was ever a key of ours. Instants are epoch ms. */
export type KeyLookUp =
  | {
      verdict: 'ours';
      id: string;
      name: string;
      platform: string;
      environment: KeyEnvironment;
      state: ApiKeyState;
      createdAt: number;
      /** Since when it is in this state, where that is an instant of its own. */
      since: number | null;
    }
  /**
   * It was one, and the tables no longer know it. `by` the id alone: its hash cannot be compared any more, so that the text may
   * be another around the same id. `revokedAt`: when it ended.
   */
  | { verdict: 'known_to_ledger'; by: 'hash' | 'id'; id: string; revokedAt: number }
  /** `isCertain` is false where the answer leaves out keys of platforms the caller may not see. */
  | { verdict: 'not_found'; isCertain: boolean };

/** Most characters of a text that comes as an argument; longer ones are uploaded. */
export const MAX_PASTED_LENGTH = 400_000;
const everyKey = new RegExp(keyLike.source, 'g');
const leakPlace = z
  .string({ error: 'is missing' })
  .max(2_000, { error: 'must be at most 300 characters', abort: true })
  .transform((text) =>
    text
      .normalize('NFC')
      .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      // An address copied from a browser may hold the very key.
      .replaceAll(everyKey, '(a key)')
      .trim(),
  )
  .pipe(z.string().min(3, 'must say where, in at least 3 characters').max(300, 'must be at most 300 characters'));
export const leakFacts = z.strictObject({
  /** Where the text was found. */
  place: leakPlace,
  /** Since when it lay there (epoch ms); null: not known. */
  leakedAt: z.number().int().min(0).max(8_640_000_000_000_000).nullable().default(null),
});
export type LeakFacts = z.output<typeof leakFacts>;
export const reportLeakInput = leakFacts.extend({
  text: z.string().min(1, 'is empty').max(MAX_PASTED_LENGTH, 'is too long to be pasted; send it as a file'),
});
export type ReportLeakInput = z.output<typeof reportLeakInput>;
export const MAX_LEAK_BYTES = MAX_SCAN_LENGTH;

/** A key that was found in a text. Instants are epoch ms. */
export interface LeakHitView {
  keyId: string;
  name: string;
  platform: string;
  environment: KeyEnvironment;
  action: 'quarantined' | 'reported' | 'ended_before';
  /** State now. */
  state: ApiKeyState;
  /** Calls let in since the text lay there; where that is not known, within the 24 h before the report. */
  callsSince: number;
  callers: { address: string; agent: string; calls: number; lastAt: number }[];
}

/** A text that was searched for keys; the text is not kept. Instants are epoch ms. */
export interface LeakReportView {
  id: string;
  source: 'paste' | 'file' | 'cli';
  place: string;
  leakedAt: number | null;
  characters: number;
  candidates: number;
  reportedBy: string | null;
  reportedAt: number;
  /** Since when calls are counted for the hits. */
  usageSince: number;
  /** How many keys were found, how many of them are quarantined now, and how many still work. */
  counts: LeakCounts;
  /** The first of them by name; `hitsCursor` leads to the rest. */
  hits: LeakHitView[];
  hitsCursor: string | null;
}

export interface LeakCounts {
  found: number;
  stopped: number;
  working: number;
}

/** A page of the keys that were found in one text. */
export const leakHitsInput = pageInput
  .extend({ reportId: z.string().regex(/^klr_[A-Za-z0-9_-]{1,40}$/, 'is no id of a report') })
  .strict();
export type LeakHitsInput = z.output<typeof leakHitsInput>;
