import { asc, inArray, ne } from 'drizzle-orm';
import type { ReadDb } from '../../db/client.ts';
import { sources } from '../../db/schema/index.ts';

/** State of every real source on the platforms; demo history has no source that could be down. */
export async function readSources(db: ReadDb, platforms: '*' | string[]) {
  const columns = {
    id: sources.id,
    name: sources.name,
    kind: sources.kind,
    latencyMs: sources.latencyMs,
    lastOkAt: sources.lastOkAt,
    lastError: sources.lastError,
  };
  const rows = db
    .select(columns)
    .from(sources)
    .where(platforms === '*' ? ne(sources.kind, 'demo') : inArray(sources.platformId, platforms))
    .orderBy(asc(sources.name))
    .limit(200);
  return (await rows).filter((s) => s.kind !== 'demo');
}
