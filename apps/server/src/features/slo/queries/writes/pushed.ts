import { eq, sql } from 'drizzle-orm';
import type { Tx } from '../../../../db/client.ts';
import { sources } from '../../../../db/schema/index.ts';
import { rowsOf } from '../raw.ts';
import { bigints } from '../tiers.ts';

/** A pushed point; `at` is epoch ms on a full second. */
export interface PushedPoint {
  at: number;
  good: number;
  total: number;
}

const seconds = (points: readonly PushedPoint[]): number[] => points.map((p) => p.at / 1_000);

/** What was pushed before for the instants of these points. */
export async function pushedBefore(tx: Tx, sliId: number, points: readonly PushedPoint[]): Promise<PushedPoint[]> {
  return rowsOf<PushedPoint>(
    tx,
    sql`select (extract(epoch from p.at) * 1000)::float8 as at, p.good::float8 as good, p.total::float8 as total
      from unnest(${bigints(seconds(points))}) as q(s)
      join sli_pushed p on p.sli_id = ${sliId} and p.at = to_timestamp(q.s)`,
  );
}

/** Remembers points, so that a repeat of them changes nothing. None of them may be known. */
export async function rememberPushed(tx: Tx, sliId: number, points: readonly PushedPoint[]): Promise<void> {
  await tx.execute(sql`
    insert into sli_pushed (sli_id, at, good, total)
    select ${sliId}::int, to_timestamp(q.s), q.good, q.total
    from unnest(${bigints(seconds(points))}, ${bigints(points.map((p) => p.good))},
      ${bigints(points.map((p) => p.total))}) as q(s, good, total)`);
}

/** Notes that a source reported at `now`. */
export async function noteReport(tx: Tx, sourceId: string, now: Date): Promise<void> {
  await tx.update(sources).set({ lastOkAt: now, lastTriedAt: now, lastError: null }).where(eq(sources.id, sourceId));
}
