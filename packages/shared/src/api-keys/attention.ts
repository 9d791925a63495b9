import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { DAY_MS } from '../time/index.ts';
import type { LedgerNeed } from './ending/ledger.ts';

/** A key that expires within this time, and is not being rotated, asks for somebody. */
export const EXPIRY_NEAR_MS = 7 * DAY_MS;
/** An old key that ends within this time while it still is used asks for somebody. */
export const ROTATION_END_NEAR_MS = 2 * DAY_MS;
/** A key called within this time counts as used. */
export const STILL_USED_MS = DAY_MS;
/** Keys told of at most; those that matter most come first. */
export const MAX_KEY_NEEDS = 50;

/** Why a key asks for somebody, the gravest first; each key is told of once, with the first that holds. */
export const keyNeedKinds = ['quarantined', 'rotation_ending', 'expiring', 'overdue'] as const;
export type KeyNeedKind = (typeof keyNeedKinds)[number];

export const keyAttentionInput = z.strictObject({ platform: platformId.optional() });
export type KeyAttentionInput = z.output<typeof keyAttentionInput>;

/** A key that asks for somebody. Instants are epoch ms. */
export interface KeyNeed {
  kind: KeyNeedKind;
  id: string;
  name: string;
  /** Platform the key may act on, `*` for all. */
  platform: string;
  platformName: string;
  /** Since when it is quarantined, when it ends or expires, or when it was due. */
  at: number;
  lastUsedAt: number | null;
  /** Why it is quarantined; null otherwise. */
  reason: string | null;
  isDemo: boolean;
}

/** Keys that ask for somebody at `asOf` (epoch ms), the gravest first; `more` when there are others. */
export interface KeyAttention {
  rows: KeyNeed[];
  more: boolean;
  /** The ledger of ended keys, while it fails and the reader sees the keys of all platforms; null otherwise. */
  ledger: LedgerNeed | null;
  asOf: number;
}
