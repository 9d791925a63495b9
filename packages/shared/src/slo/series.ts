import { endOfMinute, MINUTE_MS, minuteOf, startOfMinute } from '../time/index.ts';
import { missingSpans } from './cumulative.ts';
import type { MinuteSpan } from './exclusions/spans.ts';
import { exhaustion } from './exhaustion.ts';
import { BURN_DOWN_POINTS, lensPointMinutes, pointMinutes } from './sampling.ts';
import { STALE_AFTER_MS } from './state.ts';
import { budgetShare, type Target } from './target.ts';
import type { BurnDownSeries, CumulativeRow, SloWindow } from './types.ts';
import { minuteBefore, windowMinutes } from './windows.ts';

/** Answers "the last cumulative row at or before this epoch minute"; null before the first. */
export type RowAt = (m: number) => CumulativeRow | null;

/** Missing minutes at the very end that are not yet a gap: the newest measurements may still be on their way. */
const LAG_MINUTES = STALE_AFTER_MS / MINUTE_MS;

/** Rows by the minute they were asked for. */
type RowsByMinute = ReadonlyMap<number, CumulativeRow | null>;

/**
 * A lookup over rows by requested minute. Asking for a minute that was not requested throws, so that a forgotten probe
 * cannot pass for "nothing was counted".
 */
export function mapLookup(rows: RowsByMinute): RowAt {
  return (m) => {
    const row = rows.get(m);
    if (row === undefined) throw new RangeError(`no row was read for epoch minute ${m}`);
    return row;
  };
}

export interface LeftInput {
  target: Target;
  window: SloWindow;
  rowAt: RowAt;
  /** The one denominator of the fixed view; ignored in the rolling view. */
  expectedEvents: number;
  /** Newest complete minute of the window: data may end up to five minutes before it without a gap. */
  endM: number;
}

/** Minutes accounted for: measured, or taken out on purpose. */
function settledMinutes(row: CumulativeRow | null): number {
  return row === null ? 0 : row.observed + (row.excluded ?? 0);
}

/** A point of a line and the row read for it. */
interface Point {
  m: number;
  row: CumulativeRow | null;
}

/**
 * True if something was measured after the first point up to the second, or all of it is excluded, or if the second is
 * at the end, where data may lag a little.
 */
function isMeasured(input: LeftInput, after: Point, { m, row }: Point): boolean {
  if (row === null) return false;
  if (settledMinutes(row) > settledMinutes(after.row)) return true;
  return m - row.m <= LAG_MINUTES && input.rowAt(input.endM)?.m === row.m;
}

function leftAt(input: LeftInput, { m, row: end }: Point): number | null {
  const fixed = input.window.view === 'window';
  const startM = fixed ? minuteOf(input.window.startAt) - 1 : minuteBefore(input.window.windowMs, m);
  const start = input.rowAt(startM);
  const total = (end?.total ?? 0) - (start?.total ?? 0);
  const bad = (end?.bad ?? 0) - (start?.bad ?? 0);
  const events = fixed ? Math.max(input.expectedEvents, total) : total;
  return events > 0 ? 1 - budgetShare(bad, events, input.target) : null;
}

/** Budget left at each minute; null where nothing was measured since the point before (for the first: up to the second). */
export function leftRatios(input: LeftInput, minutes: readonly number[]): (number | null)[] {
  const points = minutes.map((m): Point => ({ m, row: input.rowAt(m) }));
  return points.map((point, i) => {
    const before = points[i - 1];
    const after = points[i + 1];
    const known =
      before === undefined ? after !== undefined && isMeasured(input, point, after) : isMeasured(input, before, point);
    return known ? leftAt(input, point) : null;
  });
}

/** Steps of a drawn line: a ten-thousandth of a percent, far below a pixel. */
const DRAWN_STEPS = 1e6;

/** The line as it is sent: fewer digits, rounded up so that it still never rises, and its last point exact. */
function drawn(leftRatio: readonly (number | null)[]): (number | null)[] {
  const last = leftRatio.length - 1;
  return leftRatio.map((left, i) => (left === null || i === last ? left : Math.ceil(left * DRAWN_STEPS) / DRAWN_STEPS));
}

/** Bad over total between each two consecutive rows; 0 for measured time without traffic, null where nothing was measured. */
export function badRatios(rows: readonly (CumulativeRow | null)[]): (number | null)[] {
  return rows.slice(1).map((end, i) => {
    const start = rows[i] ?? null;
    if (end === null || end.observed - (start?.observed ?? 0) <= 0) return null;
    const total = end.total - (start?.total ?? 0);
    return total > 0 ? (end.bad - (start?.bad ?? 0)) / total : 0;
  });
}

/** Events between each two consecutive rows; null where nothing was measured. */
export function eventCounts(rows: readonly (CumulativeRow | null)[]): (number | null)[] {
  return rows.slice(1).map((end, i) => {
    const start = rows[i] ?? null;
    if (end === null || end.observed - (start?.observed ?? 0) <= 0) return null;
    return end.total - (start?.total ?? 0);
  });
}

export interface BurnDownInput {
  target: Target;
  window: SloWindow;
  now: number;
  /** Points asked for; must be the number given to `sampleMinutes`. Defaults to `BURN_DOWN_POINTS`. */
  maxPoints?: number;
  /** The rows read for what `sampleMinutes` (and `lensMinutes`, when a lens is drawn) asked for. */
  rows: RowsByMinute;
  /** `expectedEvents` of the fixed budget; ignored in the rolling view. */
  expectedEvents: number;
  /** Burn the forecast goes on with; null draws none. */
  burnRate: number | null;
  /** Instant of the first measurement; null if there is none. */
  measuredSince: number | null;
  lens: { startAt: number; endAt: number } | null;
  /** Minutes that were taken out of `rows`, and the rows as they were counted; absent where nothing is excluded. */
  excluded?: { spans: readonly MinuteSpan[]; raw: RowsByMinute };
}

function forecastOf(input: BurnDownInput, left: number | null): BurnDownSeries['forecast'] {
  const { window, now, burnRate } = input;
  if (window.view === 'rolling' || left === null || left <= 0 || burnRate === null || now >= window.endAt) return null;
  const empty = exhaustion({ leftRatio: left, burnRate, windowMs: window.windowMs, now });
  if (empty.kind === 'at' && empty.at <= window.endAt) return { at: [now, empty.at], leftRatio: [left, 0] };
  const atEnd = Math.max(0, left - (Math.max(0, burnRate) * (window.endAt - now)) / window.windowMs);
  return { at: [now, window.endAt], leftRatio: [left, atEnd] };
}

/** Rows at the sampled minutes and, between them, at the minute the newest row belongs to: it tells where a gap begins. */
function knownRows(rowAt: RowAt, minutes: readonly number[], start: CumulativeRow): CumulativeRow[] {
  const rows = [start];
  let lastM = start.m;
  for (const m of minutes) {
    const row = rowAt(m) ?? start;
    for (const knownM of [row.m, m]) {
      if (knownM <= lastM) continue;
      rows.push(knownM === row.m ? row : { ...row, m: knownM });
      lastM = knownM;
    }
  }
  return rows;
}

function gapsOf(input: BurnDownInput, rowAt: RowAt, minutes: readonly number[]): BurnDownSeries['gaps'] {
  const [firstM, lastM] = [minutes[0], minutes.at(-1)];
  if (input.measuredSince === null || firstM === undefined || lastM === undefined) return [];
  const bornM = minuteOf(input.measuredSince) - 1;
  const newestM = rowAt(lastM)?.m ?? lastM;
  const zero = { total: 0, bad: 0, observed: 0 };
  const start = bornM > firstM ? { ...zero, m: bornM } : { ...(rowAt(firstM) ?? zero), m: firstM };
  const isOnItsWay = lastM - newestM <= LAG_MINUTES;
  const rows = knownRows(rowAt, minutes, start).filter((row) => !isOnItsWay || row.m <= newestM);
  return missingSpans(rows, undefined, input.excluded?.spans).map((span) => ({
    startAt: startOfMinute(span.fromM),
    endAt: endOfMinute(span.toM),
  }));
}

function lensOf(input: BurnDownInput, left: LeftInput): BurnDownSeries['lens'] {
  if (input.lens === null) return null;
  const minutes = lensPointMinutes(input.lens, input.now);
  const rows = minutes.map(left.rowAt);
  return {
    startAt: input.lens.startAt,
    endAt: input.lens.endAt,
    at: minutes.map(endOfMinute),
    leftRatio: drawn(leftRatios(left, minutes)),
    badRatio: rows.length === 0 ? [] : [null, ...badRatios(rows)],
    totalEvents: rows.length === 0 ? [] : [null, ...eventCounts(rows)],
  };
}

/**
 * The burn-down of one window, columnar, `at[i]` being the end of a minute. Fixed view: from the window start, over one
 * expected total, so the line never rises. Rolling view: at each point the budget of the window that ends there. Null is
 * unknown; all but the last value are rounded to six digits. In the lens, `badRatio[i]` and `totalEvents[i]` belong to the minute that ends at `at[i]`; their first
 * entries are always null.
 */
export function burnDownSeries(input: BurnDownInput): BurnDownSeries {
  const { window, now, target } = input;
  const rowAt = mapLookup(input.rows);
  const { endM } = windowMinutes(window, now);
  const left: LeftInput = { target, window, rowAt, expectedEvents: input.expectedEvents, endM };
  const minutes = pointMinutes(window, now, input.maxPoints ?? BURN_DOWN_POINTS);
  const leftRatio = leftRatios(left, minutes);
  return {
    view: window.view,
    window,
    at: minutes.map(endOfMinute),
    leftRatio: drawn(leftRatio),
    ideal: window.view === 'window' ? { at: [window.startAt, window.endAt], leftRatio: [1, 0] } : null,
    forecast: forecastOf(input, leftRatio.at(-1) ?? null),
    gaps: gapsOf(input, input.excluded === undefined ? rowAt : mapLookup(input.excluded.raw), minutes),
    lens: lensOf(input, left),
    asOf: now,
  };
}

/** Budget left through a window in few points, from the rows that `sampleMinutes(window, now, sparkPoints(window))` asked for. */
export function sparkSeries(
  left: LeftInput,
  minutes: readonly number[],
): { at: number[]; leftRatio: (number | null)[] } {
  return { at: minutes.map(endOfMinute), leftRatio: drawn(leftRatios(left, minutes)) };
}
