import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import type { Db } from '../../apps/server/src/db/client.ts';
import { platforms, slos, sources } from '../../apps/server/src/db/schema/index.ts';

/** An objective as the benches refer to it. */
export interface BenchObjective {
  id: string;
  sliId: number;
  service: string;
}

export interface ObjectiveSet {
  /** Names of the services measured, one objective each; a service may come twice. */
  services: readonly string[];
  /** Base URL of the Prometheus they are read from. */
  sourceUrl: string;
  now: Date;
  /** Epoch minute up to which counts are already there (exclusive). */
  readUntilM: number;
  firstM: number;
}

const PLATFORM = 'hashinsight';
const SOURCE = 'src_bench';
/** A window nearly over is the longest line there is to draw. */
const WINDOW_DAYS = 30;
const WINDOW_AGE_DAYS = 29.5;

/** Stores a platform with one Prometheus source and an availability objective of 99.9 % in 30 days per service. */
export async function storeObjectives(db: Db, set: ObjectiveSet): Promise<BenchObjective[]> {
  const { now, services } = set;
  await db.insert(platforms).values({ id: PLATFORM, name: 'HashInsight', createdAt: now });
  await db.insert(sources).values({
    id: SOURCE,
    platformId: PLATFORM,
    kind: 'prometheus',
    name: 'Prometheus',
    url: set.sourceUrl,
    intervalMs: MINUTE_MS,
    lastOkAt: now,
    createdAt: now,
  });
  const rows = services.map((service, i) => ({
    id: `slo_bench_${i + 1}`,
    platformId: PLATFORM,
    sourceId: SOURCE,
    slug: `availability-${i + 1}`,
    name: `Availability of ${service} (${i + 1})`,
    description: 'Requests that do not fail',
    indicator: {
      kind: 'counters' as const,
      total: `hashinsight_requests_total{service="${service}"}`,
      bad: `hashinsight_requests_total{service="${service}",status=~"5.."}`,
    },
    targetPercent: '99.9',
    windowMs: WINDOW_DAYS * DAY_MS,
    anchorAt: new Date(now.getTime() - WINDOW_AGE_DAYS * DAY_MS),
    measuredSinceMinute: set.firstM,
    readUntilMinute: set.readUntilM,
    createdAt: new Date(now.getTime() - WINDOW_DAYS * DAY_MS),
  }));
  const stored = await db.insert(slos).values(rows).returning({ id: slos.id, sliId: slos.sliId });
  return stored.map((row, i) => ({ ...row, service: services[i] ?? '' }));
}
