import { DomainError } from '@qd/shared/errors';
import { type Indicator, sliceMinutesOf, type SliceOp } from '@qd/shared/slo';
import type { MinuteCount } from '../port.ts';

export type SlicedIndicator = Extract<Indicator, { kind: 'slices' | 'percentile' }>;

/** The minutes at which the whole slices inside a span end; null where none fits. */
export interface SliceEnds {
  first: number;
  last: number;
  step: number;
}

/** The ends of the slices that lie wholly inside `[fromMinute, toMinute)`. */
export function sliceEnds(
  indicator: SlicedIndicator,
  { fromMinute, toMinute }: { fromMinute: number; toMinute: number },
): SliceEnds | null {
  const step = sliceMinutesOf(indicator);
  const first = Math.ceil(fromMinute / step) * step + step;
  const last = Math.floor(toMinute / step) * step;
  return first <= last ? { first, last, step } : null;
}

const keeps: Record<SliceOp, (value: number, limit: number) => boolean> = {
  lte: (value, limit) => value <= limit,
  lt: (value, limit) => value < limit,
  gte: (value, limit) => value >= limit,
  gt: (value, limit) => value > limit,
};

/**
 * Slices judged by the value at their end: `values` holds them by the minute the slice ends with. A slice is good or bad
 * as a whole, all of it counted in its last minute. Without a value it was not measured; NaN is no value either, except
 * for a percentile, where it says that nothing happened: measured, and neither good nor bad.
 */
export function countSlices(
  indicator: SlicedIndicator,
  ends: SliceEnds,
  values: ReadonlyMap<number, number>,
): MinuteCount[] {
  const counts: MinuteCount[] = [];
  const isKept = keeps[indicator.op];
  for (let end = ends.first; end <= ends.last; end += ends.step) {
    const value = values.get(end);
    const isIdle = Number.isNaN(value) && indicator.kind === 'percentile';
    if (value === undefined || (Number.isNaN(value) && !isIdle)) continue;
    const total = isIdle ? 0 : ends.step;
    const bad = isIdle || isKept(value, indicator.value) ? 0 : ends.step;
    for (let m = end - ends.step; m < end - 1; m += 1) counts.push({ m, total: 0, bad: 0, observed: true });
    counts.push({ m: end - 1, total, bad, observed: true });
  }
  return counts;
}

/** The refusal of a query that gives several values at one instant. */
export function notOneSeries(count: number): DomainError {
  const message = `gives ${count} series, where one value is needed: aggregate it with sum(…) or max(…)`;
  return new DomainError('invalid', `The query ${message}.`, { fields: [{ field: 'indicator.query', message }] });
}

/** The refusal of an indicator that a page, which knows neither the past nor queries, cannot measure. */
export function needsPrometheus({ kind }: SlicedIndicator): DomainError {
  const message = `is ${kind}, which needs a Prometheus; this source is a metrics page: measure counters, latency or a gauge`;
  return new DomainError('invalid', `The indicator ${message}.`, { fields: [{ field: 'indicator.kind', message }] });
}
