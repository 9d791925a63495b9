import type { DeployRow, IncidentRow } from '@qd/shared/changes';
import { sql, type SQL } from 'drizzle-orm';
import type { ReadDb } from '../client.ts';
import { preparedOnce } from '../prepared.ts';

/** Most of each kind that one read gives; the newest are kept. */
const MAX_CHANGES = 500;

/** What to look for: platforms (`*` for all), and instants (ms) as `[fromMs, toMs)`. */
export interface ChangeRange {
  platforms: '*' | readonly string[];
  fromMs: number;
  toMs: number;
}

type Stored<Row, Instants extends keyof Row> = Omit<Row, Instants> & {
  [K in Instants]: Row[K] extends Date ? number : number | null;
};

/** Where a statement looks: a condition on `platform_id`, and two instants. */
interface Where {
  platform: SQL;
  from: SQL;
  to: SQL;
}

const deploysOn = ({ platform, from, to }: Where) => sql<Stored<DeployRow, 'at' | 'settledAt'>[]>`(
  select coalesce(json_agg(json_build_object(
    'id', d.id, 'platformId', d.platform_id, 'service', d.service, 'version', d.version, 'summary', d.summary,
    'at', trunc(extract(epoch from d.at) * 1000), 'settledAt', trunc(extract(epoch from d.settled_at) * 1000),
    'actor', d.actor, 'url', d.url, 'isDemo', d.is_demo) order by d.at), '[]')
  from (
    select * from deploys
    where ${platform} and at < ${to} and coalesce(settled_at, at + interval '30 minutes') >= ${from}
    order by at desc limit ${sql.raw(String(MAX_CHANGES))}) d)`;

const incidentsOn = ({ platform, from, to }: Where) => sql<Stored<IncidentRow, 'startedAt' | 'resolvedAt'>[]>`(
  select coalesce(json_agg(json_build_object(
    'id', i.id, 'platformId', i.platform_id, 'severity', i.severity, 'title', i.title,
    'startedAt', trunc(extract(epoch from i.started_at) * 1000), 'resolvedAt', trunc(extract(epoch from i.resolved_at) * 1000),
    'isDemo', i.is_demo) order by i.started_at), '[]')
  from (
    select * from incidents
    where ${platform} and started_at < ${to} and (resolved_at is null or resolved_at >= ${from})
    order by started_at desc limit ${sql.raw(String(MAX_CHANGES))}) i)`;

/** What a statement selects, to give the changes there; `changesFrom` reads its row. */
export function changesFields(where: Where) {
  return { deploys: deploysOn(where), incidents: incidentsOn(where) };
}

const between = {
  from: sql`${sql.placeholder('from')}::timestamptz`,
  to: sql`${sql.placeholder('to')}::timestamptz`,
};

const changesOn = (platform: SQL) =>
  preparedOnce((db) =>
    db
      .select(changesFields({ platform, ...between }))
      .from(sql`(select 1) as once`)
      .prepare(''),
  );

const changesOf = {
  all: changesOn(sql`true`),
  some: changesOn(sql`platform_id = any(${sql.placeholder('platforms')}::text[])`),
};

/** What happened to platforms, each kind ascending by time. */
export interface Changes {
  /** Went live or were still settling in the range. */
  deploys: DeployRow[];
  /** Were open at some moment of the range. */
  incidents: IncidentRow[];
}

/** Deploys and incidents of a range, in one statement. */
export async function changesIn(db: ReadDb, { platforms, fromMs, toMs }: ChangeRange): Promise<Changes> {
  if (platforms.length === 0) return { deploys: [], incidents: [] };
  const limits = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  const [found] = await (platforms === '*'
    ? changesOf.all(db).execute(limits)
    : changesOf.some(db).execute({ ...limits, platforms: [...platforms] }));
  return changesFrom(found);
}

/** A row of a statement that selects the fields above, for its reader. */
export function changesFrom(
  found:
    | {
        deploys: Stored<DeployRow, 'at' | 'settledAt'>[];
        incidents: Stored<IncidentRow, 'startedAt' | 'resolvedAt'>[];
      }
    | undefined,
): Changes {
  return {
    deploys: (found?.deploys ?? []).map((row) => ({ ...row, at: new Date(row.at), settledAt: dateOf(row.settledAt) })),
    incidents: (found?.incidents ?? []).map((row) => ({
      ...row,
      startedAt: new Date(row.startedAt),
      resolvedAt: dateOf(row.resolvedAt),
    })),
  };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
