import { and, asc, eq, inArray, ne } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { platforms, sources } from '../../../db/schema/index.ts';

const columns = {
  id: sources.id,
  platformId: sources.platformId,
  platformName: platforms.name,
  kind: sources.kind,
  name: sources.name,
  url: sources.url,
  intervalMs: sources.intervalMs,
  serverVersion: sources.serverVersion,
  lastOkAt: sources.lastOkAt,
  lastTriedAt: sources.lastTriedAt,
  lastError: sources.lastError,
};

/** A source with the name of its platform. */
export type StoredSource = Awaited<ReturnType<typeof selectSources>>[number];

function selectSources(db: ReadDb, where: Parameters<typeof and>[0]) {
  return db
    .select(columns)
    .from(sources)
    .innerJoin(platforms, eq(platforms.id, sources.platformId))
    .where(and(eq(sources.isDemo, false), ne(sources.kind, 'demo'), where))
    .orderBy(asc(platforms.name), asc(sources.name), asc(sources.id));
}

/** Sources of these platforms (`*` for all) that really measure, by platform and name. */
export async function sourcesOf(db: ReadDb, of: '*' | readonly string[]): Promise<StoredSource[]> {
  if (of !== '*' && of.length === 0) return [];
  return selectSources(db, of === '*' ? undefined : inArray(sources.platformId, [...of]));
}

/** One source that really measures, or null when there is none of that id on the platform. */
export async function sourceOf(db: ReadDb, id: string, platform: string): Promise<StoredSource | null> {
  const [row] = await selectSources(db, and(eq(sources.id, id), eq(sources.platformId, platform)));
  return row ?? null;
}
