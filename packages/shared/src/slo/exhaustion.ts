import type { Exhaustion } from './types.ts';

/** Last instant a calendar date can name. */
const LAST_INSTANT = 8_640_000_000_000_000;

export interface ExhaustionInput {
  /** Share of the budget left; null when unknown. */
  leftRatio: number | null;
  /** Burn rate that is assumed to go on. */
  burnRate: number | null;
  windowMs: number;
  now: number;
  /** When the budget ran out, if that is known. */
  since?: number | null;
}

/**
 * When what is REALLY left is gone if the burn goes on: `left * window / burn` from now. The instant may lie after
 * the end of a fixed window; compare it there. Never for a burn of 0, or beyond any calendar date.
 */
export function exhaustion(input: ExhaustionInput): Exhaustion {
  const { leftRatio, burnRate, windowMs, now } = input;
  if (leftRatio === null) return { kind: 'unknown' };
  if (leftRatio <= 0) return { kind: 'already', since: input.since ?? null };
  if (burnRate === null) return { kind: 'unknown' };
  if (burnRate <= 0) return { kind: 'never' };
  const at = Math.round(now + (leftRatio * windowMs) / burnRate);
  return at > LAST_INSTANT ? { kind: 'never' } : { kind: 'at', at };
}
