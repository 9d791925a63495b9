import { MINUTE_MS, minuteOf } from '../time/index.ts';
import { difference } from './cumulative.ts';
import { type MinuteSpan, minutesWithin } from './exclusions/spans.ts';
import type { RowAt } from './series.ts';
import type { SloWindow, WindowReading } from './types.ts';
import { lastCompleteMinute, minuteBefore, windowMinutes } from './windows.ts';

/** Reads windows up to `now`; expected minutes never reach back before the first measurement. */
export interface Reader {
  rowAt: RowAt;
  now: number;
  /** Newest complete minute. */
  endM: number;
  /** Minutes from the first measurement up to `endM`. */
  lifeMinutes: number;
  /** Minutes, also to come, that are removed from every window: `rowAt` gives rows without them. A union. */
  removed: readonly MinuteSpan[];
}

/**
 * A reader of these rows at `now`. `measuredSince` is the instant of the first measurement, null if there is none;
 * `removed` are the minutes that rows lack, past and to come.
 */
export function readerOf(
  rowAt: RowAt,
  now: number,
  measuredSince: number | null,
  removed: readonly MinuteSpan[] = [],
): Reader {
  const endM = lastCompleteMinute(now);
  const lifeMinutes = measuredSince === null ? 0 : Math.max(0, endM - minuteOf(measuredSince) + 1);
  return { rowAt, now, endM, lifeMinutes, removed };
}

/** What happened in the last `lengthMs`. */
export function readBack(reader: Reader, lengthMs: number): WindowReading {
  const beforeM = minuteBefore(lengthMs, reader.endM);
  const expectedMinutes = Math.min(reader.endM - beforeM, reader.lifeMinutes);
  return difference(reader.rowAt(reader.endM), reader.rowAt(beforeM), expectedMinutes);
}

/** What happened in the window so far. */
export function readWindow(reader: Reader, window: SloWindow): WindowReading {
  const { beforeM, endM } = windowMinutes(window, reader.now);
  return difference(reader.rowAt(endM), reader.rowAt(beforeM), endM - beforeM);
}

/** Minutes of the window so far that were taken out of it. */
function removedSoFar(reader: Reader, window: SloWindow, reading: WindowReading): number {
  const { beforeM, endM } = windowMinutes(window, reader.now);
  return endM - beforeM - reading.expectedMinutes;
}

/** Minutes the period will have had when it is over: known from the start, but for those that are taken out of it. */
export function minutesOf(window: SloWindow, reader: Reader, reading: WindowReading): number {
  const { endM } = windowMinutes(window, reader.now);
  const ahead = { beforeM: endM, endM: minuteOf(window.endAt) - 1 };
  const removed = removedSoFar(reader, window, reading) + minutesWithin(reader.removed, ahead);
  return window.windowMs / MINUTE_MS - removed;
}

/** Minutes of the window that count and lie after the first measurement. */
export function lifeIn(reader: Reader, window: SloWindow, reading: WindowReading): number {
  const { beforeM, endM } = windowMinutes(window, reader.now);
  return Math.min(endM - beforeM, reader.lifeMinutes) - removedSoFar(reader, window, reading);
}
