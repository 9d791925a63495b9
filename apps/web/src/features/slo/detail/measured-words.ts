import {
  type Budget,
  type Indicator,
  type Measurement,
  queriesOf,
  type SloSummary,
  type SourceKind,
} from '@qd/shared/slo';
import { SECOND_MS } from '@qd/shared/time';
import {
  formatCount,
  formatDateTime,
  formatDay,
  formatDecimal,
  formatDuration,
  formatFixed,
  formatPercent,
} from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { countOf, type SloUnit } from '../unit-words.ts';

/** What a source is, where its name alone may not tell. */
const kinds: Record<SourceKind, string | null> = {
  prometheus: 'Prometheus',
  scrape: 'scraped page',
  push: 'pushed by an API key',
  self: null,
  demo: 'demo history',
};

/** Where the counts come from: "Prometheus, every 30 s". */
export function sourceWords(source: SloSummary['source'], measurement: Measurement): string {
  const kind = kinds[source.kind];
  const says = kind === null || source.name.toLowerCase().includes(kind.toLowerCase());
  const name = says ? source.name : `${source.name}, ${kind}`;
  const version = measurement.serverVersion === null ? '' : ` ${measurement.serverVersion}`;
  const how = source.kind === 'push' ? '' : `, every ${formatDuration(measurement.intervalMs)}`;
  return `${name}${version}${how}`;
}

/** `2.41 million`, `98,234`. */
export function bigCount(count: number): string {
  if (count >= 1e9) return `${formatFixed(count / 1e9, 2)} billion`;
  return count >= 1e6 ? `${formatFixed(count / 1e6, 2)} million` : formatCount(count);
}

/** The lines of a query as they are sent: what is counted as all, and as bad or good. */
export function queryLines(measurement: Measurement): { name: string; query: string }[] {
  return Object.entries(queriesOf(measurement.indicator))
    .map(([name, query]) => ({ name, query }))
    .reverse();
}

const signs = { lte: '≤', lt: '<', gte: '≥', gt: '>' } as const;

/** When an event or a slice of time is good, where the queries alone do not say it: `P95 ≤ 0.25 in each 5 min`. */
export function ruleWords(indicator: Indicator): string | null {
  switch (indicator.kind) {
    case 'latency':
      return `the event is in the bucket le="${indicator.le}"`;
    case 'gauge':
      return 'the sample is 1';
    case 'slices':
      return `the value is ${signs[indicator.op]} ${formatDecimal(indicator.value, 6)} at the end of ${each(indicator)}`;
    case 'percentile':
      return `P${formatDecimal(indicator.quantile * 100, 3)} ${signs[indicator.op]} ${formatDecimal(indicator.value, 6)} over ${each(indicator)}`;
    case 'counters':
    case 'push':
      return null;
  }
}

function each({ sliceMinutes }: { sliceMinutes: number }): string {
  return sliceMinutes === 1 ? 'each minute' : `each ${sliceMinutes} min`;
}

/** How much was counted and what is missing, in one paragraph. A minute that was bad as a whole is one of a known number. */
export function countedWords(
  { budget, unit, measurement }: { budget: Budget; unit: SloUnit; measurement: Measurement },
  zone: Zone,
  nowMs: number,
): string {
  const { estimated, expectedEvents, totalEvents } = budget;
  // The minutes of a whole period are known from its start.
  const isPart = unit === 'minutes' && !estimated && expectedEvents > totalEvents;
  const said = isPart ? `${formatCount(totalEvents)} of ${formatCount(expectedEvents)}` : bigCount(totalEvents);
  const counted = `${countOf(isPart ? expectedEvents : totalEvents, unit, said)} in the window so far`;
  const expected = estimated ? `, ${bigCount(expectedEvents)} expected by its end (estimated)` : '';
  return `${counted}${expected}. ${gapWords(measurement, zone, nowMs)}`;
}

function gapWords({ gaps }: Measurement, zone: Zone, nowMs: number): string {
  if (gaps.count === 0) return 'No gaps.';
  const longest = formatDuration(Math.max(gaps.longestMs, SECOND_MS));
  const day = gaps.longestAt === null ? '' : ` on ${formatDay(gaps.longestAt, zone, nowMs)}`;
  const size =
    gaps.count === 1
      ? `1 gap in the window, ${longest}${day}`
      : `${formatCount(gaps.count)} gaps in the window, longest ${longest}${day}`;
  return `${size}, counted as unknown, not as good.`;
}

/** What gaps could hide: the budget if they had been all good, or all bad. Null without gaps. */
export function boundsWords(budget: Budget): string | null {
  if (budget.bounds === null) return null;
  const { bestLeftRatio, worstLeftRatio } = budget.bounds;
  return `${formatPercent(worstLeftRatio)} to ${formatPercent(bestLeftRatio)}`;
}

/** Since when there are figures: "Measured since 9 Sep, 02:00 UTC." */
export function lifeWords(measurement: Measurement, zone: Zone, nowMs: number): string {
  if (measurement.measuredSince === null) return 'Not measured yet.';
  return `Measured since ${formatDateTime(measurement.measuredSince, zone, nowMs)}.`;
}
