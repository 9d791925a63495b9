import { DAY_MS } from '../../time/index.ts';
import type { CalendarSpec } from './types.ts';
import { startOfLocalDay } from './zone.ts';

/** `[startAt, endAt)` in epoch ms, whole minutes. */
export interface Period {
  startAt: number;
  endAt: number;
}

const MONTHS_PER_YEAR = 12;
const daysPer: Partial<Record<CalendarSpec['unit'], number>> = { day: 1, week: 7 };
const monthsPer: Partial<Record<CalendarSpec['unit'], number>> = { month: 1, quarter: 3, year: MONTHS_PER_YEAR };

function anchorOf(spec: CalendarSpec): { year: number; month: number; day: number } {
  const [year = 1970, month = 1, day = 1] = spec.startDate.split('-').map(Number);
  return { year, month: month - 1, day };
}

/** Local day number of the `index`-th period's first day. Months count from the anchor, so that a clamped 31st comes back. */
function firstDay(spec: CalendarSpec, index: number): number {
  const { year, month, day } = anchorOf(spec);
  const days = daysPer[spec.unit];
  if (days !== undefined) return Date.UTC(year, month, day) / DAY_MS + index * days * spec.count;
  const months = year * MONTHS_PER_YEAR + month + index * (monthsPer[spec.unit] ?? 1) * spec.count;
  const [inYear, inMonth] = [Math.floor(months / MONTHS_PER_YEAR), months % MONTHS_PER_YEAR];
  const lastDay = new Date(Date.UTC(inYear, inMonth + 1, 0)).getUTCDate();
  return Date.UTC(inYear, inMonth, Math.min(day, lastDay)) / DAY_MS;
}

/** True if two specs cut time into the same periods: 3 months from January and a quarter from April do. */
export function isSameCalendar(a: CalendarSpec, b: CalendarSpec): boolean {
  if (a.timeZone !== b.timeZone) return false;
  const [length, otherLength] = [a, b].map(({ unit, count }) => (daysPer[unit] ?? 0) * count);
  if (length !== otherLength) return false;
  if (length !== undefined && length > 0) return (firstDay(a, 0) - firstDay(b, 0)) % length === 0;
  const [months, otherMonths] = [a, b].map(({ unit, count }) => (monthsPer[unit] ?? 0) * count);
  if (months === undefined || months !== otherMonths) return false;
  const [one, other] = [anchorOf(a), anchorOf(b)];
  const apart = (one.year - other.year) * MONTHS_PER_YEAR + one.month - other.month;
  return one.day === other.day && apart % months === 0;
}

/** Index of the period around an instant, right or one beside it. */
function roughIndex(spec: CalendarSpec, at: number): number {
  const { year, month, day } = anchorOf(spec);
  const days = daysPer[spec.unit];
  if (days !== undefined) return Math.floor((at - Date.UTC(year, month, day)) / (days * spec.count * DAY_MS));
  const date = new Date(at);
  const months = (date.getUTCFullYear() - year) * MONTHS_PER_YEAR + date.getUTCMonth() - month;
  return Math.floor(months / ((monthsPer[spec.unit] ?? 1) * spec.count));
}

function computed(spec: CalendarSpec, at: number): Period {
  const startOf = (index: number): number => startOfLocalDay(spec.timeZone, firstDay(spec, index));
  let index = roughIndex(spec, at);
  while (startOf(index) > at) index -= 1;
  while (startOf(index + 1) <= at) index += 1;
  return { startAt: startOf(index), endAt: startOf(index + 1) };
}

/** Periods lately asked for, by spec: the same few are asked for every minute. */
const remembered = new Map<string, Period[]>();
const MAX_SPECS = 2_000;
const MAX_PERIODS = 4;

/**
 * The calendar period that contains an instant. Periods tile time: each begins at the first instant of a local day,
 * `count` units after the one before, so a week over a change of clocks has 167 or 169 hours.
 */
export function calendarPeriod(spec: CalendarSpec, at: number): Period {
  const key = `${spec.unit} ${spec.count} ${spec.timeZone} ${spec.startDate}`;
  const known = remembered.get(key) ?? [];
  const found = known.find((period) => period.startAt <= at && at < period.endAt);
  if (found !== undefined) return found;
  const period = computed(spec, at);
  if (remembered.size >= MAX_SPECS) remembered.clear();
  remembered.set(key, [period, ...known.slice(0, MAX_PERIODS - 1)]);
  return period;
}

/** The period just before the one that contains an instant. */
export function previousCalendarPeriod(spec: CalendarSpec, at: number): Period {
  return calendarPeriod(spec, calendarPeriod(spec, at).startAt - 1);
}
