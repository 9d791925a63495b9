import { windowStepMs } from '../windows.ts';
import { isSameCalendar } from './calendar.ts';
import type { SloWindowSpec } from './types.ts';

/** True if two windows lie at the same place at every instant, however they are written. */
export function isSameWindow(a: SloWindowSpec, b: SloWindowSpec): boolean {
  if (a.kind === 'calendar' || b.kind === 'calendar') {
    return a.kind === 'calendar' && b.kind === 'calendar' && isSameCalendar(a.calendar, b.calendar);
  }
  if (a.windowMs !== b.windowMs) return false;
  if (a.kind === 'rolling' || b.kind === 'rolling') return a.kind === b.kind;
  return (beginning(a) - beginning(b)) % a.windowMs === 0;
}

/** Where a cycle begins, on the step its length allows. */
function beginning({ anchorAt, windowMs }: { anchorAt: number; windowMs: number }): number {
  const stepMs = windowStepMs(windowMs);
  return Math.floor(anchorAt / stepMs) * stepMs;
}
