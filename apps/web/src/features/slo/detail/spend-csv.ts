import type { SpendItem } from '@qd/shared/slo';
import { csvInstant, csvText } from '../../../lib/csv.ts';
import { minutes, percent } from '../csv-figures.ts';

/** Every cause with its cost, the small ones too; excluded time costs nothing and tells what it would have cost. */
export function spendCsv(spend: readonly SpendItem[]): string {
  return csvText(
    [
      { head: 'Kind', value: ({ mark }) => mark?.kind ?? null },
      { head: 'Cause', value: (item) => item.label },
      { head: 'Detail', value: (item) => item.detail },
      { head: 'Start (UTC)', value: (item) => csvInstant(item.at) },
      { head: 'End (UTC)', value: (item) => csvInstant(item.endAt) },
      { head: 'Cost (min)', value: (item) => minutes(item.budgetMs) },
      { head: 'Cost (% of the budget)', value: (item) => percent(item.budgetRatio) },
      { head: 'Bad (count)', value: (item) => item.badEvents },
      { head: 'Excluded: would have cost (min)', value: ({ excluded }) => minutes(excluded?.budgetMs ?? null) },
      { head: 'Excluded: bad (count)', value: ({ excluded }) => excluded?.badEvents ?? null },
    ],
    spend,
  );
}
