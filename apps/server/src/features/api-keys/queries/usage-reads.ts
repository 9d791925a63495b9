import { sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { instant, msOf } from './list-where.ts';
import { rowsOf } from './raw.ts';

/** Calls of one caller with one outcome. */
export interface CountedCalls {
  address: string;
  agent: string;
  outcome: string;
  calls: number;
  lastMs: number;
}

/** Calls with a key in spans that began since an instant, by caller and outcome. One statement; at most `limit` rows, the busiest. */
export async function selectCalls(
  db: ReadDb,
  of: { keyId: string; since: Date; limit: number },
): Promise<CountedCalls[]> {
  return rowsOf(
    db,
    sql`select address, agent, outcome, sum(count)::float8 as calls, ${msOf(sql`max(last_at)`)} as "lastMs"
      from key_usage where key_id = ${of.keyId} and starts_at >= ${instant(of.since)}
      group by address, agent, outcome order by calls desc, address, agent, outcome limit ${of.limit}::int`,
  );
}

/** Uses of each scope of a key since a day (UTC). */
export async function selectScopeUse(
  db: ReadDb,
  of: { keyId: string; sinceDay: string },
): Promise<{ scope: string; calls: number; lastDay: string }[]> {
  return rowsOf(
    db,
    sql`select scope, sum(count)::float8 as calls, max(day)::text as "lastDay"
      from key_scope_usage where key_id = ${of.keyId} and day >= ${of.sinceDay}::date group by scope`,
  );
}
