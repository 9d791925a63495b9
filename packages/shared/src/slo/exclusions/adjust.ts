import { HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import type { CumulativeRow } from '../types.ts';
import { firstEndingAfter, type MinuteSpan } from './spans.ts';
import type { ExclusionMode } from './types.ts';

const MINUTES_PER_HOUR = HOUR_MS / MINUTE_MS;

/** Everything counted up to a minute, as in a cumulative row. */
export interface Counted {
  total: number;
  bad: number;
  observed: number;
}

/** Excluded minutes, with what had been counted before and after them. Only the difference of the two matters. */
export interface CountedSpan extends MinuteSpan {
  before: Counted;
  end: Counted;
}

/** How excluded time leaves the counts. */
export interface AdjustOptions {
  mode: ExclusionMode;
  /** With `minutes`, an unmeasured excluded minute is a good event of its own in the mode `good`. */
  unit: 'events' | 'minutes';
  /** First minute known by the minute; rows asked for before it speak of the last full hour before. */
  horizonM: number;
}

/** The minute that a row asked for at `m` really speaks of: `m`, or before the horizon the last full hour up to it. */
export function knownMinute(m: number, horizonM: number): number {
  return m >= horizonM ? m : Math.floor((m + 1) / MINUTES_PER_HOUR) * MINUTES_PER_HOUR - 1;
}

/**
 * What had been counted up to minute `m` between two full hours, by time share. Good and bad are rounded apart, so that
 * the parts of an hour never take more out of it than it had, nor more failures than events.
 */
export function countedByShare(m: number, floor: Counted | null, ceil: Counted | null): Counted {
  const from = floor ?? { total: 0, bad: 0, observed: 0 };
  const to = ceil ?? from;
  const share = ((m + 1) % MINUTES_PER_HOUR) / MINUTES_PER_HOUR;
  const between = (a: number, b: number): number => a + Math.round((b - a) * share);
  const bad = between(from.bad, to.bad);
  const good = between(from.total - from.bad, to.total - to.bad);
  return { total: good + bad, bad, observed: between(from.observed, to.observed) };
}

interface Taken extends Counted {
  minutes: number;
}

/** Sums of what each span holds, before the span of the same index; the last entry is the sum of all. */
function runningSums(spans: readonly CountedSpan[]): Taken[] {
  const sums: Taken[] = [{ total: 0, bad: 0, observed: 0, minutes: 0 }];
  for (const span of spans) sums.push(plus(sums.at(-1), span, span.end, span.endM));
  return sums;
}

function plus(sum: Taken | undefined, span: CountedSpan, upTo: Counted, upToM: number): Taken {
  const { before } = span;
  return {
    total: (sum?.total ?? 0) + upTo.total - before.total,
    bad: (sum?.bad ?? 0) + upTo.bad - before.bad,
    observed: (sum?.observed ?? 0) + upTo.observed - before.observed,
    minutes: (sum?.minutes ?? 0) + upToM - span.beforeM,
  };
}

function leave(row: CumulativeRow, taken: Taken, { mode, unit }: AdjustOptions): CumulativeRow {
  if (taken.minutes === 0) return row;
  if (mode === 'remove') {
    return {
      m: row.m,
      total: row.total - taken.total,
      bad: row.bad - taken.bad,
      observed: row.observed - taken.observed,
      excluded: taken.minutes,
    };
  }
  const unmeasured = taken.minutes - taken.observed;
  const total = row.total + (unit === 'minutes' ? unmeasured : 0);
  return { m: row.m, total, bad: row.bad - taken.bad, observed: row.observed + unmeasured };
}

/**
 * Cumulative rows, by the minute they were asked for, as if excluded time had not counted: each loses what the spans
 * before it held. In the mode `remove` that is everything, and the minutes are no longer expected to be measured; in
 * the mode `good` only failures go, and unmeasured excluded minutes pass for measured. Spans are a union, ascending,
 * after the first measurement.
 */
export function adjustRows(
  rows: ReadonlyMap<number, CumulativeRow | null>,
  spans: readonly CountedSpan[],
  options: AdjustOptions,
): ReadonlyMap<number, CumulativeRow | null> {
  if (spans.length === 0) return rows;
  const sums = runningSums(spans);
  const adjusted = new Map<number, CumulativeRow | null>();
  for (const [m, row] of rows) {
    if (row === null) {
      adjusted.set(m, null);
      continue;
    }
    const known = knownMinute(m, options.horizonM);
    const index = firstEndingAfter(spans, known);
    const open = spans[index];
    const whole = sums[index];
    const taken =
      open === undefined || open.beforeM >= known || whole === undefined ? whole : plus(whole, open, row, known);
    adjusted.set(m, taken === undefined ? row : leave(row, taken, options));
  }
  return adjusted;
}
