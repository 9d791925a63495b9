import { sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { rowsOf } from './raw.ts';

/** Calls of one caller with one key. Instants are epoch ms. */
export interface CallerCalls {
  keyId: string;
  address: string;
  agent: string;
  /** Calls let in, of the short spans that began after `hourAgo`. */
  lastHour: number;
  /** Last call that was let in; null: none was. */
  lastMs: number | null;
  /** Last call, let in or not. */
  triedMs: number;
}

const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;

/**
 * Callers of keys since an instant, each key's latest first and at most `limit` of each: callers of one key never push out those
 * of another, and who was refused never who was let in. One statement.
 */
export async function selectCallers(
  db: ReadDb,
  of: { keyIds: readonly string[]; since: Date; hourAgo: Date; spanMs: number; limit: number },
): Promise<CallerCalls[]> {
  return rowsOf<CallerCalls>(
    db,
    sql`
    select "keyId", address, agent, "lastHour",
      (extract(epoch from ok_at) * 1000)::float8 as "lastMs", (extract(epoch from tried_at) * 1000)::float8 as "triedMs"
    from (
      select c.*, row_number() over (
        partition by "keyId" order by ok_at desc nulls last, tried_at desc, address, agent
      ) as place
      from (
        select key_id as "keyId", address, agent, max(last_at) as tried_at,
          max(last_at) filter (where outcome = 'ok') as ok_at,
          coalesce(sum(count) filter (
            where outcome = 'ok' and span_ms = ${of.spanMs}::int and starts_at > ${at(of.hourAgo)}
          ), 0)::float8 as "lastHour"
        from key_usage
        where key_id = any(${sql.param(of.keyIds)}::text[]) and last_at >= ${at(of.since)}
        group by key_id, address, agent
      ) c
    ) placed
    where place <= ${of.limit}::int
    order by "keyId", place`,
  );
}

/** When a key last let anybody in since an instant (epoch ms), whoever it was; null: it did not. */
export async function selectLastLetIn(db: ReadDb, keyId: string, since: Date): Promise<number | null> {
  const [row] = await rowsOf<{ lastMs: number | null }>(
    db,
    sql`select (extract(epoch from max(last_at)) * 1000)::float8 as "lastMs" from key_usage
      where key_id = ${keyId} and outcome = 'ok' and last_at >= ${at(since)}`,
  );
  return row?.lastMs ?? null;
}
