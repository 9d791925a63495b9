import { z } from 'zod';
import { isPermission, peopleOnly, permissions } from '../permissions/index.ts';
import { platformId } from '../platforms/index.ts';
import { personName } from '../users/index.ts';
import { keyEnvironments, type KeyEnvironment } from './format.ts';

/** Life of a key that names none, as in the HashInsight manual. */
export const DEFAULT_KEY_LIFE_DAYS = 90;
export const MAX_KEY_LIFE_DAYS = 366;

/** What a key may be allowed to do: everything but what is for people only. */
export const keyScopes = permissions.filter((p) => !peopleOnly.includes(p));

function scopeFault(scope: unknown): string {
  return typeof scope === 'string' && isPermission(scope)
    ? `${scope} is for people only; use scopes of ${keyScopes.join(', ')}`
    : `use scopes of ${keyScopes.join(', ')}`;
}

/** What a new key is to be. */
export const createKeyInput = z.strictObject({
  name: personName,
  /** Platform the key may act on, or `*` for all. */
  platform: z.union([platformId, z.literal('*')]),
  environment: z.enum(keyEnvironments),
  /** Permissions the key carries, at least one, each one of `keyScopes`. */
  scopes: z
    .array(z.enum(keyScopes, { error: ({ input }) => scopeFault(input) }))
    .min(1, 'give at least one scope')
    .max(keyScopes.length)
    .transform((scopes) => [...new Set(scopes)].toSorted()),
  /** Short name in front of the key; by default made from the platform. */
  prefix: z
    .string()
    .regex(/^[a-z0-9]{2,8}$/, 'use 2 to 8 of a-z and 0-9')
    .optional(),
  lifeDays: z
    .number()
    .int()
    .min(1)
    .max(MAX_KEY_LIFE_DAYS, `a key lives at most ${MAX_KEY_LIFE_DAYS} days`)
    .default(DEFAULT_KEY_LIFE_DAYS),
  /** Id of the person the key acts for; it dies with that person's rights. Null: a service of its own. */
  ownerId: z.string().max(64).nullable().default(null),
});
export type CreateKeyInput = z.output<typeof createKeyInput>;

export type ApiKeyState = 'active' | 'expired' | 'revoked' | 'owner_suspended';

/** A key as lists show it; never its secret. Instants are epoch ms. */
export interface ApiKeyView {
  /** The public part of the key. */
  id: string;
  name: string;
  platform: string;
  environment: KeyEnvironment;
  scopes: string[];
  state: ApiKeyState;
  ownerId: string | null;
  ownerEmail: string | null;
  isDemo: boolean;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  lastUsedAt: number | null;
}
