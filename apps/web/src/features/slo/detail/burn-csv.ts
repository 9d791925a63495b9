import type { BurnRow } from '@qd/shared/slo';
import { csvText } from '../../../lib/csv.ts';
import { minutes, percent, rounded } from '../csv-figures.ts';

/** The alert rows of an objective with both their windows; what is not known is empty, never 0. */
export function burnCsv(rows: readonly BurnRow[]): string {
  return csvText(
    [
      { head: 'Severity', value: (row) => row.severity },
      { head: 'State', value: (row) => row.state },
      { head: 'Short window (min)', value: (row) => minutes(row.shortMs) },
      { head: 'Long window (min)', value: (row) => minutes(row.longMs) },
      { head: 'Limit (x)', value: (row) => rounded(row.limit) },
      { head: 'Short burn (x)', value: (row) => rounded(row.shortBurn) },
      { head: 'Long burn (x)', value: (row) => rounded(row.longBurn) },
      { head: 'Budget gone at the limit (%)', value: (row) => percent(row.budgetShareRatio) },
      { head: 'Budget spent in the long window (%)', value: (row) => percent(row.spentShareRatio) },
      { head: 'Excluded (min)', value: (row) => row.excludedMinutes },
    ],
    rows,
  );
}
