import type { Indicator, SourceKind } from '@qd/shared/slo';
import { DAY_MS } from '@qd/shared/time';
import type { Db } from '../src/db/client.ts';
import { platforms, slos, sources } from '../src/db/schema/index.ts';

/** A stored objective as tests refer to it. */
export interface StoredObjective {
  id: string;
  sliId: number;
  platformId: string;
  sourceId: string;
}

export interface ObjectiveOptions {
  platform: string;
  slug: string;
  kind: SourceKind;
  url: string | null;
  intervalMs: number;
  indicator: Indicator;
  targetPercent: string;
  windowMs: number;
  anchorAt: Date;
  createdAt: Date;
}

let created = 0;

/** Stores a platform (unless it exists), a source of its own and one objective: pushed, 99.9 % over 30 days. */
export async function addObjective(db: Db, wanted: Partial<ObjectiveOptions> = {}): Promise<StoredObjective> {
  created += 1;
  const options: ObjectiveOptions = {
    platform: 'shop',
    slug: `objective-${created}`,
    kind: 'push',
    url: null,
    intervalMs: 30_000,
    indicator: { kind: 'push' },
    targetPercent: '99.9',
    windowMs: 30 * DAY_MS,
    anchorAt: new Date(Date.UTC(2026, 0, 1)),
    createdAt: new Date(Date.UTC(2026, 0, 1)),
    ...wanted,
  };
  const { platform: platformId, slug, createdAt, kind, url, intervalMs, indicator } = options;
  const { targetPercent, windowMs, anchorAt } = options;
  await db.insert(platforms).values({ id: platformId, name: platformId, createdAt }).onConflictDoNothing();
  const sourceId = `src_test_${created}`;
  await db.insert(sources).values({ id: sourceId, platformId, kind, name: sourceId, url, intervalMs, createdAt });
  const id = `slo_${platformId}_${slug}`.replaceAll('-', '_');
  const values = { id, platformId, sourceId, slug, name: slug, description: '', indicator };
  const [row] = await db
    .insert(slos)
    .values({ ...values, targetPercent, windowMs, anchorAt, createdAt })
    .returning({ sliId: slos.sliId });
  if (row === undefined) throw new Error('the objective was not stored');
  return { id, sliId: row.sliId, platformId, sourceId };
}
