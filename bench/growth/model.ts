import { MINUTE_TIER_MS } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { sql } from 'drizzle-orm';
import type { DatabaseHandle } from '../../apps/server/src/db/handle.ts';
import { storeObjectives, type BenchObjective } from '../console/objectives.ts';
import type { Store } from '../console/stores.ts';

const DAYS = 90;
/** The minute tier is thinned at full hours, so it is up to an hour longer than its length. */
const MINUTE_TIER_MINUTES = MINUTE_TIER_MS / MINUTE_MS + 60;

/** A read model of many objectives as it lies after 90 days of polls. */
export interface Model {
  handle: DatabaseHandle;
  objectives: BenchObjective[];
  /** First minute that is not there yet. */
  untilM: number;
  bytes: { minutes: number; hours: number };
}

/** Fills a Postgres store with `count` objectives over the given services; rows lie in order of time, as polls leave them. */
export async function fillModel(
  store: Store,
  plan: { count: number; services: readonly string[]; sourceUrl: string; untilM: number },
): Promise<Model> {
  const { count, services, sourceUrl, untilM } = plan;
  const handle = await store.open();
  const now = new Date(untilM * MINUTE_MS);
  const objectives = await storeObjectives(handle.db, {
    services: Array.from({ length: count }, (_, i) => services[i % services.length] ?? ''),
    sourceUrl,
    now,
    firstM: untilM - (DAYS * DAY_MS) / MINUTE_MS,
    readUntilM: untilM,
  });
  await fillTiers(handle, untilM);
  await store.analyze();
  return { handle, objectives, untilM, bytes: await sizes(handle) };
}

async function fillTiers(handle: DatabaseHandle, untilM: number): Promise<void> {
  const firstM = untilM - (DAYS * DAY_MS) / MINUTE_MS;
  const firstHour = Math.floor(firstM / 60) * 60 + 59;
  const firstMinute = Math.floor((untilM - MINUTE_TIER_MINUTES) / 60) * 60;
  // Counts that grow with the minute, differently for each; what they are does not matter to how they are found.
  const row = sql`s.sli_id, m, (m - ${firstM}::int)::bigint * (100 + s.sli_id % 900),
    (m - ${firstM}::int)::bigint * (100 + s.sli_id % 900) / 2500, m - ${firstM}::int`;
  await handle.dedicated(async (db) => {
    await db.execute(sql`alter table sli_minute drop constraint sli_minute_sli_id_m_pk`);
    await db.execute(sql`
      insert into sli_minute (sli_id, m, total, bad, observed) select ${row}
      from generate_series(${firstMinute}::int, ${untilM - 1}::int) m cross join slos s`);
    await db.execute(sql`alter table sli_minute add constraint sli_minute_sli_id_m_pk primary key (sli_id, m)`);
    await db.execute(sql`
      insert into sli_hour (sli_id, m, total, bad, observed) select ${row}
      from generate_series(${firstHour}::int, ${untilM - 1}::int, 60) m cross join slos s`);
  });
}

async function sizes(handle: DatabaseHandle): Promise<Model['bytes']> {
  const result: unknown = await handle.db.execute(sql`
    select pg_total_relation_size('sli_minute')::float8 as minutes, pg_total_relation_size('sli_hour')::float8 as hours`);
  const [row] = (result as { rows: Model['bytes'][] }).rows;
  return row ?? { minutes: Number.NaN, hours: Number.NaN };
}
