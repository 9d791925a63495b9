import { type Counted, countedByShare, type CumulativeRow, type MinuteSpan } from '@qd/shared/slo';
import { sql } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { type Probe, rowsAt } from './probes.ts';
import { numbersOf, type Queryable } from './raw.ts';
import { hourEnd, hourEndBefore, ints } from './tiers.ts';

/** Where excluded time of one SLI begins or ends: what had been counted up to each of these minutes. */
export type CountsByMinute = ReadonlyMap<number, Counted>;

/**
 * What had been counted up to each minute, exactly: by the minute after the horizon, at full hours, and before it where
 * the count was kept because an exclusion began or ended there. Other minutes before the horizon get their time share of
 * the hour. At most two statements however many SLIs there are.
 */
export async function countsAt(db: Queryable, probes: readonly Probe[], horizon: number): Promise<CountsByMinute[]> {
  if (probes.every((p) => p.minutes.length === 0)) return probes.map(() => new Map());
  const isPart = (m: number): boolean => m < horizon && hourEndBefore(m) !== m;
  const asked = probes.map((p) => [
    ...new Set(p.minutes.flatMap((m) => (isPart(m) ? [hourEndBefore(m), hourEnd(m)] : [m]))),
  ]);
  const [rows, parts] = await Promise.all([
    rowsAt(
      db,
      probes.map((p, i) => ({ sliId: p.sliId, minutes: asked[i] ?? [] })),
      horizon,
    ),
    keptCounts(
      db,
      probes.map((p) => ({ sliId: p.sliId, minutes: p.minutes.filter(isPart) })),
    ),
  ]);
  return probes.map((p, i) => {
    const known = new Map(asked[i]?.map((m, k) => [m, rows[i]?.[k] ?? null]));
    const at = (m: number): CumulativeRow | null => known.get(m) ?? null;
    return new Map(
      p.minutes.map((m): [number, Counted] => {
        const exact = isPart(m) ? parts[i]?.get(m) : (at(m) ?? { total: 0, bad: 0, observed: 0 });
        return [m, exact ?? countedByShare(m, at(hourEndBefore(m)), at(hourEnd(m)))];
      }),
    );
  });
}

const kept = ['n', 'total', 'bad', 'observed'];
const keptRows = numbersOf(
  kept,
  sql`
    select q.n, k.total, k.bad, k.observed
    from unnest(${sql.placeholder('slis')}::int[], ${sql.placeholder('minutes')}::int[]) with ordinality as q(s, m, n)
    cross join lateral (
      (select total, bad, observed from sli_hour where sli_id = q.s and m = q.m)
      union all
      (select total, bad, observed from (
        (select m, total, bad, observed from sli_hour where sli_id = q.s and m <= q.m order by m desc limit 1)
        union all
        (select m, total, bad, observed from sli_minute where sli_id = q.s and m <= q.m order by m desc limit 1)
      ) latest
      where exists (select 1 from sli_minute o where o.sli_id = q.s
        and o.m >= q.m / 60 * 60 and o.m <= q.m / 60 * 60 + 59)
      order by m desc limit 1)
      limit 1
    ) k`,
);

/**
 * Counts at minutes inside an hour: the row kept for that very minute, or the last one up to it while the minutes of its
 * hour are still there.
 */
async function keptCounts(db: Queryable, probes: readonly Probe[]): Promise<CountsByMinute[]> {
  const places = probes.flatMap((p, i) => p.minutes.map((m) => ({ i, m, sliId: p.sliId })));
  const counts = probes.map(() => new Map<number, Counted>());
  if (places.length === 0) return counts;
  const found = await keptRows(db, { slis: places.map((p) => p.sliId), minutes: places.map((p) => p.m) });
  for (let at = 0; at < found.length; at += kept.length) {
    const [n = 0, total = 0, bad = 0, observed = 0] = found.slice(at, at + kept.length);
    const place = places[n - 1];
    if (place !== undefined) counts[place.i]?.set(place.m, { total, bad, observed });
  }
  return counts;
}

/** Excluded minutes of one SLI. */
export interface SliSpans {
  sliId: number;
  spans: readonly MinuteSpan[];
}

/**
 * Keeps what had been counted where excluded time begins and ends, before the minutes around it are dropped, so that it
 * stays exact. Only hours whose minutes are still there gain a row.
 */
export async function keepBoundaries(tx: Tx, of: readonly SliSpans[], horizon: number): Promise<void> {
  const places = of.flatMap(({ sliId, spans }) =>
    [...new Set(spans.flatMap(({ beforeM, endM }) => [beforeM, endM]))]
      .filter((m) => m < horizon && hourEndBefore(m) !== m)
      .map((m) => ({ sliId, m })),
  );
  if (places.length === 0) return;
  const counts = await keptCounts(
    tx,
    places.map(({ sliId, m }) => ({ sliId, minutes: [m] })),
  );
  const rows = places.flatMap(({ sliId, m }, i) => {
    const counted = counts[i]?.get(m);
    return counted === undefined ? [] : [{ sliId, m, ...counted }];
  });
  if (rows.length === 0) return;
  await tx.execute(sql`
    insert into sli_hour (sli_id, m, total, bad, observed)
    select * from unnest(${ints(rows.map((r) => r.sliId))}, ${ints(rows.map((r) => r.m))},
      ${sql.param(rows.map((r) => r.total))}::bigint[], ${sql.param(rows.map((r) => r.bad))}::bigint[],
      ${ints(rows.map((r) => r.observed))})
    on conflict (sli_id, m) do nothing`);
}
