import { formatClock, formatCount, formatDateTime, formatPercent } from '../../../lib/format.ts';
import type { Zone } from '../../../lib/zone.ts';
import { budgetPart } from '../budget-words.ts';
import { countOf, type SloUnit } from '../unit-words.ts';
import { excludedAt, type ExcludedBand } from './excluded.ts';
import { drawnPercent, type ChartPoint } from './series.ts';

/** What the readout line says about one point; each part stands alone. */
export interface Reading {
  when: string;
  left: string;
  ideal: string | null;
  forecast: string | null;
  /** Events of that minute, in the enlarged hour. */
  traffic: string | null;
  /** Why it does not count. */
  excluded: string | null;
}

export interface ReadingContext {
  zone: Zone;
  nowMs: number;
  budgetMs: number;
  kind: 'window' | 'lens';
  unit: SloUnit;
  bands: readonly ExcludedBand[];
}

/** Words of a point. What was not measured says so; the future has a forecast, never a value. */
export function readingOf(point: ChartPoint, context: ReadingContext): Reading {
  const { zone, nowMs, budgetMs } = context;
  const percent = drawnPercent(point);
  const ahead = point.at > nowMs;
  const part = percent === null ? null : budgetPart((percent / 100) * budgetMs, budgetMs);
  const unknown = ahead ? 'still to come' : 'not measured';
  return {
    when:
      context.kind === 'lens' ? formatClock(point.at, zone, { withZone: true }) : formatDateTime(point.at, zone, nowMs),
    left: percent === null ? unknown : `${formatPercent(percent / 100)} left, ${part}`,
    ideal: point.ideal === null ? null : `ideal ${formatPercent(point.ideal / 100)}`,
    forecast: point.forecast === null || !ahead ? null : `forecast ${formatPercent(point.forecast / 100)}`,
    traffic: trafficWords(point, context.unit),
    excluded: excludedWords(context.bands, point.at),
  };
}

/** `17 events, 1 failed`. */
function trafficWords({ events, failed }: ChartPoint, unit: SloUnit): string | null {
  if (events === null) return null;
  const count = countOf(events, unit);
  const verb = unit === 'minutes' ? 'bad' : 'failed';
  return failed === null || failed === 0 ? count : `${count}, ${formatCount(failed)} ${verb}`;
}

function excludedWords(bands: readonly ExcludedBand[], at: number): string | null {
  const why = excludedAt(bands, at);
  return why === null ? null : `excluded, ${why}`;
}

/** The same as one string, for those who hear it. */
export function readingText(reading: Reading): string {
  return [reading.when, reading.left, reading.ideal, reading.forecast, reading.traffic, reading.excluded]
    .filter((part) => part !== null)
    .join('; ');
}
