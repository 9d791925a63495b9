import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetTicks, percentAxis, spanAxis, windowAxis } from './axis.ts';

const window = (days: number) =>
  ({ view: 'window', startAt: 0, endAt: days * DAY_MS, windowMs: days * DAY_MS }) as const;

describe('the percent scale', () => {
  it.each([100, 2.9, 0, -20])('stays at 100 to -20 while the worst is %s', (worst) => {
    expect(percentAxis(worst)).toEqual({ domain: [-20, 100], ticks: [100, 75, 50, 25, 0] });
  });

  it.each([
    [-58, -75, [100, 75, 50, 25, 0, -25, -50, -75]],
    [-180, -200, [100, 50, 0, -50, -100, -150, -200]],
    [-1_460, -1_500, [100, 0, -500, -1_000, -1_500]],
  ])('reaches down to %s', (worst, low, ticks) => {
    const axis = percentAxis(worst);
    expect(axis.domain[0]).toBeLessThanOrEqual(worst);
    expect(axis.domain[0]).toBe(low);
    expect(axis.ticks).toEqual(expect.arrayContaining(ticks.slice(0, 2)));
  });

  it('always shows everything, with few ticks, zero among them', () => {
    fc.assert(
      fc.property(fc.double({ min: -90_000, max: 100, noNaN: true }), (worst) => {
        const { domain, ticks } = percentAxis(worst);
        expect(domain[0]).toBeLessThanOrEqual(worst);
        expect(ticks).toContain(0);
        expect(ticks.length).toBeLessThanOrEqual(11);
        expect(ticks.every((tick) => tick >= domain[0] && tick <= 100)).toBe(true);
      }),
    );
  });

  it('marks the budget axis at the thresholds of the policy, and leaves out what would collide', () => {
    expect(budgetTicks({ cautionRatio: 0.2, freezeRatio: 0.1 }, percentAxis(0))).toEqual([100, 50, 20, 10, 0]);
    expect(budgetTicks({ cautionRatio: 0.2, freezeRatio: 0.1 }, percentAxis(-900))).toEqual([100, 0]);
    expect(budgetTicks({ cautionRatio: 0.5, freezeRatio: 0.25 }, percentAxis(0))).toEqual([100, 50, 25, 0]);
  });
});

describe('time scales', () => {
  it('ticks a month every five days, with a unit a day', () => {
    const axis = windowAxis(window(30), 7);
    expect(axis.ticks.map((at) => at / DAY_MS)).toEqual([0, 5, 10, 15, 20, 25, 30]);
    expect(axis.units).toBe(30);
  });

  it.each([
    [7, 7, [0, 2, 4, 6]],
    [28, 7, [0, 5, 10, 15, 20, 25]],
    [90, 7, [0, 15, 30, 45, 60, 75, 90]],
    [30, 4, [0, 10, 20, 30]],
  ])('ticks %s days with at most %s', (days, most, expected) => {
    expect(windowAxis(window(days), most).ticks.map((at) => at / DAY_MS)).toEqual(expected);
  });

  it('ticks an hour every quarter, with a unit of five minutes', () => {
    const axis = spanAxis(0, HOUR_MS, 5);
    expect(axis.ticks.map((at) => at / MINUTE_MS)).toEqual([0, 15, 30, 45, 60]);
    expect(axis.units).toBe(12);
  });

  it('counts a window of a day in hours', () => {
    expect(windowAxis(window(1), 7)).toMatchObject({ units: 24 });
  });
});
