import { DomainError } from '../errors/index.ts';

/** Decimals a target may have: a millionth of a percent is 0.3 s of a year. */
export const MAX_TARGET_DECIMALS = 6;

const MICRO_PERCENT = 1_000_000;
const PPB_PER_MICRO_PERCENT = 10;
const PPB = 1_000_000_000;
const PLAIN_DECIMAL = /^(0|[1-9]\d{0,2})(?:\.(\d+))?$/;

/** An objective as exact decimal text, and what it allows to fail: a whole number of parts per billion, and the same as a ratio. */
export interface Target {
  /** Canonical decimal, e.g. `99.95`: no trailing zeros. */
  percent: string;
  /** `1 - target` in parts per billion, exact. */
  budgetPpb: number;
  /** `1 - target`, the double nearest to the exact value. */
  allowedRatio: number;
}

/** A message repeats no more of what is no target. */
const MAX_QUOTED = 40;
const quoted = (text: string): string => (text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED)}…`);

function refuse(message: string): never {
  throw new DomainError('invalid', message, { fields: [{ field: 'targetPercent', message }] });
}

function trimZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/**
 * Reads a target written in percent, e.g. `99.95`, without ever computing `1 - T` in doubles.
 * Throws `invalid` naming `targetPercent` unless 0 < T < 100 with at most six decimals.
 */
export function parseTarget(percent: string): Target {
  const parts = PLAIN_DECIMAL.exec(percent);
  if (parts === null) refuse(`“${quoted(percent)}” is not a target; write percent as a plain decimal such as 99.95`);
  const whole = parts[1] ?? '0';
  const decimals = (parts[2] ?? '').replace(/0+$/, '');
  if (decimals.length > MAX_TARGET_DECIMALS) {
    refuse(`${quoted(percent)} has more than ${MAX_TARGET_DECIMALS} decimals; shorten the target`);
  }
  const micro = Number(whole) * MICRO_PERCENT + Number(decimals.padEnd(MAX_TARGET_DECIMALS, '0'));
  if (micro > 100 * MICRO_PERCENT) refuse(`${percent} is over 100; a target is a share in percent`);
  if (micro === 100 * MICRO_PERCENT) {
    refuse('a target of 100 leaves no error budget to burn; choose one below 100, for example 99.999');
  }
  if (micro === 0) refuse('a target of 0 is met by anything; choose one above 0');
  const budgetPpb = (100 * MICRO_PERCENT - micro) * PPB_PER_MICRO_PERCENT;
  return { percent: decimals === '' ? whole : `${whole}.${decimals}`, budgetPpb, allowedRatio: budgetPpb / PPB };
}

/** What may fail, in percent as exact text: `0.05` for a target of 99.95. */
export function formatAllowedPercent(target: Target): string {
  const micro = Math.round(target.budgetPpb / PPB_PER_MICRO_PERCENT);
  const whole = Math.floor(micro / MICRO_PERCENT);
  return trimZeros(`${whole}.${String(micro % MICRO_PERCENT).padStart(MAX_TARGET_DECIMALS, '0')}`);
}

function greatestCommonDivisor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

/**
 * `bad / ((1 - T) * events)`: the burn rate of a window, and the share of a budget that `bad` spends.
 * Reduced to lowest terms first, so that a value which is exactly at a limit compares as equal to it.
 */
export function budgetShare(bad: number, events: number, target: Target): number {
  const divisor = greatestCommonDivisor(PPB, target.budgetPpb);
  return (bad * (PPB / divisor)) / ((target.budgetPpb / divisor) * events);
}

/** The burn rate of a full outage, `1 / (1 - T)`: 2,000 for 99.95. */
export function maxBurnRate(target: Target): number {
  return budgetShare(1, 1, target);
}

/** The budget as time of full outage in a window, `(1 - T) * window`, exact: 1,296,000 ms for 99.95 over 30 days. */
export function budgetMsOf(target: Target, windowMs: number): number {
  const product = BigInt(target.budgetPpb) * BigInt(windowMs);
  const ppb = BigInt(PPB);
  return Number(product / ppb) + Number(product % ppb) / PPB;
}
