import { DomainError } from '@qd/shared/errors';
import { MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import type { Ctx } from '../../../platform/context.ts';

const REMEMBERED = 5_000;

/** Counts one act of whoever is behind a context; throws `rate_limited` when it is one too many. */
export type PersonLimit = (ctx: Pick<Ctx, 'actor' | 'now'>) => void;

/** Lets each person do something so often within a minute, in this process. `done`: what they did, as in "You have asked". */
export function createPersonLimit(perMinute: number, done: string): PersonLimit {
  const acts = new LRUCache<string, number[]>({ max: REMEMBERED });
  return (ctx) => {
    const who = ctx.actor.id ?? '';
    const nowMs = ctx.now().getTime();
    const recent = (acts.get(who) ?? []).filter((at) => nowMs - at < MINUTE_MS);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= perMinute) {
      const retryAfterSeconds = Math.max(1, Math.ceil((oldest + MINUTE_MS - nowMs) / SECOND_MS));
      const message = `You have ${done} ${perMinute} times within a minute; wait a little.`;
      throw new DomainError('rate_limited', message, { retryAfterSeconds });
    }
    acts.set(who, [...recent, nowMs]);
  };
}
