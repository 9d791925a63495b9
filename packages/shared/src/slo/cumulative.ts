import { MINUTE_MS, startOfMinute } from '../time/index.ts';
import { type MinuteSpan, minutesWithin, withoutSpans } from './exclusions/spans.ts';
import type { CumulativeRow, WindowReading } from './types.ts';

const MINUTES_PER_HOUR = 60;

/** What has been counted before the first row. */
const nothing: Omit<CumulativeRow, 'm'> = { total: 0, bad: 0, observed: 0 };

/** What happened in one epoch minute. `observed` is 1 when the minute was measured, else 0; counts may be negative only as a correction. */
export interface MinuteDelta {
  m: number;
  total: number;
  bad: number;
  observed: number;
}

/** Minutes `fromM` to `toM`, both included, that nothing measured. */
export interface MissingSpan {
  fromM: number;
  toM: number;
}

/** Gaps inside a measured life: how many, how long together, and the longest. */
export interface GapStats {
  count: number;
  minutes: number;
  longestMs: number;
  longestAt: number | null;
}

/**
 * What happened after `start` up to `end`. A missing row is zero: nothing had been counted yet. Minutes excluded in
 * between are not expected. Nothing else is clamped, so a broken read model shows as a negative count instead of hiding.
 */
export function difference(
  end: CumulativeRow | null,
  start: CumulativeRow | null,
  expectedMinutes: number,
): WindowReading {
  const to = end ?? nothing;
  const from = start ?? nothing;
  const total = to.total - from.total;
  const bad = to.bad - from.bad;
  const excluded = (to.excluded ?? 0) - (from.excluded ?? 0);
  return {
    good: total - bad,
    bad,
    total,
    observedMinutes: to.observed - from.observed,
    expectedMinutes: expectedMinutes - excluded,
  };
}

/** Last row with `row.m <= m`, or null before the first. Rows are ascending by `m`. */
export function valueAt(rows: readonly CumulativeRow[], m: number): CumulativeRow | null {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && row.m <= m) low = middle + 1;
    else high = middle;
  }
  return rows[low - 1] ?? null;
}

function refuseDelta(delta: MinuteDelta): void {
  const whole = Number.isSafeInteger(delta.m) && Number.isFinite(delta.total) && Number.isFinite(delta.bad);
  if (!whole || (delta.observed !== 0 && delta.observed !== 1)) {
    throw new RangeError(`minute ${delta.m}: counts must be finite and observed 0 or 1`);
  }
}

/**
 * Reference model of ingest: adds deltas, in any order, to ascending cumulative rows and returns new rows.
 * The same minute accumulates, a late minute shifts every later row, and a minute counts as observed once.
 */
export function applyDeltas(rows: readonly CumulativeRow[], deltas: readonly MinuteDelta[]): CumulativeRow[] {
  const next = rows.map((row) => ({ ...row }));
  for (const delta of deltas) {
    refuseDelta(delta);
    let index = next.findIndex((row) => row.m >= delta.m);
    if (index === -1) index = next.length;
    const before = next[index - 1] ?? nothing;
    const there = next[index];
    const exists = there !== undefined && there.m === delta.m;
    if (!exists) next.splice(index, 0, { m: delta.m, total: before.total, bad: before.bad, observed: before.observed });
    const already = exists ? there.observed - before.observed : 0;
    const observed = already > 0 ? 0 : delta.observed;
    for (let i = index; i < next.length; i += 1) {
      const row = next[i];
      if (row === undefined) continue;
      row.total += delta.total;
      row.bad += delta.bad;
      row.observed += observed;
    }
  }
  return next;
}

/**
 * The hour tier: for each hour that holds a row and is over at minute `untilM` (default: the last row), the value
 * at its last minute, `(m + 1) % 60 === 0`. Copying only; nothing is summed or rounded.
 */
export function thinToHours(rows: readonly CumulativeRow[], untilM?: number): CumulativeRow[] {
  const until = untilM ?? rows.at(-1)?.m ?? 0;
  const hours: CumulativeRow[] = [];
  rows.forEach((row, i) => {
    const boundary = (Math.floor(row.m / MINUTES_PER_HOUR) + 1) * MINUTES_PER_HOUR - 1;
    const following = rows[i + 1];
    const isLastOfHour = following === undefined || following.m > boundary;
    if (isLastOfHour && boundary <= until) hours.push({ ...row, m: boundary });
  });
  return hours;
}

/**
 * Where the missing minutes between two rows lie: at their beginning. Where that is a guess, because only an hour is
 * known of which some minutes are missing, excluded ones were missing first.
 */
function placed(between: MinuteSpan, missing: number, excluded: readonly MinuteSpan[]): MinuteSpan[] {
  const isSure = missing >= between.endM - between.beforeM - 1;
  if (isSure || excluded.length === 0) {
    return withoutSpans([{ beforeM: between.beforeM, endM: between.beforeM + missing }], excluded);
  }
  let rest = missing - minutesWithin(excluded, between);
  const spans: MinuteSpan[] = [];
  for (const { beforeM, endM } of withoutSpans([between], excluded)) {
    if (rest <= 0) break;
    const taken = Math.min(rest, endM - beforeM);
    spans.push({ beforeM, endM: beforeM + taken });
    rest -= taken;
  }
  return spans;
}

/**
 * Unmeasured spans between ascending rows, and after the last of them up to `untilM` when given, but for a union of
 * excluded ones. Between two rows the length is exact; where they are more than a minute apart the span is set at their
 * beginning.
 */
export function missingSpans(
  rows: readonly CumulativeRow[],
  untilM?: number,
  excluded: readonly MinuteSpan[] = [],
): MissingSpan[] {
  const last = rows.at(-1);
  if (last === undefined) return [];
  const spans: MissingSpan[] = [];
  const tail = untilM !== undefined && untilM > last.m ? [{ ...last, m: untilM }] : [];
  let before: CumulativeRow | undefined;
  for (const row of [...rows, ...tail]) {
    const missing = before === undefined ? 0 : row.m - before.m - (row.observed - before.observed);
    const found =
      before === undefined || missing <= 0 ? [] : placed({ beforeM: before.m, endM: row.m }, missing, excluded);
    for (const { beforeM, endM } of found) {
      const open = spans.at(-1);
      if (open !== undefined && open.toM === beforeM) open.toM = endM;
      else spans.push({ fromM: beforeM + 1, toM: endM });
    }
    before = row;
  }
  return spans;
}

/** Count, total minutes and longest of the unmeasured spans between ascending rows, but for a union of excluded spans. */
export function gapStats(
  rows: readonly CumulativeRow[],
  untilM?: number,
  excluded: readonly MinuteSpan[] = [],
): GapStats {
  const stats: GapStats = { count: 0, minutes: 0, longestMs: 0, longestAt: null };
  for (const span of missingSpans(rows, untilM, excluded)) {
    const minutes = span.toM - span.fromM + 1;
    stats.count += 1;
    stats.minutes += minutes;
    if (minutes * MINUTE_MS > stats.longestMs) {
      stats.longestMs = minutes * MINUTE_MS;
      stats.longestAt = startOfMinute(span.fromM);
    }
  }
  return stats;
}
