import type { Indicator } from '../indicator.ts';
import type { LintRemark } from './types.ts';

/**
 * Remarks on a percentile whose limit its histogram cannot tell apart: `bounds` are its finite ones, ascending. Above the
 * highest bound every value reads as that bound, so that a limit there is never broken.
 */
export function lintBounds(indicator: Indicator, bounds: readonly number[]): LintRemark[] {
  const highest = bounds.at(-1);
  if (indicator.kind !== 'percentile' || highest === undefined) return [];
  const { op, value } = indicator;
  if (value > highest || (value === highest && op === 'lte')) {
    const message = `can never be exceeded: above ${highest}, its highest boundary, the histogram tells no values apart; choose a lower limit or add boundaries`;
    return [{ code: 'missing_bucket', level: 'warning', field: 'indicator.value', message }];
  }
  if (bounds.includes(value)) return [];
  const near = [bounds.findLast((bound) => bound < value) ?? 0, bounds.find((bound) => bound > value)].join(' and ');
  const message = `is no boundary of the histogram: values between ${near} are guessed; a boundary is exact`;
  return [{ code: 'missing_bucket', level: 'note', field: 'indicator.value', message }];
}
