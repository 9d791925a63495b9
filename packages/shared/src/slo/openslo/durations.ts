import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import type { CalendarSpec } from '../windows/types.ts';

const units = { w: 7 * DAY_MS, d: DAY_MS, h: HOUR_MS, m: MINUTE_MS } as const;
const calendarUnits = { d: 'day', w: 'week', M: 'month', Q: 'quarter', Y: 'year' } as const;

/** A duration as it is written: how many of which unit. `m` is minutes, `M` is months. */
export interface WrittenDuration {
  count: number;
  unit: 'm' | 'h' | 'd' | 'w' | 'M' | 'Q' | 'Y';
}

/** Takes a duration apart that the schema let through. */
export function writtenDuration(text: string): WrittenDuration {
  return { count: Number(text.slice(0, -1)), unit: text.slice(-1) as WrittenDuration['unit'] };
}

/** Its length (ms); null for months, quarters and years, which have none. */
export function durationMs({ count, unit }: WrittenDuration): number | null {
  return unit === 'M' || unit === 'Q' || unit === 'Y' ? null : count * units[unit];
}

/** The calendar unit it counts; null for hours and minutes. */
export function calendarUnit({ unit }: WrittenDuration): CalendarSpec['unit'] | null {
  return unit === 'm' || unit === 'h' ? null : calendarUnits[unit];
}

/** A length (ms) of whole minutes in the largest unit that says it exactly; whole days stay days. */
export function durationText(ms: number): string {
  if (ms % DAY_MS === 0) return `${ms / DAY_MS}d`;
  return ms % HOUR_MS === 0 ? `${ms / HOUR_MS}h` : `${Math.ceil(ms / MINUTE_MS)}m`;
}

/** A calendar period as a duration. */
export function periodText({ unit, count }: CalendarSpec): string {
  const letters: Record<CalendarSpec['unit'], string> = { day: 'd', week: 'w', month: 'M', quarter: 'Q', year: 'Y' };
  return `${count}${letters[unit]}`;
}
