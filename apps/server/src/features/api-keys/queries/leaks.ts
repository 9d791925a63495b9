import type { LeakCounts } from '@qd/shared/api-keys/ending';
import { and, asc, desc, eq, inArray, lt, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys, keyLeakHits, keyLeakReports, users } from '../../../db/schema/index.ts';
import type { KeyWithOwner } from './ending.ts';
import { rowsOf } from './raw.ts';

/** A report as stored. */
export type LeakReportRow = typeof keyLeakReports.$inferSelect;
export type LeakAction = (typeof keyLeakHits.$inferSelect)['action'];

/** Stores that a text was searched. */
export async function insertLeakReport(tx: Tx, row: typeof keyLeakReports.$inferInsert): Promise<void> {
  await tx.insert(keyLeakReports).values(row);
}

/** Stores that a key was found in a text. */
export async function insertLeakHit(
  tx: Tx,
  row: { reportId: string; keyId: string; action: LeakAction },
): Promise<void> {
  await tx.insert(keyLeakHits).values(row);
}

/** Reports a caller may see, newest first, one more than `limit`: all, or their own and those with a key of their platforms. */
export async function selectLeakReports(
  db: ReadDb,
  page: {
    platforms: '*' | readonly string[];
    userId: string | null;
    before: { at: Date; id: string } | null;
    limit: number;
  },
): Promise<{ report: LeakReportRow; reporter: string | null }[]> {
  const { reportedAt, id, reportedBy } = keyLeakReports;
  const seen = (platforms: readonly string[]) =>
    inArray(
      id,
      db
        .select({ id: keyLeakHits.reportId })
        .from(keyLeakHits)
        .innerJoin(apiKeys, eq(apiKeys.id, keyLeakHits.keyId))
        .where(inArray(apiKeys.platform, [...platforms])),
    );
  const own = page.userId === null ? undefined : eq(reportedBy, page.userId);
  return db
    .select({ report: keyLeakReports, reporter: users.name })
    .from(keyLeakReports)
    .leftJoin(users, eq(users.id, reportedBy))
    .where(
      and(
        page.platforms === '*' ? undefined : or(own, seen(page.platforms)),
        page.before === null
          ? undefined
          : or(lt(reportedAt, page.before.at), and(eq(reportedAt, page.before.at), lt(id, page.before.id))),
      ),
    )
    .orderBy(desc(reportedAt), desc(id))
    .limit(page.limit + 1);
}

/** A report by id, with the name of who reported. */
export async function selectLeakReport(
  db: ReadDb,
  id: string,
): Promise<{ report: LeakReportRow; reporter: string | null } | null> {
  const [row] = await db
    .select({ report: keyLeakReports, reporter: users.name })
    .from(keyLeakReports)
    .leftJoin(users, eq(users.id, keyLeakReports.reportedBy))
    .where(eq(keyLeakReports.id, id));
  return row ?? null;
}

/** A key that was found, and what was done about it then. */
export interface LeakHitRow extends KeyWithOwner {
  reportId: string;
  action: LeakAction;
}

/** Keys of so many platforms that were found in texts: of each text the next by name after a key, one more than `limit`. */
export async function selectLeakHits(
  db: ReadDb,
  page: {
    reportIds: readonly string[];
    platforms: '*' | readonly string[];
    afterKeyId: string | null;
    limit: number;
  },
): Promise<LeakHitRow[]> {
  const wanted = await rowsOf<{ reportId: string; keyId: string }>(
    db,
    sql`
    select s.report_id as "reportId", s.id as "keyId" from (
      select h.report_id, k.id, row_number() over (partition by h.report_id order by k.name, k.id) as place
      ${ofReports(page)}
        and (${page.afterKeyId}::text is null
          or (k.name, k.id) > (select a.name, a.id from ${apiKeys} a where a.id = ${page.afterKeyId}::text))
    ) s where s.place <= ${page.limit + 1}::int`,
  );
  if (wanted.length === 0) return [];
  const isWanted = new Set(wanted.map(({ reportId, keyId }) => `${reportId} ${keyId}`));
  const rows = await db
    .select({
      reportId: keyLeakHits.reportId,
      action: keyLeakHits.action,
      key: apiKeys,
      owner: { email: users.email, state: users.state },
    })
    .from(keyLeakHits)
    .innerJoin(apiKeys, eq(apiKeys.id, keyLeakHits.keyId))
    .leftJoin(users, eq(users.id, apiKeys.ownerId))
    .where(
      and(
        inArray(keyLeakHits.reportId, distinct(wanted.map(({ reportId }) => reportId))),
        inArray(keyLeakHits.keyId, distinct(wanted.map(({ keyId }) => keyId))),
      ),
    )
    .orderBy(asc(keyLeakHits.reportId), asc(apiKeys.name), asc(apiKeys.id));
  return rows.filter(({ reportId, key }) => isWanted.has(`${reportId} ${key.id}`));
}

/** How many keys of so many platforms each text held, and how they stand now. */
export async function selectLeakCounts(
  db: ReadDb,
  of: { reportIds: readonly string[]; platforms: '*' | readonly string[]; now: Date },
): Promise<Map<string, LeakCounts>> {
  const at = sql`${of.now.toISOString()}::timestamptz`;
  const rows = await rowsOf<LeakCounts & { reportId: string }>(
    db,
    sql`
    select h.report_id as "reportId", count(*)::int as found,
      (count(*) filter (where k.revoked_at is null and k.quarantined_at is not null))::int as stopped,
      (count(*) filter (where k.revoked_at is null and k.quarantined_at is null and h.action <> 'quarantined'
        and (k.ends_at is null or k.ends_at > ${at}) and (k.expires_at is null or k.expires_at > ${at})))::int as working
    ${ofReports(of)}
    group by h.report_id`,
  );
  return new Map(rows.map(({ reportId, ...counts }) => [reportId, counts]));
}

function ofReports({
  reportIds,
  platforms,
}: {
  reportIds: readonly string[];
  platforms: '*' | readonly string[];
}): SQL {
  const seen = platforms === '*' ? sql`true` : sql`k.platform = any(${sql.param([...platforms])}::text[])`;
  return sql`from ${keyLeakHits} h join ${apiKeys} k on k.id = h.key_id
    where h.report_id = any(${sql.param([...reportIds])}::text[]) and ${seen}`;
}

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)];

/** Calls of one caller of one key since an instant, and of all its callers together. */
export interface CallsSince {
  keyId: string;
  sinceMs: number;
  address: string;
  agent: string;
  calls: number;
  lastMs: number;
  total: number;
}

/** Who called keys, each since an instant of its own: the `callers` busiest of each. One statement. */
export async function selectCallsSince(
  db: ReadDb,
  asked: readonly { keyId: string; since: Date }[],
  callers: number,
): Promise<CallsSince[]> {
  if (asked.length === 0) return [];
  const ids = sql.param(asked.map(({ keyId }) => keyId));
  const instants = sql.param(asked.map(({ since }) => since.toISOString()));
  return rowsOf(
    db,
    sql`
    select a.key_id as "keyId", (extract(epoch from a.since) * 1000)::float8 as "sinceMs",
      u.address, u.agent, u.calls, u.last_ms as "lastMs", u.total
    from unnest(${ids}::text[], ${instants}::timestamptz[]) as a (key_id, since)
    cross join lateral (
      select address, agent, sum(count)::float8 as calls,
        (extract(epoch from max(last_at)) * 1000)::float8 as last_ms, (sum(sum(count)) over ())::float8 as total
      from key_usage
      where key_id = a.key_id and last_at >= a.since and outcome = 'ok'
      group by address, agent
      order by 3 desc, 4 desc, address, agent
      limit ${callers}::int
    ) u`,
  );
}
