import { type AlertEpisode, byUrgency, type Exclusion, type Override, type SloSummary } from '@qd/shared/slo';
import { and, asc, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { preparedOnce } from '../../../db/prepared.ts';
import { type Changes, changesFrom } from '../../../db/queries/changes.ts';
import { platforms, sliNow, slos, sources } from '../../../db/schema/index.ts';
import { alertsOfOne } from './alerts-shown.ts';
import { exclusionsOfOne } from './exclusions.ts';
import { marksOfOne } from './marks.ts';
import { overrideInForce } from './overrides.ts';
import { aheadValues, type ReadAhead, readAheadFrom, rowsAhead } from './read-ahead.ts';
import { ints } from './tiers.ts';

const columns = {
  id: slos.id,
  sliId: slos.sliId,
  platformId: slos.platformId,
  platformName: platforms.name,
  slug: slos.slug,
  name: slos.name,
  description: slos.description,
  owner: slos.owner,
  indicator: slos.indicator,
  targetPercent: slos.targetPercent,
  windowMs: slos.windowMs,
  anchorAt: slos.anchorAt,
  revision: slos.revision,
  calendar: slos.calendar,
  judgedBy: slos.judgedBy,
  otherWindows: slos.otherWindows,
  alerting: slos.alerting,
  exclusionMode: slos.exclusionMode,
  meanings: slos.meanings,
  service: slos.service,
  cautionRatio: slos.cautionRatio,
  freezeRatio: slos.freezeRatio,
  measuredSinceMinute: slos.measuredSinceMinute,
  readUntilMinute: slos.readUntilMinute,
  lastError: slos.lastError,
  isDemo: slos.isDemo,
  createdAt: slos.createdAt,
  source: {
    id: sources.id,
    platformId: sources.platformId,
    kind: sources.kind,
    name: sources.name,
    url: sources.url,
    intervalMs: sources.intervalMs,
    serverVersion: sources.serverVersion,
    lastOkAt: sources.lastOkAt,
    lastTriedAt: sources.lastTriedAt,
    lastError: sources.lastError,
  },
};

/** An objective with its source and the name of its platform. */
export type ObjectiveRow = Awaited<ReturnType<typeof selectObjectives>>[number];
export type SourceRow = ObjectiveRow['source'];

function selectObjectives(db: ReadDb, where: SQL | undefined) {
  return db
    .select(columns)
    .from(slos)
    .innerJoin(sources, eq(sources.id, slos.sourceId))
    .innerJoin(platforms, eq(platforms.id, slos.platformId))
    .where(and(isNull(slos.archivedAt), where))
    .orderBy(asc(slos.sliId));
}

/** Every objective in use, or those with the given SLI ids, ascending by SLI. */
export async function objectives(db: ReadDb, sliIds?: readonly number[]): Promise<ObjectiveRow[]> {
  if (sliIds?.length === 0) return [];
  // One parameter however many they are: a list of a thousand would be parsed and planned anew each time.
  return selectObjectives(db, sliIds === undefined ? undefined : sql`${slos.sliId} = any(${ints(sliIds)})`);
}

const openIncident = sql<boolean>`exists (
  select 1 from incidents i where i.platform_id = ${slos.platformId} and i.resolved_at is null
    and i.started_at < ${sql.placeholder('now')}::timestamptz)`;

const forPage = (rows: SQL<string | null>) =>
  preparedOnce((db) =>
    db
      .select({
        ...columns,
        summary: sliNow.summary,
        alerts: alertsOfOne,
        exclusions: exclusionsOfOne,
        override: overrideInForce,
        hasOpenIncident: openIncident,
        ...marksOfOne,
        rows,
      })
      .from(slos)
      .innerJoin(sources, eq(sources.id, slos.sourceId))
      .innerJoin(platforms, eq(platforms.id, slos.platformId))
      .leftJoin(sliNow, eq(sliNow.sliId, slos.sliId))
      .where(and(isNull(slos.archivedAt), eq(slos.id, sql.placeholder('id'))))
      .prepare(''),
  );
const oneForPage = forPage(sql<null>`null::text`);
const oneWithRows = forPage(rowsAhead);

/** What pages about one objective begin with. */
export interface ObjectiveForPage {
  row: ObjectiveRow;
  /** Null before the first. */
  summary: SloSummary | null;
  /** Exclusions in use on its platform. */
  exclusions: Exclusion[];
  /** The override in force. */
  override: Override | null;
  /** Whether an incident is open on its platform. */
  hasOpenIncident: boolean;
  /** What happened on its platform within its window, and the alerts of the objective. */
  happened: Changes & { episodes: AlertEpisode[] };
  /** Rows of its window, where they were asked for and there is a list row. */
  ahead: ReadAhead | null;
}

/**
 * One objective with its list row and what is decided about it at `now`, or null when there is none of that id. With
 * `rows` most of what the line of its window is drawn from comes in the same statement.
 */
export async function objectiveForPage(
  db: ReadDb,
  { id, now, rows }: { id: string; now: Date; rows: boolean },
): Promise<ObjectiveForPage | null> {
  const asked = { id, now: now.toISOString() };
  const nowMs = now.getTime();
  const [found] = await (rows
    ? oneWithRows(db).execute({ ...asked, ...aheadValues(nowMs) })
    : oneForPage(db).execute(asked));
  if (found === undefined) return null;
  const {
    rows: text,
    summary,
    alerts,
    exclusions,
    override,
    hasOpenIncident,
    deploys,
    incidents,
    episodes,
    ...row
  } = found;
  const ahead = text === null || summary === null ? null : readAheadFrom(text, summary, nowMs);
  const shown = summary === null ? null : { ...summary, alerts: alerts.toSorted(byUrgency) };
  const happened = { ...changesFrom({ deploys, incidents }), episodes };
  return { row, summary: shown, exclusions, override, hasOpenIncident, happened, ahead };
}

/** One objective, or null when there is none of that id. */
export async function objective(db: ReadDb, id: string): Promise<ObjectiveRow | null> {
  const [row] = await selectObjectives(db, eq(slos.id, id));
  return row ?? null;
}

/** Objectives of sources of these kinds, ascending by SLI. */
export async function objectivesOfKinds(db: ReadDb, kinds: readonly SourceRow['kind'][]): Promise<ObjectiveRow[]> {
  return selectObjectives(db, inArray(sources.kind, [...kinds]));
}
