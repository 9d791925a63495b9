import type { CumulativeRow } from '@qd/shared/slo';
import { sql } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { type Addition, type Shift, shiftsOf } from './plan-counts.ts';
import { rowsAt } from './probes.ts';
import { bigints, floorOf, hourEnd, ints, lastRowJoin } from './tiers.ts';

interface LatePlan {
  sliId: number;
  head: CumulativeRow | null;
  late: readonly Addition[];
}

/**
 * Adds counts to minutes at or before the newest row: makes the rows that are missing with the value in force there,
 * then raises every row from each minute on, in both tiers. Gives the newest row of each SLI that gained something.
 * The caller holds the lock of each SLI.
 */
export async function applyLate(
  tx: Tx,
  plans: readonly LatePlan[],
  horizon: number,
): Promise<Map<number, CumulativeRow>> {
  const late = plans.flatMap((p) => p.late);
  await makeRows(
    tx,
    'sli_minute',
    late.filter((a) => a.m >= horizon),
    horizon,
  );
  await makeRows(tx, 'sli_hour', closedHours(plans), horizon);
  const measured = await alreadyMeasured(
    tx,
    late.filter((a) => a.m >= horizon && a.observed > 0),
    horizon,
  );
  const gained = new Map<number, CumulativeRow>();
  const shifts: Shift[] = [];
  for (const { sliId, head, late: own } of plans) {
    if (head === null || own.length === 0) continue;
    const ranges = shiftsOf(own.map((a) => (measured.has(keyOf(a)) ? { ...a, observed: 0 } : a)));
    shifts.push(...ranges);
    const all = ranges.at(-1) ?? { total: 0, bad: 0, observed: 0 };
    gained.set(sliId, {
      m: head.m,
      total: head.total + all.total,
      bad: head.bad + all.bad,
      observed: head.observed + all.observed,
    });
  }
  for (const tier of ['sli_minute', 'sli_hour'] as const) await raise(tx, tier, shifts);
  return gained;
}

type Tier = 'sli_minute' | 'sli_hour';
type Place = Pick<Addition, 'sliId' | 'm'>;

function keyOf({ sliId, m }: Place): string {
  return `${sliId}:${m}`;
}

/** Hour ends that must exist because a row before them now does, and the hour is over. */
function closedHours(plans: readonly LatePlan[]): Place[] {
  const places = new Map<string, Place>();
  for (const { sliId, head, late } of plans) {
    for (const { m } of late) {
      const place = { sliId, m: hourEnd(m) };
      if (head !== null && place.m <= head.m) places.set(keyOf(place), place);
    }
  }
  return [...places.values()];
}

async function makeRows(tx: Tx, tier: Tier, places: readonly Place[], horizon: number): Promise<void> {
  if (places.length === 0) return;
  await tx.execute(sql`
    insert into ${sql.identifier(tier)} (sli_id, m, total, bad, observed)
    select q.s, q.m, coalesce(a.total, b.total, 0), coalesce(a.bad, b.bad, 0), coalesce(a.observed, b.observed, 0)
    from unnest(${ints(places.map((p) => p.sliId))}, ${ints(places.map((p) => p.m))},
      ${ints(places.map((p) => floorOf(p.m, horizon)))}) as q(s, m, hm)
    ${lastRowJoin(horizon)}
    on conflict (sli_id, m) do nothing`);
}

/** Which of these minutes were measured before. Their rows exist. */
async function alreadyMeasured(tx: Tx, additions: readonly Addition[], horizon: number): Promise<Set<string>> {
  const probes = additions.map((a) => ({ sliId: a.sliId, minutes: [a.m - 1, a.m] }));
  const rows = await rowsAt(tx, probes, horizon);
  const measured = additions.filter((_, i) => (rows[i]?.[1]?.observed ?? 0) > (rows[i]?.[0]?.observed ?? 0));
  return new Set(measured.map(keyOf));
}

async function raise(tx: Tx, tier: Tier, shifts: readonly Shift[]): Promise<void> {
  if (shifts.length === 0) return;
  await tx.execute(sql`
    update ${sql.identifier(tier)} as t
    set total = t.total + q.total, bad = t.bad + q.bad, observed = t.observed + q.observed
    from unnest(${ints(shifts.map((s) => s.sliId))}, ${ints(shifts.map((s) => s.fromM))}, ${ints(shifts.map((s) => s.toM))},
      ${bigints(shifts.map((s) => s.total))}, ${bigints(shifts.map((s) => s.bad))}, ${ints(shifts.map((s) => s.observed))}
    ) as q(s, from_m, to_m, total, bad, observed)
    where t.sli_id = q.s and t.m >= q.from_m and t.m < q.to_m`);
}
