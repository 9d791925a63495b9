import type { CumulativeRow } from '@qd/shared/slo';
import { hourEnd } from './tiers.ts';

/** What was counted in one epoch minute, to be added to what is already known of it. */
export interface CountedMinute {
  m: number;
  total: number;
  bad: number;
  /** True if the minute was measured, even if nothing happened in it. */
  observed: boolean;
}

/** New counts of one SLI, in any order. */
export interface SliCounts {
  sliId: number;
  counts: readonly CountedMinute[];
  /** Minutes, ascending, up to which counts of an old hour are kept apart: excluded time begins or ends there. */
  boundaries?: readonly number[];
}

/** One addition: `m` is a minute, or where only full hours are kept the end of one, or a boundary inside it. */
export interface Addition {
  sliId: number;
  m: number;
  total: number;
  bad: number;
  /** Distinct minutes measured: 0 or 1, more only for an hour or a part of it. */
  observed: number;
}

export interface SliAdditions {
  sliId: number;
  /** The earliest minute counted, exact even where only full hours are kept. */
  firstM: number;
  /** Ascending and distinct by `m`. */
  additions: Addition[];
}

type Slots = Map<number, { total: number; bad: number; minutes: Set<number> }>;

function firstMinuteOf(slots: Slots): number {
  let first = Infinity;
  for (const [m, { minutes }] of slots) {
    if (minutes.size === 0) first = Math.min(first, m);
    for (const minute of minutes) first = Math.min(first, minute);
  }
  return first;
}

/** The minute under which an old one is kept: the end of its hour, or the first boundary before that. */
function keptUnder(m: number, boundaries: readonly number[]): number {
  return Math.min(hourEnd(m), boundaries.find((boundary) => boundary >= m) ?? Infinity);
}

/** Old boundaries among the minutes counted; their rows are made even if nothing happened just before them. */
function boundarySlots({ counts, boundaries = [] }: SliCounts, horizon: number): number[] {
  if (boundaries.length === 0) return [];
  const said = counts.filter(saysSomething);
  const first = said.reduce((a, { m }) => Math.min(a, m), Infinity);
  const last = said.reduce((a, { m }) => Math.max(a, m), -Infinity);
  return boundaries.filter((m) => m >= first && m <= last && m < horizon);
}

function saysSomething({ observed, total, bad }: CountedMinute): boolean {
  return observed || total !== 0 || bad !== 0;
}

const emptySlot = () => ({ total: 0, bad: 0, minutes: new Set<number>() });

function addTo(slots: Slots, m: number, count: CountedMinute): void {
  const slot = slots.get(m) ?? emptySlot();
  slot.total += count.total;
  slot.bad += count.bad;
  if (count.observed) slot.minutes.add(count.m);
  slots.set(m, slot);
}

/**
 * Sums the counts of each SLI per minute, or per hour where they lie before `horizon`. A minute is measured once however
 * many counts name it. What says nothing at all is left out; SLIs come out ascending, so that locks are taken in order.
 */
export function gather(batch: readonly SliCounts[], horizon: number): SliAdditions[] {
  const bySli = new Map<number, Slots>();
  for (const own of batch) {
    const { sliId, counts, boundaries = [] } = own;
    const slots: Slots = bySli.get(sliId) ?? new Map();
    bySli.set(sliId, slots);
    for (const m of boundarySlots(own, horizon)) if (!slots.has(m)) slots.set(m, emptySlot());
    for (const count of counts) {
      if (saysSomething(count)) addTo(slots, count.m < horizon ? keptUnder(count.m, boundaries) : count.m, count);
    }
  }
  return [...bySli]
    .filter(([, slots]) => slots.size > 0)
    .sort(([a], [b]) => a - b)
    .map(([sliId, slots]) => ({
      sliId,
      firstM: firstMinuteOf(slots),
      additions: [...slots]
        .sort(([a], [b]) => a - b)
        .map(([m, slot]) => ({ sliId, m, total: slot.total, bad: slot.bad, observed: slot.minutes.size })),
    }));
}

/** A cumulative row of one SLI. */
export interface SliRow extends CumulativeRow {
  sliId: number;
}

/** Rows that continue an SLI after its newest row, and the hour rows that close on the way. */
export interface Continuation {
  minutes: SliRow[];
  hours: SliRow[];
}

const nothing: Omit<CumulativeRow, 'm'> = { total: 0, bad: 0, observed: 0 };

/**
 * Rows for additions that all lie after `head`. An hour row is written at the end of each hour that holds a row and is
 * over, which is when a row after it comes or the row is itself the hour's last minute. A long silence writes one. Rows
 * before the horizon are kept with the hours.
 */
export function continueFrom(
  head: CumulativeRow | null,
  additions: readonly Addition[],
  horizon: number,
): Continuation {
  const result: Continuation = { minutes: [], hours: [] };
  let last = head;
  for (const { sliId, m, total, bad, observed } of additions) {
    if (last !== null && hourEnd(last.m) < m && hourEnd(last.m) !== last.m) {
      result.hours.push({ ...last, sliId, m: hourEnd(last.m) });
    }
    const base: Omit<CumulativeRow, 'm'> = last ?? nothing;
    const row = { sliId, m, total: base.total + total, bad: base.bad + bad, observed: base.observed + observed };
    if (m >= horizon) result.minutes.push(row);
    if (hourEnd(m) === m || m < horizon) result.hours.push(row);
    last = row;
  }
  return result;
}

/** Adds the same amounts to every row of an SLI with `fromM <= m < toM`. */
export interface Shift extends Addition {
  fromM: number;
  toM: number;
}

const AFTER_ALL = 2_147_483_647;

/** Turns late additions of one SLI, ascending, into disjoint ranges of rows and what each range gains in all. */
export function shiftsOf(late: readonly Addition[]): Shift[] {
  let sum = nothing;
  return late.map((addition, i) => {
    sum = {
      total: sum.total + addition.total,
      bad: sum.bad + addition.bad,
      observed: sum.observed + addition.observed,
    };
    return { ...addition, ...sum, fromM: addition.m, toM: late[i + 1]?.m ?? AFTER_ALL };
  });
}
