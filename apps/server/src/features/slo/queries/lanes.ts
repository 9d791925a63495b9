import type { SloState } from '@qd/shared/slo';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { platforms, sliNow, slos, sources } from '../../../db/schema/index.ts';
import { reportingInterval } from './reporting-interval.ts';

/** A platform joined to one of its objectives; without any, the objective's fields are null. */
export type LaneObjective = Awaited<ReturnType<typeof laneObjectives>>[number];

/**
 * Every platform (`*` for all) with each of its objectives, by name of the platform, then of the objective. Of the list
 * rows only what tells which one fares worst: there may be a thousand.
 */
export async function laneObjectives(db: ReadDb, of: '*' | readonly string[]) {
  const rows = await db
    .select({
      platformId: platforms.id,
      platformName: platforms.name,
      isDemo: platforms.isDemo,
      id: slos.id,
      sliId: slos.sliId,
      name: slos.name,
      indicator: slos.indicator,
      exclusionMode: slos.exclusionMode,
      measuredSinceMinute: slos.measuredSinceMinute,
      intervalMs: reportingInterval,
      leftRatio: sql<number | null>`(${sliNow.summary} -> 'budget' ->> 'leftRatio')::float8`,
      state: sql<SloState | null>`${sliNow.summary} ->> 'state'`,
    })
    .from(platforms)
    .leftJoin(slos, and(eq(slos.platformId, platforms.id), isNull(slos.archivedAt)))
    .leftJoin(sources, eq(sources.id, slos.sourceId))
    .leftJoin(sliNow, eq(sliNow.sliId, slos.sliId))
    .where(of === '*' ? undefined : inArray(platforms.id, of.length === 0 ? [''] : [...of]))
    .orderBy(asc(platforms.name), asc(platforms.id), asc(slos.name), asc(slos.sliId));
  return rows.map((row) => ({ ...row, sliId: row.sliId ?? 0, intervalMs: row.intervalMs ?? 0 }));
}
