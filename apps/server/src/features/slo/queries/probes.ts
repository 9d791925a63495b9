import type { CumulativeRow } from '@qd/shared/slo';
import { sql, type SQL } from 'drizzle-orm';
import { cumulativeRow, lookupIn, probed } from './packed-rows.ts';
import { numbersOf, type Queryable } from './raw.ts';
import { answersOf, type ReadAhead } from './read-ahead.ts';
import { floorOf, hourEndBefore, lastRowJoin } from './tiers.ts';

/** The epoch minutes to be read of one SLI. */
export interface Probe {
  sliId: number;
  minutes: readonly number[];
}

const LAST_MINUTE = 2_147_483_647;

/** The last row at or before each minute of its SLI in `q(s, m, hm, i)`, as `probed`. */
const lastRows = (q: SQL): SQL => sql`
  select q.i, coalesce(a.m, b.m) as m, coalesce(a.total, b.total) as total,
    coalesce(a.bad, b.bad) as bad, coalesce(a.observed, b.observed) as observed
  from ${q}
  ${lastRowJoin(sql.placeholder('horizon'))}
  where coalesce(a.m, b.m) is not null`;

const list = (name: string): SQL => sql`${sql.placeholder(name)}::int[]`;
const whole = (name: string): SQL => sql`${sql.placeholder(name)}::int`;

const rowsOfMany = numbersOf(
  probed,
  lastRows(sql`unnest(${list('slis')}, ${list('minutes')}, ${list('floors')}) with ordinality as q(s, m, hm, i)`),
);

/**
 * For each minute of each probe, in the same order, the last cumulative row at or before it; null before the first.
 * One statement however many SLIs there are. Minutes before `horizon` count as the last full hour before them.
 */
export async function rowsAt(
  db: Queryable,
  probes: readonly Probe[],
  horizon: number,
): Promise<(CumulativeRow | null)[][]> {
  const slis = probes.flatMap((p) => p.minutes.map(() => p.sliId));
  const minutes = probes.flatMap((p) => [...p.minutes]);
  if (minutes.length === 0) return probes.map(() => []);
  const floors = minutes.map((m) => floorOf(m, horizon));
  const found = await rowsOfMany(db, { slis, minutes, floors, horizon });
  const rows: (CumulativeRow | null)[] = minutes.map(() => null);
  for (let at = 0; at < found.length; at += probed.length) rows[(found[at] ?? 0) - 1] = cumulativeRow(found, at);
  let start = 0;
  return probes.map((p) => rows.slice(start, (start += p.minutes.length)));
}

/** The newest row of each SLI, in the same order; null where nothing was ever counted. */
export async function headRows(
  db: Queryable,
  sliIds: readonly number[],
  horizon: number,
): Promise<(CumulativeRow | null)[]> {
  const rows = await rowsAt(
    db,
    sliIds.map((sliId) => ({ sliId, minutes: [LAST_MINUTE] })),
    horizon,
  );
  return rows.map(([row]) => row ?? null);
}

/** Rows of the hour tier, with `i` 0, from the last one at or before `from` up to `to`. */
const hoursBetween = sql`
  select 0, m, total, bad, observed from sli_hour
  where sli_id = ${whole('sli')} and m <= ${whole('to')} and m >= coalesce(
    (select max(m) from sli_hour where sli_id = ${whole('sli')} and m <= ${whole('from')}), ${whole('from')})`;

/** Rows of the minute tier, with `i` -1, after minute `lo` up to `hi`. */
const minutesBetween = sql`
  select -1, m, total, bad, observed from sli_minute
  where sli_id = ${whole('sli')} and m > ${whole('lo')} and m <= ${whole('hi')}`;

const rowsOfLine = numbersOf(
  probed,
  sql`${lastRows(sql`(
    select ${whole('sli')} as s, p.* from unnest(${list('minutes')}, ${list('floors')}) with ordinality as p(m, hm, i)
  ) q`)} union all ${hoursBetween} union all ${minutesBetween}`,
);

/** Up to so many full hours are cheaper to find one by one than by a read of all between them. */
const FEW_HOURS = 24;

/**
 * The same answer as `rowsAt` for many minutes of ONE SLI: full hours, which are most points of a long line, come from
 * one ordered read of the hour tier, the newest minutes from one of the minute tier, the others by probes. One statement,
 * and none for minutes that rows read ahead, which must be those of the SLI, can tell.
 */
export async function rowsOfOne(
  db: Queryable,
  probe: Probe,
  horizon: number,
  ahead: ReadAhead | null = null,
): Promise<(CumulativeRow | null)[]> {
  if (ahead !== null && ahead.horizon === horizon) return rowsBeside(db, probe, ahead);
  const known = (m: number): number => (m < horizon ? hourEndBefore(m) : m);
  const full = probe.minutes.map(known).filter((m) => hourEndBefore(m) === m);
  if (full.length <= FEW_HOURS) return (await rowsAt(db, [probe], horizon))[0] ?? [];
  const fine = probe.minutes.filter((m) => hourEndBefore(known(m)) !== known(m));
  const { lo, hi } = runOf(fine, horizon);
  const isInRun = (m: number): boolean => m > lo && m <= hi;
  // With the newest row: an hour that ends before it is sure to be in the hour tier.
  const minutes = [LAST_MINUTE, ...fine.filter((m) => !isInRun(m))];
  const found = await rowsOfLine(db, {
    sli: probe.sliId,
    minutes,
    floors: minutes.map((m) => floorOf(m, horizon)),
    horizon,
    lo,
    hi,
    from: full.reduce((a, b) => Math.min(a, b)),
    to: full.reduce((a, b) => Math.max(a, b)),
  });
  const hours: CumulativeRow[] = [];
  const run: CumulativeRow[] = [];
  const byMinute = new Map<number, CumulativeRow>();
  for (let at = 0; at < found.length; at += probed.length) {
    const i = found[at] ?? 0;
    const m = minutes[i - 1];
    if (m === undefined) (i === 0 ? hours : run).push(cumulativeRow(found, at));
    else byMinute.set(m, cumulativeRow(found, at));
  }
  const hourAt = lookupIn(hours.sort((a, b) => a.m - b.m));
  const inRun = lookupIn(run.sort((a, b) => a.m - b.m));
  const head = byMinute.get(LAST_MINUTE) ?? null;
  return probe.minutes.map((m) => {
    const end = known(m);
    if (isInRun(m) && hourEndBefore(end) !== end) return inRun(m) ?? byMinute.get(lo) ?? null;
    if (hourEndBefore(end) !== end) return byMinute.get(m) ?? null;
    return head !== null && head.m <= end ? head : hourAt(end);
  });
}

/** Rows of an SLI from what was read ahead; the few minutes that leaves open are probed. */
async function rowsBeside(db: Queryable, probe: Probe, ahead: ReadAhead): Promise<(CumulativeRow | null)[]> {
  const answers = answersOf(ahead, probe.minutes);
  const open = probe.minutes.filter((_, i) => answers[i] === undefined);
  if (open.length === 0) return answers.map((row) => row ?? null);
  const [found = []] = await rowsAt(db, [{ sliId: probe.sliId, minutes: open }], ahead.horizon);
  let next = 0;
  return answers.map((row) => (row === undefined ? (found[next++] ?? null) : row));
}

/** So close to each other minutes are cheaper to read as one stretch, once there are some. */
const RUN_MINUTES = 120;
const LEAST_IN_RUN = 8;

/** The newest of these minutes that lie close together, after `lo` up to `hi`; an empty stretch where they are few. */
function runOf(fine: readonly number[], horizon: number): { lo: number; hi: number } {
  const hi = fine.reduce((a, b) => Math.max(a, b), 0);
  const close = fine.filter((m) => m >= horizon && m > hi - RUN_MINUTES);
  const lo = close.reduce((a, b) => Math.min(a, b), hi);
  return close.length < LEAST_IN_RUN ? { lo: hi, hi } : { lo, hi };
}
