import { keyFilters, type KeyFilter } from '@qd/shared/api-keys';
import { asc, eq, sql, type SQL } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/index.ts';
import { filterOf, msOf, standingKeys, type KeyScope } from './list-where.ts';
import { rowsOf } from './raw.ts';

/** Platforms there are keys of, `*` among them where there are keys of all. */
export async function selectKeyPlatforms(db: ReadDb): Promise<string[]> {
  const rows = await db
    .selectDistinct({ platform: apiKeys.platform })
    .from(apiKeys)
    .where(eq(apiKeys.isProbe, false))
    .orderBy(asc(apiKeys.platform));
  return rows.map((row) => row.platform);
}

/** How many keys there are, and the one of each kind to name first (its id). */
export interface CountedKeys {
  filters: Record<KeyFilter, number>;
  keys: number;
  live: number;
  usable: number;
  overdue: number;
  rotating: number;
  quarantined: number;
  firstRotating: string | null;
  firstExpiring: string | null;
  firstQuarantined: string | null;
}

/** Counts what every filter finds, in one pass. */
export async function countKeys(db: ReadDb, scope: KeyScope): Promise<CountedKeys> {
  const n = (which: SQL) => sql`(count(*) filter (where ${which}))::int`;
  const first = (which: SQL, order: SQL) => sql`(array_agg(s.id order by ${order}, s.id) filter (where ${which}))[1]`;
  const filters = keyFilters.map((filter) => sql`${filter}::text, ${n(filterOf(filter, scope.now))}`);
  const expiring = filterOf('expiring', scope.now);
  const [row] = await rowsOf<CountedKeys>(
    db,
    sql`
    select jsonb_build_object(${sql.join(filters, sql`, `)}) as filters, count(*)::int as keys,
      ${n(sql`s.ended_at is null`)} as live, ${n(sql`s.state in ('active', 'rotating')`)} as usable,
      ${n(sql`s.state = 'active' and s.is_overdue`)} as overdue, ${n(sql`s.state = 'rotating'`)} as rotating,
      ${n(sql`s.state = 'quarantined'`)} as quarantined,
      ${first(sql`s.state = 'rotating'`, sql`s.ends_at`)} as "firstRotating",
      ${first(expiring, sql`s.expires_at`)} as "firstExpiring",
      ${first(sql`s.state = 'quarantined'`, sql`s.quarantined_at desc`)} as "firstQuarantined"
    from ${standingKeys(scope)}`,
  );
  if (row === undefined) throw new Error('a count has one row');
  return row;
}

/** Of each platform the overdue key that began first. */
export async function selectOldestOverdue(
  db: ReadDb,
  scope: KeyScope,
): Promise<{ id: string; platform: string; activatedMs: number }[]> {
  return rowsOf(
    db,
    sql`select distinct on (s.platform) s.id, s.platform, ${msOf(sql`s.activated_at`)} as "activatedMs"
      from ${standingKeys(scope)} where s.state = 'active' and s.is_overdue
      order by s.platform, s.activated_at, s.id`,
  );
}

/** What is said of a key that is named. */
export interface NamedRow {
  id: string;
  name: string;
  platformName: string | null;
  endsMs: number | null;
  expiresMs: number | null;
  quarantinedMs: number | null;
}

/** Names of keys and of their platforms. */
export async function selectNamed(db: ReadDb, ids: readonly string[]): Promise<Map<string, NamedRow>> {
  if (ids.length === 0) return new Map();
  const rows = await rowsOf<NamedRow>(
    db,
    sql`select k.id, k.name, p.name as "platformName", ${msOf(sql`k.ends_at`)} as "endsMs",
        ${msOf(sql`k.expires_at`)} as "expiresMs", ${msOf(sql`k.quarantined_at`)} as "quarantinedMs"
      from api_keys k left join platforms p on p.id = k.platform
      where k.id in (select unnest(${sql.param(ids)}::text[]))`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}
