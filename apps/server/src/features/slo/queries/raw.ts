import { sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { preparedOnce } from '../../../db/prepared.ts';

/** Where a statement may run: outside a transaction for reading, inside one for both. */
export type Queryable = ReadDb | Tx;

/**
 * Rows of a raw statement. Both drivers hand them over as objects under `rows`; the select list guarantees `T`.
 * Cast `bigint` to `float8` and instants to epoch ms in the list: the drivers disagree on their JavaScript types.
 */
export async function rowsOf<T>(db: Pick<Queryable, 'execute'>, statement: SQL): Promise<T[]> {
  const result: unknown = await db.execute(statement);
  return (result as { rows: T[] }).rows;
}

/** The whole numbers of all rows, none of them null, as the text of one list. */
export function packed(columns: readonly string[]): SQL<string> {
  const fields = sql.join(
    columns.map((name) => sql.identifier(name)),
    sql`, `,
  );
  return sql<string>`'[' || coalesce(string_agg(concat_ws(',', ${fields}), ','), '') || ']'`;
}

/**
 * A statement that gives rows of whole numbers, in any order: `columns` names those of `rows`, whose values come as
 * placeholders. The numbers of all rows come in one list, one row after the other. They travel as one text, because
 * hundreds of rows one by one cost the embedded database four times as much, most of it on the way between threads.
 */
export function numbersOf(
  columns: readonly string[],
  rows: SQL,
): (db: Queryable, values: Record<string, unknown>) => Promise<number[]> {
  const statement = preparedOnce((db) =>
    db
      .select({ packed: packed(columns) })
      .from(sql`(${rows}) as numbers`)
      .prepare(''),
  );
  return async (db, values) => {
    const [found] = await statement(db).execute(values);
    return found === undefined ? [] : (JSON.parse(found.packed) as number[]);
  };
}
