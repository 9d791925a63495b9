import type { BurnDownSeries } from '@qd/shared/slo';
import { csvInstant, csvText, type CsvColumn } from '../../../lib/csv.ts';
import { minutes, percent } from '../csv-figures.ts';

interface HistoryRow {
  at: number;
  leftRatio: number | null;
  idealRatio: number | null;
}

/** The straight line of even use, read at an instant inside its window. */
function idealAt(ideal: BurnDownSeries['ideal'], at: number): number | null {
  if (ideal === null) return null;
  const [startAt, endAt] = ideal.at;
  const [first, last] = ideal.leftRatio;
  if (at < startAt || at > endAt) return null;
  return first + ((last - first) * (at - startAt)) / (endAt - startAt);
}

/** How the budget of a window ran down, as it is drawn; minutes of the enlarged hour are left out. */
export function historyCsv(series: BurnDownSeries, budgetMs: number): string {
  const columns: readonly CsvColumn<HistoryRow>[] = [
    { head: 'At (UTC)', value: ({ at }) => csvInstant(at) },
    { head: 'Budget left (%)', value: ({ leftRatio }) => percent(leftRatio) },
    { head: 'Budget left (min)', value: ({ leftRatio }) => minutes(leftRatio === null ? null : leftRatio * budgetMs) },
    { head: 'Even use (% left)', value: ({ idealRatio }) => percent(idealRatio) },
  ];
  const rows = series.at.map((at, i) => ({
    at,
    leftRatio: series.leftRatio[i] ?? null,
    idealRatio: idealAt(series.ideal, at),
  }));
  return csvText(columns, rows);
}
