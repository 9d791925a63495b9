import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { fixedWindow } from '../windows.ts';
import { calendarPeriod, isSameCalendar } from './calendar.ts';
import { isSameWindow } from './same.ts';
import type { CalendarSpec, SloWindowSpec } from './types.ts';

const cycle = (windowMs: number, anchorAt: number): SloWindowSpec => ({ kind: 'cycle', windowMs, anchorAt });
const rolling = (windowMs: number): SloWindowSpec => ({ kind: 'rolling', windowMs });
const calendar = (unit: CalendarSpec['unit'], startDate: string, count = 1, timeZone = 'UTC'): SloWindowSpec => ({
  kind: 'calendar',
  calendar: { unit, count, timeZone, startDate },
});
const month = 30 * DAY_MS;
const may = Date.UTC(2026, 4, 1);

describe('windows are the same', () => {
  it.each<[string, SloWindowSpec, SloWindowSpec]>([
    ['rolling over the same length', rolling(month), rolling(month)],
    ['in cycles that begin whole cycles apart', cycle(month, may), cycle(month, may + 3 * month)],
    ['in long cycles that begin in the same hour', cycle(month, may), cycle(month, may + 59 * MINUTE_MS)],
    ['in weeks and in seven days', calendar('week', '2026-05-04'), calendar('day', '2026-05-11', 7)],
    ['in months whatever the first one was', calendar('month', '2026-01-31'), calendar('month', '2026-03-31')],
    ['in quarters and in three months', calendar('quarter', '2026-01-01'), calendar('month', '2026-04-01', 3)],
    ['in years and in twelve months', calendar('year', '2025-07-01'), calendar('month', '2026-07-01', 12)],
  ])('%s', (_how, a, b) => {
    expect([isSameWindow(a, b), isSameWindow(b, a)]).toEqual([true, true]);
  });

  it.each<[string, SloWindowSpec, SloWindowSpec]>([
    ['another length', rolling(month), rolling(7 * DAY_MS)],
    ['rolling beside a cycle', rolling(month), cycle(month, may)],
    ['cycles that begin on other days', cycle(month, may), cycle(month, may + DAY_MS)],
    ['short cycles that begin in other minutes', cycle(HOUR_MS, may), cycle(HOUR_MS, may + MINUTE_MS)],
    ['a month beside 30 days', calendar('month', '2026-05-01'), calendar('day', '2026-05-01', 30)],
    ['another time zone', calendar('month', '2026-05-01'), calendar('month', '2026-05-01', 1, 'Europe/Berlin')],
    ['another day of the month', calendar('month', '2026-05-01'), calendar('month', '2026-05-02')],
    ['quarters that begin in other months', calendar('quarter', '2026-01-01'), calendar('quarter', '2026-02-01')],
    ['weeks that begin on other days', calendar('week', '2026-05-04'), calendar('week', '2026-05-05')],
    ['a calendar beside a cycle', calendar('month', '2026-05-01'), cycle(month, may)],
  ])('not: %s', (_how, a, b) => {
    expect([isSameWindow(a, b), isSameWindow(b, a)]).toEqual([false, false]);
  });
});

const units: CalendarSpec['unit'][] = ['day', 'week', 'month', 'quarter', 'year'];
const startDates = ['2024-01-01', '2024-01-31', '2024-04-01', '2025-01-01', '2024-02-29'];
const specs = units.flatMap((unit) =>
  [1, 2, 3, 7].flatMap((count) =>
    ['UTC', 'Europe/Berlin'].flatMap((timeZone) =>
      startDates.map((startDate): CalendarSpec => ({ unit, count, timeZone, startDate })),
    ),
  ),
);
const instant = fc.integer({ min: Date.UTC(2025, 0), max: Date.UTC(2027, 0) });

it('calls calendars the same only where their periods are', () => {
  const pairs = specs.flatMap((one) =>
    specs.filter((other) => other !== one && isSameCalendar(one, other)).map((other) => [one, other] as const),
  );
  expect(pairs.length).toBeGreaterThan(100);
  for (const [one, other] of pairs) {
    for (const at of [Date.UTC(2025, 1, 28), Date.UTC(2026, 4, 20, 12), Date.UTC(2028, 1, 29)]) {
      expect(calendarPeriod(other, at)).toEqual(calendarPeriod(one, at));
    }
  }
});

it('calls cycles the same only where they are', () => {
  const minutes = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(
      fc.constantFrom(HOUR_MS, DAY_MS, 3 * DAY_MS, month),
      minutes,
      minutes,
      instant,
      (windowMs, m, n, at) => {
        const [one, other] = [may + m * MINUTE_MS, may + n * MINUTE_MS];
        const areSame = fixedWindow(one, windowMs, at).startAt === fixedWindow(other, windowMs, at).startAt;
        expect(isSameWindow(cycle(windowMs, one), cycle(windowMs, other))).toBe(areSame);
      },
    ),
  );
});
