import { MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Kv } from '../../../../adapters/kv/port.ts';

const REMEMBERED = 50_000;
const KEPT_MS = 2 * MINUTE_MS;

/** How much of a key's limit is left in the current minute. `resetsAt` is epoch ms. */
export interface RateState {
  limitPerMin: number;
  remaining: number;
  resetsAt: number;
  isExceeded: boolean;
}

/** Counts one call with a key against its limit. */
export type RateLimits = (key: { id: string; limitPerMin: number }, nowMs: number) => Promise<RateState>;

/**
 * Limits by the minute of the clock (UTC), counted together by all replicas through the shared memory. While that does not
 * answer, each replica counts for itself: a key then gets its limit once per replica, but never goes without one.
 */
export function createRateLimits(kv: Pick<Kv, 'increment'>, log: Pick<Logger, 'warn'>): RateLimits {
  // Counts of this process: all there is while the shared memory is away, and what is spent needs no asking again.
  const counts = new LRUCache<string, number>({ max: REMEMBERED, ttl: KEPT_MS });
  let warnedAtMs = Number.NEGATIVE_INFINITY;

  return async ({ id, limitPerMin }, nowMs) => {
    const startMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
    const name = `keys:rate:${id}:${startMs}`;
    const mine = (counts.get(name) ?? 0) + 1;
    // Counted before anybody is asked: calls at once must each see the others.
    counts.set(name, mine);
    let count = mine;
    if (mine <= limitPerMin) {
      try {
        count = Math.max(mine, await kv.increment(name, KEPT_MS));
      } catch (error) {
        if (nowMs - warnedAtMs >= MINUTE_MS)
          log.warn({ err: error }, 'limits of API keys are counted by each replica alone');
        warnedAtMs = nowMs;
      }
    }
    counts.set(name, Math.max(count, counts.get(name) ?? 0));
    const remaining = Math.max(0, limitPerMin - count);
    return { limitPerMin, remaining, resetsAt: startMs + MINUTE_MS, isExceeded: count > limitPerMin };
  };
}

/** Whole seconds until a limit starts anew, at least one. */
export function secondsUntilReset(rate: RateState, nowMs: number): number {
  return Math.max(1, Math.ceil((rate.resetsAt - nowMs) / SECOND_MS));
}
