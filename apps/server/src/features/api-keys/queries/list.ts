import {
  idInKey,
  SCOPE_USE_DAYS,
  type ApiKeyState,
  type KeyEnvironment,
  type KeyFilter,
  type KeyFormat,
} from '@qd/shared/api-keys';
import { DAY_MS, MINUTE_MS, startOfUtcDay } from '@qd/shared/time';
import { sql, type SQL } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { containing, filterOf, instant, msOf, standingKeys, type KeyScope } from './list-where.ts';
import { rowsOf } from './raw.ts';

/** A key as a bar needs it. Instants are epoch ms. */
export interface BarRow {
  id: string;
  prefix: string;
  environment: KeyEnvironment;
  format: KeyFormat;
  state: ApiKeyState;
  createdMs: number;
  activatedMs: number | null;
  expiresMs: number | null;
  endsMs: number | null;
  endedMs: number | null;
}

/** A row of the list as the database gives it. Instants are epoch ms. */
export interface ListedKey extends BarRow {
  name: string;
  platform: string;
  platformName: string | null;
  lineageId: string;
  isDemo: boolean;
  ownerId: string | null;
  ownerName: string | null;
  endReason: string | null;
  endedByName: string | null;
  firstUsedMs: number | null;
  lastUsedMs: number | null;
  rateLimitPerMin: number | null;
  consumers: number;
  calls: number;
  refused: number;
  scopes: number;
  scopesUsed: number;
  rotation: { id: string; startedMs: number; deadlineMs: number; newKeyId: string } | null;
  previousKeyId: string | null;
}

/** Minutes over which the rate of calls is taken. */
export const RATE_MINUTES = 10;

/** Which keys: a page of those a filter finds, or one by its id, whatever its state. */
export type Wanted =
  | { show: KeyFilter; text: string | null; afterId: string | null; limit: number }
  | { id: string; limit?: 1 };

/**
 * Keys with what stands beside them in the list, by platform, name and id; one more than `limit`. One statement: what is counted
 * per key is counted for the keys of the page alone.
 */
export async function selectKeyRows(db: ReadDb, scope: KeyScope, wanted: Wanted): Promise<ListedKey[]> {
  const { now } = scope;
  const minute = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS;
  return rowsOf<ListedKey>(
    db,
    sql`
    with page as materialized (${pageOf(scope, wanted)})
    select s.id, s.prefix, s.environment, s.format, s.state, s.name, s.platform, s.lineage_id as "lineageId",
      s.is_demo as "isDemo", s.owner_id as "ownerId", s.owner_name as "ownerName", s.end_reason as "endReason",
      s.rate_limit_per_min as "rateLimitPerMin", cardinality(s.scopes) as scopes,
      ${msOf(sql`s.created_at`)} as "createdMs", ${msOf(sql`s.activated_at`)} as "activatedMs",
      ${msOf(sql`s.expires_at`)} as "expiresMs", ${msOf(sql`s.ends_at`)} as "endsMs", ${msOf(sql`s.ended_at`)} as "endedMs",
      ${msOf(sql`s.first_used_at`)} as "firstUsedMs", ${msOf(sql`s.last_used_at`)} as "lastUsedMs",
      p.name as "platformName", e.name as "endedByName", open.rotation, replaced.old_key_id as "previousKeyId",
      (select count(*)::int from key_consumers c where c.lineage_id = s.lineage_id and c.removed_at is null) as consumers,
      (select coalesce(sum(m.count), 0)::float8 from key_minutes m
        where m.key_id in (s.id, open.new_key_id) and m.minute_at >= ${instant(minute - RATE_MINUTES * MINUTE_MS)}
          and m.minute_at < ${instant(minute)}) as calls,
      (select coalesce(sum(g.count), 0)::float8 from key_usage g
        where g.key_id = s.id and g.starts_at >= ${instant(startOfUtcDay(now.getTime()))} and g.outcome <> 'ok') as refused,
      (select count(distinct g.scope)::int from key_scope_usage g
        where g.key_id = s.id and g.scope = any(s.scopes)
          and g.day > (${instant(now.getTime() - SCOPE_USE_DAYS * DAY_MS)} at time zone 'UTC')::date) as "scopesUsed"
    from page s
    left join platforms p on p.id = s.platform
    left join users e on e.id = s.ended_by
    left join lateral (
      select r.new_key_id, jsonb_build_object('id', r.id, 'newKeyId', r.new_key_id,
        'startedMs', ${msOf(sql`r.started_at`)}, 'deadlineMs', ${msOf(sql`r.deadline_at`)}) as rotation
      from key_rotations r where r.old_key_id = s.id and r.closed_at is null limit 1) open on true
    left join key_rotations replaced on replaced.new_key_id = s.id and replaced.outcome <> 'cancelled'
    order by s.platform, lower(s.name), s.id`,
  );
}

/** How many keys a filter finds, counted no further than `most`. */
export async function countFound(
  db: ReadDb,
  scope: KeyScope,
  { show, text, most }: { show: KeyFilter; text: string | null; most: number },
): Promise<number> {
  const some = sql`select 1 from ${standingKeys(scope)} where ${foundBy(scope, show, text)} limit ${most}::int`;
  const [found] = await rowsOf<{ keys: number }>(db, sql`select count(*)::int as keys from (${some}) found`);
  return found?.keys ?? 0;
}

function foundBy({ now }: KeyScope, show: KeyFilter, text: string | null): SQL {
  return sql`${filterOf(show, now)} and ${text === null ? sql`true` : matching(text)}`;
}

function pageOf(scope: KeyScope, wanted: Wanted): SQL {
  if ('id' in wanted) return sql`select * from ${standingKeys({ ...scope, id: wanted.id })}`;
  const { show, text, afterId, limit } = wanted;
  return sql`select s.* from ${standingKeys(scope)}
    where ${foundBy(scope, show, text)}
      and ${
        afterId === null
          ? sql`true`
          : sql`(s.platform, lower(s.name), s.id) > (select a.platform, lower(a.name), a.id from api_keys a where a.id = ${afterId})`
      }
    order by s.platform, lower(s.name), s.id limit ${limit + 1}::int`;
}

/** Words of the name, or the beginning of an id, which may stand in the shown part of a key. */
function matching(text: string): SQL {
  const words = text.split(/\s+/).map((word) => sql`lower(s.name) like lower(${containing(word)}::text)`);
  const id = idInKey(text) ?? text;
  return sql`((${sql.join(words, sql` and `)}) or starts_with(s.id, ${id}::text))`;
}

/** Keys by id as bars. */
export async function selectBars(db: ReadDb, ids: readonly string[], now: Date): Promise<Map<string, BarRow>> {
  if (ids.length === 0) return new Map();
  const rows = await rowsOf<BarRow>(
    db,
    sql`select ${barColumns()} from ${standingKeys({ platforms: '*', bounds: [], now, ids })}`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The keys of a lineage as bars, the newest `limit` of them, oldest first. */
export async function selectLineage(db: ReadDb, lineageId: string, now: Date, limit: number): Promise<BarRow[]> {
  const rows = await rowsOf<BarRow>(
    db,
    sql`select ${barColumns()} from ${standingKeys({ platforms: '*', bounds: [], now, lineageId })}
      order by s.created_at desc, s.id desc limit ${limit}::int`,
  );
  return rows.toReversed();
}

function barColumns(): SQL {
  return sql`s.id, s.prefix, s.environment, s.format, s.state, ${msOf(sql`s.created_at`)} as "createdMs",
    ${msOf(sql`s.activated_at`)} as "activatedMs", ${msOf(sql`s.expires_at`)} as "expiresMs",
    ${msOf(sql`s.ends_at`)} as "endsMs", ${msOf(sql`s.ended_at`)} as "endedMs"`;
}
