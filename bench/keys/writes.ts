import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { DatabaseHandle } from '../../apps/server/src/db/handle.ts';

/** An idle backend tells the others what it counted after ten seconds at the latest. */
const COUNTED_AFTER_MS = 11_000;

/** Rows written by so many calls, as the database counts them, per call. */
export async function writesPerCall(handle: DatabaseHandle, call: () => Promise<void>, calls: number): Promise<number> {
  const before = await rowsWritten(handle);
  for (let i = 0; i < calls; i += 1) await call();
  return ((await rowsWritten(handle)) - before) / calls;
}

async function rowsWritten({ db, kind }: DatabaseHandle): Promise<number> {
  if (kind === 'postgres') await sleep(COUNTED_AFTER_MS);
  else await db.execute(sql`select pg_stat_force_next_flush()`);
  const result = (await db.execute(
    sql`select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::float8 as rows from pg_stat_user_tables`,
  )) as unknown as { rows: { rows: number | string }[] };
  return Number(result.rows[0]?.rows);
}
