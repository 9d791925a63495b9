import { randomBytes } from 'node:crypto';
import { drawKeyId, isKeyPrefix, maxLifeDays, type KeyPolicyFacts } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { KeyRow, NewKeyRow } from '../../queries.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { drawSecret } from '../draw.ts';
import { policyOf } from '../policy.ts';

/** A successor as it is stored, and how it reaches whoever is to use it. */
export interface Successor {
  row: NewKeyRow & { id: string; scopes: string[]; expiresAt: Date };
  /** Shown once; null where a link draws it. */
  text: string | null;
}

/**
 * When a successor made now expires: it lives as long as its key was given at first, by its policy at most. Counted from when the
 * key was made, since links drawn late would shorten the life with every rotation.
 */
export function successorExpiry(
  policy: KeyPolicyFacts,
  old: Pick<KeyRow, 'environment' | 'createdAt' | 'expiresAt'>,
  now: Date,
): Date {
  const own = old.expiresAt === null ? Infinity : old.expiresAt.getTime() - old.createdAt.getTime();
  return new Date(now.getTime() + Math.min(maxLifeDays(policy, old.environment, false) * DAY_MS, own));
}

/** Plans the successor of a key: same platform, environment, owner, limits and consumers. Whether it may be shown is asked before. */
export async function planSuccessor(
  tx: Tx,
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'peppers'>,
  { old, scopes, isShown }: { old: KeyRow; scopes: string[]; isShown: boolean },
): Promise<Successor> {
  const { platform, environment, name, ownerId, lineageId, ipAllow, rateLimitPerMin, isDemo } = old;
  const policy = await policyOf(tx, platform);
  const prefix = isKeyPrefix(old.prefix) ? old.prefix : policy.prefix;
  const form = { id: drawKeyId(randomBytes), format: policy.format, prefix, environment };
  const now = ctx.now();
  const same = { name, platform, ownerId, lineageId, ipAllow, rateLimitPerMin, isDemo };
  const expiresAt = successorExpiry(policy, old, now);
  const row = { ...form, ...same, scopes, expiresAt, createdBy: ctx.actor.id, createdAt: now };
  if (!isShown) return { row: { ...row, pepperVersion: deps.peppers.current.version }, text: null };
  const { text, ...secret } = drawSecret(deps, form);
  return { row: { ...row, ...secret, activatedAt: now }, text };
}
