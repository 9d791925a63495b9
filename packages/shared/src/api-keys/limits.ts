import { z } from 'zod';
import { personName } from '../users/index.ts';
import { keyScopeList } from './scopes.ts';

/** Most ranges of addresses a key or a consumer names. */
export const MAX_RANGES = 50;
export const MAX_RATE_PER_MIN = 10_000_000;

/** The public id of a key. */
export const keyId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'is no id of a key');
export const keyIdInput = z.strictObject({ id: keyId });

/** One range in CIDR form; a single address stands for itself. */
const range = z
  .string()
  .trim()
  .max(50, 'is too long')
  .transform((text) => (text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`))
  .pipe(z.union([z.cidrv4(), z.cidrv6()], { error: 'is written like 203.0.113.0/24 or 2001:db8::/32' }));

/** Ranges of addresses, each once; none: any address. */
export const addressRanges = z
  .array(range)
  .max(MAX_RANGES, `give at most ${MAX_RANGES} ranges`)
  .transform((ranges) => [...new Set(ranges)]);

/** Calls a minute, all callers together; null: not limited. */
export const ratePerMin = z
  .number()
  .int('use whole calls a minute')
  .min(1, 'at least one call a minute')
  .max(MAX_RATE_PER_MIN, `at most ${MAX_RATE_PER_MIN.toLocaleString('en')} calls a minute`)
  .nullable();

/** Changes of a key; what is left out stays. `seenAt` is the change the sender saw last (`updatedAt`, epoch ms; null: none). */
export const updateKeyInput = z.strictObject({
  id: keyId,
  seenAt: z.number().int().nullable(),
  name: personName.optional(),
  scopes: keyScopeList.optional(),
  ipAllow: addressRanges.optional(),
  rateLimitPerMin: ratePerMin.optional(),
});
export type UpdateKeyInput = z.output<typeof updateKeyInput>;

/** Limits somebody thinks of; what is left out stays as it is. */
export const limitsPreviewInput = z.strictObject({
  id: keyId,
  ipAllow: addressRanges.optional(),
  rateLimitPerMin: ratePerMin.optional(),
});
export type LimitsPreviewInput = z.output<typeof limitsPreviewInput>;

/** The limits of a key and what may be changed. Instants are epoch ms. */
export interface KeyLimitsView {
  id: string;
  name: string;
  platform: string;
  scopes: string[];
  ipAllow: string[];
  rateLimitPerMin: number | null;
  updatedAt: number | null;
  /** False for keys that ended, and for readers who may not change keys there. */
  canChange: boolean;
}

/** What limits would have refused of the calls of the last 24 h. */
export interface LimitsPreview {
  /** Calls in that time. */
  calls: number;
  refusedByAddress: number;
  refusedByRate: number;
  /** Callers outside the ranges, the busiest first; at most five. */
  addresses: { address: string; calls: number }[];
  /** How many further addresses would be refused. */
  moreAddresses: number;
  /** Calls whose address was not kept apart, so that nobody can tell. */
  unknownCalls: number;
  /** End of the 24 h, epoch ms. */
  asOf: number;
}
