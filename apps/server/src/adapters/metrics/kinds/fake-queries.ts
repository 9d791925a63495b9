import { DomainError } from '@qd/shared/errors';
import { increase } from '@qd/shared/slo';
import { MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import type { MinuteCount } from '../port.ts';
import { type Labels, parseSelector } from '../scrape/selector.ts';
import type { GaugeMinute } from './count-gauge.ts';
import { countSlices, notOneSeries, type SlicedIndicator, sliceEnds } from './count-slices.ts';

const MINUTE_SECONDS = MINUTE_MS / SECOND_MS;
/** How long a server shows the last sample of a series. */
const LOOK_BACK_SECONDS = 300;

/** One series a fake server holds: epoch seconds and values, ascending. Null is a moment at which it was seen to be gone. */
export interface FakeSeries {
  name: string;
  labels: Labels;
  samples: readonly (readonly [seconds: number, value: number | null])[];
}

type Select = (selector: string) => readonly FakeSeries[];

/** Samples after `from` up to `to` (epoch s), as a server's range holds them. */
function within({ samples }: FakeSeries, from: number, to: number): number[] {
  return samples.flatMap(([at, value]) => (at > from && at <= to && value !== null ? [value] : []));
}

/** What a server would sum up of 0/1 gauges in each minute. */
export function fakeGauge(
  select: Select,
  selector: string,
  { fromMinute, toMinute, recentSeconds }: { fromMinute: number; toMinute: number; recentSeconds: number },
): GaugeMinute[] {
  const series = select(selector);
  return Array.from({ length: toMinute - fromMinute }, (_, i) => {
    const m = fromMinute + i;
    const end = (m + 1) * MINUTE_SECONDS;
    const inMinute = series.flatMap((one) => within(one, end - MINUTE_SECONDS, end));
    const recent = series.flatMap((one) => within(one, end - recentSeconds, end));
    const range = recent.length === 0 ? null : { min: Math.min(...recent), max: Math.max(...recent) };
    return { m, samples: inMinute.length, sum: inMinute.reduce((all, value) => all + value, 0), range };
  });
}

/** What a server would answer for slices; of queries it knows plain selectors, and `max(…)` or `sum(…)` of one. */
export function fakeSlices(
  select: Select,
  indicator: SlicedIndicator,
  span: { fromMinute: number; toMinute: number },
): MinuteCount[] {
  const ends = sliceEnds(indicator, span);
  if (ends === null) return [];
  const values = new Map<number, number>();
  for (let end = ends.first; end <= ends.last; end += ends.step) {
    const value =
      indicator.kind === 'percentile'
        ? quantileAt(select(indicator.buckets), indicator, end)
        : valueAt(select, indicator.query, end);
    if (value !== null) values.set(end, value);
  }
  return countSlices(indicator, ends, values);
}

const aggregate = /^\s*(max|sum)\s*\((.*)\)\s*$/s;

function valueAt(select: Select, query: string, minute: number): number | null {
  const [, of, inner] = aggregate.exec(query) ?? [];
  const at = minute * MINUTE_SECONDS;
  const values = select(inner ?? query).flatMap((one) => {
    const last = one.samples.findLast(([second]) => second <= at);
    return last === undefined || last[1] === null || last[0] <= at - LOOK_BACK_SECONDS ? [] : [last[1]];
  });
  if (values.length === 0) return null;
  if (of === 'max') return Math.max(...values);
  if (of === 'sum') return values.reduce((all, value) => all + value, 0);
  if (values.length > 1) throw notOneSeries(values.length);
  return values[0] ?? null;
}

/** The quantile of what the buckets gained in the slice that ends with the minute, as `histogram_quantile` reads it. */
function quantileAt(
  series: readonly FakeSeries[],
  { quantile, sliceMinutes }: Extract<SlicedIndicator, { kind: 'percentile' }>,
  minute: number,
): number | null {
  const end = minute * MINUTE_SECONDS;
  const gained = new Map<number, number>();
  for (const one of series) {
    const samples = within(one, end - sliceMinutes * MINUTE_SECONDS, end);
    const text = one.labels['le'] ?? '';
    const bound = text === '+Inf' ? Infinity : Number(text);
    if (samples.length > 1) gained.set(bound, (gained.get(bound) ?? 0) + increase(null, samples));
  }
  const buckets = [...gained].sort(([a], [b]) => a - b);
  const all = buckets.at(-1)?.[1];
  if (all === undefined) return null;
  if (all === 0) return NaN;
  const rank = quantile * all;
  const i = buckets.findIndex(([, count]) => count >= rank);
  const [bound, count] = buckets[i] ?? [NaN, 0];
  const [lower, before] = buckets[i - 1] ?? [0, 0];
  return bound === Infinity ? lower : lower + ((bound - lower) * (rank - before)) / (count - before);
}

/** Refuses what a real server would not parse either. */
export function refuseQuery(indicator: SlicedIndicator): void {
  if (indicator.kind === 'percentile') {
    const { matchers } = parseSelector(indicator.buckets);
    if (matchers.some((one) => one.startsWith('le'))) throw new DomainError('invalid', 'The selector chooses le.');
    return;
  }
  parseSelector(aggregate.exec(indicator.query)?.[2] ?? indicator.query);
}
