import { DomainError } from '@qd/shared/errors';
import { DAY_MS } from '@qd/shared/time';
import { LRUCache } from 'lru-cache';
import { RRuleTemporal } from 'rrule-temporal';

/** When something happens once, or again and again at the same local time. Instants are epoch ms. */
export interface Recurring {
  startsAt: number;
  durationMs: number;
  rrule: string | null;
  timeZone: string;
}

/** How far measurements reach back, and how far ahead a recurrence is looked at. */
export const REACH_MS = 400 * DAY_MS;
/** Occurrences in that time; more would make every reading of a budget slow. */
export const MAX_OCCURRENCES = 2_000;

/** Recurrences are worked out and remembered for stretches of this length. */
const STRETCH_MS = 50 * DAY_MS;
/** Steps the library may take in one stretch; hourly rules take 1,200. */
const MAX_STEPS = 20_000;
const countPart = /;?COUNT=(\d+)/;

const starts = new LRUCache<string, readonly number[]>({ max: 4_000 });

/** How far a rule with COUNT was followed: occurrences up to a stretch, and the last one once it is known. */
interface Followed {
  nextStretch: number;
  counted: number;
  lastStart: number | null;
}

const followed = new LRUCache<string, Followed>({ max: 1_000 });

const keyOf = ({ startsAt, rrule, timeZone }: Recurring): string => `${startsAt} ${rrule} ${timeZone}`;
const stretchOf = (at: number): number => Math.floor(at / STRETCH_MS);

/** COUNT is kept here: the library would follow a rare rule through all of it, though it ends in another millennium. */
function ruleOf({ startsAt, rrule, timeZone }: Recurring): RRuleTemporal {
  const endless = (rrule ?? '').replace(countPart, '');
  const text = `${new Date(startsAt).toISOString()}[${timeZone}]`;
  const dtstart = { timeZoneId: timeZone, toString: () => text };
  return new RRuleTemporal({ rruleString: `RRULE:${endless}`, dtstart, maxIterations: MAX_STEPS });
}

function startsInStretch(of: Recurring, stretch: number): readonly number[] {
  const key = `${keyOf(of)} ${stretch}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const fromMs = stretch * STRETCH_MS;
  const found = ruleOf(of)
    .between(new Date(fromMs), new Date(fromMs + STRETCH_MS - 1), true)
    .map((at) => at.epochMilliseconds);
  starts.set(key, found);
  return found;
}

/** Start of the last occurrence of a rule with COUNT; infinite while it lies after `toMs`, or the rule has no COUNT. */
function lastStartOf(of: Recurring, toMs: number): number {
  const count = Number(countPart.exec(of.rrule ?? '')?.[1] ?? Infinity);
  if (count === Infinity) return Infinity;
  const state = followed.get(keyOf(of)) ?? { nextStretch: stretchOf(of.startsAt), counted: 0, lastStart: null };
  while (state.lastStart === null && state.nextStretch <= stretchOf(toMs)) {
    const found = startsInStretch(of, state.nextStretch);
    state.lastStart = found[count - state.counted - 1] ?? null;
    state.counted += found.length;
    state.nextStretch += 1;
  }
  followed.set(keyOf(of), state);
  return state.lastStart ?? Infinity;
}

/**
 * Starts of the occurrences in `[fromMs, toMs)`, ascending. A recurrence keeps its local time when clocks change: an
 * occurrence whose local time is skipped does not take place, one whose local time comes twice takes place at the first.
 * Hourly ones go on by the hour that passes. COUNT counts what takes place (RFC 5545, 3.3.10).
 */
export function occurrenceStarts(of: Recurring, fromMs: number, toMs: number): number[] {
  const within = (at: number): boolean => at >= fromMs && at < toMs;
  if (of.rrule === null) return [of.startsAt].filter(within);
  const last = lastStartOf(of, toMs);
  const found: number[] = [];
  const lastStretch = stretchOf(Math.min(toMs - 1, last));
  for (let i = stretchOf(Math.max(fromMs, of.startsAt)); i <= lastStretch; i += 1) {
    for (const at of startsInStretch(of, i)) if (within(at) && at <= last) found.push(at);
  }
  return found;
}

/** The occurrence in force at `nowMs`, or the next one within 400 days; null when there is none. */
export function occurrenceNow(of: Recurring, nowMs: number): { startAt: number; endAt: number } | null {
  const begun = occurrenceStarts(of, nowMs - of.durationMs + 1, nowMs + 1).at(-1);
  const startAt = begun ?? nextStart(of, nowMs + 1);
  return startAt === null ? null : { startAt, endAt: startAt + of.durationMs };
}

function nextStart(of: Recurring, fromMs: number): number | null {
  const untilMs = fromMs + REACH_MS;
  for (let at = Math.max(fromMs, of.startsAt); at < untilMs; at += STRETCH_MS) {
    const [next] = occurrenceStarts(of, at, Math.min(at + STRETCH_MS, untilMs));
    if (next !== undefined) return next;
  }
  return null;
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid', `Nothing was stored: ${field} ${message}.`, { fields: [{ field, message }] });
}

/**
 * Starts in the 400 days from the first occurrence on. Throws `invalid`, naming the field and the remedy, when the rule
 * makes too many, none, begins at another time than the exclusion, or runs into itself.
 */
export function soundStarts(of: Recurring): number[] {
  if (of.rrule === null) return [of.startsAt];
  const found: number[] = [];
  for (let at = of.startsAt; at < of.startsAt + REACH_MS; at += STRETCH_MS) {
    const upTo = Math.min(at + STRETCH_MS, of.startsAt + REACH_MS);
    for (const start of occurrenceStarts(of, at, upTo)) found.push(start);
    if (found.length > MAX_OCCURRENCES) {
      throw invalid(
        'rrule',
        `recurs more than ${MAX_OCCURRENCES} times in 400 days; recur less often, or end it with COUNT or UNTIL`,
      );
    }
  }
  const [first] = found;
  if (first === undefined) throw invalid('rrule', 'never takes place in the 400 days from startsAt on');
  if (first !== of.startsAt) {
    const words = new Date(first).toISOString().slice(0, 16);
    throw invalid('startsAt', `is not a time at which the rule recurs; the first one after it is ${words}Z`);
  }
  const overlapping = found.find((at, i) => i > 0 && at - (found[i - 1] ?? 0) < of.durationMs);
  if (overlapping !== undefined) {
    throw invalid('durationMs', 'is longer than the time between two occurrences; shorten it or recur less often');
  }
  return found;
}
