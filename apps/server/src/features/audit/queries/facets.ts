import { type SQL, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import type { AuditFacet } from '../facets.ts';

/** The rows to look among: of one actor or of all, `(afterSeq, beforeSeq)`, and what else is asked of each. */
export interface AmongRows {
  userId: string | null;
  afterSeq: number;
  beforeSeq: number;
  where: readonly (SQL | undefined)[];
}

/** Every facet there is in the log, or in the rows of an actor, read by leaps through an index: as many steps as facets. */
export async function selectFacets(db: ReadDb, userId: string | null): Promise<AuditFacet[]> {
  const of = ofActor(userId);
  const columns = sql`action, status, coalesce(platform, '') as platform, coalesce(target_kind, '') as "targetKind"`;
  const result: unknown = await db.execute(sql`
    with recursive facet as (
      (select ${columns} from audit_events where true${of} order by 1, 2, 3, 4 limit 1)
      union all
      select next.* from facet f cross join lateral (
        select ${columns} from audit_events
        where (audit_events.action, audit_events.status, coalesce(audit_events.platform, ''), coalesce(audit_events.target_kind, ''))
          > (f.action, f.status, f.platform, f."targetKind")${of}
        order by 1, 2, 3, 4 limit 1
      ) next
    )
    select action, status, platform, "targetKind" from facet`);
  return (result as { rows: AuditFacet[] }).rows;
}

/**
 * Numbers of the newest rows of the facets, the newest first, at most `limit`. Only the facets with the newest rows are read further:
 * what the others hold is older than `limit` rows.
 */
export async function selectNewestOf(
  db: ReadDb,
  facets: readonly AuditFacet[],
  among: AmongRows & { limit: number },
): Promise<number[]> {
  if (facets.length === 0) return [];
  const { limit } = among;
  const newest = (facet: SQL, rows: number) => sql`lateral (
    select audit_events.seq from audit_events
    where audit_events.action = ${facet}.action and audit_events.status = ${facet}.status
      and coalesce(audit_events.platform, '') = ${facet}.platform and coalesce(audit_events.target_kind, '') = ${facet}."targetKind"
      ${ofActor(among.userId)} and (-audit_events.seq) > ${-among.beforeSeq}::bigint and (-audit_events.seq) < ${-among.afterSeq}::bigint
      ${andAll(among.where)}
    order by (-audit_events.seq) limit ${rows}::int
  )`;
  const result: unknown = await db.execute(sql`
    with facet as (
      select * from jsonb_to_recordset(${JSON.stringify(facets)}::jsonb)
        as f(action text, status text, platform text, "targetKind" text)
    ), recent as (
      select f.* from facet f cross join ${newest(sql`f`, 1)} last order by last.seq desc limit ${limit}::int
    )
    select found.seq from recent r cross join ${newest(sql`r`, limit)} found order by found.seq desc limit ${limit}::int`);
  return (result as { rows: { seq: string | number }[] }).rows.map((row) => Number(row.seq));
}

/** Conditions that follow others. */
export function andAll(conditions: readonly (SQL | undefined)[]): SQL {
  const all = conditions.flatMap((condition) => (condition === undefined ? [] : [sql`and ${condition}`]));
  return sql.join(all, sql` `);
}

function ofActor(userId: string | null): SQL {
  return userId === null ? sql`` : sql` and audit_events.user_id = ${userId}`;
}
