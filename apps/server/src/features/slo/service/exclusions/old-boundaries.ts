import type { ReadDb } from '../../../../db/client.ts';
import { objectives } from '../../queries/objectives.ts';
import type { SliCounts } from '../../queries/plan-counts.ts';
import { boundariesOf, exclusionsFor, occurrencesOf } from './excluded-time.ts';

/**
 * Where excluded time begins or ends among counts so old that only full hours of them are kept, ascending, by SLI. Asks
 * nothing of the store when all counts are new.
 */
export async function oldBoundaries(
  db: ReadDb,
  read: readonly SliCounts[],
  horizon: number,
): Promise<Map<number, number[]>> {
  const spans = new Map(
    read.flatMap(({ sliId, counts }) => {
      const first = counts.reduce((a, { m }) => Math.min(a, m), Infinity);
      const last = counts.reduce((a, { m }) => Math.max(a, m), -Infinity);
      return first < horizon ? [[sliId, { beforeM: first - 1, endM: Math.min(last, horizon - 1) }] as const] : [];
    }),
  );
  if (spans.size === 0) return new Map();
  const rows = await objectives(db, [...spans.keys()]);
  const exclusions = await exclusionsFor(db, rows);
  return new Map(
    rows.flatMap((row) => {
      const within = spans.get(row.sliId);
      if (within === undefined || !exclusions.has(row.platformId)) return [];
      return [[row.sliId, boundariesOf(occurrencesOf(exclusions, row, within)).sort((a, b) => a - b)] as const];
    }),
  );
}
