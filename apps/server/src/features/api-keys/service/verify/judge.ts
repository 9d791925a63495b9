import { isUsable, keyState, type KeyRefusal } from '@qd/shared/api-keys';
import type { OwnedKey } from '../../queries/verified-key.ts';
import { standingOf } from '../standing.ts';
import { mayComeFrom } from './addresses.ts';
import { effectiveScopes, isBacked, type EffectiveScopes } from './effective.ts';
import { secondsUntilReset, type RateLimits, type RateState } from './rates.ts';

/** What is asked of a key besides being one. */
export interface KeyQuestion {
  /** Where it comes from, null where that is not known; undefined where it does not matter. */
  address: string | null | undefined;
  /** Where it is to be used; left out where any will do. */
  platform?: string | undefined;
  environment?: string | undefined;
  /** What it is to be used for. */
  permission?: string | undefined;
}

/** A key found valid, or why not. */
export type KeyJudgement =
  | { reason: null; scopes: EffectiveScopes; rate: RateState | null }
  | { reason: Exclude<KeyRefusal, 'unknown'>; retryAfterSeconds?: number };

/**
 * Judges a key that is ours, in this order: its state and its owner's, the platform and environment asked for, the address it
 * comes from, its limit, and what it is to be used for. A call counts against the limit only when all before that was well; without `limits` none does.
 */
export async function judgeKey(
  found: OwnedKey,
  asked: KeyQuestion,
  { limits, nowMs }: { limits: RateLimits | null; nowMs: number },
): Promise<KeyJudgement> {
  const { key, owner } = found;
  const state = keyState(standingOf(key, owner?.state ?? null), nowMs);
  if (!isUsable(state)) return { reason: state as Exclude<typeof state, 'active' | 'rotating'> };
  const scopes = effectiveScopes(found);
  if (!isBacked(found, scopes)) return { reason: 'owner_suspended' };
  const misplaced = misplacement(found, asked);
  if (misplaced !== null) return { reason: misplaced };
  const limitPerMin = key.rateLimitPerMin;
  const rate = limitPerMin === null || limits === null ? null : await limits({ id: key.id, limitPerMin }, nowMs);
  if (rate?.isExceeded === true) {
    return { reason: 'rate_limited', retryAfterSeconds: secondsUntilReset(rate, nowMs) };
  }
  return asked.permission === undefined || holds(scopes, asked.permission)
    ? { reason: null, scopes, rate }
    : { reason: 'scope' };
}

/** What of the place a key is used in it is not for. */
function misplacement({ key }: OwnedKey, asked: KeyQuestion): 'platform' | 'environment' | 'address' | null {
  const { platform = key.platform, environment = key.environment, address } = asked;
  if (key.platform !== '*' && key.platform !== platform) return 'platform';
  if (key.environment !== environment) return 'environment';
  return address === undefined || mayComeFrom(key, address) ? null : 'address';
}

/** True if the permission, the platform's or the console's, is among the scopes. */
export function holds(scopes: EffectiveScopes, permission: string): boolean {
  return scopes.platform.includes(permission) || scopes.console.some((scope) => scope === permission);
}
