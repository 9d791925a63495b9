import type { SQL } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';

/** Rows of a statement written by hand, named as the statement names them. Works the same over both drivers. */
export async function rowsOf<T>(db: Pick<ReadDb, 'execute'>, statement: SQL): Promise<T[]> {
  const result: unknown = await db.execute(statement);
  return (result as { rows: T[] }).rows;
}
