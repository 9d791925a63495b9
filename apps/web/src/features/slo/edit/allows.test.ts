import { parseTarget } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { allowsWords, targetIn } from './allows.ts';

describe('what a target allows', () => {
  it.each([
    ['99.95', 30 * DAY_MS, '21.6 minutes of full outage in 30 days, 50 of 100,000 requests'],
    ['99.9', 30 * DAY_MS, '43.2 minutes of full outage in 30 days, 10 of 10,000 requests'],
    ['99', 30 * DAY_MS, '7.2 hours of full outage in 30 days, 10 of 1,000 requests'],
    ['99.5', 7 * DAY_MS, '50.4 minutes of full outage in 7 days, 50 of 10,000 requests'],
    ['99.999', DAY_MS, '0.86 seconds of full outage in 1 day, 10 of 1,000,000 requests'],
    ['50', HOUR_MS, '30 minutes of full outage in 1 hour, 500 of 1,000 requests'],
    ['99.9999', 365 * DAY_MS, '31.54 seconds of full outage in 365 days, 10 of 10,000,000 requests'],
  ])('%s in %i ms: %s', (target, windowMs, words) => {
    expect(allowsWords(parseTarget(target), windowMs, 'events')).toBe(words);
  });

  it('counts minutes where a slice is good or bad as a whole', () => {
    expect(allowsWords(parseTarget('99.9'), 30 * DAY_MS, 'minutes')).toBe('43 bad minutes of 43,200 in 30 days');
  });
});

it('reads a target with or without its sign, and says nothing about what is none', () => {
  expect(targetIn(' 99.95 % ')?.percent).toBe('99.95');
  expect(targetIn('100')).toBeNull();
  expect(targetIn('')).toBeNull();
});
