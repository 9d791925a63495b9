import type { SloSummary } from '@qd/shared/slo';
import { byUrgency, isStale } from '../../../lib/slo-words.ts';
import { speaking } from '../alerts/alert-words.ts';
import { needsDecision } from './list-call.ts';

/** Which rows are shown: all, what somebody has to look at, or what has an alert that speaks. */
export type ListShow = 'all' | 'decisions' | 'alerting';

export interface ListFilter {
  show: ListShow;
  /** Words that must all occur in name, description, platform or target. */
  text: string;
}

const passes: Record<ListShow, (row: SloSummary) => boolean> = {
  all: () => true,
  decisions: needsDecision,
  alerting: isAlerting,
};

/** True where an alert fires or is frozen as it fired. */
export function isAlerting(row: Pick<SloSummary, 'alerts'>): boolean {
  return speaking(row).length > 0;
}

/** Rows that pass the filter, platforms with the worst row first, worst row first within each. */
export function listRows(rows: readonly SloSummary[], filter: ListFilter): SloSummary[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = rows
    .filter((row) => passes[filter.show](row))
    .filter((row) => words.every((word) => haystack(row).includes(word)))
    .toSorted(byUrgency);
  const platforms = [...new Set(kept.map((row) => row.platformId))];
  return platforms.flatMap((platform) => kept.filter((row) => row.platformId === platform));
}

function haystack(row: SloSummary): string {
  return `${row.name} ${row.description} ${row.platformName} ${row.targetPercent}%`.toLowerCase();
}

/** The window all rows share, or null when they differ by more than a minute. */
export function sharedWindow(rows: readonly SloSummary[]): SloSummary['budget']['window'] | null {
  const first = rows[0]?.budget.window;
  if (first === undefined) return null;
  const same = rows.every(
    ({ budget: { window } }) => Math.abs(window.startAt - first.startAt) < 60_000 && window.windowMs === first.windowMs,
  );
  return same ? first : null;
}

/** The newest measured instant among the rows, or null. */
export function newestDataAt(rows: readonly SloSummary[]): number | null {
  return rows.reduce<number | null>(
    (newest, { dataAt }) => (dataAt === null ? newest : Math.max(newest ?? dataAt, dataAt)),
    null,
  );
}

/** Sources of the rows that still answer, each once. */
export function liveSources(rows: readonly SloSummary[]): SloSummary['source'][] {
  const live = rows.filter((row) => !isStale(row)).map((row) => row.source);
  return [...new Map(live.map((source) => [source.name, source])).values()];
}
