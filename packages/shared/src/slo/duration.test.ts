import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/index.ts';
import { formatDuration, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['30d', 30 * DAY_MS],
    ['15s', 15_000],
    ['5m', 5 * MINUTE_MS],
    ['1h30m', 90 * MINUTE_MS],
    ['4w', 28 * DAY_MS],
    ['1w1d1h1m1s', 8 * DAY_MS + HOUR_MS + MINUTE_MS + 1000],
    ['0d5m', 5 * MINUTE_MS],
    ['90s', 90_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '0',
    '30',
    'd',
    '30 d',
    '30D',
    '-5m',
    '1.5h',
    '1m1h',
    '5m5m',
    '0s',
    '0d0h',
    '1M',
    '1y',
    '30d ',
    '9999999d',
    '1e3s',
    'NaN',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(DomainError);
  });

  it('names the field it was given', () => {
    const fields = (() => {
      try {
        parseDuration('soon', 'slos[0].window');
      } catch (error) {
        return error instanceof DomainError ? error.fields.map((fault) => fault.field) : [];
      }
      return [];
    })();
    expect(fields).toEqual(['slos[0].window']);
  });
});

describe('formatDuration', () => {
  it('is read back to the same length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 * 86_400 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });

  it.each([
    [30 * DAY_MS, '30d'],
    [90 * MINUTE_MS, '1h30m'],
    [500, '0s'],
    [0, '0s'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
