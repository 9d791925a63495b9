import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS, minuteOf } from '../time/index.ts';
import { budgetProbes, readBudget } from './budget-reading.ts';
import { thinToHours, valueAt } from './cumulative.ts';
import { mapLookup } from './series.ts';
import { parseTarget } from './target.ts';
import type { Budget, CumulativeRow } from './types.ts';
import { readerOf } from './window-reader.ts';
import { windowNow } from './windows/current.ts';
import type { CalendarSpec, SloWindowSpec } from './windows/types.ts';

const at = (text: string): number => Date.parse(text);
const MINUTE_TIER_MINUTES = 8 * 1440;

interface Story {
  spec: SloWindowSpec;
  from: string;
  percent?: string;
  unit?: 'events' | 'minutes';
  /** What a minute brought; null when it was not measured. */
  minute(m: number): { total: number; bad: number } | null;
}

/** Rows as they are kept at `now`: minutes of the last 8 days, full hours before. */
function keptRows(story: Story, now: number): CumulativeRow[] {
  const rows: CumulativeRow[] = [];
  const endM = minuteOf(now) - 1;
  let [total, bad, observed] = [0, 0, 0];
  for (let m = minuteOf(at(story.from)); m <= endM; m += 1) {
    const minute = story.minute(m);
    if (minute === null) continue;
    total += minute.total;
    bad += minute.bad;
    observed += 1;
    rows.push({ m, total, bad, observed });
  }
  const fineFrom = Math.floor((endM - MINUTE_TIER_MINUTES) / 60) * 60;
  const hours = thinToHours(rows, endM).filter(({ m }) => m < fineFrom);
  return [...hours, ...rows.filter(({ m }) => m >= fineFrom)];
}

function budgetAt(story: Story, text: string): Budget {
  const now = at(text);
  const rows = keptRows(story, now);
  const unit = story.unit ?? 'events';
  const minutes = [minuteOf(now) - 1, ...budgetProbes(unit, story.spec, now).map(({ m }) => m)];
  const asked = new Map(minutes.map((m) => [m, valueAt(rows, m)]));
  const reader = readerOf(mapLookup(asked), now, at(story.from));
  return readBudget(reader, { target: parseTarget(story.percent ?? '99'), unit }, story.spec);
}

const month = (timeZone = 'UTC', startDate = '2026-01-01'): SloWindowSpec => ({
  kind: 'calendar',
  calendar: { unit: 'month', count: 1, timeZone, startDate },
});
/** A thousand events a day, in whole events; an expectation differs by those few that fall on either side of a point. */
const steadyTotal = (m: number): number => Math.floor(((m + 1) * 1000) / 1440) - Math.floor((m * 1000) / 1440);

const nearly = (value: number, expected: number): boolean => Math.abs(value / expected - 1) < 0.0005;

describe('a calendar period of events', () => {
  // 50 bad on day 1 of a target of 99 % at 1,000 a day: the ratio so far would say -400, -150, -67 ... and recover.
  const story: Story = {
    spec: month(),
    from: '2026-09-01T00:00:00Z',
    minute: (m) => ({
      total: steadyTotal(m),
      bad: m >= minuteOf(at('2026-11-01T00:00:00Z')) && m < minuteOf(at('2026-11-01T00:50:00Z')) ? 1 : 0,
    }),
  };

  it('never gets budget back: 50 bad of 1,000 a day are a sixth of November, on day 1 as on day 30', () => {
    const days = ['01', '02', '03', '05', '12', '20', '28'].map((day) => budgetAt(story, `2026-11-${day}T18:00:00Z`));
    for (const budget of days) {
      expect(nearly(budget.expectedEvents, 30_000)).toBe(true);
      expect(nearly(budget.spentRatio ?? 0, 50 / 300)).toBe(true);
      expect(budget.estimated).toBe(true);
      expect(budget.budgetMs).toBe(0.01 * 30 * DAY_MS);
    }
  });

  it('begins the next month full, and expects of 31 days a thirtieth more than of 30', () => {
    const budget = budgetAt(story, '2026-12-03T12:00:00Z');
    expect(budget).toMatchObject({ leftRatio: 1, badEvents: 0 });
    expect(nearly(budget.expectedEvents, 31_000)).toBe(true);
    expect(budget.window).toMatchObject({ startAt: at('2026-12-01'), endAt: at('2027-01-01'), windowMs: 31 * DAY_MS });
  });

  it('expects of March what February showed, for as many days as March has', () => {
    const spring: Story = { ...story, from: '2026-01-15T00:00:00Z' };
    expect(nearly(budgetAt(spring, '2026-03-02T00:00:00Z').expectedEvents, 31_000)).toBe(true);
    expect(nearly(budgetAt(spring, '2026-03-31T00:00:00Z').expectedEvents, 31_000)).toBe(true);
  });

  it('goes on with the rate so far when there is no month before', () => {
    const young: Story = { ...story, from: '2026-11-01T00:00:00Z' };
    expect(budgetAt(young, '2026-11-11T00:00:00Z').expectedEvents).toBe(30_000);
  });

  it.each([
    ['2026-10-20T00:00:00Z', '2026-11-16T12:00:00Z'],
    ['2026-10-12T00:00:00Z', '2026-11-05T12:00:00Z'],
    ['2026-10-05T00:00:00Z', '2026-11-04T12:00:00Z'],
    ['2026-10-31T00:00:00Z', '2026-11-30T12:00:00Z'],
  ])('expects no more of a month because the one before was measured from %s on, read at %s', (from, now) => {
    expect(nearly(budgetAt({ ...story, from }, now).expectedEvents, 30_000)).toBe(true);
  });

  it('does not take rows that are no longer kept for a month before', () => {
    const now = at('2026-11-11T00:00:00Z');
    const rows = keptRows({ ...story, from: '2026-06-01T00:00:00Z' }, now).filter(
      ({ m }) => m >= minuteOf(at('2026-10-20')),
    );
    const minutes = [minuteOf(now) - 1, ...budgetProbes('events', story.spec, now).map(({ m }) => m)];
    const rowAt = mapLookup(new Map(minutes.map((m) => [m, valueAt(rows, m)])));
    const reader = readerOf(rowAt, now, at('2026-06-01T00:00:00Z'));
    const budget = readBudget(reader, { target: parseTarget('99'), unit: 'events' }, story.spec);
    expect(budget.expectedEvents).toBe(30_000);
  });
});

describe('a calendar period in a zone of half hours', () => {
  it('counts the same minutes on its first day as when its start is only kept by the hour', () => {
    const startM = minuteOf(at('2026-10-31T18:15:00Z'));
    const story: Story = {
      spec: month('Asia/Kathmandu'),
      from: '2026-09-20T00:00:00Z',
      // Ten bad events in the quarter of an hour between the full hour and local midnight.
      minute: (m) => ({ total: 10, bad: m >= startM - 10 && m < startM ? 1 : 0 }),
    };
    for (const text of [
      '2026-11-01T02:00:00Z',
      '2026-11-08T23:00:00Z',
      '2026-11-10T00:00:00Z',
      '2026-11-30T12:00:00Z',
    ]) {
      const budget = budgetAt(story, text);
      expect(budget.window.startAt).toBe(at('2026-10-31T18:00:00Z'));
      expect(budget.badEvents).toBe(10);
      expect(budget.totalEvents).toBe((minuteOf(at(text)) - (startM - 15)) * 10);
    }
    expect(budgetAt(story, '2026-10-31T17:59:00Z').badEvents).toBe(0);
  });
});

describe('a period of counted minutes', () => {
  const bad = new Set([3, 400, 401, 9_000].map((offset) => minuteOf(at('2026-11-01')) + offset));
  const story: Story = {
    spec: month(),
    from: '2026-10-10T00:00:00Z',
    unit: 'minutes',
    percent: '99.95',
    minute: (m) => (m % 97 === 0 ? null : { total: 1, bad: bad.has(m) ? 1 : 0 }),
  };

  it('has its denominator from the start, estimates nothing and asks for no period before', () => {
    const now = at('2026-11-01T00:30:00Z');
    expect(budgetProbes('minutes', story.spec, now)).toEqual([{ name: 'start', m: minuteOf(at('2026-11-01')) - 1 }]);
    const budget = budgetAt(story, '2026-11-01T00:30:00Z');
    expect(budget).toMatchObject({ expectedEvents: 43_200, estimated: false, badEvents: 1 });
    expect(budget.leftRatio).toBeCloseTo(1 - 1 / 21.6, 10);
    expect(budget.budgetMs).toBe(21.6 * MINUTE_MS);
  });

  it('tells how it would read had every unmeasured minute been good, or bad, of the same denominator', () => {
    const gap = new Set([10, 11, 12].map((offset) => minuteOf(at('2026-11-01')) + offset));
    const minute: Story['minute'] = (m) => (gap.has(m) ? null : { total: 1, bad: bad.has(m) ? 1 : 0 });
    const { bounds } = budgetAt({ ...story, minute }, '2026-11-01T00:30:00Z');
    expect(bounds?.bestLeftRatio).toBeCloseTo(1 - 1 / 21.6, 10);
    expect(bounds?.worstLeftRatio).toBeCloseTo(1 - 4 / 21.6, 10);
  });

  it('never rises', () => {
    const left = ['01T00:02', '01T00:30', '01T07:00', '02T00:00', '08T12:00', '29T00:00'].map(
      (text) => budgetAt(story, `2026-11-${text}:00Z`).leftRatio ?? Number.NaN,
    );
    expect(left).toEqual([...left].sort((a, b) => b - a));
    expect(left.at(-1)).toBeCloseTo(1 - 4 / 21.6, 10);
  });

  it.each([
    [
      '7 days of 99.95 % hold 5.04 minutes',
      { kind: 'cycle', windowMs: 7 * DAY_MS, anchorAt: at('2026-11-01') },
      '99.95',
      5.04,
    ],
    [
      '28 days of 99.95 % hold 20.16',
      { kind: 'cycle', windowMs: 28 * DAY_MS, anchorAt: at('2026-11-01') },
      '99.95',
      20.16,
    ],
    ['30 days of 99.9 % hold 43.2', month(), '99.9', 43.2],
  ] as [string, SloWindowSpec, string, number][])('%s', (_, spec, percent, minutes) => {
    const budget = budgetAt({ ...story, spec, percent }, '2026-11-01T12:00:00Z');
    expect(budget.budgetMs / MINUTE_MS).toBeCloseTo(minutes, 10);
    expect(1 / (budget.badEvents / (budget.spentRatio ?? 0))).toBeCloseTo(1 / minutes, 10);
  });
});

describe('any window', () => {
  const calendars: fc.Arbitrary<CalendarSpec> = fc.record({
    unit: fc.constantFrom('day', 'week', 'month'),
    count: fc.integer({ min: 1, max: 2 }),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
    startDate: fc.constantFrom('2026-01-31', '2026-02-02'),
  });
  const specs: fc.Arbitrary<SloWindowSpec> = fc.oneof(
    calendars.map((calendar) => ({ kind: 'calendar' as const, calendar })),
    fc.integer({ min: 1, max: 40 }).map((days) => ({ kind: 'rolling' as const, windowMs: days * DAY_MS })),
  );

  it('says the same as counting minute by minute from its start', () => {
    const nows = fc.integer({ min: minuteOf(at('2026-04-03')), max: minuteOf(at('2026-04-24')) });
    fc.assert(
      fc.property(specs, nows, fc.integer({ min: 2, max: 30 }), (spec, nowM, gapEvery) => {
        const noise = (m: number): number => Math.abs(Math.imul(m, 2_654_435_761) >> 7);
        const minute: Story['minute'] = (m) =>
          noise(m) % gapEvery === 0 ? null : { total: noise(m) % 50, bad: noise(m) % 50 > 46 ? 1 : 0 };
        const from = '2026-02-10T00:00:00Z';
        const now = nowM * MINUTE_MS;
        const budget = budgetAt({ spec, from, minute }, new Date(now).toISOString());
        expect(budget.window).toEqual(windowNow(spec, now));
        let [total, badEvents] = [0, 0];
        for (let m = Math.max(minuteOf(budget.window.startAt), minuteOf(at(from))); m < nowM; m += 1) {
          total += minute(m)?.total ?? 0;
          badEvents += minute(m)?.bad ?? 0;
        }
        expect([budget.totalEvents, budget.badEvents]).toEqual([total, badEvents]);
        expect(budget.expectedEvents).toBeGreaterThanOrEqual(total);
      }),
      { numRuns: 25 },
    );
  });
});
