import { MINUTE_MS } from '@qd/shared/time';

const DECIMALS = 6;

/** A figure for a cell, without the noise of binary fractions; null stays null. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toFixed(DECIMALS));
}

/** A ratio in percent. */
export function percent(ratio: number | null): number | null {
  return rounded(ratio === null ? null : ratio * 100);
}

/** A length in minutes. */
export function minutes(ms: number | null): number | null {
  return rounded(ms === null ? null : ms / MINUTE_MS);
}
