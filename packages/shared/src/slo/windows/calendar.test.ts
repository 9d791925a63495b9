import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { calendarPeriod, previousCalendarPeriod } from './calendar.ts';
import type { CalendarSpec } from './types.ts';

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const spec = (unit: CalendarSpec['unit'], startDate: string, timeZone = 'UTC', count = 1): CalendarSpec => ({
  unit,
  count,
  timeZone,
  startDate,
});

/** Zones with half and quarter hours, half an hour of summer time, midnights that are skipped or happen twice, and a lost day. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Asia/Beirut',
  'America/Havana',
  'America/St_Johns',
  'Pacific/Apia',
  'Pacific/Chatham',
];

/** Local wall clock, asked of the runtime in another way than the code does. */
function wallClock(ms: number, timeZone: string): number {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(ms);
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

describe('calendarPeriod', () => {
  it.each([
    ['day', '2026-01-01', 'UTC', 1, '2026-11-21T14:47:30Z', '2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['week', '2026-01-05', 'UTC', 1, '2026-11-21T14:47:30Z', '2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z'],
    ['week', '2026-01-04', 'UTC', 1, '2026-11-21T14:47:30Z', '2026-11-15T00:00:00Z', '2026-11-22T00:00:00Z'],
    ['week', '2026-01-05', 'UTC', 2, '2026-01-19T00:00:00Z', '2026-01-19T00:00:00Z', '2026-02-02T00:00:00Z'],
    ['month', '2026-01-01', 'UTC', 1, '2026-02-28T23:59:59Z', '2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'],
    ['month', '2024-01-01', 'UTC', 1, '2024-02-29T12:00:00Z', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
    ['month', '2026-01-31', 'UTC', 1, '2026-02-28T00:00:00Z', '2026-02-28T00:00:00Z', '2026-03-31T00:00:00Z'],
    ['month', '2026-01-31', 'UTC', 1, '2026-04-05T00:00:00Z', '2026-03-31T00:00:00Z', '2026-04-30T00:00:00Z'],
    ['month', '2024-01-30', 'UTC', 1, '2024-03-01T00:00:00Z', '2024-02-29T00:00:00Z', '2024-03-30T00:00:00Z'],
    ['quarter', '2026-01-01', 'UTC', 1, '2026-11-21T00:00:00Z', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z'],
    ['quarter', '2025-11-30', 'UTC', 1, '2026-03-01T00:00:00Z', '2026-02-28T00:00:00Z', '2026-05-30T00:00:00Z'],
    ['year', '2026-04-01', 'UTC', 1, '2026-03-31T23:59:59Z', '2025-04-01T00:00:00Z', '2026-04-01T00:00:00Z'],
    ['year', '2024-02-29', 'UTC', 1, '2026-01-01T00:00:00Z', '2025-02-28T00:00:00Z', '2026-02-28T00:00:00Z'],
    ['month', '2026-06-01', 'UTC', 1, '2025-12-31T23:00:00Z', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['month', '2026-01-01', 'Europe/Berlin', 1, '2026-03-15T00:00:00Z', '2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z'],
    [
      'month',
      '2026-01-01',
      'Asia/Kathmandu',
      1,
      '2026-03-15T00:00:00Z',
      '2026-02-28T18:15:00Z',
      '2026-03-31T18:15:00Z',
    ],
    [
      'day',
      '2026-01-01',
      'Australia/Lord_Howe',
      1,
      '2026-04-05T00:00:00Z',
      '2026-04-04T13:00:00Z',
      '2026-04-05T13:30:00Z',
    ],
    // Clocks jump over midnight: the day begins at 01:00.
    [
      'day',
      '2018-01-01',
      'America/Sao_Paulo',
      1,
      '2018-11-04T12:00:00Z',
      '2018-11-04T03:00:00Z',
      '2018-11-05T02:00:00Z',
    ],
    ['day', '2026-01-01', 'Asia/Beirut', 1, '2026-03-29T12:00:00Z', '2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z'],
    // Clocks go back at midnight, to 23:00 of the day before: that day has 25 hours.
    [
      'day',
      '2018-01-01',
      'America/Sao_Paulo',
      1,
      '2018-02-18T02:30:00Z',
      '2018-02-17T02:00:00Z',
      '2018-02-18T03:00:00Z',
    ],
    // The 30th did not exist there: the 29th is followed by the 31st.
    ['day', '2011-01-01', 'Pacific/Apia', 1, '2011-12-30T11:00:00Z', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z'],
  ] as const)('%s from %s in %s, %d at a time: at %s', (...row) => {
    const [unit, startDate, zone, count, now, startAt, endAt] = row;
    const period = calendarPeriod(spec(unit, startDate, zone, count), at(now));
    expect([iso(period.startAt), iso(period.endAt)]).toEqual([startAt, endAt]);
  });

  it('has weeks of 167, 168 and 169 hours where clocks change', () => {
    const weeks = spec('week', '2026-01-05', 'Europe/Berlin');
    const hoursAt = (text: string): number => {
      const { startAt, endAt } = calendarPeriod(weeks, at(text));
      return (endAt - startAt) / HOUR_MS;
    };
    expect(['2026-03-25', '2026-04-01', '2026-10-21'].map(hoursAt)).toEqual([167, 168, 169]);
  });

  it('has budgets of 40.32 minutes in February and 44.64 in March, for 99.9', () => {
    const months = spec('month', '2026-01-01');
    const minutes = (text: string): number => {
      const { startAt, endAt } = calendarPeriod(months, at(text));
      return ((endAt - startAt) / MINUTE_MS) * 0.001;
    };
    expect(minutes('2026-02-10')).toBeCloseTo(40.32, 10);
    expect(minutes('2026-03-10')).toBeCloseTo(44.64, 10);
  });

  it('refuses a zone the runtime does not know', () => {
    expect(() => calendarPeriod(spec('day', '2026-01-01', 'Mars/Olympus'), at('2026-01-01'))).toThrow(RangeError);
  });
});

const anySpec: fc.Arbitrary<CalendarSpec> = fc.record({
  unit: fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
  count: fc.integer({ min: 1, max: 4 }),
  timeZone: fc.constantFrom(...zones),
  startDate: fc
    .integer({ min: at('1999-12-28') / DAY_MS, max: at('2030-02-01') / DAY_MS })
    .map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10)),
});
const instant = fc.integer({ min: at('2009-01-01'), max: at('2031-01-01') });

describe('periods', () => {
  it('contain the instant, and tile time without gap or overlap', () => {
    fc.assert(
      fc.property(anySpec, instant, (calendar, now) => {
        const period = calendarPeriod(calendar, now);
        expect(period.startAt).toBeLessThanOrEqual(now);
        expect(period.endAt).toBeGreaterThan(now);
        expect(calendarPeriod(calendar, period.endAt).startAt).toBe(period.endAt);
        expect(previousCalendarPeriod(calendar, now).endAt).toBe(period.startAt);
        expect(calendarPeriod(calendar, period.startAt)).toEqual(period);
        expect(calendarPeriod(calendar, period.endAt - 1)).toEqual(period);
      }),
      { numRuns: 400 },
    );
  });

  it('begin at local midnight, or at the first instant after clocks jump over it', () => {
    fc.assert(
      fc.property(anySpec, instant, (calendar, now) => {
        const { startAt } = calendarPeriod(calendar, now);
        const [local, before] = [startAt, startAt - MINUTE_MS].map((ms) => wallClock(ms, calendar.timeZone));
        const isMidnight = (local ?? 0) % DAY_MS === 0;
        const jumped = (local ?? 0) - (before ?? 0) > MINUTE_MS;
        expect(isMidnight || jumped).toBe(true);
        expect(Math.floor((before ?? 0) / DAY_MS)).toBeLessThan(Math.floor((local ?? 0) / DAY_MS));
      }),
      { numRuns: 400 },
    );
  });

  it('keep the day of the month they are counted from, or the last day of a shorter month', () => {
    const months = fc.record({
      day: fc.integer({ min: 1, max: 31 }),
      timeZone: fc.constantFrom('UTC', 'Asia/Kathmandu'),
    });
    fc.assert(
      fc.property(months, instant, ({ day, timeZone }, now) => {
        const startDate = `2020-01-${String(day).padStart(2, '0')}`;
        const date = new Date(wallClock(calendarPeriod(spec('month', startDate, timeZone), now).startAt, timeZone));
        const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
        expect(date.getUTCDate()).toBe(Math.min(day, lastDay));
      }),
    );
  });
});
