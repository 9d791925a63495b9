import { type CumulativeRow } from '@qd/shared/slo';
import { sql } from 'drizzle-orm';
import { type Queryable, rowsOf } from './raw.ts';
import { floorOf } from './tiers.ts';

/** Hours with gaps that are looked at minute by minute; older ones beyond it are told to the hour. */
const MAX_FINE_HOURS = 200;

/** What missing minutes of one SLI after minute `beforeM` up to `endM` are told from. */
export interface Measured {
  sliId: number;
  beforeM: number;
  endM: number;
  /** The last rows at or before `beforeM` and `endM`. */
  start: CumulativeRow | null;
  end: CumulativeRow | null;
}

/**
 * Rows of one SLI from which missing minutes can be told: one per hour, and every minute of hours in which something is
 * missing, as far as minutes are kept. Starts with the value at `beforeM`.
 */
export async function measuredRows(
  db: Queryable,
  { sliId, beforeM, endM, start, end }: Measured,
  horizon: number,
): Promise<CumulativeRow[]> {
  if (end === null || end.m <= beforeM) return [];
  const origin = {
    total: 0,
    bad: 0,
    observed: 0,
    ...start,
    m: beforeM < horizon ? floorOf(beforeM, horizon) : beforeM,
  };
  // Nothing is missing, which is how it should be: no need to look at the hours between.
  if (end.m - origin.m <= end.observed - origin.observed) return [origin, end];
  const hours = await brokenHours(db, { sliId, beforeM, endM });
  const coarse = [origin, ...hours, ...(hours.at(-1)?.m === end.m ? [] : [end])];
  const broken = coarse
    .map((row, i) => ({ from: coarse[i - 1], to: row }))
    .filter(({ from, to }) => from !== undefined && to.m >= horizon && to.m - from.m > to.observed - from.observed)
    .slice(-MAX_FINE_HOURS);
  if (broken.length === 0) return coarse;
  const fine = await rowsOf<CumulativeRow>(
    db,
    sql`select t.m, t.total::float8 as total, t.bad::float8 as bad, t.observed
      from unnest(${sql.param(broken.map(({ from }) => Math.max(from?.m ?? 0, horizon - 1)))}::int[],
        ${sql.param(broken.map(({ to }) => to.m))}::int[]) as q(from_m, to_m)
      join sli_minute t on t.sli_id = ${sliId} and t.m > q.from_m and t.m < q.to_m
      order by t.m`,
  );
  const known = new Set(coarse.map((row) => row.m));
  return [...coarse, ...fine.filter((row) => !known.has(row.m))].sort((a, b) => a.m - b.m);
}

/** Rows of the hour tier around which something is missing, and the first and last: between the others every minute was measured. */
async function brokenHours(
  db: Queryable,
  { sliId, beforeM, endM }: Pick<Measured, 'sliId' | 'beforeM' | 'endM'>,
): Promise<CumulativeRow[]> {
  return rowsOf<CumulativeRow>(
    db,
    sql`select m, total::float8 as total, bad::float8 as bad, observed
      from (
        select *, m - observed as unmeasured, lag(m - observed) over by_time as before, lead(m - observed) over by_time as after
        from sli_hour where sli_id = ${sliId} and m > ${beforeM} and m <= ${endM} window by_time as (order by m)
      ) hours
      where before is distinct from unmeasured or after is distinct from unmeasured
      order by m`,
  );
}
