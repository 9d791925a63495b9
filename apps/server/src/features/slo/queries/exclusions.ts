import type { Exclusion, ExclusionInput } from '@qd/shared/slo';
import { and, asc, count, desc, eq, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { preparedOnce } from '../../../db/prepared.ts';
import { exclusions, exclusionVersions, platforms, slos } from '../../../db/schema/index.ts';

type ExclusionRow = typeof exclusions.$inferSelect;

function toExclusion(row: ExclusionRow): Exclusion {
  return {
    ...row,
    startsAt: row.startsAt.getTime(),
    createdAt: row.createdAt.getTime(),
    updatedAt: row.updatedAt.getTime(),
    withdrawnAt: row.withdrawnAt?.getTime() ?? null,
  };
}

const inUse = preparedOnce((db) =>
  db
    .select()
    .from(exclusions)
    .where(
      and(isNull(exclusions.withdrawnAt), sql`${exclusions.platformId} = any(${sql.placeholder('platforms')}::text[])`),
    )
    .orderBy(asc(exclusions.startsAt), asc(exclusions.id))
    .prepare(''),
);

/** The same on the platform of the objective of the statement it stands in. */
export const exclusionsOfOne = sql<Exclusion[]>`(
  select coalesce(json_agg(json_build_object(
    'id', e.id, 'platformId', e.platform_id, 'sloId', e.slo_id, 'category', e.category, 'reason', e.reason,
    'startsAt', trunc(extract(epoch from e.starts_at) * 1000), 'durationMs', e.duration_ms, 'rrule', e.rrule,
    'timeZone', e.time_zone, 'version', e.version, 'createdAt', trunc(extract(epoch from e.created_at) * 1000),
    'createdBy', e.created_by, 'updatedAt', trunc(extract(epoch from e.updated_at) * 1000), 'updatedBy', e.updated_by,
    'withdrawnAt', null, 'isDemo', e.is_demo) order by e.starts_at, e.id), '[]')
  from exclusions e where e.platform_id = ${slos.platformId} and e.withdrawn_at is null)`;

/** Exclusions of these platforms that were not withdrawn. */
export async function exclusionsInUse(db: ReadDb, platformIds: readonly string[]): Promise<Exclusion[]> {
  if (platformIds.length === 0) return [];
  const rows = await inUse(db).execute({ platforms: [...new Set(platformIds)] });
  return rows.map(toExclusion);
}

/** One exclusion, withdrawn or not, or null. */
export async function exclusionOf(db: ReadDb | Tx, id: string): Promise<Exclusion | null> {
  const [row] = await db.select().from(exclusions).where(eq(exclusions.id, id));
  return row === undefined ? null : toExclusion(row);
}

/** Which exclusions: on these platforms (`*` for all), touching an objective, withdrawn ones too or not. */
export interface ExclusionScope {
  platforms: '*' | readonly string[];
  slo?: string | undefined;
  withdrawn: boolean;
}

/** A page of exclusions on the platforms (`*` for all), made last first; one more than `limit`. */
export async function selectExclusions(
  db: ReadDb,
  of: ExclusionScope,
  page: { afterId: string | null; limit: number },
): Promise<Exclusion[]> {
  const rows = await db
    .select()
    .from(exclusions)
    .where(
      and(
        ...inScope(of),
        page.afterId === null
          ? undefined
          : sql`(${exclusions.createdAt}, ${exclusions.id}) < (select e.created_at, e.id from exclusions e where e.id = ${page.afterId})`,
      ),
    )
    .orderBy(desc(exclusions.createdAt), desc(exclusions.id))
    .limit(page.limit + 1);
  return rows.map(toExclusion);
}

/** How many there are, counted no further than `most`. */
export async function exclusionCount(db: ReadDb, of: ExclusionScope, most: number): Promise<number> {
  const some = db
    .select({ id: exclusions.id })
    .from(exclusions)
    .where(and(...inScope(of)))
    .limit(most)
    .as('some');
  const [found] = await db.select({ rows: count() }).from(some);
  return found?.rows ?? 0;
}

function inScope({ platforms: allowed, slo, withdrawn }: ExclusionScope): (SQL | undefined)[] {
  return [
    allowed === '*' ? undefined : inArray(exclusions.platformId, [...allowed]),
    withdrawn ? undefined : isNull(exclusions.withdrawnAt),
    slo === undefined ? undefined : touching(slo),
  ];
}

function touching(sloId: string): SQL | undefined {
  const onPlatform = sql`${exclusions.platformId} = (select s.platform_id from slos s where s.id = ${sloId})`;
  return or(eq(exclusions.sloId, sloId), and(isNull(exclusions.sloId), onPlatform));
}

/** What an exclusion said in its earlier versions, the newest first. */
export async function pastVersions(db: ReadDb, id: string): Promise<Exclusion[]> {
  const rows = await db
    .select({ definition: exclusionVersions.definition })
    .from(exclusionVersions)
    .where(eq(exclusionVersions.exclusionId, id))
    .orderBy(desc(exclusionVersions.version));
  return rows.map((row) => row.definition);
}

/** True if there is such a platform. */
export async function hasPlatform(db: ReadDb, id: string): Promise<boolean> {
  const rows = await db.select({ id: platforms.id }).from(platforms).where(eq(platforms.id, id));
  return rows.length > 0;
}

/** SLIs and ids of the objectives an exclusion is for, by name. */
export async function touchedObjectives(
  db: ReadDb,
  of: { platformId: string; sloId: string | null },
): Promise<{ id: string; sliId: number }[]> {
  return db
    .select({ id: slos.id, sliId: slos.sliId })
    .from(slos)
    .where(
      and(
        isNull(slos.archivedAt),
        eq(slos.platformId, of.platformId),
        of.sloId === null ? undefined : eq(slos.id, of.sloId),
      ),
    )
    .orderBy(asc(slos.name), asc(slos.id));
}

/** Stores a new exclusion. */
export async function insertExclusion(
  tx: Tx,
  input: ExclusionInput,
  made: { id: string; by: string; at: Date; isDemo?: boolean },
): Promise<void> {
  const { id, by, at, isDemo = false } = made;
  const stamp = { createdAt: at, createdBy: by, updatedAt: at, updatedBy: by };
  await tx.insert(exclusions).values({ ...input, ...stamp, id, isDemo, startsAt: new Date(input.startsAt) });
}

/**
 * Changes an exclusion that still is in this version and in use, and keeps what it said. Gives the new version, or null
 * when somebody else was first.
 */
export async function changeExclusion(
  tx: Tx,
  before: Exclusion,
  set: Partial<ExclusionInput> & { withdrawnAt?: Date },
  by: { at: Date; name: string },
): Promise<number | null> {
  const { startsAt, ...rest } = set;
  const version = before.version + 1;
  const changed = await tx
    .update(exclusions)
    .set({
      ...rest,
      ...(startsAt === undefined ? {} : { startsAt: new Date(startsAt) }),
      version,
      updatedAt: by.at,
      updatedBy: by.name,
    })
    .where(and(eq(exclusions.id, before.id), eq(exclusions.version, before.version), isNull(exclusions.withdrawnAt)))
    .returning({ version: exclusions.version });
  if (changed.length === 0) return null;
  await tx.insert(exclusionVersions).values({
    exclusionId: before.id,
    version: before.version,
    definition: before,
    changedAt: by.at,
    changedBy: by.name,
  });
  return version;
}
