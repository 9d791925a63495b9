import { sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../../db/client.ts';

/**
 * Says from inside the transaction of a commit how many rows are done. It is kept as an advisory lock: those are seen from
 * every connection at once, and are gone when the transaction ends or its process dies.
 */
export async function tellProgress(tx: Tx, importId: string, rowsDone: number): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(hashtext(${importId}), ${rowsDone}::int)`);
}

/** Rows done, by import, of those of the given ones that are being committed now, in whichever replica. */
export async function selectProgress(db: ReadDb, importIds: readonly string[]): Promise<Map<string, number>> {
  if (importIds.length === 0) return new Map();
  const found = await db.execute(sql`
    select t.id, max(l.objid::bigint)::int as done
    from unnest(${sql.param(importIds)}::text[]) as t(id)
    join pg_locks l on l.locktype = 'advisory' and l.objsubid = 2
      and l.classid = (hashtext(t.id)::bigint & 4294967295)::oid
      and l.database = (select oid from pg_database where datname = current_database())
    group by t.id`);
  const { rows } = found as unknown as { rows: { id: string; done: number }[] };
  return new Map(rows.map(({ id, done }) => [id, done]));
}
