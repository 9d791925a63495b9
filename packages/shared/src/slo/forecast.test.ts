import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from '../time/index.ts';
import { readBudget } from './budget-reading.ts';
import { valueAt } from './cumulative.ts';
import { forecast, forecastMinutes } from './forecast.ts';
import { mapLookup } from './series.ts';
import { budgetShare, parseTarget } from './target.ts';
import type { CumulativeRow, Forecast } from './types.ts';
import { readerOf } from './window-reader.ts';
import type { SloWindowSpec } from './windows/types.ts';

const NOW = Date.parse('2026-11-21T15:00:00Z');
const END_M = minuteOf(NOW) - 1;
const target = parseTarget('99');
const week = 7 * DAY_MS;
const rolling: SloWindowSpec = { kind: 'rolling', windowMs: week };

/** 10 events a minute for as long as the history reaches back; `bad` of them by age in minutes. */
function tell(bad: (ageMinutes: number) => number, spec: SloWindowSpec, burnRate: number | null, days = 16): Forecast {
  const rows: CumulativeRow[] = [];
  const fromM = END_M - days * 1440 + 1;
  let badSoFar = 0;
  for (let m = fromM; m <= END_M; m += 1) {
    badSoFar += bad(END_M - m);
    rows.push({ m, total: (m - fromM + 1) * 10, bad: badSoFar, observed: m - fromM + 1 });
  }
  const rowAt = (m: number) => valueAt(rows, m);
  const reader = readerOf(rowAt, NOW, fromM * MINUTE_MS);
  const budget = readBudget(reader, { target, unit: 'events' }, spec);
  const asked = new Map(forecastMinutes(budget.window, NOW).map((m) => [m, rowAt(m)]));
  return forecast({ target, now: NOW, budget, burnRate, rowAt: mapLookup(asked) });
}

const none = () => 0;
/** `perMinute` failures through the hour that ended `hoursAgo` hours ago. */
const hourOf = (hoursAgo: number, perMinute: number) => (age: number) =>
  age >= hoursAgo * 60 && age < (hoursAgo + 1) * 60 ? perMinute : 0;

describe('forecast of a rolling budget', () => {
  // A week of 100,800 events at 99 % allows 1,008 failures.
  it('gets back an old bad hour: at a burn of half the budget it never runs out, naively it would', () => {
    // 600 failures leave after an hour; half a burn needs 7 x 0.4048 / 0.5 days for the rest.
    const told = tell(hourOf(167, 10), rolling, 0.5);
    expect(told.atCurrentBurn.kind).toBe('at');
    expect(told.afterRollOff).toEqual({ kind: 'never' });
    expect(told.lowest?.leftRatio).toBeCloseTo(1 - 600 / 1_008, 1);
  });

  it('runs out at the naive moment where all failures are young', () => {
    // Half is left and nothing bad leaves for six days: a burn of 2 empties it in 7 x 0.4048 / 2 days.
    const told = tell(hourOf(1, 10), rolling, 2);
    const left = 1 - 600 / 1_008;
    const at = Math.round(NOW + (left * week) / 2);
    expect(told.atCurrentBurn).toEqual({ kind: 'at', at });
    expect(told.afterRollOff.kind).toBe('at');
    if (told.afterRollOff.kind === 'at') expect(Math.abs(told.afterRollOff.at - at)).toBeLessThan(MINUTE_MS);
  });

  it('runs out later than naively where failures leave on the way', () => {
    // 600 failures, 1 d from leaving. Arriving 0.2 a minute: 1,008 are there after 2,040 + 3,000 minutes.
    const told = tell(hourOf(143, 10), rolling, 2);
    const minutes = (1_008 - 0) / 0.2;
    expect(told.afterRollOff.kind).toBe('at');
    if (told.afterRollOff.kind === 'at')
      expect(Math.abs(told.afterRollOff.at - NOW - minutes * MINUTE_MS)).toBeLessThan(MINUTE_MS);
    if (told.atCurrentBurn.kind === 'at') expect(told.atCurrentBurn.at).toBeLessThan(NOW + minutes * MINUTE_MS);
  });

  it('never runs out at a steady burn of 0.9, and does at 1.1 after most of a window', () => {
    // Of 10 a minute, 0.09 fail: a burn of 0.9.
    const steady = tell(() => 0.09, rolling, 0.9);
    expect(steady.afterRollOff).toEqual({ kind: 'never' });
    expect(steady.lowest?.leftRatio).toBeCloseTo(0.1, 6);
    const worse = tell(() => 0.09, rolling, 1.1);
    expect(worse.afterRollOff.kind).toBe('at');
    // What leaves burned at 0.9, what comes at 1.1: a tenth of the budget goes at two tenths a window.
    if (worse.afterRollOff.kind === 'at') expect((worse.afterRollOff.at - NOW) / week).toBeCloseTo(0.5, 6);
  });

  it('knows nothing without a burn or without events, and says already when it is gone', () => {
    expect(tell(none, rolling, null)).toEqual({
      atCurrentBurn: { kind: 'unknown' },
      afterRollOff: { kind: 'unknown' },
      lowest: null,
      burnRate: null,
    });
    const gone = tell(hourOf(100, 20), rolling, 0);
    expect(gone.atCurrentBurn.kind).toBe('already');
    expect(gone.afterRollOff.kind).toBe('already');
    expect(gone.lowest?.leftRatio).toBeCloseTo(1 - 1_200 / 1_008, 10);
  });

  it('never runs out before the naive moment, and survives a whole window at a burn up to 1', () => {
    const scenario = fc.record({
      hoursAgo: fc.integer({ min: 0, max: 128 }),
      perMinute: fc.integer({ min: 0, max: 10 }),
      burn: fc.double({ min: 0, max: 20, noNaN: true }),
      hours: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(scenario, ({ hoursAgo, perMinute, burn, hours }) => {
        const lasting = (age: number) =>
          age >= hoursAgo * 60 && age < (hoursAgo + hours) * 60 ? perMinute / hours : 0;
        const told = tell(lasting, rolling, burn, 8);
        if (told.afterRollOff.kind === 'at' && told.atCurrentBurn.kind === 'at') {
          expect(told.afterRollOff.at).toBeGreaterThanOrEqual(told.atCurrentBurn.at - MINUTE_MS);
          expect(told.afterRollOff.at).toBeLessThanOrEqual(NOW + week + HOUR_MS);
        }
        if (burn > 1.0001) expect(told.afterRollOff.kind).toBe('at');
        expect(told.lowest?.leftRatio).toBeLessThanOrEqual(1 - budgetShare(perMinute * 60, 100_800, target) + 1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it('reads an hour of traffic and at most as many rows as a burn-down', () => {
    for (const windowMs of [6 * HOUR_MS, DAY_MS, 30 * DAY_MS, 365 * DAY_MS]) {
      const { window } = readBudget(
        readerOf(() => null, NOW, null),
        { target, unit: 'events' },
        { kind: 'rolling', windowMs },
      );
      expect(forecastMinutes(window, NOW).length).toBeLessThanOrEqual(725);
    }
  });
});

describe('forecast of a fixed budget', () => {
  const cycle = (daysIn: number): SloWindowSpec => ({ kind: 'cycle', windowMs: week, anchorAt: NOW - daysIn * DAY_MS });

  it('is the naive one when it runs out inside the period', () => {
    const told = tell(hourOf(1, 10), cycle(2), 2);
    expect(told.afterRollOff).toEqual(told.atCurrentBurn);
    expect(told.atCurrentBurn.kind).toBe('at');
  });

  it('is never when the next period begins first, and tells what is left by then', () => {
    const told = tell(hourOf(1, 10), cycle(5), 0.5);
    expect(told.atCurrentBurn.kind).toBe('at');
    expect(told.afterRollOff).toEqual({ kind: 'never' });
    expect(told.lowest?.at).toBe(NOW + 2 * DAY_MS);
    expect(told.lowest?.leftRatio).toBeCloseTo(1 - 600 / 1_008 - (0.5 * 2) / 7, 6);
  });

  it('stays where it is without a burn, and asks for no rows', () => {
    const told = tell(hourOf(1, 10), cycle(5), 0);
    expect(told.afterRollOff).toEqual({ kind: 'never' });
    expect(told.lowest?.at).toBe(NOW);
    expect(tell(none, cycle(5), null)).toMatchObject({ afterRollOff: { kind: 'unknown' }, lowest: null });
  });
});
