import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { calendarPeriod } from './calendar.ts';
import { fixedSpec, judgedSpec, longestMs, namedMs, windowNow } from './current.ts';
import { fromStoredWindows, toStoredWindows } from './primary.ts';
import type { CalendarSpec, SloWindowSpec } from './types.ts';

const at = (text: string): number => Date.parse(text);
const month: CalendarSpec = { unit: 'month', count: 1, timeZone: 'Asia/Kathmandu', startDate: '2026-01-01' };

const anyCalendar: fc.Arbitrary<CalendarSpec> = fc.record({
  unit: fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
  count: fc.integer({ min: 1, max: 4 }),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns'),
  startDate: fc.constantFrom('2020-01-31', '2024-02-29', '2026-04-01'),
});
const length = fc.integer({ min: 72, max: 300 * 24 }).map((hours) => hours * HOUR_MS);
const anySpec: fc.Arbitrary<SloWindowSpec> = fc.oneof(
  anyCalendar.map((calendar) => ({ kind: 'calendar' as const, calendar })),
  length.map((windowMs) => ({ kind: 'cycle' as const, windowMs, anchorAt: at('2026-01-01T10:20:30Z') })),
);
const instant = fc.integer({ min: at('2024-01-01'), max: at('2030-01-01') });

describe('windowNow', () => {
  it('begins a long calendar period on the full hour of UTC that is stored, never late', () => {
    expect(windowNow({ kind: 'calendar', calendar: month }, at('2026-03-15'))).toEqual({
      view: 'window',
      startAt: at('2026-02-28T18:00:00Z'),
      endAt: at('2026-03-31T18:00:00Z'),
      windowMs: 31 * DAY_MS,
      calendar: month,
    });
    const day: CalendarSpec = { ...month, unit: 'day' };
    const today = windowNow({ kind: 'calendar', calendar: day }, at('2026-03-15'));
    expect(today.startAt).toBe(at('2026-03-14T18:15:00Z'));
  });

  it('contains now, meets its neighbours, and lies at most 59 minutes before the calendar', () => {
    fc.assert(
      fc.property(anySpec, instant, (spec, now) => {
        const window = windowNow(spec, now);
        expect(window.startAt).toBeLessThanOrEqual(now);
        expect(window.endAt).toBeGreaterThan(now);
        expect(window.windowMs).toBe(window.endAt - window.startAt);
        expect(windowNow(spec, window.endAt).startAt).toBe(window.endAt);
        expect(windowNow(spec, window.startAt - 1).endAt).toBe(window.startAt);
        if (namedMs(spec) >= 3 * DAY_MS) expect(window.startAt % HOUR_MS).toBe(0);
        if (spec.kind !== 'calendar') return;
        const early = calendarPeriod(spec.calendar, window.endAt - 1).startAt - window.startAt;
        expect(early).toBeGreaterThanOrEqual(0);
        expect(early).toBeLessThanOrEqual(59 * MINUTE_MS);
      }),
    );
  });

  it('is never longer than it is said to be at most, and a year not much shorter', () => {
    fc.assert(
      fc.property(anySpec, instant, (spec, now) => {
        expect(windowNow(spec, now).windowMs).toBeLessThanOrEqual(longestMs(spec));
      }),
    );
    const year = longestMs({ kind: 'calendar', calendar: { ...month, count: 12 } });
    expect(year).toBeGreaterThanOrEqual(366 * DAY_MS);
    expect(year).toBeLessThan(380 * DAY_MS);
    expect(longestMs({ kind: 'rolling', windowMs: 7 * DAY_MS })).toBe(7 * DAY_MS);
  });

  it('reads a rolling window up to now', () => {
    const window = windowNow({ kind: 'rolling', windowMs: 7 * DAY_MS }, at('2026-03-15T10:00:30Z'));
    expect([window.view, window.startAt, window.endAt]).toEqual([
      'rolling',
      at('2026-03-08T10:00:00Z'),
      at('2026-03-15T10:00:00Z'),
    ]);
  });
});

describe('the windows of an objective', () => {
  const anchorFor = () => at('2026-01-01');

  it.each([
    [{ kind: 'cycle', windowMs: 7 * DAY_MS, anchorAt: 5 }],
    [{ kind: 'rolling', windowMs: 7 * DAY_MS }],
    [{ kind: 'calendar', calendar: month }],
  ] as [SloWindowSpec][])('come back as they were stored, and the first one judges: %j', (first) => {
    const specs: SloWindowSpec[] = [first, { kind: 'rolling', windowMs: DAY_MS }];
    const stored = toStoredWindows(specs, anchorFor);
    expect(fromStoredWindows(stored)).toEqual(specs);
    expect(judgedSpec(stored)).toEqual(first);
  });

  it('have a fixed start beside a rolling judge', () => {
    const stored = toStoredWindows([{ kind: 'rolling', windowMs: 7 * DAY_MS }], anchorFor);
    expect(fixedSpec(stored)).toEqual({ kind: 'cycle', windowMs: 7 * DAY_MS, anchorAt: anchorFor() });
  });
});
