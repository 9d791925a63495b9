import { DomainError } from '@qd/shared/errors';
import { MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { type BoundarySeries, countMinutes } from './count-minutes.ts';
import { bucketSelector, finiteBounds, latencyBuckets, missingBound } from './kinds/bounds.ts';
import { countGauge } from './kinds/count-gauge.ts';
import { fakeGauge, type FakeSeries, fakeSlices, refuseQuery } from './kinds/fake-queries.ts';
import type { MetricsSource, MinuteCount, ReadRequest } from './port.ts';
import { parseSelector } from './scrape/selector.ts';

export type { FakeSeries } from './kinds/fake-queries.ts';

/** A source with history whose samples are given, and which can be made to fail. */
export interface FakeSource extends MetricsSource {
  series: FakeSeries[];
  /** Makes every read throw this; null lets them through again. */
  failWith(error: DomainError | null): void;
  /** How often it was read. */
  reads: number;
}

const DAY_SECONDS = 86_400;
const MAX_SERIES = 2_000;

/** A time-series server in memory that answers as a Prometheus does: last sample within two intervals before a boundary. */
export function createFakeSource(options: { intervalMs: number; series?: FakeSeries[] }): FakeSource {
  let failure: DomainError | null = null;
  const lookbackSeconds = (2 * options.intervalMs) / SECOND_MS;
  const found = (query: string): FakeSeries[] => {
    const selector = parseSelector(query);
    const series = source.series.filter((one) => one.name === selector.name && selector.matches(one.labels));
    if (series.length > MAX_SERIES) throw new DomainError('invalid', `The query selects ${series.length} series.`);
    return series;
  };
  const select = (query: string, span: { fromMinute: number; toMinute: number }): BoundarySeries[] =>
    found(query)
      .map((one) => atBoundaries(one, { ...span, lookbackSeconds }))
      .filter(({ values }) => values.some((value) => value !== null));
  const source: FakeSource = {
    kind: 'prometheus',
    historyMinutes: 0,
    settleMs: 0,
    series: options.series ?? [],
    reads: 0,
    failWith(error) {
      failure = error;
    },
    async read(request) {
      source.reads += 1;
      if (failure !== null) throw failure;
      return answer(request, { found, select, intervalMs: options.intervalMs });
    },
    async bounds(buckets) {
      return finiteBounds(boundsOf(found(buckets)));
    },
    async probe() {
      if (failure !== null) throw failure;
      return { version: '0.0.0-fake', latencyMs: 0 };
    },
    async close() {
      source.series = [];
    },
  };
  return source;
}

interface Store {
  found(query: string): FakeSeries[];
  select(query: string, span: { fromMinute: number; toMinute: number }): BoundarySeries[];
  intervalMs: number;
}

function answer({ indicator, fromMinute, toMinute }: ReadRequest, { found, select, intervalMs }: Store): MinuteCount[] {
  const span = { fromMinute, toMinute };
  switch (indicator.kind) {
    case 'counters': {
      const partIs = 'bad' in indicator ? 'bad' : 'good';
      const part = select('bad' in indicator ? indicator.bad : indicator.good, span);
      return countMinutes({ fromMinute, total: select(indicator.total, span), part, partIs });
    }
    case 'latency': {
      const { total, good, lacksBound } = latencyBuckets(select(bucketSelector(indicator), span));
      if (lacksBound) throw missingBound(indicator.le, boundsOf(found(indicator.buckets)));
      return countMinutes({ fromMinute, total, part: good, partIs: 'good' });
    }
    case 'gauge': {
      const recentSeconds = Math.max(MINUTE_MS, 2 * intervalMs) / SECOND_MS;
      return countGauge(fakeGauge(found, indicator.selector, { ...span, recentSeconds }));
    }
    case 'slices':
    case 'percentile':
      refuseQuery(indicator);
      return fakeSlices(found, indicator, span);
    case 'push':
      throw new DomainError('invalid', 'This objective is pushed.');
  }
}

function boundsOf(series: readonly FakeSeries[]): string[] {
  return series.flatMap(({ labels }) => labels['le'] ?? []);
}

function atBoundaries(
  one: FakeSeries,
  { fromMinute, toMinute, lookbackSeconds }: { fromMinute: number; toMinute: number; lookbackSeconds: number },
): BoundarySeries {
  const values: (number | null)[] = [];
  for (let m = fromMinute; m <= toMinute; m += 1) {
    const at = (m * MINUTE_MS) / SECOND_MS;
    const last = lastUpTo(one, at);
    values.push(last !== null && last[0] > at - lookbackSeconds ? last[1] : null);
  }
  const start = (fromMinute * MINUTE_MS) / SECOND_MS;
  const before = lastUpTo(one, start);
  const known = before !== null && before[0] > start - DAY_SECONDS ? before[1] : null;
  return { labels: one.labels, values, ...(known === null ? {} : { base: known }) };
}

/** The last sample at or before an instant. */
function lastUpTo({ samples }: FakeSeries, seconds: number): readonly [number, number | null] | null {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((samples[middle]?.[0] ?? Infinity) <= seconds) low = middle + 1;
    else high = middle;
  }
  return samples[low - 1] ?? null;
}
