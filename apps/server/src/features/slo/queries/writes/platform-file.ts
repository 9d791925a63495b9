import { and, eq, ne, notInArray } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../../db/client.ts';
import { platforms, slos, sources } from '../../../../db/schema/index.ts';
import type { SloRecord } from '../definitions.ts';

export type PlatformRow = typeof platforms.$inferSelect;
export type SourceRecord = typeof sources.$inferSelect;

/** What is stored of one platform: itself, its sources and its objectives, archived ones too. */
export interface StoredPlatform {
  platform: PlatformRow | null;
  sources: SourceRecord[];
  slos: SloRecord[];
}

/** Reads one platform. */
export async function storedPlatform(db: ReadDb, id: string): Promise<StoredPlatform> {
  const [platform = null] = await db.select().from(platforms).where(eq(platforms.id, id));
  const ownSources = await db.select().from(sources).where(eq(sources.platformId, id));
  const ownSlos = await db.select().from(slos).where(eq(slos.platformId, id)).orderBy(slos.sliId);
  return { platform, sources: ownSources, slos: ownSlos };
}

/** Adds the platform, or gives it its new name. */
export async function upsertPlatform(tx: Tx, row: typeof platforms.$inferInsert): Promise<void> {
  await tx
    .insert(platforms)
    .values(row)
    .onConflictDoUpdate({ target: platforms.id, set: { name: row.name } });
}

/** Adds the platform, unless it is there. */
export async function insertPlatform(tx: Tx, row: typeof platforms.$inferInsert): Promise<void> {
  await tx.insert(platforms).values(row).onConflictDoNothing();
}

/** Adds the source; false where the platform has one of its id or its name. */
export async function insertSource(tx: Tx, row: typeof sources.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(sources).values(row).onConflictDoNothing().returning({ id: sources.id });
  return rows.length > 0;
}

/** Adds the source, or changes where and how often it is read; what was learnt of the old address goes. */
export async function upsertSource(tx: Tx, row: typeof sources.$inferInsert): Promise<void> {
  const { name, url, intervalMs } = row;
  await tx
    .insert(sources)
    .values(row)
    .onConflictDoUpdate({
      target: sources.id,
      set: { name, url, intervalMs, lastError: null, serverVersion: null },
    });
}

/** Removes sources of the platform that measure nothing any more. */
export async function deleteIdleSources(tx: Tx, platformId: string, keepId: string): Promise<void> {
  const used = tx.select({ id: slos.sourceId }).from(slos).where(eq(slos.platformId, platformId));
  await tx
    .delete(sources)
    .where(
      and(
        eq(sources.platformId, platformId),
        eq(sources.isDemo, false),
        ne(sources.id, keepId),
        notInArray(sources.id, used),
      ),
    );
}
