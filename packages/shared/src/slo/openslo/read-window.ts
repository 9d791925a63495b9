import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../time/index.ts';
import { timeZone, windowSpec } from '../definition.ts';
import type { SloWindowSpec } from '../windows/types.ts';
import { startOfLocalDay } from '../windows/zone.ts';
import type { TimeWindow } from './documents.ts';
import { calendarUnit, durationMs, type WrittenDuration, writtenDuration } from './durations.ts';
import { parsedJson } from './read-indicator.ts';
import { renderWindow } from './render.ts';

const MAX_PERIODS = 12;

/** Tells a fault or a remark at a path under the window. */
export interface WindowFaults {
  fault(path: string[], message: string): void;
  warn(path: string[], message: string): void;
}

/** The windows that were exported, if the document still says what it said then; else null. */
export function rememberedWindows(annotation: string | undefined, written: TimeWindow): SloWindowSpec[] | null {
  const parsed = z.array(windowSpec).min(1).safeParse(parsedJson(annotation));
  const first = parsed.data?.[0];
  if (parsed.data === undefined || first === undefined) return null;
  const { duration, isRolling, calendar } = renderWindow(first);
  const isSame =
    duration === written.duration &&
    isRolling === written.isRolling &&
    calendar?.startTime === written.calendar?.startTime &&
    calendar?.timeZone === written.calendar?.timeZone;
  return isSame ? parsed.data : null;
}

/** The window that a document of anyone's describes; null after a fault was told. */
export function readWindow(written: TimeWindow, faults: WindowFaults): SloWindowSpec | null {
  const length = monthsFor(written, faults);
  const ms = durationMs(length);
  if (written.calendar === undefined) {
    if (ms !== null) return { kind: 'rolling', windowMs: ms };
    faults.fault(['duration'], 'is not of a fixed length, so it cannot roll; write days, such as 30d');
    return null;
  }
  const { startTime, timeZone: zone } = written.calendar;
  const knownZone = timeZone.safeParse(zone);
  if (!knownZone.success) {
    faults.fault(['calendar', 'timeZone'], knownZone.error.issues[0]?.message ?? 'is not a time zone');
    return null;
  }
  const startDate = startTime.slice(0, 10);
  if (Number.isNaN(Date.parse(startDate))) {
    faults.fault(['calendar', 'startTime'], 'is not a day of the calendar');
    return null;
  }
  return placed({ length, ms, startDate, zone, timeOfDayMs: timeOfDay(startTime) }, faults);
}

interface Place {
  length: WrittenDuration;
  ms: number | null;
  startDate: string;
  zone: string;
  timeOfDayMs: number;
}

/** Whole calendar units from a midnight on are calendar periods; everything else of a fixed length is a cycle. */
function placed({ length, ms, startDate, zone, timeOfDayMs }: Place, faults: WindowFaults): SloWindowSpec | null {
  const unit = calendarUnit(length);
  if (unit !== null && timeOfDayMs === 0 && length.count <= MAX_PERIODS)
    return { kind: 'calendar', calendar: { unit, count: length.count, timeZone: zone, startDate } };
  if (ms === null) {
    const isLong = length.count > MAX_PERIODS;
    const message = isLong
      ? `must be at most ${MAX_PERIODS} periods`
      : 'not supported yet: periods of months that begin at another time than 00:00:00';
    faults.fault(isLong ? ['duration'] : ['calendar', 'startTime'], message);
    return null;
  }
  const anchorAt = startOfLocalDay(zone, Date.parse(startDate) / DAY_MS) + timeOfDayMs;
  return { kind: 'cycle', windowMs: ms, anchorAt };
}

function timeOfDay(startTime: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = startTime.slice(11).split(':').map(Number);
  return hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
}

/** An `m` is minutes, but no window is that short: where the calendar is named, months are meant. */
function monthsFor(written: TimeWindow, faults: WindowFaults): WrittenDuration {
  const length = writtenDuration(written.duration);
  if (length.unit !== 'm' || length.count > MAX_PERIODS || written.calendar === undefined) return length;
  faults.warn(['duration'], `${written.duration} means minutes; read as ${length.count}M, months`);
  return { count: length.count, unit: 'M' };
}
