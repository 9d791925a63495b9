import type { CalendarSpec, SloWindow } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { localZone, utc } from '../../lib/zone.ts';
import { aDetail, NOW } from './test/story.ts';
import { badOf, countOf } from './unit-words.ts';
import { choiceOf, decides, windowChoices, windowName } from './window-words.ts';

/** A calendar period by its first and last instant. */
function period(
  unit: CalendarSpec['unit'],
  startAt: number,
  endAt: number,
  over: Partial<CalendarSpec> = {},
): SloWindow {
  const calendar = { unit, count: 1, timeZone: 'UTC', startDate: '2026-01-01', ...over };
  return { view: 'window', startAt, endAt, windowMs: endAt - startAt, calendar };
}
const day = (month: number, date: number, hour = 0) => Date.UTC(2026, month - 1, date, hour);

describe('the name of a window', () => {
  it.each<[string, SloWindow]>([
    ['9 Sep to 9 Oct', aDetail().budget.window],
    ['last 30 d', aDetail().rolling.window],
    ['October 2026, UTC', period('month', day(10, 1), day(11, 1))],
    // Midnight in Berlin, of a month with a change of clocks.
    ['October 2026, Europe/Berlin', period('month', day(9, 30, 22), day(10, 31, 23), { timeZone: 'Europe/Berlin' })],
    ['Q4 2026, UTC', period('quarter', day(10, 1), Date.UTC(2027, 0, 1))],
    ['2026, UTC', period('year', day(1, 1), Date.UTC(2027, 0, 1))],
    ['3 Oct, UTC', period('day', day(10, 3), day(10, 4))],
    ['28 Sep to 4 Oct, UTC', period('week', day(9, 28), day(10, 5))],
    ['15 Sep to 14 Oct, UTC', period('month', day(9, 15), day(10, 15), { startDate: '2026-01-15' })],
    ['1 Sep to 31 Oct, UTC', period('month', day(9, 1), day(11, 1), { count: 2 })],
    ['15 Aug to 14 Nov, UTC', period('quarter', day(8, 15), day(11, 15))],
  ])('is %s', (name, window) => {
    expect(windowName(window, utc, NOW)).toBe(name);
  });

  it('keeps the days of the calendar whoever reads it', () => {
    const window = period('month', day(9, 30, 22), day(10, 31, 23), { timeZone: 'Europe/Berlin' });
    expect(windowName(window, localZone('America/Los_Angeles'), NOW)).toBe('October 2026, Europe/Berlin');
  });

  it.each<[string, SloWindow]>([
    ['The fixed window, which decides, has', aDetail().budget.window],
    ['The last 30 days, which decide, have', aDetail().rolling.window],
    ['The last 1 day, which decides, has', { ...aDetail().rolling.window, windowMs: DAY_MS }],
    ['The last 12 hours, which decide, have', { ...aDetail().rolling.window, windowMs: 12 * HOUR_MS }],
    ['October 2026, which decides, has', period('month', day(10, 1), day(11, 1))],
  ])('%s what is left', (words, window) => {
    expect(decides(window, NOW)).toBe(words);
  });
});

describe('what can be looked at', () => {
  const now = { nowMs: NOW, zone: utc };
  const base = aDetail();

  it('is the window that decides, and its rolling reading', () => {
    expect(windowChoices(base, now).map(({ key, label, view, index }) => [key, label, view, index])).toEqual([
      [null, 'Window', 'window', 0],
      ['rolling', 'Rolling 30 d', 'rolling', 0],
    ]);
  });

  it('is only the rolling one where that decides, and the further windows by their number', () => {
    const week = { ...base.rolling, window: { ...base.rolling.window, windowMs: 7 * DAY_MS } };
    const month = { ...base.budget, window: period('month', day(10, 1), day(11, 1)) };
    const choices = windowChoices({ ...base, budget: base.rolling, others: [week, month] }, now);
    expect(choices.map(({ key, label, view, index }) => [key, label, view, index])).toEqual([
      [null, 'Rolling 30 d', 'rolling', 0],
      ['other-1', 'Rolling 7 d', 'rolling', 1],
      ['other-2', 'October 2026', 'window', 2],
    ]);
    expect(choiceOf(choices, 'other-2')?.budget).toBe(month);
    expect(choiceOf(choices, 'other-9')?.key).toBeNull();
  });
});

describe('what is counted', () => {
  it.each([
    [countOf(1, 'events'), '1 event'],
    [countOf(2_410_000, 'events', '2.41 million'), '2.41 million events'],
    [countOf(1, 'minutes'), '1 minute'],
    [badOf(3, 'minutes'), '3 bad minutes'],
    [badOf(1, 'events'), '1 bad event'],
  ])('%s', (said, expected) => {
    expect(said).toBe(expected);
  });
});
