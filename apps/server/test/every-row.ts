import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { sql } from 'drizzle-orm';
import { openDatabase } from '../src/db/open.ts';
import { silentLog } from './silent-log.ts';

/**
 * Run as a process of its own: `node every-row.ts <file> <data folder> [<Postgres URL>]`. Writes every row of every table into the
 * file, one line of JSON each, `{"<table>": {column: value}}`; bytes as `\x` and hexadecimal digits. An embedded database must
 * not be open elsewhere.
 */
const [file = '', dataDir = '', url = null] = process.argv.slice(2);
const database = await openDatabase({ url, dataDir, log: silentLog });
try {
  const out = createWriteStream(file);
  const tables = await rowsOf<{ schema: string; name: string }>(sql`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
    order by 1, 2`);
  for (const { schema, name } of tables) {
    const table = sql`${sql.identifier(schema)}.${sql.identifier(name)}`;
    for (const { row } of await rowsOf<{ row: string }>(sql`select row_to_json(t)::text as row from ${table} t`)) {
      out.write(`{${JSON.stringify(name)}:${row}}\n`);
    }
  }
  out.end();
  await finished(out);
  process.stdout.write(`${tables.length} tables\n`);
} finally {
  await database.close();
}

async function rowsOf<T>(query: ReturnType<typeof sql>): Promise<T[]> {
  const result: unknown = await database.db.execute(query);
  return (result as { rows: T[] }).rows;
}
