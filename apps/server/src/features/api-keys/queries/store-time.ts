import { sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { rowsOf } from './raw.ts';

/** The database's own instant, epoch ms with fractions. */
export async function selectStoreMs(db: ReadDb): Promise<number> {
  const [row] = await rowsOf<{ ms: string | number }>(
    db,
    sql`select extract(epoch from clock_timestamp())::float8 * 1000 as ms`,
  );
  return Number(row?.ms);
}
