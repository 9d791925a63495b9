import { DAY_MS, MINUTE_MS, minuteOf, startOfMinute } from '../time/index.ts';
import type { SloWindow } from './types.ts';
import { HOUR_ALIGNED_FROM_MS, minuteBefore, windowMinutes } from './windows.ts';

/** Points of a burn-down: hourly over 30 days, wherever the hours fall. */
export const BURN_DOWN_POINTS = 724;
/** Points of a sparkline. */
export const SPARK_POINTS = 64;

/** Points of the sparkline of a window: half as many in the rolling view, where each reads two rows. */
export function sparkPoints(window: SloWindow): number {
  return window.view === 'rolling' ? SPARK_POINTS / 2 : SPARK_POINTS;
}

const MINUTES_PER_HOUR = 60;
const HOUR_ALIGNED_FROM_MINUTES = HOUR_ALIGNED_FROM_MS / MINUTE_MS;
const fineSteps = [1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440];
const hourSteps = [60, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 10080];

/** Steps in minutes: whole hours once the span reaches back to where the hour tier answers. */
function stepMinutes(spanMinutes: number, maxPoints: number): number {
  const steps = spanMinutes >= HOUR_ALIGNED_FROM_MINUTES ? hourSteps : fineSteps;
  const room = Math.max(1, maxPoints - 2);
  const fitting = steps.find((step) => Math.ceil(spanMinutes / step) <= room);
  return fitting ?? Math.ceil(spanMinutes / room / MINUTES_PER_HOUR) * MINUTES_PER_HOUR;
}

/**
 * Epoch minutes at which a line is drawn, ascending: the minute before the window, full steps of UTC, and the newest
 * complete minute. At most `maxPoints` (at least 3).
 */
export function pointMinutes(window: SloWindow, now: number, maxPoints: number): number[] {
  const { beforeM, endM } = windowMinutes(window, now);
  if (endM <= beforeM) return [beforeM];
  const step = stepMinutes(endM - beforeM, maxPoints);
  const minutes = [beforeM];
  for (let m = (Math.floor((beforeM + 1) / step) + 1) * step - 1; m < endM; m += step) minutes.push(m);
  minutes.push(endM);
  return minutes;
}

/**
 * The given minutes, ascending and distinct, with the one before the window, or in the rolling view the one before each
 * window that ends with them; ascending, distinct.
 */
function withWindowStarts(window: SloWindow, minutes: readonly number[]): number[] {
  const [first] = minutes;
  const startM = minuteOf(window.startAt) - 1;
  if (window.view === 'window' && first !== undefined && startM <= first)
    return startM === first ? [...minutes] : [startM, ...minutes];
  const all = new Set(minutes);
  if (window.view === 'rolling') for (const m of minutes) all.add(minuteBefore(window.windowMs, m));
  else all.add(startM);
  return [...all].sort((a, b) => a - b);
}

/** Every epoch minute whose cumulative row `burnDownSeries` needs for a line of `maxPoints`, ascending, distinct. */
export function sampleMinutes(window: SloWindow, now: number, maxPoints: number = BURN_DOWN_POINTS): number[] {
  return withWindowStarts(window, pointMinutes(window, now, maxPoints));
}

/** Epoch minutes at which a lens is drawn: the one before it and each complete minute inside; empty if it is all to come. */
export function lensPointMinutes(lens: { startAt: number; endAt: number }, now: number): number[] {
  const fromM = minuteOf(lens.startAt) - 1;
  const toM = Math.min(minuteOf(now) - 1, minuteOf(lens.endAt - 1));
  const minutes: number[] = [];
  for (let m = fromM; m <= toM; m += 1) minutes.push(m);
  return minutes;
}

/** Every epoch minute whose cumulative row the lens needs, ascending, distinct. */
export function lensMinutes(window: SloWindow, lens: { startAt: number; endAt: number }, now: number): number[] {
  return withWindowStarts(window, lensPointMinutes(lens, now));
}

const LENS_BACK_MINUTES = 37;
const LENS_MINUTES = 60;

/** The hour around now that a lens enlarges: 37 minutes back, 23 ahead, on full minutes. */
export function lensWindow(now: number): { startAt: number; endAt: number } {
  const startM = minuteOf(now) - LENS_BACK_MINUTES;
  return { startAt: startOfMinute(startM), endAt: startOfMinute(startM + LENS_MINUTES) };
}

/** Share of the budget one hour must have spent for the lens to open by itself. */
export const LENS_OPENS_AT_RATIO = 0.02;

/** Life under which a whole window shows next to nothing yet, so that the hour is shown as well. */
const YOUNG_FOR_MS = DAY_MS;

/**
 * The lens to show, else null: the hour around now while an incident is open, when the last hour spent over 2 % of the
 * budget, and through the first day of an objective.
 */
export function lensFor(input: {
  now: number;
  /** Share of the whole budget spent in the last hour; null when unknown. */
  lastHourSpentRatio: number | null;
  openIncident: boolean;
  /** Instant of the first measurement; null or left out if there is none. */
  measuredSince?: number | null;
}): { startAt: number; endAt: number } | null {
  const { now, measuredSince = null } = input;
  const spending = (input.lastHourSpentRatio ?? 0) > LENS_OPENS_AT_RATIO;
  const young = measuredSince !== null && now - measuredSince < YOUNG_FOR_MS;
  return spending || input.openIncident || young ? lensWindow(now) : null;
}
