import { describe, expect, test } from 'vitest';
import * as format from './format.ts';
import { dayOf, localZone, utc } from './zone.ts';

const lisbon = localZone('Europe/Lisbon');
const at = Date.UTC(2026, 9, 3, 14, 47, 30);
const MIN = 60_000;
const H = 60 * MIN;
const D = 24 * H;

describe('durations', () => {
  test.each([
    [0, '0 ms'],
    [-0.2, '0 ms'],
    [250, '250 ms'],
    [999.6, '999 ms'],
    [1_000, '1 s'],
    [59_999, '59 s'],
    [24 * MIN + 30_000, '24 min 30 s'],
    [24 * MIN, '24 min'],
    [2 * H + 47 * MIN + 59_000, '2 h 47 min'],
    [2 * H + 30_000, '2 h'],
    [3 * D + 4 * H, '3 d 4 h'],
    [30 * D, '30 d'],
    [-(8 * MIN + 5_000), '−8 min 5 s'],
  ])('%d ms reads %s', (ms, text) => {
    expect(format.formatDuration(ms)).toBe(text);
  });

  test('one part keeps the largest unit', () => {
    expect(format.formatDuration(24 * MIN + 30_000, { parts: 1 })).toBe('24 min');
  });
});

describe('shares', () => {
  test.each([
    [0.029, '2.9%'],
    [0, '0.0%'],
    [-0, '0.0%'],
    [-0.0001, '0.0%'],
    [0.0001, '<0.1%'],
    [0.99999, '99.9%'],
    [1, '100.0%'],
    [-0.124, '−12.4%'],
    [1.5, '150.0%'],
  ])('%d of a budget reads %s', (ratio, text) => {
    expect(format.formatPercent(ratio)).toBe(text);
  });

  test.each([
    [0.3812, '38%'],
    [0.0241, '2.4%'],
    [0.00061, '0.06%'],
    [0.00001, '<0.01%'],
    [0, '0%'],
    [1, '100%'],
  ])('%d failing reads %s', (ratio, text) => {
    expect(format.formatShare(ratio)).toBe(text);
  });

  test('an objective keeps the digits it was given', () => {
    expect(format.formatLevel('99.950')).toBe('99.950%');
    expect(format.formatLevel(99.9712)).toBe('99.971%');
  });
});

describe('figures', () => {
  test.each([
    [() => format.formatTimes(7.671), '7.67×'],
    [() => format.formatTimes(14.4), '14.4×'],
    [() => format.formatTimes(932.4), '932×'],
    [() => format.formatTimes(1_623), '1,623×'],
    [() => format.formatTimes(6), '6×'],
    [() => format.formatTimes(-0.001), '0×'],
    [() => format.formatMs(1_840), '1,840 ms'],
    [() => format.formatMs(0.42), '0.4 ms'],
    [() => format.formatCount(98_234), '98,234'],
    [() => format.formatBytes(1_240_000_000), '1.24 GB'],
    [() => format.formatBytes(999), '999 B'],
    [() => format.formatBytes(245_300_000), '245 MB'],
    [() => format.formatFixed(-0.004, 2), '0.00'],
  ])('case %#', (read, text) => {
    expect(read()).toBe(text);
  });
});

describe('times', () => {
  test.each([
    [() => format.formatClock(at, utc), '14:47'],
    [() => format.formatClock(at, utc, { seconds: true, withZone: true }), '14:47:30 UTC'],
    [() => format.formatClock(at, lisbon, { withZone: true }), '15:47 Lisbon'],
    [() => format.formatClock(Date.UTC(2026, 0, 1), utc), '00:00'],
    [() => format.formatDay(at, utc, at), '3 Oct'],
    [() => format.formatDay(at - 24 * D, utc, at), '9 Sep'],
    [() => format.formatDay(at, utc, at + 365 * D), '3 Oct 2026'],
    [() => format.formatDateTime(at, utc, at), '3 Oct, 14:47 UTC'],
    [() => format.formatAge(12_400), '12 s ago'],
    [() => format.formatAge(-300), 'now'],
    [() => format.formatWhen(at, utc, at + 12_000), '12 s ago'],
    [() => format.formatWhen(at, utc, at - 24 * MIN), 'in 24 min'],
    [() => format.formatWhen(at, utc, at + 2 * H), '14:47 UTC'],
    [() => format.formatWhen(at, utc, at + 2 * D), '3 Oct, 14:47 UTC'],
  ])('case %#', (read, text) => {
    expect(read()).toBe(text);
  });
});

describe('zones', () => {
  test('a UTC day has 24 h', () => {
    expect(dayOf(at, utc)).toEqual({ startAt: Date.UTC(2026, 9, 3), endAt: Date.UTC(2026, 9, 4) });
  });

  test('the day the clocks go back has 25 h', () => {
    const { startAt, endAt } = dayOf(Date.UTC(2026, 9, 25, 12), lisbon);
    expect(startAt).toBe(Date.UTC(2026, 9, 24, 23));
    expect(endAt - startAt).toBe(25 * H);
  });

  test('the day the clocks go forward has 23 h', () => {
    const { startAt, endAt } = dayOf(Date.UTC(2026, 2, 29, 12), lisbon);
    expect(endAt - startAt).toBe(23 * H);
  });

  test('a zone is called by its city', () => {
    expect(localZone('America/New_York').label).toBe('New York');
    expect(localZone('UTC').label).toBe('local');
  });
});
