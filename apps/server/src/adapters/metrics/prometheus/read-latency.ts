import type { Indicator } from '@qd/shared/slo';
import { countMinutes } from '../count-minutes.ts';
import { bucketSelector, hasBound, latencyBuckets, missingBound } from '../kinds/bounds.ts';
import type { MinuteCount } from '../port.ts';
import type { QueryApi, Span } from './query-api.ts';
import { boundarySeries } from './read-counters.ts';

type LatencyIndicator = Extract<Indicator, { kind: 'latency' }>;

/** How far back the bounds of a histogram are looked for. */
const LOOK_BACK = '1h';

/**
 * Events within a bound in each minute of the span, both kinds of bucket from one question. Nothing was measured where
 * histograms had other bounds in the past. Throws `invalid`, naming the nearest bounds, where they have others now.
 */
export async function readLatency(
  api: QueryApi,
  indicator: LatencyIndicator,
  span: Span,
  signal?: AbortSignal,
): Promise<MinuteCount[]> {
  const series = await boundarySeries(api, bucketSelector(indicator), span, signal);
  const { total, good, lacksBound } = latencyBuckets(series);
  if (lacksBound) await refuseBound(api, indicator, span, signal);
  return countMinutes({ fromMinute: span.fromMinute, total, part: good, partIs: 'good' });
}

async function refuseBound(
  api: QueryApi,
  { buckets, le }: LatencyIndicator,
  span: Span,
  signal: AbortSignal | undefined,
): Promise<void> {
  const present = await boundsAt(api, buckets, 'now', signal);
  if (hasBound(le, present)) return;
  throw missingBound(le, present.length > 0 ? present : await boundsAt(api, buckets, span.toMinute, signal));
}

/** The bounds, as written, that buckets had in the hour before a minute. */
export async function boundsAt(
  api: QueryApi,
  buckets: string,
  minute: number | 'now',
  signal?: AbortSignal,
): Promise<string[]> {
  const query = `count by (le) (last_over_time(${buckets}[${LOOK_BACK}]))`;
  return (await api.instant(query, minute, signal)).flatMap(({ labels }) => labels['le'] ?? []);
}
