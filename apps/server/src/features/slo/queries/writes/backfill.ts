import { eq, sql } from 'drizzle-orm';
import type { Tx } from '../../../../db/client.ts';
import { slos } from '../../../../db/schema/index.ts';
import { appendRows, applyCounts, lockSlis } from '../ingest.ts';
import {
  type Continuation,
  continueFrom,
  gather,
  type SliAdditions,
  type SliCounts,
  type SliRow,
} from '../plan-counts.ts';
import { hourEnd } from '../tiers.ts';

/** From when on an objective is measured, and under which key; nobody else changes that until the transaction ends. */
export async function lockBeginning(
  tx: Tx,
  id: string,
): Promise<{ sliId: number; measuredSinceMinute: number | null } | null> {
  const [row] = await tx
    .select({ sliId: slos.sliId, measuredSinceMinute: slos.measuredSinceMinute })
    .from(slos)
    .where(eq(slos.id, id))
    .for('update');
  return row ?? null;
}

/**
 * Puts counts before the first minute an SLI was measured in (`sinceMinute`, null if it never was): every later row is
 * raised by their sum in one go, however many they are. The caller holds `lockBeginning`.
 */
export async function prependCounts(
  tx: Tx,
  counts: SliCounts,
  { sinceMinute, horizon }: { sinceMinute: number | null; horizon: number },
): Promise<void> {
  if (sinceMinute === null) {
    await applyCounts(tx, [counts], horizon);
    return;
  }
  const early = counts.counts.filter(({ m }) => m < sinceMinute);
  const [additions] = gather([{ ...counts, counts: early }], horizon);
  if (additions === undefined) return;
  await lockSlis(tx, [counts.sliId]);
  const rows = rowsBefore(additions, sinceMinute, horizon);
  await raiseAll(tx, additions);
  await appendRows(tx, [rows]);
  // An old jump without a measured minute stands at the end of its hour, perhaps after the first minute there is.
  const measuredSinceMinute = Math.min(additions.firstM, sinceMinute);
  await tx.update(slos).set({ measuredSinceMinute }).where(eq(slos.sliId, counts.sliId));
}

/** The rows of both tiers before a minute; the hour that holds it has its row from what was measured in it. */
function rowsBefore({ sliId, additions }: SliAdditions, sinceMinute: number, horizon: number): Continuation {
  const { minutes, hours } = continueFrom(null, additions, horizon);
  const isEarly = ({ m }: SliRow): boolean => m < sinceMinute;
  const last = [...minutes, ...hours].reduce<SliRow | null>((a, b) => (a === null || b.m >= a.m ? b : a), null);
  const closing = last === null || hourEnd(last.m) === last.m ? [] : [{ ...last, sliId, m: hourEnd(last.m) }];
  return { minutes: minutes.filter(isEarly), hours: [...hours, ...closing].filter(isEarly) };
}

async function raiseAll(tx: Tx, { sliId, additions }: SliAdditions): Promise<void> {
  const sum = (read: (a: SliAdditions['additions'][number]) => number): number =>
    additions.reduce((all, addition) => all + read(addition), 0);
  const [total, bad, observed] = [sum((a) => a.total), sum((a) => a.bad), sum((a) => a.observed)];
  for (const tier of ['sli_minute', 'sli_hour'] as const) {
    await tx.execute(sql`
      update ${sql.identifier(tier)}
      set total = total + ${total}::bigint, bad = bad + ${bad}::bigint, observed = observed + ${observed}::int
      where sli_id = ${sliId}`);
  }
}
