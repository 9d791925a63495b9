import { sql, type SQL } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { rowsOf } from './raw.ts';

/** Rows given to one statement. */
export const ROWS_AT_ONCE = 1_000;

export interface CallerRow {
  keyId: string;
  startsMs: number;
  address: string;
  agent: string;
  outcome: string;
  count: number;
  lastMs: number;
}

/** Adds calls by caller to what is stored; `spanMs` is the length of the spans. One statement. */
export async function addCallers(tx: Tx, rows: readonly CallerRow[], spanMs: number): Promise<void> {
  await tx.execute(sql`
    insert into key_usage (key_id, starts_at, span_ms, address, agent, outcome, count, last_at)
    select "keyId", ${at(sql`"startsMs"`)}, ${spanMs}::int, address, agent, outcome, count, ${at(sql`"lastMs"`)}
    from ${rowset(rows)} as r("keyId" text, "startsMs" float8, address text, agent text, outcome text, count int8,
      "lastMs" float8)
    on conflict (key_id, starts_at, span_ms, address, agent, outcome) do update
    set count = key_usage.count + excluded.count, last_at = greatest(key_usage.last_at, excluded.last_at)`);
}

/** Adds calls by minute to what is stored. One statement. */
export async function addMinutes(
  tx: Tx,
  rows: readonly { keyId: string; minuteMs: number; count: number }[],
): Promise<void> {
  await tx.execute(sql`
    insert into key_minutes (key_id, minute_at, count)
    select "keyId", ${at(sql`"minuteMs"`)}, count
    from ${rowset(rows)} as r("keyId" text, "minuteMs" float8, count int)
    on conflict (key_id, minute_at) do update set count = key_minutes.count + excluded.count`);
}

/** Adds uses of scopes by day to what is stored. One statement. */
export async function addScopeUses(
  tx: Tx,
  rows: readonly { keyId: string; scope: string; day: string; count: number }[],
): Promise<void> {
  await tx.execute(sql`
    insert into key_scope_usage (key_id, scope, day, count)
    select "keyId", scope, day, count from ${rowset(rows)} as r("keyId" text, scope text, day date, count int8)
    on conflict (key_id, scope, day) do update set count = key_scope_usage.count + excluded.count`);
}

/**
 * Holds the rows of keys until the transaction ends, successors before the keys they follow as every act does, so that nobody
 * waits in a circle.
 */
export async function holdKeys(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.execute(
    sql`select from api_keys where id in (select unnest(${sql.param(ids)}::text[]))
      order by lineage_id, created_at desc, id for no key update`,
  );
}

/** Moves the last use of keys forward, never back. One statement. */
export async function moveLastUsed(tx: Tx, rows: readonly { keyId: string; lastMs: number }[]): Promise<void> {
  await tx.execute(sql`
    update api_keys k set last_used_at = used.last_at
    from (select "keyId" as id, ${at(sql`"lastMs"`)} as last_at
      from ${rowset(rows)} as r("keyId" text, "lastMs" float8)) as used
    where k.id = used.id and (k.last_used_at is null or k.last_used_at < used.last_at)`);
}

/** Stores when keys were first used, and gives the ids of those for which nothing was stored before. */
export async function storeFirstUses(
  tx: Tx,
  rows: readonly { keyId: string; firstMs: number }[],
): Promise<{ id: string; at: Date }[]> {
  const stored = await rowsOf<{ id: string; ms: number }>(
    tx,
    sql`
      update api_keys k set first_used_at = used.first_at
      from (select "keyId" as id, ${at(sql`"firstMs"`)} as first_at
        from ${rowset(rows)} as r("keyId" text, "firstMs" float8)) as used
      where k.id = used.id and k.first_used_at is null
      returning k.id, (extract(epoch from k.first_used_at) * 1000)::float8 as ms`,
  );
  return stored.map(({ id, ms }) => ({ id, at: new Date(ms) }));
}

function rowset(rows: readonly object[]): SQL {
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)`;
}

/** The instant of so many milliseconds since 1970. */
function at(ms: SQL): SQL {
  return sql`to_timestamp(${ms} / 1000.0)`;
}
