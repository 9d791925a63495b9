import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { instantWords, leftWords, spanWords, timesWords } from './wording.ts';

describe('words of alerts', () => {
  it.each([
    [30_000, 'less than 1 min'],
    [5 * MINUTE_MS, '5 min'],
    [HOUR_MS, '1 h'],
    [90 * MINUTE_MS, '1 h 30 min'],
    [3 * DAY_MS, '3 d'],
    [DAY_MS + 5 * MINUTE_MS, '1 d'],
    [2 * DAY_MS + 3 * HOUR_MS + 59 * MINUTE_MS, '2 d 3 h'],
  ])('%d ms is %s', (ms, words) => expect(spanWords(ms)).toBe(words));

  it.each([
    [0.029, '2.9% of the budget is left'],
    [0.0001, 'less than 0.1% of the budget is left'],
    [1, '100% of the budget is left'],
    [0, 'nothing of the budget is left'],
    [-0.125, 'the budget is overspent by 12.5%'],
    [-20, 'the budget is overspent by 2,000%'],
    [null, 'what is left of the budget is not known'],
  ])('%s left: %s', (ratio, words) => expect(leftWords(ratio)).toBe(words));

  it.each([
    [0.44, '0.4'],
    [9.96, '10'],
    [14.4, '14.4'],
    [931.6, '932'],
    [12_345, '12,345'],
  ])('%d times: %s', (burn, words) => expect(timesWords(burn)).toBe(words));

  it('an instant is read to the minute', () => {
    expect(instantWords(Date.UTC(2026, 0, 31, 8, 0, 59))).toBe('2026-01-31 08:00 UTC');
  });
});
