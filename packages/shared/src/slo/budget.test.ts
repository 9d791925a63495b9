import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../time/index.ts';
import { computeBudget, elapsedShares, expectedEvents } from './budget.ts';
import { parseTarget, type Target } from './target.ts';
import type { SloWindow, WindowReading } from './types.ts';

const WINDOW_MS = 30 * DAY_MS;
const MINUTES = WINDOW_MS / MINUTE_MS;
const START = Date.parse('2026-11-08T00:00:00Z');
const fixed: SloWindow = { view: 'window', startAt: START, endAt: START + WINDOW_MS, windowMs: WINDOW_MS };
const rolling: SloWindow = { ...fixed, view: 'rolling' };
const t9995 = parseTarget('99.95');

const reading = (
  total: number,
  bad: number,
  observedMinutes = MINUTES,
  expectedMinutes = observedMinutes,
): WindowReading => ({
  total,
  bad,
  good: total - bad,
  observedMinutes,
  expectedMinutes,
});
const target: fc.Arbitrary<Target> = fc
  .integer({ min: 1, max: 99_999_999 })
  .map((micro) => parseTarget((micro / 1e6).toFixed(6)));
const counts = fc
  .tuple(fc.integer({ min: 1, max: 1_000_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([total, share]) => [total, Math.floor(total * share)] as const);

describe('expectedEvents', () => {
  it.each([
    ['nothing yet', { soFar: 0, elapsedRatio: 0 }, 0],
    ['the rate so far goes on', { soFar: 100, elapsedRatio: 0.1 }, 1000],
    ['half the passed time was measured', { soFar: 50, elapsedRatio: 0.5, observedRatio: 0.25 }, 150],
    [
      'the previous period, before anything came',
      { soFar: 0, elapsedRatio: 0, previous: { total: 900, totalAtSameElapsed: 0, coverageRatio: 1 } },
      900,
    ],
    [
      'what the previous still had, at the same traffic',
      { soFar: 200, elapsedRatio: 0.5, previous: { total: 1000, totalAtSameElapsed: 200, coverageRatio: 1 } },
      1000,
    ],
    [
      'the same, at twice the traffic',
      { soFar: 400, elapsedRatio: 0.5, previous: { total: 1000, totalAtSameElapsed: 200, coverageRatio: 1 } },
      2000,
    ],
    [
      'a previous period half measured counts double',
      { soFar: 400, elapsedRatio: 0.5, previous: { total: 500, totalAtSameElapsed: 200, coverageRatio: 0.5 } },
      1000,
    ],
    [
      'a previous period hardly measured is no guide',
      { soFar: 100, elapsedRatio: 0.1, previous: { total: 9, totalAtSameElapsed: 1, coverageRatio: 0.4 } },
      1000,
    ],
    [
      'a previous period without traffic is no guide',
      { soFar: 100, elapsedRatio: 0.1, previous: { total: 0, totalAtSameElapsed: 0, coverageRatio: 1 } },
      1000,
    ],
    [
      'a quiet start of the previous period is not divided by',
      { soFar: 10, elapsedRatio: 0.2, previous: { total: 500, totalAtSameElapsed: 0, coverageRatio: 1 } },
      510,
    ],
  ])('%s', (_, input, events) => {
    expect(expectedEvents(input)).toEqual({ expectedEvents: events, estimated: true });
  });

  it('is replaced by what happened once the window is over', () => {
    expect(
      expectedEvents({
        soFar: 77,
        elapsedRatio: 1,
        previous: { total: 900, totalAtSameElapsed: 880, coverageRatio: 1 },
      }),
    ).toEqual({
      expectedEvents: 77,
      estimated: false,
    });
  });

  it('does not jump on the first noisy minutes: an hour at ten times the traffic moves 30 days by little', () => {
    const elapsedRatio = 1 / 720;
    const { expectedEvents: events } = expectedEvents({
      soFar: 10_000,
      elapsedRatio,
      previous: { total: 720_000, totalAtSameElapsed: 1_000, coverageRatio: 1 },
    });
    expect(events).toBeGreaterThan(720_000);
    expect(events).toBeLessThan(720_000 * 1.15);
  });

  it('is a whole finite number, never less than what already happened', () => {
    const ratio = fc.oneof(fc.constant(0), fc.double({ min: 1e-7, max: 1.2, noNaN: true }));
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), fc.tuple(ratio, ratio, ratio, ratio), (soFar, total, ratios) => {
        const [elapsedRatio, observedRatio, same, coverageRatio] = ratios;
        const previous = { total, totalAtSameElapsed: Math.floor(total * Math.min(1, same)), coverageRatio };
        for (const input of [
          { soFar, elapsedRatio, observedRatio, previous },
          { soFar, elapsedRatio, observedRatio },
        ]) {
          const got = expectedEvents(input).expectedEvents;
          expect(Number.isInteger(got)).toBe(true);
          expect(got).toBeGreaterThanOrEqual(soFar);
        }
      }),
    );
  });

  it('meets the real total at the end of an even window, from any point of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: MINUTES - 1 }), fc.integer({ min: 1, max: 5000 }), (elapsed, perMinute) => {
        const shares = elapsedShares(WINDOW_MS, reading(elapsed * perMinute, 0, elapsed));
        const previous = { total: perMinute * MINUTES, totalAtSameElapsed: perMinute * elapsed, coverageRatio: 1 };
        expect(expectedEvents({ soFar: elapsed * perMinute, ...shares }).expectedEvents).toBe(perMinute * MINUTES);
        expect(expectedEvents({ soFar: elapsed * perMinute, ...shares, previous }).expectedEvents).toBe(
          perMinute * MINUTES,
        );
      }),
    );
  });
});

describe('computeBudget', () => {
  it('keeps the budget in minutes exact', () => {
    const budget = computeBudget({ target: t9995, window: rolling, now: START, reading: reading(1_000_000, 125) });
    expect(budget).toMatchObject({
      budgetMs: 1_296_000,
      spentRatio: 0.25,
      leftRatio: 0.75,
      leftMs: 972_000,
      sliPercent: 99.9875,
    });
  });

  it('judges the fixed view by the events the window will reach', () => {
    const expected = { expectedEvents: 1_000_000, estimated: true };
    const budget = computeBudget({
      target: t9995,
      window: fixed,
      now: START + DAY_MS,
      reading: reading(10_000, 250, 1440),
      expected,
    });
    expect(budget).toMatchObject({
      spentRatio: 0.5,
      leftRatio: 0.5,
      expectedEvents: 1_000_000,
      estimated: true,
      coverageRatio: 1,
    });
    expect(budget.idealLeftRatio).toBeCloseTo(29 / 30, 12);
  });

  it('ignores an expectation in the rolling view, where the total is known', () => {
    const expected = { expectedEvents: 9_999_999, estimated: true };
    const budget = computeBudget({ target: t9995, window: rolling, now: START, reading: reading(1000, 1), expected });
    expect(budget).toMatchObject({ expectedEvents: 1000, estimated: false, idealLeftRatio: null, spentRatio: 2 });
  });

  it('does not recover by itself in the fixed view: 50 failures on day 1 at 1,000 events a day', () => {
    const target99 = parseTarget('99');
    const left = [1, 2, 3, 4, 5].map((day) => {
      const seen = reading(day * 1000, 50, day * 1440);
      const expected = expectedEvents({ soFar: seen.total, ...elapsedShares(5 * DAY_MS, seen) });
      const window: SloWindow = { view: 'window', startAt: START, endAt: START + 5 * DAY_MS, windowMs: 5 * DAY_MS };
      return computeBudget({ target: target99, window, now: START + day * DAY_MS, reading: seen, expected }).leftRatio;
    });
    expect(left).toEqual([0, 0, 0, 0, 0]);
    const naive = [1, 2, 3, 5].map(
      (day) =>
        computeBudget({ target: target99, window: rolling, now: START, reading: reading(day * 1000, 50) }).leftRatio,
    );
    expect(naive.map((ratio) => Math.round((ratio ?? Number.NaN) * 100))).toEqual([-400, -150, -67, 0]);
  });

  it('has no lower clamp', () => {
    const budget = computeBudget({ target: t9995, window: rolling, now: START, reading: reading(1000, 1000) });
    expect(budget.leftRatio).toBe(-1999);
    expect(budget.leftMs).toBe(-1999 * 1_296_000);
  });

  it('knows nothing without events, and says so instead of 100 percent', () => {
    for (const seen of [reading(0, 0, 0, 600), reading(0, 0, 600, 600)]) {
      const budget = computeBudget({
        target: t9995,
        window: fixed,
        now: START,
        reading: seen,
        expected: { expectedEvents: 500, estimated: true },
      });
      expect(budget).toMatchObject({
        leftRatio: null,
        spentRatio: null,
        leftMs: null,
        sliPercent: null,
        bounds: null,
        badEvents: 0,
      });
    }
  });

  it('bounds what the missing minutes could have held', () => {
    // 900 of 1,000 minutes measured at 10 events a minute: 1,000 events may be missing.
    const budget = computeBudget({
      target: parseTarget('90'),
      window: rolling,
      now: START,
      reading: reading(9_000, 90, 900, 1_000),
    });
    expect(budget.bounds?.bestLeftRatio).toBeCloseTo(1 - 90 / 1_000, 12);
    expect(budget.bounds?.worstLeftRatio).toBeCloseTo(1 - 1_090 / 1_000, 12);
    expect(budget.coverageRatio).toBe(0.9);
  });

  it('counts gaps in the life of the objective only', () => {
    const young = { target: t9995, window: rolling, now: START, reading: reading(9_000, 90, 900, MINUTES) };
    expect(computeBudget({ ...young, lifeMinutes: 900 }).bounds).toBeNull();
    expect(computeBudget({ ...young, lifeMinutes: 1_000 }).bounds).not.toBeNull();
    expect(computeBudget({ ...young, lifeMinutes: 10 * MINUTES }).bounds).toEqual(computeBudget(young).bounds);
  });

  it('holds for any target and any counts: at most 1, falling with bad, never -0 or NaN, bounds around it', () => {
    const view = fc.constantFrom(fixed, rolling);
    const shape = fc.tuple(fc.nat(1e9), fc.integer({ min: 1, max: MINUTES }), fc.nat(MINUTES));
    fc.assert(
      fc.property(target, counts, view, shape, (t, [total, bad], window, [more, observed, gap]) => {
        const expected = { expectedEvents: total + more, estimated: true };
        const input = {
          target: t,
          window,
          now: START + DAY_MS,
          reading: reading(total, bad, observed, observed + gap),
          expected,
        };
        const budget = computeBudget(input);
        const left = budget.leftRatio ?? Number.NaN;
        expect(left).toBeLessThanOrEqual(1);
        expect(left + (budget.spentRatio ?? Number.NaN)).toBeCloseTo(1, 9);
        expect(Object.is(left, -0)).toBe(false);
        expect(Object.is(budget.leftMs, -0)).toBe(false);
        expect(bad === 0 ? left : 1).toBe(1);
        const worse = computeBudget({
          ...input,
          reading: reading(total, Math.min(total, bad + 1), observed, observed + gap),
        });
        expect(worse.leftRatio).toBeLessThanOrEqual(left);
        expect(budget.bounds === null).toBe(gap === 0);
        if (budget.bounds !== null) {
          expect(budget.bounds.bestLeftRatio).toBeGreaterThanOrEqual(left - 1e-9);
          expect(budget.bounds.worstLeftRatio).toBeLessThanOrEqual(left + Math.abs(left) * 1e-9 + 1e-9);
        }
      }),
    );
  });

  it('is exactly empty when exactly the allowed events failed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), fc.integer({ min: 1, max: 90 }), (micro, scale) => {
        const t = parseTarget((micro / 1e6).toFixed(6));
        const seen = reading(100_000_000 * scale, (100_000_000 - micro) * scale);
        expect(computeBudget({ target: t, window: rolling, now: START, reading: seen }).leftRatio).toBe(0);
      }),
    );
  });
});
