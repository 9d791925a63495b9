import { type CumulativeRow, valueAt } from '@qd/shared/slo';

/** What is read of a row, in this order; `i` says which question it answers. */
export const probed = ['i', 'm', 'total', 'bad', 'observed'];

/** The row whose `probed` numbers begin at index `at`. */
export function cumulativeRow(numbers: readonly number[], at: number): CumulativeRow {
  return {
    m: numbers[at + 1] ?? 0,
    total: numbers[at + 2] ?? 0,
    bad: numbers[at + 3] ?? 0,
    observed: numbers[at + 4] ?? 0,
  };
}

/** The last of the rows, ascending, at or before a minute; asked for ascending minutes it goes along with them. */
export function lookupIn(rows: readonly CumulativeRow[]): (m: number) => CumulativeRow | null {
  let i = 0;
  return (m) => {
    const before = rows[i - 1];
    if (before !== undefined && before.m > m) return valueAt(rows, m);
    for (let next = rows[i]; next !== undefined && next.m <= m; next = rows[i]) i += 1;
    return rows[i - 1] ?? null;
  };
}
