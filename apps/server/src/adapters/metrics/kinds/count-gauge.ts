import { DomainError } from '@qd/shared/errors';
import type { MinuteCount } from '../port.ts';
import { carry } from '../whole-events.ts';

/** Samples of one minute, over all series. */
export interface GaugeMinute {
  m: number;
  samples: number;
  sum: number;
  /** Lowest and highest value seen lately; null where there was none. */
  range: { min: number; max: number } | null;
}

/**
 * Samples that were 1 of all samples, per minute. A minute is measured if there was a sample in it, or so shortly before
 * that the source had none to give. Throws `invalid` for values outside 0 to 1.
 */
export function countGauge(minutes: readonly GaugeMinute[]): MinuteCount[] {
  const round = { total: carry(), bad: carry() };
  const counts: MinuteCount[] = [];
  for (const { m, samples, sum, range } of minutes) {
    if (range === null) continue;
    if (!Number.isFinite(sum)) throw notABool('values that are no numbers');
    if (range.max > 1 || range.min < 0) throw notABool(`the value ${range.max > 1 ? range.max : range.min}`);
    counts.push({ m, total: round.total(samples), bad: round.bad(samples - sum), observed: true });
  }
  return counts;
}

function notABool(what: string): DomainError {
  const message = `has ${what}, where samples must be 0 (down) or 1 (up); judge other values by slices with a limit`;
  return new DomainError('invalid', `The gauge ${message}.`, { fields: [{ field: 'indicator.selector', message }] });
}
