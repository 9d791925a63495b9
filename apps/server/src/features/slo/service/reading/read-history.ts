import { DomainError } from '@qd/shared/errors';
import { type Indicator, sliceMinutesOf } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import type { MetricsSource, MinuteCount } from '../../../../adapters/metrics/port.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { ingest } from '../../../../platform/write.ts';
import type { ObjectiveRow } from '../../queries/objectives.ts';
import { noteSloErrors } from '../../queries/writes/reading.ts';
import type { MinuteSpan, SloDeps } from '../deps.ts';
import { eachBounded } from './bounded.ts';
import { type ReadCounts, storeCounts } from './store-counts.ts';

/** Minutes read at once when much is to be caught up. */
const CHUNK_MINUTES = 1_440;
/** Minutes of all objectives together that are read before they are stored. */
const MAX_MINUTES_AT_ONCE = 50_000;
const READS_AT_ONCE = 6;
/** Rows that may fail in a row before the source is suspected to be down. */
const MAX_FAILURES_IN_A_ROW = 3;
/** How long one tick catches up before it leaves the rest to the next. */
const TICK_MS = 20_000;
/** The newest minutes may reach the source late; for this long a missing one is asked for again. */
const LATE_MINUTES = 5;
const MAX_HISTORY_MS = 400 * DAY_MS;
const MINUTES_PER_HOUR = 60;

/** Reads minutes of one objective. */
export type ReadMinutes = (row: ObjectiveRow, span: MinuteSpan) => Promise<MinuteCount[]>;

/** Reads through an open source. */
export function minutesOf(source: MetricsSource): ReadMinutes {
  return (row, span) => source.read({ indicator: row.indicator, ...span });
}

/**
 * Reads objectives up to minute `until` (exclusive) from a source that knows the past: what is new, what was missed while
 * the console was down, and for a new objective the whole of its window, a day at a time. Those that are least behind
 * come first, so that catching up holds up nobody. What fails while the source is well marks its objective alone.
 * Gives the SLIs whose list rows changed. Throws `upstream` when the source is down.
 */
export async function readHistory(ctx: Ctx, deps: SloDeps, reading: HistoryReading): Promise<number[]> {
  const deadlineMs = ctx.now().getTime() + TICK_MS;
  const changed = new Set<number>();
  let open: Behind[] = reading.rows
    .map((row) => behindOf(row, reading.until))
    .filter(({ from, until }) => from < until)
    .sort((a, b) => b.from - a.from);
  while (open.length > 0) {
    const now = open.slice(0, fitting(open));
    const round = await readRound(now, reading);
    for (const sliId of await storeCounts(ctx, deps, round.read)) changed.add(sliId);
    await ingest(ctx, (tx) => noteSloErrors(tx, round.errors));
    for (const sliId of round.errors.keys()) changed.add(sliId);
    if (round.down !== null) throw round.down;
    open = [...open.slice(now.length), ...round.next];
    if (ctx.now().getTime() >= deadlineMs) break;
  }
  return [...changed];
}

/** What is to be read, and from where. */
export interface HistoryReading {
  rows: readonly ObjectiveRow[];
  until: number;
  read: ReadMinutes;
  /** Asks the source itself how it is; throws `upstream` when it is down. Without it, failures in a row say so. */
  probe?: () => Promise<unknown>;
}

/** How many of the first objectives together stay within what is held in memory at once; at least one. */
function fitting(open: readonly Behind[]): number {
  let minutes = 0;
  const first = open.findIndex(
    ({ from, until }) => (minutes += Math.min(until - from, CHUNK_MINUTES)) > MAX_MINUTES_AT_ONCE,
  );
  return first === -1 ? open.length : Math.max(1, first);
}

/** An objective on its way: to be read from minute `from` up to `until`, while the store has it at `before`. */
interface Behind {
  row: ObjectiveRow;
  from: number;
  until: number;
  before: number | null;
}

/** Slices are read whole: from where one begins up to where one ends. */
function behindOf(row: ObjectiveRow, until: number): Behind {
  const step = sliceMinutesOf(row.indicator);
  const from = row.readUntilMinute ?? firstMinute(row, until);
  return {
    row,
    from: Math.ceil(from / step) * step,
    until: readableMinute(row.indicator, until),
    before: row.readUntilMinute,
  };
}

/** One past the last minute, at or before `until`, that an indicator can be read for: the end of a slice. */
export function readableMinute(indicator: Indicator, until: number): number {
  const step = sliceMinutesOf(indicator);
  return Math.floor(until / step) * step;
}

interface Round {
  read: ReadCounts[];
  errors: Map<number, string>;
  /** Objectives that were read and may have more. */
  next: Behind[];
  down: DomainError | null;
}

async function readRound(open: readonly Behind[], reading: HistoryReading): Promise<Round> {
  const round: Round = { read: [], errors: new Map(), next: [], down: null };
  let failures = 0;
  await eachBounded(open, READS_AT_ONCE, async (behind) => {
    if (round.down !== null) return;
    try {
      await readOne(behind, reading.read, round);
      failures = 0;
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      round.errors.set(behind.row.sliId, error.message);
      failures = error.code === 'upstream' ? failures + 1 : 0;
      if (failures < Math.min(MAX_FAILURES_IN_A_ROW, open.length)) return;
      failures = 0;
      round.down ??= await downReason(reading, error);
    }
  });
  // When the source is down, that is the reason; the objectives themselves are not at fault.
  if (round.down !== null) round.errors.clear();
  return round;
}

async function readOne({ row, from, until, before }: Behind, read: ReadMinutes, round: Round): Promise<void> {
  const to = Math.min(until, from + CHUNK_MINUTES);
  const counts = await read(row, { fromMinute: from, toMinute: to });
  const settled = to < until ? to : readableMinute(row.indicator, settledUntil(counts, to));
  if (settled <= from) return;
  const kept = counts.filter(({ m }) => m < settled);
  round.read.push({ sliId: row.sliId, counts: kept, claim: { sliId: row.sliId, before, until: settled } });
  if (to < until) round.next.push({ row, from: to, until, before: to });
}

/** Why the source is down; null when it is well, so that the questions were too heavy for it. */
async function downReason({ probe }: HistoryReading, failure: DomainError): Promise<DomainError | null> {
  if (probe === undefined) return failure;
  try {
    await probe();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

/** One past the last minute that will not change: the newest may still be missing because they are late. */
function settledUntil(counts: readonly MinuteCount[], to: number): number {
  const last = counts.findLast(({ observed }) => observed);
  return Math.max(last === undefined ? 0 : last.m + 1, to - LATE_MINUTES);
}

/** Where the first read of an objective begins: a whole window back, so that it starts with its history. */
function firstMinute(row: ObjectiveRow, until: number): number {
  const back = Math.min(row.windowMs, MAX_HISTORY_MS) / MINUTE_MS + MINUTES_PER_HOUR;
  return Math.floor((until - back) / MINUTES_PER_HOUR) * MINUTES_PER_HOUR;
}

/** One past the newest minute that a source can be read for at `nowMs`. */
export function readableUntil(nowMs: number, settleMs: number): number {
  return minuteOf(nowMs - settleMs);
}
