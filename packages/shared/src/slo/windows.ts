import { DAY_MS, endOfMinute, HOUR_MS, MINUTE_MS, minuteOf } from '../time/index.ts';
import type { SloWindow } from './types.ts';

/** Windows from this length on begin on a full hour, so that the hour tier answers them exactly. */
export const HOUR_ALIGNED_FROM_MS = 3 * DAY_MS;

/** How long the minute tier is kept; older instants are known at full hours only. */
export const MINUTE_TIER_MS = 8 * DAY_MS;

/** The newest epoch minute that is over at `now`: every window ends with it, so that no half minute is judged. */
export function lastCompleteMinute(now: number): number {
  return minuteOf(now) - 1;
}

/** Granularity (ms) at which a window of this length may begin: a minute, or an hour from three days on. */
export function windowStepMs(windowMs: number): number {
  return windowMs >= HOUR_ALIGNED_FROM_MS ? HOUR_MS : MINUTE_MS;
}

/**
 * The epoch minute whose cumulative value lies just before a window of `lengthMs` that ends with minute `endM`.
 * From three days on it falls on a full hour, at most 59 minutes early: no failure is forgotten too soon.
 */
export function minuteBefore(lengthMs: number, endM: number): number {
  const stepMinutes = windowStepMs(lengthMs) / MINUTE_MS;
  return Math.floor((endM + 1 - lengthMs / MINUTE_MS) / stepMinutes) * stepMinutes - 1;
}

/** The cycle of `windowMs` since the anchor that contains `now`. The anchor counts from the full minute, from three days on the full hour. */
export function fixedWindow(anchorAt: number, windowMs: number, now: number): SloWindow {
  const stepMs = windowStepMs(windowMs);
  const anchor = Math.floor(anchorAt / stepMs) * stepMs;
  const startAt = anchor + Math.floor((now - anchor) / windowMs) * windowMs;
  return { view: 'window', startAt, endAt: startAt + windowMs, windowMs };
}

/** The last `windowMs` up to the newest complete minute. */
export function rollingWindow(windowMs: number, now: number): SloWindow {
  const endM = lastCompleteMinute(now);
  return { view: 'rolling', startAt: endOfMinute(minuteBefore(windowMs, endM)), endAt: endOfMinute(endM), windowMs };
}

/** Which day of the window it is, counted from 1 and held inside the window. */
export function dayNumber(window: SloWindow, now: number): number {
  const days = Math.max(1, Math.ceil((window.endAt - window.startAt) / DAY_MS));
  return Math.min(days, Math.max(1, Math.floor((now - window.startAt) / DAY_MS) + 1));
}

/** The minute just before the window, and the newest complete minute inside it (equal to the first while nothing has passed). */
export function windowMinutes(window: SloWindow, now: number): { beforeM: number; endM: number } {
  const beforeM = minuteOf(window.startAt) - 1;
  const endM = Math.min(lastCompleteMinute(now), minuteOf(window.endAt) - 1);
  return { beforeM, endM: Math.max(beforeM, endM) };
}
