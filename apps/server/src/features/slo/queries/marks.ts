import type { AlertEpisode } from '@qd/shared/slo';
import { sql } from 'drizzle-orm';
import { changesFields } from '../../../db/queries/changes.ts';
import { sliNow, slos } from '../../../db/schema/index.ts';

/** Most alerts one read gives; the newest are kept. */
const MAX_EPISODES = 300;

const ms = (column: string) => sql.raw(`trunc(extract(epoch from ${column}) * 1000)`);
const now = sql`${sql.placeholder('now')}::timestamptz`;
const instantOf = (end: 'startAt' | 'endAt') =>
  sql`to_timestamp((${sliNow.summary} #>> '{budget,window,${sql.raw(end)}}')::float8 / 1000)`;

/** The window of the list row, up to now; before the first list row about as long a time. */
const from = sql`coalesce(${instantOf('startAt')}, ${now} - ${slos.windowMs} * interval '1 millisecond')`;
const to = sql`greatest(${instantOf('endAt')}, ${now})`;

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
    where slo_id = ${slos.id} and at >= ${from} and at < ${to}
    group by kind, fired_at order by fired_at desc limit ${sql.raw(String(MAX_EPISODES))}) a)`;

/**
 * Deploys and incidents of the platform, and alerts, within the window of the objective of the statement they stand in,
 * which joins its list row and has a placeholder `now`.
 */
export const marksOfOne = {
  ...changesFields({ platform: sql`platform_id = ${slos.platformId}`, from, to }),
  episodes,
};
