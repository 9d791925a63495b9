import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utc } from '../../lib/zone.ts';
import {
  budgetLoss,
  budgetOf,
  budgetPart,
  budgetWhole,
  dayOfWindow,
  windowDays,
  windowLength,
  windowWords,
} from './budget-words.ts';

const B99_95 = 21.6 * MINUTE_MS;
const B95 = 36 * HOUR_MS;

describe('a budget as time', () => {
  it.each([
    [B99_95, '21.6 min'],
    [43.2 * MINUTE_MS, '43.2 min'],
    [432 * MINUTE_MS, '432 min'],
    [B95, '36 h'],
    [15 * DAY_MS, '15 d'],
  ])('%s ms is %s', (ms, text) => {
    expect(budgetWhole(ms)).toBe(text);
  });

  it.each([
    [0.63 * MINUTE_MS, B99_95, '0.63 min', '0.63 of 21.6 min'],
    [0, B99_95, '0 min', '0 of 21.6 min'],
    [-0, B99_95, '0 min', '0 of 21.6 min'],
    [0.004 * MINUTE_MS, B99_95, '< 0.01 min', '< 0.01 of 21.6 min'],
    [0.006 * MINUTE_MS, B99_95, '0.01 min', '0.01 of 21.6 min'],
    [0.03 * MINUTE_MS, 432 * MINUTE_MS, '0.03 min', '0.03 of 432 min'],
    [1, B95, '< 0.01 min', '< 0.01 min of 36 h'],
    [188.6 * MINUTE_MS, 432 * MINUTE_MS, '188.6 min', '188.6 of 432 min'],
    [15.13 * HOUR_MS, B95, '15.1 h', '15.1 of 36 h'],
    [2.1 * MINUTE_MS, B95, '2.10 min', '2.10 min of 36 h'],
    [0, B95, '0 h', '0 of 36 h'],
  ])('%s of %s is %s, %s', (part, whole, alone, beside) => {
    expect(budgetPart(part, whole)).toBe(alone);
    expect(budgetOf(part, whole)).toBe(beside);
  });

  it.each([
    [1.21 * MINUTE_MS, '−1.21 min'],
    [0.004 * MINUTE_MS, '< 0.01 min'],
    [0, '0 min'],
    [-0, '0 min'],
  ])('has no sign before a loss that is next to nothing: %s', (part, text) => {
    expect(budgetLoss(part, B99_95)).toBe(text);
  });

  it('never writes a zero with a sign', () => {
    const parts = fc.double({ min: -60_000, max: 60_000, noNaN: true });
    const wholes = fc.double({ min: 60_000, max: 400 * DAY_MS, noNaN: true });
    fc.assert(
      fc.property(parts, wholes, (part, whole) => {
        for (const text of [budgetPart(part, whole), budgetLoss(Math.abs(part), whole), budgetOf(part, whole)]) {
          expect(text).not.toMatch(/[-−]0(\.0+)?( |$)/);
          expect(text).not.toMatch(/^0\.0+ /);
        }
      }),
    );
  });

  it('counts what is overspent as over', () => {
    expect(budgetOf(-2.59 * MINUTE_MS, B99_95)).toBe('2.59 min over 21.6 min');
  });
});

describe('a window in words', () => {
  const start = Date.UTC(2026, 8, 9);
  const window = { view: 'window', startAt: start, endAt: start + 30 * DAY_MS, windowMs: 30 * DAY_MS } as const;

  it.each([
    [30 * DAY_MS, '30 d', '30 days'],
    [DAY_MS, '1 d', '1 day'],
    [12 * HOUR_MS, '12 h', '12 hours'],
    [HOUR_MS, '1 h', '1 hour'],
  ])('%s ms is %s, %s', (ms, short, long) => {
    expect(windowLength(ms)).toBe(short);
    expect(windowWords(ms)).toBe(long);
  });

  it('has a first and a last day, and a number for today', () => {
    expect(windowDays(window, utc, start)).toBe('9 Sep to 9 Oct');
    expect(dayOfWindow(window, start)).toBe(1);
    expect(dayOfWindow(window, start + 24.6 * DAY_MS)).toBe(25);
    expect(dayOfWindow(window, start + 31 * DAY_MS)).toBe(30);
  });
});
