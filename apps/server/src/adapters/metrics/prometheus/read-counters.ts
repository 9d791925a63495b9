import { DomainError } from '@qd/shared/errors';
import type { Indicator } from '@qd/shared/slo';
import { type BoundarySeries, countMinutes } from '../count-minutes.ts';
import type { MinuteCount } from '../port.ts';
import { type ApiSeries, COUNTER_REMEDY } from './api-reply.ts';
import { narrowingOf } from './narrowing.ts';
import type { QueryApi, Span } from './query-api.ts';

const SECONDS_PER_MINUTE = 60;
const MAX_SERIES = 2_000;

/** Events of counters in each minute of the span. Throws like `MetricsSource.read`. */
export async function readCounters(
  api: QueryApi,
  indicator: Extract<Indicator, { kind: 'counters' }>,
  span: Span,
  signal?: AbortSignal,
): Promise<MinuteCount[]> {
  const partIs = 'bad' in indicator ? 'bad' : 'good';
  const part = 'bad' in indicator ? indicator.bad : indicator.good;
  const isPart = narrowingOf(indicator.total, part);
  const asked = boundarySeries(api, indicator.total, span, signal);
  const [totals, parts] = await Promise.all([
    asked,
    isPart === null
      ? boundarySeries(api, part, span, signal)
      : asked.then((series) => series.filter(({ labels }) => isPart(labels))),
  ]);
  return countMinutes({ fromMinute: span.fromMinute, total: totals, part: parts, partIs });
}

/** Raw series of a selector over the span. One that is absent when it begins gets its last value of the day before. */
export async function boundarySeries(
  api: QueryApi,
  query: string,
  span: Span,
  signal: AbortSignal | undefined,
): Promise<BoundarySeries[]> {
  const series = (await api.range(query, span, signal)).map((one) => atBoundaries(one, span));
  refuseSeries(series);
  if (series.every((one) => one.values[0] !== null)) return series;
  const last = await api.lastBefore(query, span.fromMinute, signal);
  const bases = new Map(last.map((one) => [keyOf(one.labels), one.samples.at(-1)?.[1]]));
  return series.map((one) => {
    const base = bases.get(keyOf(one.labels));
    return base === undefined ? one : { ...one, base };
  });
}

function atBoundaries(series: ApiSeries, { fromMinute, toMinute }: Span): BoundarySeries {
  const values = Array.from<number | null>({ length: toMinute - fromMinute + 1 }).fill(null);
  for (const [seconds, value] of series.samples) {
    const i = Math.round(seconds / SECONDS_PER_MINUTE) - fromMinute;
    if (i >= 0 && i < values.length) values[i] = value;
  }
  return { labels: series.labels, values };
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function refuseSeries(series: readonly BoundarySeries[]): void {
  if (series.length > MAX_SERIES) throw tooMany(`${series.length} series`);
  if (series.some((one) => one.labels['__name__'] === undefined)) {
    const message = `is the result of a function, not a counter; ${COUNTER_REMEDY}`;
    throw new DomainError('invalid', `The query ${message}`, { fields: [{ field: 'indicator', message }] });
  }
}

/** The refusal of a query that selects more than can be read. */
export function tooMany(what: string): DomainError {
  const message = `selects ${what}; at most ${MAX_SERIES} can be read: narrow it with labels, or record a sum`;
  return new DomainError('invalid', `The query ${message}.`, { fields: [{ field: 'indicator', message }] });
}
