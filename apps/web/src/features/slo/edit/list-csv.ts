import type { SloSummary } from '@qd/shared/slo';
import { csvInstant, csvText, type CsvColumn } from '../../../lib/csv.ts';
import { isStale, sloLook } from '../../../lib/slo-words.ts';
import { minutes, percent, rounded } from '../csv-figures.ts';

const listColumns: readonly CsvColumn<SloSummary>[] = [
  { head: 'Platform', value: (slo) => slo.platformName },
  { head: 'SLO', value: (slo) => slo.name },
  { head: 'Id', value: (slo) => slo.id },
  { head: 'State', value: (slo) => sloLook(slo).word },
  { head: 'Target (%)', value: (slo) => Number(slo.targetPercent) },
  { head: 'Measured so far (%)', value: (slo) => rounded(slo.budget.sliPercent) },
  { head: 'Budget left (%)', value: (slo) => percent(slo.budget.leftRatio) },
  { head: 'Budget left (min)', value: (slo) => minutes(slo.budget.leftMs) },
  { head: 'Budget (min)', value: (slo) => minutes(slo.budget.budgetMs) },
  { head: 'Window start (UTC)', value: (slo) => csvInstant(slo.budget.window.startAt) },
  { head: 'Window end (UTC)', value: (slo) => csvInstant(slo.budget.window.endAt) },
  { head: 'Counted in', value: (slo) => slo.unit },
  { head: 'Bad (count)', value: (slo) => slo.budget.badEvents },
  { head: 'All (count)', value: (slo) => slo.budget.totalEvents },
  { head: 'Measured time (%)', value: (slo) => percent(slo.budget.coverageRatio) },
  { head: 'Burn over 5 min (x)', value: (slo) => (isStale(slo) ? null : rounded(slo.burn5m)) },
  { head: 'Burn over 1 h (x)', value: (slo) => (isStale(slo) ? null : rounded(slo.burn1h)) },
  { head: 'Alerts firing', value: (slo) => slo.alerts.filter(({ state }) => state !== 'ok').length },
  { head: 'Measured until (UTC)', value: (slo) => csvInstant(slo.dataAt) },
];

/** The list of objectives, one a row; what is not known is empty, never 0. */
export function listCsv(rows: readonly SloSummary[]): string {
  return csvText(listColumns, rows);
}
