import { type AlertView, byUrgency, type Freshness, type SloSummary } from '@qd/shared/slo';
import { and, asc, eq, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { preparedOnce } from '../../../db/prepared.ts';
import { platforms, sliNow, slos, sources } from '../../../db/schema/index.ts';
import { alertsOfAll, shownAlerts } from './alerts-shown.ts';
import { reportingInterval } from './reporting-interval.ts';

/** A list row as it was written, and what tells whether it still reads so. */
export interface StoredSummary {
  /** JSON of the `SloSummary`, without alerts. */
  text: string;
  freshness: Freshness;
  /** End of the newest measured minute, epoch ms; null before the first. */
  dataAt: number | null;
  writtenAt: Date;
  /** How often its source reports. */
  intervalMs: number;
  /** What fires or is frozen now; null where nothing does. */
  alerts: AlertView[] | null;
}

/** Writes the list rows of any number of objectives in one statement. `m` is the last minute they speak of. */
export async function upsertSummaries(
  tx: Tx,
  rows: readonly { sliId: number; m: number; summary: SloSummary }[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  const records = rows.map(({ sliId, m, summary }) => {
    const { freshness, dataAt } = summary;
    return { sli_id: sliId, m, summary, freshness, data_at: dataAt };
  });
  await tx.execute(sql`
    insert into sli_now (sli_id, m, summary, freshness, data_at, updated_at)
    select sli_id, m, summary, freshness, data_at, ${now.toISOString()}::timestamptz
    from json_to_recordset(${JSON.stringify(records)}::json)
      as x(sli_id int, m int, summary json, freshness text, data_at bigint)
    on conflict (sli_id) do update
      set m = excluded.m, summary = excluded.summary, freshness = excluded.freshness, data_at = excluded.data_at,
        updated_at = excluded.updated_at
      where sli_now.updated_at <= excluded.updated_at`);
}

const listOn = (where: SQL | undefined) =>
  preparedOnce((db) =>
    db
      .select({
        text: sql<string>`${sliNow.summary}::text`,
        freshness: sliNow.freshness,
        dataAt: sliNow.dataAt,
        writtenAt: sliNow.updatedAt,
        intervalMs: reportingInterval,
        alerts: sql<AlertView[] | null>`shown.alerts`,
      })
      .from(slos)
      .innerJoin(sliNow, eq(sliNow.sliId, slos.sliId))
      .innerJoin(sources, eq(sources.id, slos.sourceId))
      .innerJoin(platforms, eq(platforms.id, slos.platformId))
      .leftJoin(alertsOfAll, sql`shown.slo_id = ${slos.id}`)
      .where(and(isNull(slos.archivedAt), where))
      .orderBy(asc(platforms.name), asc(slos.name), asc(slos.sliId))
      .prepare(''),
  );

const listOf = {
  all: listOn(undefined),
  some: listOn(sql`${slos.platformId} = any(${sql.placeholder('platforms')}::text[])`),
};

/** List rows of the platforms (`*` for all), by platform and name. Platforms are filtered here, never by the caller. */
export async function summariesOf(db: ReadDb, of: '*' | readonly string[]): Promise<StoredSummary[]> {
  if (of.length === 0) return [];
  return of === '*' ? listOf.all(db).execute() : listOf.some(db).execute({ platforms: [...of] });
}

/** A list row with the alerts of now, the most urgent first. */
export function withAlerts(summary: SloSummary, alerts: readonly AlertView[] | null | undefined): SloSummary {
  return alerts ? { ...summary, alerts: alerts.toSorted(byUrgency) } : summary;
}

/** The list rows of these SLIs, by SLI. */
export async function summariesBySli(db: ReadDb, sliIds: readonly number[]): Promise<Map<number, SloSummary>> {
  if (sliIds.length === 0) return new Map();
  const [rows, alerts] = await Promise.all([
    db
      .select({ sliId: sliNow.sliId, summary: sliNow.summary })
      .from(sliNow)
      .where(inArray(sliNow.sliId, [...sliIds])),
    shownAlerts(db),
  ]);
  return new Map(rows.map((row) => [row.sliId, withAlerts(row.summary, alerts.get(row.summary.id))]));
}

/** SLI ids of objectives whose list row is missing or was written before the instant. */
export async function outdatedSlis(db: ReadDb, before: Date): Promise<number[]> {
  const rows = await db
    .select({ sliId: slos.sliId })
    .from(slos)
    .leftJoin(sliNow, eq(sliNow.sliId, slos.sliId))
    .where(and(isNull(slos.archivedAt), or(isNull(sliNow.sliId), lt(sliNow.updatedAt, before))))
    .orderBy(asc(slos.sliId));
  return rows.map((row) => row.sliId);
}
