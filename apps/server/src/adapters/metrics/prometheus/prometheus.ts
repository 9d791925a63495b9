import { DomainError } from '@qd/shared/errors';
import { type Indicator, sliceMinutesOf } from '@qd/shared/slo';
import { SECOND_MS } from '@qd/shared/time';
import { ReplyTooLong } from '../http/fetch-text.ts';
import { finiteBounds, withMatcher } from '../kinds/bounds.ts';
import type { MetricsSource, MinuteCount, ReadRequest } from '../port.ts';
import { openQueryApi, type PrometheusOptions, type QueryApi, type Span } from './query-api.ts';
import { readCounters, tooMany } from './read-counters.ts';
import { readGauge } from './read-gauge.ts';
import { boundsAt, readLatency } from './read-latency.ts';
import { readSlices } from './read-slices.ts';

/** Prometheus refuses more points per series than 11,000. */
const MAX_POINTS = 10_900;
/** Shortest span a read is cut into before it counts as too many series. */
const MIN_MINUTES = 15;
/** A boundary is read this long after it passed: the scrape that belongs to it may still be on its way. */
const SETTLE_MS = 15 * SECOND_MS;

/**
 * Counters of a Prometheus, or of anything with its query API. Keeps nothing between reads: each takes the values at
 * minute boundaries and differences them, so a restart loses nothing and history reads like the present.
 * Throws `invalid` for an address that may not be read.
 */
export function createPrometheusSource(options: PrometheusOptions): MetricsSource {
  const api = openQueryApi(options);
  const readSpan = spanReader(api, options.intervalMs);
  return {
    kind: 'prometheus',
    historyMinutes: 0,
    settleMs: SETTLE_MS,
    async read(request) {
      const counts: MinuteCount[] = [];
      const step = sliceMinutesOf(request.indicator);
      let minutes = MAX_POINTS * step;
      const first = Math.ceil(request.fromMinute / step) * step;
      for (let from = first; from < request.toMinute;) {
        const span = { fromMinute: from, toMinute: Math.min(from + minutes, request.toMinute) };
        try {
          for (const count of await readSpan(request, span)) counts.push(count);
          from = span.toMinute;
        } catch (error) {
          if (!(error instanceof ReplyTooLong)) throw error;
          minutes = halved(span, step);
        }
      }
      return counts;
    },
    async bounds(buckets, minute) {
      return finiteBounds(await boundsAt(api, withMatcher(buckets, 'le', '!=""'), minute));
    },
    async probe() {
      const startedMs = performance.now();
      const version = await api.version();
      return { version, latencyMs: performance.now() - startedMs };
    },
    async close() {
      api.close();
    },
  };
}

type SpanReader = (request: ReadRequest, span: Span) => Promise<MinuteCount[]>;

function spanReader(api: QueryApi, intervalMs: number): SpanReader {
  return async ({ indicator, signal }, span) => {
    switch (indicator.kind) {
      case 'counters':
        return readCounters(api, indicator, span, signal);
      case 'latency':
        return readLatency(api, indicator, span, signal);
      case 'gauge':
        return readGauge(api, indicator, { span, intervalMs, signal });
      case 'slices':
      case 'percentile':
        return readSlices(api, indicator, { span, intervalMs, signal });
      case 'push':
        throw pushed(indicator);
    }
  };
}

function pushed({ kind }: Indicator): DomainError {
  const message = `is ${kind}: its measurements are sent here, a Prometheus is read; choose what is counted`;
  return new DomainError('invalid', `The indicator ${message}.`, { fields: [{ field: 'indicator.kind', message }] });
}

function halved(span: Span, step: number): number {
  const minutes = Math.floor((span.toMinute - span.fromMinute) / 2 / step) * step;
  if (minutes < Math.max(MIN_MINUTES, step)) throw tooMany('too many series');
  return minutes;
}
