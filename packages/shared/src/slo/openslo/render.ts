import type { Indicator } from '../indicator.ts';
import type { SloWindowSpec } from '../windows/types.ts';
import type { Metric, SliSpec, TimeWindow } from './documents.ts';
import { durationText, periodText } from './durations.ts';

/** Type of a metric source whose counts are sent by machines. */
export const PUSH_TYPE = 'quarterdeck-push';
const LAST_PLAIN_INSTANT = Date.UTC(9999, 11, 31);

/** An indicator and what an objective says beside its target. */
export interface RenderedIndicator {
  spec: SliSpec;
  budgetingMethod: 'Occurrences' | 'Timeslices';
  objective: { op?: 'lte' | 'lt' | 'gte' | 'gt'; value?: number; timeSliceTarget?: number; timeSliceWindow?: string };
}

/** An indicator in OpenSLO's words, as near as they come. `source` names the data source. */
export function renderIndicator(indicator: Indicator, source: string): RenderedIndicator {
  const query = (text: string): Metric => ({
    metricSource: { metricSourceRef: source, type: 'Prometheus', spec: { query: text } },
  });
  const ratio = (ratioMetric: NonNullable<SliSpec['ratioMetric']>): RenderedIndicator => ({
    spec: { ratioMetric },
    budgetingMethod: 'Occurrences',
    objective: {},
  });
  switch (indicator.kind) {
    case 'counters': {
      const total = query(indicator.total);
      if ('bad' in indicator) return ratio({ counter: true, bad: query(indicator.bad), total });
      return ratio({ counter: true, good: query(indicator.good), total });
    }
    case 'latency': {
      const { buckets, le } = indicator;
      return ratio({ counter: true, good: query(withBound(buckets, le)), total: query(withBound(buckets, '+Inf')) });
    }
    case 'gauge': {
      const { selector } = indicator;
      const over = (fn: string): Metric => query(`sum(${fn}_over_time(${selector}[1m]))`);
      return ratio({ counter: false, good: over('sum'), total: over('count') });
    }
    case 'push': {
      const pushed: Metric = { metricSource: { metricSourceRef: source, type: PUSH_TYPE, spec: {} } };
      return ratio({ counter: true, good: pushed, total: pushed });
    }
    case 'slices':
      return sliced(indicator, query(indicator.query));
    case 'percentile': {
      const { quantile, buckets, sliceMinutes } = indicator;
      const rate = `sum by (le) (rate(${buckets}[${sliceMinutes}m]))`;
      return sliced(indicator, query(`histogram_quantile(${quantile}, ${rate})`));
    }
  }
}

function sliced(
  { op, value, sliceMinutes }: Indicator & { kind: 'slices' | 'percentile' },
  thresholdMetric: Metric,
): RenderedIndicator {
  return {
    spec: { thresholdMetric },
    budgetingMethod: 'Timeslices',
    objective: { op, value, timeSliceTarget: 1, timeSliceWindow: `${sliceMinutes}m` },
  };
}

/** The selector of one bucket of a histogram. */
function withBound(buckets: string, le: string): string {
  const matcher = `le="${le}"`;
  if (!buckets.endsWith('}')) return `${buckets}{${matcher}}`;
  const inside = buckets.slice(0, -1);
  return inside.endsWith('{') || inside.endsWith(',') ? `${inside}${matcher}}` : `${inside},${matcher}}`;
}

/** A window in OpenSLO's words, as near as they come. */
export function renderWindow(window: SloWindowSpec): TimeWindow {
  switch (window.kind) {
    case 'rolling':
      return { duration: durationText(window.windowMs), isRolling: true };
    case 'calendar': {
      const { startDate, timeZone } = window.calendar;
      const calendar = { startTime: `${startDate} 00:00:00`, timeZone };
      return { duration: periodText(window.calendar), isRolling: false, calendar };
    }
    case 'cycle': {
      const at = new Date(Math.min(window.anchorAt, LAST_PLAIN_INSTANT)).toISOString();
      const startTime = `${at.slice(0, 10)} ${at.slice(11, 19)}`;
      return { duration: durationText(window.windowMs), isRolling: false, calendar: { startTime, timeZone: 'UTC' } };
    }
  }
}
