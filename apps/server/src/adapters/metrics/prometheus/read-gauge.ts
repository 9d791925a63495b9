import type { Indicator } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import { countGauge, type GaugeMinute } from '../kinds/count-gauge.ts';
import type { MinuteCount } from '../port.ts';
import { parseSelector } from '../scrape/selector.ts';
import type { ApiSeries } from './api-reply.ts';
import type { QueryApi, Span } from './query-api.ts';

const SECONDS_PER_MINUTE = 60;
/** Servers before 3.0 include both edges of a range; this way a sample on a full minute is in one minute only, for all. */
const MINUTE_RANGE = `${MINUTE_MS - 1}ms`;
const PART_LABEL = 'qd_part';

/**
 * Samples of a 0/1 gauge in each minute of the span, summed by the server into four figures a minute.
 * Throws like `MetricsSource.read`, and `invalid` for values outside 0 to 1.
 */
export async function readGauge(
  api: QueryApi,
  { selector }: Extract<Indicator, { kind: 'gauge' }>,
  { span, intervalMs, signal }: { span: Span; intervalMs: number; signal: AbortSignal | undefined },
): Promise<MinuteCount[]> {
  parseSelector(selector);
  const query = gaugeQuery(selector, intervalMs);
  const series = await api.values(query, { first: span.fromMinute + 1, last: span.toMinute, step: 1 }, signal);
  return countGauge(gaugeMinutes(series, span));
}

/** Where scrapes are rarer than minutes, a minute without one was measured by the scrape before it. */
function gaugeQuery(selector: string, intervalMs: number): string {
  const recent = `${Math.max(MINUTE_MS, 2 * intervalMs) - 1}ms`;
  const parts: Record<keyof Parts, string> = {
    sum: `sum(sum_over_time(${selector}[${MINUTE_RANGE}]))`,
    samples: `sum(count_over_time(${selector}[${MINUTE_RANGE}]))`,
    max: `max(max_over_time(${selector}[${recent}]))`,
    min: `min(min_over_time(${selector}[${recent}]))`,
  };
  return Object.entries(parts)
    .map(([part, query]) => `label_replace(${query}, "${PART_LABEL}", "${part}", "", "")`)
    .join(' or ');
}

interface Parts {
  sum: number;
  samples: number;
  max: number;
  min: number;
}

function gaugeMinutes(series: readonly ApiSeries[], { fromMinute, toMinute }: Span): GaugeMinute[] {
  const byMinute = new Map<number, Partial<Parts>>();
  for (const { labels, samples } of series) {
    for (const [seconds, value] of samples) {
      const m = Math.round(seconds / SECONDS_PER_MINUTE) - 1;
      byMinute.set(m, { ...byMinute.get(m), [labels[PART_LABEL] ?? '']: value });
    }
  }
  const minutes: GaugeMinute[] = [];
  for (let m = fromMinute; m < toMinute; m += 1) {
    const { sum = 0, samples = 0, max, min } = byMinute.get(m) ?? {};
    const range = max === undefined || min === undefined ? null : { max, min };
    minutes.push({ m, samples, sum, range });
  }
  return minutes;
}
