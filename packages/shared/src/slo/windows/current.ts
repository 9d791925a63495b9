import { DAY_MS } from '../../time/index.ts';
import type { SloWindow } from '../types.ts';
import { fixedWindow, rollingWindow, windowStepMs } from '../windows.ts';
import { calendarPeriod } from './calendar.ts';
import { nominalMs, type StoredWindows } from './primary.ts';
import type { CalendarSpec, SloWindowSpec } from './types.ts';

/**
 * The calendar period at `now`. Its edges are full hours of UTC from three days on, because only those are stored for
 * long: a month in a zone with a half-hour offset begins up to 59 minutes early, and ends as much early, so that no
 * minute is lost or counted twice and a figure does not jump when its start leaves the minute tier.
 */
function calendarWindow(calendar: CalendarSpec, now: number): SloWindow {
  const stepMs = windowStepMs(nominalMs(calendar));
  const floor = (at: number): number => Math.floor(at / stepMs) * stepMs;
  const period = calendarPeriod(calendar, floor(now) + stepMs - 1);
  const [startAt, endAt] = [floor(period.startAt), floor(period.endAt)];
  return { view: 'window', startAt, endAt, windowMs: endAt - startAt, calendar };
}

/** Where a window lies at `now`: the cycle or calendar period that contains it, or the time up to it. */
export function windowNow(spec: SloWindowSpec, now: number): SloWindow {
  switch (spec.kind) {
    case 'cycle':
      return fixedWindow(spec.anchorAt, spec.windowMs, now);
    case 'rolling':
      return rollingWindow(spec.windowMs, now);
    case 'calendar':
      return calendarWindow(spec.calendar, now);
  }
}

/** Length (ms) a window is named by: 30 days for a month. */
export function namedMs(spec: SloWindowSpec): number {
  return spec.kind === 'calendar' ? nominalMs(spec.calendar) : spec.windowMs;
}

/** Longest days a period can have, a leap year's and a clock change's day with them. */
const longestDays: Record<CalendarSpec['unit'], number> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };

/** The longest (ms) a window ever is: 12 months in a leap year are longer than the 360 days they are named by. */
export function longestMs(spec: SloWindowSpec): number {
  if (spec.kind !== 'calendar') return spec.windowMs;
  const { unit, count } = spec.calendar;
  return (longestDays[unit] * count + 1) * DAY_MS;
}

/** The window with a fixed start that an objective has, whichever it is judged by: its calendar period, else its cycle. */
export function fixedSpec(windows: StoredWindows): Exclude<SloWindowSpec, { kind: 'rolling' }> {
  const { windowMs, anchorAt, calendar } = windows;
  return calendar === null ? { kind: 'cycle', windowMs, anchorAt } : { kind: 'calendar', calendar };
}

/** The window the policy is judged by. */
export function judgedSpec(windows: StoredWindows): SloWindowSpec {
  return windows.judgedBy === 'rolling' ? { kind: 'rolling', windowMs: windows.windowMs } : fixedSpec(windows);
}
