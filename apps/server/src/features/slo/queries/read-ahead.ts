import type { CumulativeRow, SloSummary } from '@qd/shared/slo';
import { MINUTE_MS, minuteOf } from '@qd/shared/time';
import { sql } from 'drizzle-orm';
import { sliNow, slos } from '../../../db/schema/index.ts';
import { cumulativeRow, lookupIn, probed } from './packed-rows.ts';
import { packed } from './raw.ts';
import { floorOf, horizonMinute, hourEndBefore, lastRowJoin } from './tiers.ts';

const MINUTES_PER_HOUR = 60;
/** So many of the newest minutes are read: the enlarged hour, and the hour before now. */
const AHEAD_MINUTES = 120;

/** Rows of one SLI that were read before it was known which minutes are asked for. */
export interface ReadAhead {
  /** The minute tier answers from here on. */
  horizon: number;
  /** Full hours are there from the last one at or before this minute. */
  fromM: number;
  hours: CumulativeRow[];
  /** Every minute after this one is there, up to another. */
  afterM: number;
  untilM: number;
  run: CumulativeRow[];
  /** The last row at or before `afterM`. */
  before: CumulativeRow | null;
}

const startAt = sql`(${sliNow.summary} #>> '{budget,window,startAt}')::float8`;
const rolledMs = sql`case when ${sliNow.summary} #>> '{budget,window,view}' = 'rolling' then ${slos.windowMs} else 0 end`;
/** An hour more than the window, whose start may lie within one; in the rolling view its first point looks back as far again. */
const fromM = sql`floor((${startAt} - ${rolledMs}) / ${sql.raw(String(MINUTE_MS))})::int - ${sql.raw(String(MINUTES_PER_HOUR + 1))}`;
const afterM = sql`${sql.placeholder('afterM')}::int`;

/**
 * A field of a statement about one objective and its list row: the full hours of its window (`i` 0), its newest minutes
 * (-1), and the row before those (1). The statement has the placeholders of `aheadValues`.
 */
export const rowsAhead = sql<string>`(
  select ${packed(probed)} from (
    select 0 as i, m, total, bad, observed from sli_hour where sli_id = ${slos.sliId} and m >= coalesce(
      (select max(m) from sli_hour where sli_id = ${slos.sliId} and m <= ${fromM}), ${fromM})
    union all
    select -1, m, total, bad, observed from sli_minute
    where sli_id = ${slos.sliId} and m > ${afterM} and m <= ${sql.placeholder('untilM')}::int
    union all
    select 1, coalesce(a.m, b.m), coalesce(a.total, b.total), coalesce(a.bad, b.bad), coalesce(a.observed, b.observed)
    from (select ${slos.sliId} as s, ${afterM} as m, ${sql.placeholder('floorM')}::int as hm) q
    ${lastRowJoin(sql.placeholder('horizon'))}
    where coalesce(a.m, b.m) is not null) numbers)`;

/** What the placeholders of `rowsAhead` stand for at `nowMs`. */
export function aheadValues(nowMs: number): { afterM: number; untilM: number; floorM: number; horizon: number } {
  const horizon = horizonMinute(nowMs);
  const untilM = minuteOf(nowMs);
  const lo = untilM - AHEAD_MINUTES;
  return { afterM: lo, untilM, floorM: floorOf(lo, horizon), horizon };
}

/** What the statement said of an objective with that list row. */
export function readAheadFrom(text: string, { budget }: Pick<SloSummary, 'budget'>, nowMs: number): ReadAhead {
  const { startAt: startMs, view, windowMs } = budget.window;
  const found = JSON.parse(text) as number[];
  const [hours, run]: CumulativeRow[][] = [[], []];
  let before: CumulativeRow | null = null;
  for (let at = 0; at < found.length; at += probed.length) {
    const row = cumulativeRow(found, at);
    if (found[at] === 1) before = row;
    else (found[at] === 0 ? hours : run)?.push(row);
  }
  const byTime = (a: CumulativeRow, b: CumulativeRow): number => a.m - b.m;
  const { afterM: lo, untilM, horizon } = aheadValues(nowMs);
  return {
    horizon,
    fromM: minuteOf(startMs - (view === 'rolling' ? windowMs : 0)) - MINUTES_PER_HOUR - 1,
    hours: (hours ?? []).sort(byTime),
    afterM: lo,
    untilM,
    run: (run ?? []).sort(byTime),
    before,
  };
}

/** The last row at or before each minute, null before the first; undefined where what was read does not tell. */
export function answersOf(ahead: ReadAhead, minutes: readonly number[]): (CumulativeRow | null | undefined)[] {
  const { horizon, fromM: hoursFromM, afterM: lo, untilM, run, before } = ahead;
  const head = run.at(-1) ?? before;
  const hourAt = lookupIn(ahead.hours);
  const inRun = lookupIn(run);
  return minutes.map((m) => {
    const end = m < horizon ? hourEndBefore(m) : m;
    if (end > untilM) return undefined;
    if (head === null) return null;
    // An hour that ends before the newest row is sure to be in the hour tier.
    if (head.m <= end) return head;
    if (hourEndBefore(end) === end) return end >= hoursFromM ? hourAt(end) : undefined;
    return end > lo ? (inRun(end) ?? before) : undefined;
  });
}
