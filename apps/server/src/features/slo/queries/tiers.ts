import { lastCompleteMinute, MINUTE_TIER_MS } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import { type Placeholder, sql, type SQL } from 'drizzle-orm';

const MINUTES_PER_HOUR = 60;

/** The last epoch minute of the hour that contains minute `m`. */
export function hourEnd(m: number): number {
  return (Math.floor(m / MINUTES_PER_HOUR) + 1) * MINUTES_PER_HOUR - 1;
}

/** The last epoch minute, at or before `m`, with which an hour ends. */
export function hourEndBefore(m: number): number {
  return Math.floor((m + 1) / MINUTES_PER_HOUR) * MINUTES_PER_HOUR - 1;
}

/**
 * First epoch minute, on a full hour, that the minute tier answers for at `nowMs`. Whatever lies before is known at
 * full hours only, whether thinning has run or not, so that an answer never depends on when it did.
 */
export function horizonMinute(nowMs: number): number {
  const oldest = lastCompleteMinute(nowMs) - MINUTE_TIER_MS / MINUTE_MS;
  return Math.floor(oldest / MINUTES_PER_HOUR) * MINUTES_PER_HOUR;
}

/** A list of numbers as one parameter. */
export function ints(values: readonly number[]): SQL {
  return sql`${sql.param(values)}::int[]`;
}

/** A list of whole numbers up to 2^53 as one parameter. */
export function bigints(values: readonly number[]): SQL {
  return sql`${sql.param(values)}::bigint[]`;
}

/**
 * Joins, to each row of `q(s, m, hm)`, the last cumulative row of SLI `s` at or before minute `m`: `a` from the minute
 * tier, else `b` from what is kept at full hours. `hm` is `floorOf(m, horizon)`. Read them with `coalesce(a.x, b.x)`.
 * `b` is looked for only where `a` was not found.
 */
export function lastRowJoin(horizon: number | Placeholder): SQL {
  return sql`
    left join lateral (
      select m, total, bad, observed from sli_minute
      where sli_id = q.s and m <= q.m and m >= ${horizon} order by m desc limit 1
    ) a on true
    left join lateral (
      select m, total, bad, observed from (
        (select m, total, bad, observed from sli_hour where sli_id = q.s and m <= q.hm order by m desc limit 1)
        union all
        (select m, total, bad, observed from sli_minute where sli_id = q.s and m <= q.hm order by m desc limit 1)
      ) older where a.m is null order by m desc limit 1
    ) b on true`;
}

/** The latest instant, at or before minute `m`, that is known in the tier of full hours. */
export function floorOf(m: number, horizon: number): number {
  return hourEndBefore(Math.min(m, horizon - 1));
}
