import type { PlatformView } from '@qd/shared/platforms';
import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm';
import type { ReadDb } from '../../db/client.ts';
import { platforms, slos } from '../../db/schema/index.ts';

/** Platforms (`*` for all) with the number of their objectives, by name. */
export async function listPlatforms(db: ReadDb, of: '*' | readonly string[]): Promise<PlatformView[]> {
  if (of !== '*' && of.length === 0) return [];
  return db
    .select({ id: platforms.id, name: platforms.name, isDemo: platforms.isDemo, sloCount: count(slos.id) })
    .from(platforms)
    .leftJoin(slos, and(eq(slos.platformId, platforms.id), isNull(slos.archivedAt)))
    .where(of === '*' ? undefined : inArray(platforms.id, [...of]))
    .groupBy(platforms.id, platforms.name, platforms.isDemo)
    .orderBy(asc(platforms.name), asc(platforms.id));
}
