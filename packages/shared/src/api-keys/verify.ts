import { z } from 'zod';
import { pageInput } from '../paging/index.ts';
import { platformId } from '../platforms/index.ts';
import { keyEnvironments } from './format.ts';

/**
 * Why a key was refused, as usage and the audit log name it. `platform` and `environment`: it is for others than asked;
 * `address`: from outside its ranges; `rate_limited`: too many calls this minute; `scope`: it may not do what was asked.
 */
export const keyRefusals = [
  'unknown',
  'expired',
  'rotated',
  'revoked',
  'quarantined',
  'pending',
  'owner_suspended',
  'platform',
  'environment',
  'address',
  'rate_limited',
  'scope',
] as const;
export type KeyRefusal = (typeof keyRefusals)[number];

/** Longest text that is looked at as a key. */
export const MAX_KEY_CHARS = 200;

/** Body of `POST /api/v1/keys/verify`: a key a platform was shown, and what its bearer wants to do. */
export const verifyKeyInput = z.strictObject({
  key: z.string().min(1, 'give the key').max(MAX_KEY_CHARS, `a key has at most ${MAX_KEY_CHARS} characters`),
  /** What the bearer wants to do, in the platform's names or the console's; without it any valid key passes. */
  permission: z.string().min(1).max(100).optional(),
  /** Where; a key for another platform is refused. */
  platform: platformId.optional(),
  environment: z.enum(keyEnvironments).optional(),
  /** Who presented the key. Without an address, keys that are bound to addresses are refused. */
  client: z
    .strictObject({
      address: z.union([z.ipv4(), z.ipv6()], 'give an IP address').optional(),
      agent: z.string().max(1_000).optional(),
    })
    .optional(),
  /** Name of the program that presented it, where it sends no agent. */
  consumer: z.string().max(100).optional(),
});
export type VerifyKeyInput = z.output<typeof verifyKeyInput>;

/** Answer for a key that may do what was asked. Instants are epoch ms. */
export const verifiedKey = z.object({
  valid: z.literal(true),
  keyId: z.string(),
  /** `*` for a key of all platforms. */
  platform: z.string(),
  environment: z.enum(keyEnvironments),
  /** Everything it may do now. */
  permissions: z.array(z.string()),
  expiresAt: z.int().nullable(),
  /** When a rotation ends it; absent outside rotations. */
  endsAt: z.int().optional(),
  /** Null for a key without a limit. */
  rateLimit: z.object({ limitPerMin: z.int(), remaining: z.int(), resetsAt: z.int() }).nullable(),
});
export type VerifiedKeyAnswer = z.output<typeof verifiedKey>;

/** Answer for every other key: one and the same for whatever makes a key invalid. */
export const refusedKey = z.object({
  valid: z.literal(false),
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(['AUTH_001', 'AUTH_002', 'API_001']),
});

/** A page of keys that are still hashed under an older pepper. */
export const peppersInput = pageInput.strict();

/** How far the keys have moved to the current pepper. Instants are epoch ms. */
export interface PeppersView {
  /** Version new hashes are made under, and since when. */
  current: number;
  since: number | null;
  /** Live keys on the platforms the caller sees, and those of them under the current pepper. */
  keys: number;
  moved: number;
  /** Keys that have not been used since the pepper changed, by id. */
  stragglers: { id: string; name: string; platform: string; version: number; lastUsedAt: number | null }[];
  nextCursor: string | null;
  asOf: number;
}
