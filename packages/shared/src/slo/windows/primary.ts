import { DAY_MS } from '../../time/index.ts';
import type { BudgetView } from '../types.ts';
import type { CalendarSpec, SloWindowSpec } from './types.ts';

/** The windows of an objective as they are stored: the one the policy is judged by, taken apart, and the others. */
export interface StoredWindows {
  /** Length of the rolling reading, and of a cycle. */
  windowMs: number;
  /** Where cycles begin (epoch ms). */
  anchorAt: number;
  calendar: CalendarSpec | null;
  judgedBy: BudgetView;
  otherWindows: SloWindowSpec[];
}

const nominalDays: Record<CalendarSpec['unit'], number> = { day: 1, week: 7, month: 30, quarter: 90, year: 365 };

/** Length (ms) by which a calendar period is read as a rolling window: 30 days for a month, 365 for a year. */
export function nominalMs({ unit, count }: CalendarSpec): number {
  return nominalDays[unit] * count * DAY_MS;
}

/** Takes windows apart for storing. `anchorFor` gives the start of the cycles beside a rolling or calendar window. */
export function toStoredWindows(
  specs: readonly SloWindowSpec[],
  anchorFor: (windowMs: number) => number,
): StoredWindows {
  const [first, ...otherWindows] = specs;
  if (first === undefined) throw new RangeError('an objective has at least one window');
  switch (first.kind) {
    case 'cycle':
      return { windowMs: first.windowMs, anchorAt: first.anchorAt, calendar: null, judgedBy: 'window', otherWindows };
    case 'rolling': {
      const { windowMs } = first;
      return { windowMs, anchorAt: anchorFor(windowMs), calendar: null, judgedBy: 'rolling', otherWindows };
    }
    case 'calendar': {
      const windowMs = nominalMs(first.calendar);
      const anchorAt = anchorFor(windowMs);
      return { windowMs, anchorAt, calendar: first.calendar, judgedBy: 'window', otherWindows };
    }
  }
}

/** Puts stored windows together again: the inverse of `toStoredWindows`. */
export function fromStoredWindows(stored: StoredWindows): SloWindowSpec[] {
  const { windowMs, anchorAt, calendar, judgedBy, otherWindows } = stored;
  if (calendar !== null) return [{ kind: 'calendar', calendar }, ...otherWindows];
  if (judgedBy === 'rolling') return [{ kind: 'rolling', windowMs }, ...otherWindows];
  return [{ kind: 'cycle', windowMs, anchorAt }, ...otherWindows];
}
