import type { AlertEpisode } from '@qd/shared/slo';
import { sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { preparedOnce } from '../../../db/prepared.ts';
import { type Changes, changesFrom, changesOfSome } from '../../../db/queries/changes.ts';

/** Most alerts one read gives; the newest are kept. */
const MAX_EPISODES = 300;

const ms = (column: string) => sql.raw(`trunc(extract(epoch from ${column}) * 1000)`);

/** The events of an alert share the instant it fired at; its first event says how it began. */
const episodes = sql<AlertEpisode[]>`(
  select coalesce(json_agg(json_build_object(
    'kind', a.kind, 'severity', a.severity, 'tier', a.tier, 'firedAt', ${ms('a.fired_at')},
    'resolvedAt', ${ms('a.resolved_at')}, 'summary', a.summary, 'isDemo', a.is_demo) order by a.fired_at), '[]')
  from (
    select kind, fired_at, max(at) filter (where transition = 'resolved') as resolved_at,
      case when bool_or(severity = 'page') then 'page' else 'ticket' end as severity,
      (array_agg(tier order by at))[1] as tier, (array_agg(summary order by at))[1] as summary,
      bool_or(is_demo) as is_demo
    from slo_alert_events
    where slo_id = ${sql.placeholder('slo')} and at >= ${sql.placeholder('from')}::timestamptz
      and at < ${sql.placeholder('to')}::timestamptz
    group by kind, fired_at order by fired_at desc limit ${sql.raw(String(MAX_EPISODES))}) a)`;

const statement = preparedOnce((db) =>
  db
    .select({ ...changesOfSome, episodes })
    .from(sql`(select 1) as once`)
    .prepare(''),
);

/** Deploys and incidents of platforms, and the alerts of one objective, in a range of instants (ms): one statement. */
export async function changesAndAlerts(
  db: ReadDb,
  of: { platforms: readonly string[]; sloId: string; fromMs: number; toMs: number },
): Promise<Changes & { episodes: AlertEpisode[] }> {
  const { platforms, sloId, fromMs, toMs } = of;
  const [found] = await statement(db).execute({
    platforms: [...platforms],
    slo: sloId,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
  });
  return { ...changesFrom(found), episodes: found?.episodes ?? [] };
}
