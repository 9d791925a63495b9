import type { AlertDetails, AlertEvent, AlertRules, AlertSubject, AlertView } from '@qd/shared/slo';
import { and, count, desc, eq, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { platforms, sloAlertEvents, sloAlerts, slos } from '../../../db/schema/index.ts';
import { rowsOf } from './raw.ts';

/** What the alerts of one objective are decided by. Instants are epoch ms. */
export interface WatchedSlo {
  slo: AlertSubject;
  platformName: string;
  /** Null for the default rules. */
  rules: AlertRules | null;
  /** When the present revision began: what is measured from scratch is not silent at once. */
  createdAt: number;
  /** How rarely it says something new: the interval of its source, or a whole slice. */
  intervalMs: number;
}

/**
 * Every objective in use with the part of its list row that alerts need. As one text: row by row it costs the embedded
 * store four times as much.
 */
export async function watchedSlos(db: ReadDb): Promise<WatchedSlo[]> {
  const [found] = await rowsOf<{ packed: string }>(
    db,
    sql`
      select coalesce(json_agg(json_build_object(
        'rules', o.alerting,
        'platformName', p.name,
        'createdAt', extract(epoch from coalesce(r.changed_at, o.created_at)) * 1000,
        'intervalMs', greatest(s.interval_ms, coalesce((o.indicator ->> 'sliceMinutes')::int, 1) * 60000),
        'slo', json_build_object(
          'id', o.id, 'platformId', o.platform_id, 'name', o.name, 'isDemo', o.is_demo,
          'freshness', x.freshness, 'dataAt', x."dataAt", 'staleReason', x."staleReason", 'burnRows', x."burnRows",
          'burn5m', x.burn5m, 'burn1h', x.burn1h, 'exhaustion', x.exhaustion, 'inMaintenance', x."inMaintenance",
          'budget', json_build_object('leftRatio', x.budget -> 'leftRatio', 'window', x.budget -> 'window')
        )
      ) order by o.sli_id)::text, '[]') as packed
      from slos o
      join sli_now n on n.sli_id = o.sli_id
      join sources s on s.id = o.source_id
      join platforms p on p.id = o.platform_id
      left join slo_revisions r on r.slo_id = o.id and r.revision = o.revision
      cross join lateral json_to_record(n.summary) as x(
        freshness text, "dataAt" float8, "staleReason" text, "burnRows" json, burn5m float8, burn1h float8,
        exhaustion json, "inMaintenance" boolean, budget json)
      where o.archived_at is null`,
  );
  // The statement above builds exactly these fields.
  return found === undefined ? [] : (JSON.parse(found.packed) as WatchedSlo[]);
}

/** An alert as it is stored, and whose it is. */
export interface StoredAlert {
  sloId: string;
  sloName: string;
  platformId: string;
  platformName: string;
  isDemo: boolean;
  isArchived: boolean;
  isMuted: boolean;
  changedAt: Date;
  view: AlertView;
}

function selectAlerts(db: ReadDb) {
  return db
    .select({
      sloId: sloAlerts.sloId,
      sloName: slos.name,
      platformId: slos.platformId,
      platformName: platforms.name,
      isDemo: slos.isDemo,
      archivedAt: slos.archivedAt,
      alerting: slos.alerting,
      changedAt: sloAlerts.changedAt,
      kind: sloAlerts.kind,
      state: sloAlerts.state,
      severity: sloAlerts.severity,
      tier: sloAlerts.tier,
      firedAt: sloAlerts.firedAt,
      summary: sloAlerts.summary,
    })
    .from(sloAlerts)
    .innerJoin(slos, eq(slos.id, sloAlerts.sloId))
    .innerJoin(platforms, eq(platforms.id, slos.platformId));
}

function storedAlert({
  sloId,
  sloName,
  platformId,
  platformName,
  isDemo,
  archivedAt,
  alerting,
  changedAt,
  ...view
}: Awaited<ReturnType<typeof selectAlerts>>[number]): StoredAlert {
  const flags = { isDemo, isArchived: archivedAt !== null, isMuted: alerting?.isMuted ?? false };
  const shown = { ...view, firedAt: view.firedAt.getTime() };
  return { sloId, sloName, platformId, platformName, ...flags, changedAt, view: shown };
}

/** Every alert that fires or is frozen, those of archived objectives too. */
export async function storedAlerts(db: ReadDb): Promise<StoredAlert[]> {
  return (await selectAlerts(db)).map(storedAlert);
}

/** Which alerts or events to give: of these platforms (`*` for all), of one objective where it is named. */
export interface AlertScope {
  platforms: '*' | readonly string[];
  slo: string | null;
}

/** Alerts of objectives in use that fire or are frozen. */
export async function activeAlerts(db: ReadDb, { platforms, slo }: AlertScope): Promise<StoredAlert[]> {
  const rows = await selectAlerts(db).where(
    and(
      isNull(slos.archivedAt),
      platforms === '*' ? undefined : inArray(slos.platformId, [...platforms]),
      slo === null ? undefined : eq(slos.id, slo),
    ),
  );
  return rows.map(storedAlert);
}

/** Where a page of events begins: after the event of this instant and id. */
export interface EventPlace {
  at: Date;
  id: string;
}

/** Events, newest first; one more than `limit`. */
export async function selectAlertEvents(
  db: ReadDb,
  of: AlertScope,
  page: { after: EventPlace | null; limit: number },
): Promise<AlertEvent[]> {
  const { after } = page;
  const rows = await db
    .select({ event: sloAlertEvents, sloName: slos.name })
    .from(sloAlertEvents)
    .innerJoin(slos, eq(slos.id, sloAlertEvents.sloId))
    .where(
      and(
        ...eventsIn(of),
        after === null
          ? undefined
          : or(lt(sloAlertEvents.at, after.at), and(eq(sloAlertEvents.at, after.at), lt(sloAlertEvents.id, after.id))),
      ),
    )
    .orderBy(desc(sloAlertEvents.at), desc(sloAlertEvents.id))
    .limit(page.limit + 1);
  return rows.map(({ event: { details: _figures, ...event }, sloName }) => ({
    ...event,
    sloName,
    at: event.at.getTime(),
    firedAt: event.firedAt.getTime(),
  }));
}

/** How many events there are, counted no further than `most`. */
export async function alertEventCount(db: ReadDb, of: AlertScope, most: number): Promise<number> {
  const some = db
    .select({ id: sloAlertEvents.id })
    .from(sloAlertEvents)
    .where(and(...eventsIn(of)))
    .limit(most)
    .as('some');
  const [found] = await db.select({ rows: count() }).from(some);
  return found?.rows ?? 0;
}

function eventsIn({ platforms: allowed, slo }: AlertScope): (SQL | undefined)[] {
  return [
    allowed === '*' ? undefined : inArray(sloAlertEvents.platformId, [...allowed]),
    slo === null ? undefined : eq(sloAlertEvents.sloId, slo),
  ];
}

/** Stores events. */
export async function insertAlertEvents(
  tx: Tx,
  events: readonly { event: AlertEvent; details: AlertDetails }[],
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ event: { sloName: _shown, ...event }, details }) => ({
    ...event,
    at: new Date(event.at).toISOString(),
    firedAt: new Date(event.firedAt).toISOString(),
    details,
  }));
  await tx.execute(sql`
    insert into slo_alert_events
      (id, slo_id, platform_id, kind, transition, severity, tier, at, fired_at, summary, details, is_demo)
    select id, "sloId", "platformId", kind, transition, severity, tier, at, "firedAt", summary, details, "isDemo"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(
      id text, "sloId" text, "platformId" text, kind text, transition text, severity text, tier text, at timestamptz,
      "firedAt" timestamptz, summary text, details jsonb, "isDemo" boolean)`);
}

/** Forgets events from before the instant. */
export async function deleteAlertEventsBefore(tx: Tx, before: Date): Promise<void> {
  await tx.delete(sloAlertEvents).where(lt(sloAlertEvents.at, before));
}
