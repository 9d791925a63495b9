import { and, asc, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { sloRevisions, slos, sources } from '../../../db/schema/index.ts';

export type SloRecord = typeof slos.$inferSelect;
export type RevisionRecord = typeof sloRevisions.$inferSelect;

/** One objective as it is stored, archived or not; null when there is none of that id. */
export async function sloRecord(db: ReadDb, id: string): Promise<SloRecord | null> {
  const [row] = await db.select().from(slos).where(eq(slos.id, id));
  return row ?? null;
}

/** Objectives of platforms (`*` for all) that are in use, by platform and slug; the demo's only when asked for. */
export async function sloRecords(db: ReadDb, of: '*' | readonly string[]): Promise<SloRecord[]> {
  if (of !== '*' && of.length === 0) return [];
  return db
    .select()
    .from(slos)
    .where(and(isNull(slos.archivedAt), of === '*' ? undefined : inArray(slos.platformId, [...of])))
    .orderBy(asc(slos.platformId), asc(slos.slug));
}

/** Objectives of platforms, archived ones too, by SLI. */
export async function everySloRecord(db: ReadDb, of: readonly string[]): Promise<SloRecord[]> {
  if (of.length === 0) return [];
  return db
    .select()
    .from(slos)
    .where(inArray(slos.platformId, [...of]))
    .orderBy(asc(slos.sliId));
}

/** The objective that holds a slug on a platform, archived or not. */
export async function slugHolder(db: ReadDb, platform: string, slug: string): Promise<SloRecord | null> {
  const [row] = await db
    .select()
    .from(slos)
    .where(and(eq(slos.platformId, platform), eq(slos.slug, slug)));
  return row ?? null;
}

/** Which of these ids are objectives. */
export async function takenIds(db: ReadDb, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: slos.id })
    .from(slos)
    .where(inArray(slos.id, [...ids]));
  return new Set(rows.map(({ id }) => id));
}

/** Revisions of an objective, newest first. */
export async function revisionRecords(db: ReadDb, sloId: string): Promise<RevisionRecord[]> {
  return db.select().from(sloRevisions).where(eq(sloRevisions.sloId, sloId)).orderBy(desc(sloRevisions.revision));
}

/** Who made the newest revision of objectives, by id; those without kept revisions are left out. */
export async function lastChangers(db: ReadDb, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: sloRevisions.sloId, changedBy: sloRevisions.changedBy })
    .from(sloRevisions)
    .where(inArray(sloRevisions.sloId, [...ids]))
    .orderBy(asc(sloRevisions.revision));
  return new Map(rows.map(({ id, changedBy }) => [id, changedBy]));
}

/** Sources as an export names them. */
export async function exportedSources(db: ReadDb, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const { id, platformId, kind, name, url } = sources;
  return db
    .select({ id, platformId, kind, name, url })
    .from(sources)
    .where(inArray(sources.id, [...ids]))
    .orderBy(asc(sources.id));
}
