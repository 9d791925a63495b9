import { MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { withMatcher } from '../kinds/bounds.ts';
import { countSlices, notOneSeries, type SlicedIndicator, sliceEnds } from '../kinds/count-slices.ts';
import type { MinuteCount } from '../port.ts';
import type { ApiSeries } from './api-reply.ts';
import type { QueryApi, Span } from './query-api.ts';

const SECONDS_PER_MINUTE = 60;

/**
 * The whole slices of the span, each judged by the value of its query when it ends. Throws like `MetricsSource.read`,
 * and `invalid` where the query gives more than one value at an instant.
 */
export async function readSlices(
  api: QueryApi,
  indicator: SlicedIndicator,
  { span, intervalMs, signal }: { span: Span; intervalMs: number; signal: AbortSignal | undefined },
): Promise<MinuteCount[]> {
  const ends = sliceEnds(indicator, span);
  if (ends === null) return [];
  const series = await api.values(sliceQuery(indicator, intervalMs), ends, signal);
  return countSlices(indicator, ends, oneValueEach(series));
}

/** A rate needs two scrapes, so that a percentile looks back at least that far. */
function sliceQuery(indicator: SlicedIndicator, intervalMs: number): string {
  if (indicator.kind === 'slices') return indicator.query;
  const { buckets, quantile, sliceMinutes } = indicator;
  // Refuses what is no selector, and one that picks its bounds.
  withMatcher(buckets, 'le', '!=""');
  const rangeSeconds = Math.ceil(Math.max(sliceMinutes * MINUTE_MS, 2 * intervalMs) / SECOND_MS);
  return `histogram_quantile(${quantile}, sum by (le) (rate(${buckets}[${rangeSeconds}s])))`;
}

/** Values by the minute that begins at their instant. One series may follow another, as when labels change. */
function oneValueEach(series: readonly ApiSeries[]): Map<number, number> {
  const values = new Map<number, number>();
  for (const { samples } of series) {
    for (const [seconds, value] of samples) {
      const m = Math.round(seconds / SECONDS_PER_MINUTE);
      if (values.has(m)) throw notOneSeries(series.length);
      values.set(m, value);
    }
  }
  return values;
}
