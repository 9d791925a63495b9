import { type AlertView, byUrgency } from '@qd/shared/slo';
import { sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { preparedOnce } from '../../../db/prepared.ts';
import { sloAlerts, slos } from '../../../db/schema/index.ts';

/*
 * List rows are written by one job and alerts by another, so the alerts of a list row are those of the moment it is
 * read: whoever sees that an alert fired also sees it on the objective.
 */

const all = preparedOnce((db) => db.select().from(sloAlerts).prepare(''));

/** The alerts that fire or are frozen, by objective, the most urgent first. They are few where all is well. */
export async function shownAlerts(db: ReadDb): Promise<Map<string, AlertView[]>> {
  const shown = new Map<string, AlertView[]>();
  for (const { sloId, changedAt: _when, firedAt, ...view } of await all(db).execute()) {
    const alerts = shown.get(sloId) ?? [];
    shown.set(sloId, alerts);
    alerts.push({ ...view, firedAt: firedAt.getTime() });
  }
  for (const alerts of shown.values()) alerts.sort(byUrgency);
  return shown;
}

const views = sql`json_agg(json_build_object(
  'kind', a.kind, 'state', a.state, 'severity', a.severity, 'tier', a.tier,
  'firedAt', trunc(extract(epoch from a.fired_at) * 1000), 'summary', a.summary))`;

/** The same of the objective of the statement it stands in, in no order. */
export const alertsOfOne = sql<AlertView[]>`(
  select coalesce(${views}, '[]') from slo_alerts a where a.slo_id = ${slos.id})`;

/** The same of every objective, to be joined by `slo_id`: one read of a small table, however long the list. */
export const alertsOfAll = sql`(select a.slo_id, ${views} as alerts from slo_alerts a group by a.slo_id) shown`;
