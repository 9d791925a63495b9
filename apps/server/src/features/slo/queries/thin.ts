import type { StoredWindows } from '@qd/shared/slo';
import { sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { slos } from '../../../db/schema/index.ts';
import { keepBoundaries, type SliSpans } from './boundaries.ts';
import { lockModel } from './ingest.ts';
import { rowsOf } from './raw.ts';
import { ints } from './tiers.ts';

const MINUTES_PER_DAY = 1_440;
/** Minutes the hour tier is kept at least: 13 months of 31 days. */
const HOUR_TIER_MINUTES = 13 * 31 * MINUTES_PER_DAY;

/** Rows that went, per table. */
export interface Thinned {
  minutes: number;
  hours: number;
  pushed: number;
}

/** How long the hours of an SLI are looked back at. */
export interface LookBack {
  sliId: number;
  minutes: number;
}

/** The windows of every objective, archived ones too: those can be brought back. */
export async function storedWindows(db: ReadDb): Promise<(StoredWindows & { sliId: number })[]> {
  const { sliId, windowMs, anchorAt, calendar, judgedBy, otherWindows } = slos;
  const rows = await db.select({ sliId, windowMs, anchorAt, calendar, judgedBy, otherWindows }).from(slos);
  return rows.map((row) => ({ ...row, anchorAt: row.anchorAt.getTime() }));
}

/**
 * Drops what is kept too long: minutes before `horizon`, whose last value per hour stays in the hour tier, hours before
 * 13 months or what `lookBacks` asks for, and pushed points before the horizon. No answer changes: `rowsAt` reads before the horizon at full hours
 * only, and what was counted where excluded time begins and ends stays as well. One range of SLI ids at a time, `[fromSli, toSli)`, because ingest waits meanwhile.
 */
export async function thinRows(
  tx: Tx,
  range: { fromSli: number; toSli: number; excluded?: readonly SliSpans[]; lookBacks?: readonly LookBack[] },
  horizon: number,
): Promise<Thinned> {
  const { fromSli, toSli, excluded = [], lookBacks = [] } = range;
  await lockModel(tx);
  await keepBoundaries(tx, excluded, horizon);
  // Hours are copied as they close; only an SLI that fell silent inside an hour still lacks its last one.
  await tx.execute(sql`
    insert into sli_hour (sli_id, m, total, bad, observed)
    select distinct on (sli_id, m / 60) sli_id, (m / 60) * 60 + 59, total, bad, observed
    from sli_minute where sli_id >= ${fromSli} and sli_id < ${toSli} and m < ${horizon}
    order by sli_id, m / 60, m desc
    on conflict (sli_id, m) do nothing`);
  const minutes = await removed(
    tx,
    sql`sli_minute where sli_id >= ${fromSli} and sli_id < ${toSli} and m < ${horizon}`,
  );
  const asked = sql`unnest(${ints(lookBacks.map(({ sliId }) => sliId))}, ${ints(lookBacks.map(({ minutes }) => minutes))})`;
  const hours = await removed(
    tx,
    sql`sli_hour h using slos o left join ${asked} as k(sli_id, minutes) on k.sli_id = o.sli_id
      where o.sli_id = h.sli_id and h.sli_id >= ${fromSli} and h.sli_id < ${toSli}
        and h.m < ${horizon} - greatest(${HOUR_TIER_MINUTES}, k.minutes)`,
  );
  // What an earlier revision counted belongs to no objective any more, and is kept as long.
  const superseded = await removed(
    tx,
    sql`sli_hour h where h.sli_id >= ${fromSli} and h.sli_id < ${toSli} and h.m < ${horizon - HOUR_TIER_MINUTES}
      and not exists (select 1 from slos o where o.sli_id = h.sli_id)`,
  );
  const pushed = await removed(
    tx,
    sql`sli_pushed where sli_id >= ${fromSli} and sli_id < ${toSli} and at < to_timestamp(${horizon}::float8 * 60)`,
  );
  return { minutes, hours: hours + superseded, pushed };
}

async function removed(tx: Tx, what: SQL): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(
    tx,
    sql`with gone as (delete from ${what} returning 1) select count(*)::int as n from gone`,
  );
  return row?.n ?? 0;
}
