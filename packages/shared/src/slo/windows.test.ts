import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from '../time/index.ts';
import { dayNumber, fixedWindow, lastCompleteMinute, minuteBefore, rollingWindow, windowMinutes } from './windows.ts';

const at = (text: string): number => Date.parse(text);
const instant = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
const length = fc.oneof(
  fc.integer({ min: 60, max: 3 * 1440 - 1 }).map((minutes) => minutes * MINUTE_MS),
  fc.integer({ min: 72, max: 366 * 24 }).map((hours) => hours * HOUR_MS),
);

describe('fixedWindow', () => {
  it('is the cycle that contains now', () => {
    const window = fixedWindow(at('2026-09-09T00:00:00Z'), 30 * DAY_MS, at('2026-11-21T14:47:30Z'));
    expect(window).toEqual({
      view: 'window',
      startAt: at('2026-11-08T00:00:00Z'),
      endAt: at('2026-12-08T00:00:00Z'),
      windowMs: 30 * DAY_MS,
    });
  });

  it('begins anew at the very millisecond a cycle ends', () => {
    const anchor = at('2026-09-09T00:00:00Z');
    const end = anchor + 30 * DAY_MS;
    expect(fixedWindow(anchor, 30 * DAY_MS, end - 1).startAt).toBe(anchor);
    expect(fixedWindow(anchor, 30 * DAY_MS, end).startAt).toBe(end);
  });

  it('contains now, has its length, and every cycle meets the next, before the anchor as well', () => {
    fc.assert(
      fc.property(instant, length, instant, (anchorAt, windowMs, now) => {
        const window = fixedWindow(anchorAt, windowMs, now);
        expect(window.startAt).toBeLessThanOrEqual(now);
        expect(window.endAt).toBeGreaterThan(now);
        expect(window.endAt - window.startAt).toBe(windowMs);
        expect(fixedWindow(anchorAt, windowMs, window.endAt).startAt).toBe(window.endAt);
        expect(fixedWindow(anchorAt, windowMs, window.startAt - 1).endAt).toBe(window.startAt);
        expect(window.startAt % (windowMs >= 3 * DAY_MS ? HOUR_MS : MINUTE_MS)).toBe(0);
      }),
    );
  });
});

describe('rollingWindow', () => {
  it('covers at least its length, at most 59 minutes more, and ends with the newest complete minute', () => {
    fc.assert(
      fc.property(length, instant, (windowMs, now) => {
        const window = rollingWindow(windowMs, now);
        const excess = window.endAt - window.startAt - windowMs;
        expect(window.endAt).toBe(Math.floor(now / MINUTE_MS) * MINUTE_MS);
        expect(excess).toBeGreaterThanOrEqual(0);
        expect(excess).toBeLessThanOrEqual(windowMs >= 3 * DAY_MS ? 59 * MINUTE_MS : 0);
        expect(window.startAt % (windowMs >= 3 * DAY_MS ? HOUR_MS : MINUTE_MS)).toBe(0);
      }),
    );
  });
});

describe('minuteBefore', () => {
  it('leaves exactly the minutes of a short window after it', () => {
    for (const minutes of [1, 5, 30, 47, 360, 4319]) {
      expect(1_000_000 - minuteBefore(minutes * MINUTE_MS, 1_000_000)).toBe(minutes);
    }
  });

  it('falls on a full hour from three days on', () => {
    for (let endM = 29_000_000; endM < 29_000_120; endM += 1) {
      const beforeM = minuteBefore(3 * DAY_MS, endM);
      expect((beforeM + 1) % 60).toBe(0);
      expect(endM - beforeM).toBeGreaterThanOrEqual(4320);
      expect(endM - beforeM).toBeLessThan(4380);
    }
  });
});

describe('dayNumber', () => {
  const window = fixedWindow(at('2026-11-08T00:00:00Z'), 30 * DAY_MS, at('2026-11-21T00:00:00Z'));

  it.each([
    ['2026-11-08T00:00:00Z', 1],
    ['2026-11-08T23:59:59Z', 1],
    ['2026-11-09T00:00:00Z', 2],
    ['2026-11-21T14:47:30Z', 14],
    ['2026-12-07T23:59:59Z', 30],
    ['2026-12-08T00:00:00Z', 30],
    ['2026-11-01T00:00:00Z', 1],
  ])('%s is day %d', (text, day) => {
    expect(dayNumber(window, at(text))).toBe(day);
  });

  it('is day 1 of a window shorter than a day', () => {
    expect(dayNumber(fixedWindow(0, 6 * HOUR_MS, at('2026-11-21T14:00:00Z')), at('2026-11-21T14:00:00Z'))).toBe(1);
  });
});

describe('windowMinutes', () => {
  it('never ends after the window or before it began', () => {
    fc.assert(
      fc.property(instant, length, instant, instant, (anchorAt, windowMs, inside, now) => {
        const window = fixedWindow(anchorAt, windowMs, inside);
        const { beforeM, endM } = windowMinutes(window, now);
        expect(beforeM).toBe(minuteOf(window.startAt) - 1);
        expect(endM).toBeGreaterThanOrEqual(beforeM);
        expect(endM).toBeLessThanOrEqual(minuteOf(window.endAt) - 1);
        if (now >= window.startAt + MINUTE_MS && now < window.endAt) expect(endM).toBe(lastCompleteMinute(now));
      }),
    );
  });
});
