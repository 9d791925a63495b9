import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, endOfMinute, HOUR_MS, MINUTE_MS, minuteOf, SECOND_MS, startOfMinute, startOfUtcDay } from './index.ts';

const instant = fc.integer({ min: -8_640_000_000_000, max: 8_640_000_000_000 });

describe('lengths', () => {
  it('are multiples of each other', () => {
    expect([MINUTE_MS / SECOND_MS, HOUR_MS / MINUTE_MS, DAY_MS / HOUR_MS]).toEqual([60, 60, 24]);
  });
});

describe('epoch minutes', () => {
  it.each([
    ['1970-01-01T00:00:00.000Z', 0],
    ['1970-01-01T00:00:59.999Z', 0],
    ['1970-01-01T00:01:00.000Z', 1],
    ['1969-12-31T23:59:59.999Z', -1],
    ['2026-11-21T14:47:30Z', 29_921_207],
  ])('%s lies in minute %d', (text, m) => {
    expect(minuteOf(Date.parse(text))).toBe(m);
  });

  it('contain their own instants and meet without a gap, before 1970 as well', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const m = minuteOf(at);
        expect(startOfMinute(m)).toBeLessThanOrEqual(at);
        expect(endOfMinute(m)).toBeGreaterThan(at);
        expect(endOfMinute(m)).toBe(startOfMinute(m + 1));
        expect(minuteOf(startOfMinute(m))).toBe(m);
        expect(minuteOf(endOfMinute(m))).toBe(m + 1);
      }),
    );
  });
});

describe('startOfUtcDay', () => {
  it('is midnight UTC of the same day', () => {
    fc.assert(
      fc.property(instant, (at) => {
        const day = new Date(startOfUtcDay(at)).toISOString();
        expect(day.slice(-13)).toBe('T00:00:00.000'.slice(-12) + 'Z');
        expect(day.split('T')[0]).toBe(new Date(at).toISOString().split('T')[0]);
      }),
    );
  });
});
