import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDeltas, difference, type MinuteDelta, thinToHours, valueAt } from '../cumulative.ts';
import type { CumulativeRow } from '../types.ts';
import { adjustRows, type AdjustOptions, countedByShare, type CountedSpan, knownMinute } from './adjust.ts';
import { clipSpans, type MinuteSpan, minutesWithin, unionSpans } from './spans.ts';

const LAST = 240;

const anyHistory = fc
  .array(
    fc.option(
      fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })).map(([good, bad]) => ({ total: good + bad, bad })),
      { freq: 4 },
    ),
    { minLength: LAST, maxLength: LAST },
  )
  .map((minutes) =>
    minutes.flatMap((counts, m): MinuteDelta[] => (counts === null ? [] : [{ m, ...counts, observed: 1 }])),
  )
  .filter((history) => history.length > 0);
const anySpans = fc.array(
  fc
    .tuple(fc.integer({ min: -20, max: LAST }), fc.integer({ min: 1, max: 70 }))
    .map(([beforeM, length]) => ({ beforeM, endM: beforeM + length })),
  { maxLength: 8 },
);
const anyWindow = fc
  .tuple(fc.integer({ min: -1, max: LAST - 1 }), fc.integer({ min: -1, max: LAST - 1 }))
  .map(([a, b]) => ({ beforeM: Math.min(a, b), endM: Math.max(a, b) }));

const zero = { total: 0, bad: 0, observed: 0 };

/** Spans after the first measurement, with the counts at their ends. */
function counted(rows: readonly CumulativeRow[], spans: readonly MinuteSpan[]): CountedSpan[] {
  const bornM = (rows[0]?.m ?? 0) - 1;
  return clipSpans(unionSpans(spans), { beforeM: bornM, endM: LAST - 1 }).map((span) => ({
    ...span,
    before: valueAt(rows, span.beforeM) ?? zero,
    end: valueAt(rows, span.endM) ?? zero,
  }));
}

function read(rows: readonly CumulativeRow[], window: MinuteSpan, spans: CountedSpan[], options: AdjustOptions) {
  const asked = new Map([window.beforeM, window.endM].map((m) => [m, valueAt(rows, m)]));
  const adjusted = adjustRows(asked, spans, options);
  return difference(
    adjusted.get(window.endM) ?? null,
    adjusted.get(window.beforeM) ?? null,
    window.endM - window.beforeM,
  );
}

describe('adjustRows', () => {
  const within = (span: MinuteSpan, m: number): boolean => m > span.beforeM && m <= span.endM;

  it('reads every window as if it had been counted minute by minute without the excluded ones', () => {
    fc.assert(
      fc.property(anyHistory, anySpans, anyWindow, (history, spans, window) => {
        const rows = applyDeltas([], history);
        const union = counted(rows, spans);
        const reading = read(rows, window, union, { mode: 'remove', unit: 'events', horizonM: 0 });
        const left = history.filter(({ m }) => within(window, m) && !union.some((span) => within(span, m)));
        const sum = (of: (delta: MinuteDelta) => number): number => left.reduce((total, delta) => total + of(delta), 0);
        expect(reading).toEqual({
          good: sum((d) => d.total - d.bad),
          bad: sum((d) => d.bad),
          total: sum((d) => d.total),
          observedMinutes: left.length,
          expectedMinutes: window.endM - window.beforeM - minutesWithin(union, window),
        });
      }),
    );
  });

  it('turns excluded minutes good and measured in the other mode', () => {
    fc.assert(
      fc.property(anyHistory, anySpans, anyWindow, (history, spans, window) => {
        const slices = history.map((delta) => ({ ...delta, total: 1, bad: delta.bad > 4 ? 1 : 0 }));
        const rows = applyDeltas([], slices);
        const union = counted(rows, spans);
        const reading = read(rows, window, union, { mode: 'good', unit: 'minutes', horizonM: 0 });
        const inside = slices.filter(({ m }) => within(window, m));
        const excluded = (m: number): boolean => union.some((span) => within(span, m));
        const unmeasured = minutesWithin(union, window) - inside.filter(({ m }) => excluded(m)).length;
        expect(reading).toEqual({
          good: inside.filter(({ m, bad }) => excluded(m) || bad === 0).length + unmeasured,
          bad: inside.filter(({ m, bad }) => !excluded(m) && bad === 1).length,
          total: inside.length + unmeasured,
          observedMinutes: inside.length + unmeasured,
          expectedMinutes: window.endM - window.beforeM,
        });
      }),
    );
  });

  it('keeps the traffic of counted events that are excluded as good', () => {
    const rows = applyDeltas([], [{ m: 1, total: 10, bad: 4, observed: 1 }]);
    const spans = counted(rows, [{ beforeM: 0, endM: 3 }]);
    const reading = read(rows, { beforeM: 0, endM: 5 }, spans, { mode: 'good', unit: 'events', horizonM: 0 });
    expect(reading).toMatchObject({ total: 10, bad: 0, good: 10, observedMinutes: 3 });
  });

  it('gives back the very rows when nothing is excluded', () => {
    const rows = new Map([[5, { m: 5, total: 1, bad: 0, observed: 1 }]]);
    expect(adjustRows(rows, [], { mode: 'remove', unit: 'events', horizonM: 0 })).toBe(rows);
  });

  it('takes out what excluded minutes held whatever was counted before them', () => {
    const rows = applyDeltas(
      [],
      [
        { m: 10, total: 8, bad: 3, observed: 1 },
        { m: 20, total: 1, bad: 1, observed: 1 },
      ],
    );
    const [span] = counted(rows, [{ beforeM: 9, endM: 15 }]);
    const shifted = span && [
      { ...span, before: { total: 100, bad: 50, observed: 7 }, end: { total: 108, bad: 53, observed: 8 } },
    ];
    const window = { beforeM: 5, endM: 30 };
    const options: AdjustOptions = { mode: 'remove', unit: 'events', horizonM: 0 };
    expect(read(rows, window, shifted ?? [], options)).toMatchObject({ total: 1, bad: 1, expectedMinutes: 19 });
  });
});

describe('knownMinute', () => {
  it.each([
    [600, 0, 600],
    [600, 600, 600],
    [599, 660, 599],
    [600, 660, 599],
    [658, 660, 599],
    [659, 720, 659],
  ])('minute %d with the horizon at %d is known as %d', (m, horizonM, known) => {
    expect(knownMinute(m, horizonM)).toBe(known);
  });
});

describe('hours of which only the ends are kept', () => {
  it('give up their time share, never more than they held, never more failures than events', () => {
    fc.assert(
      fc.property(anyHistory, anySpans, (history, spans) => {
        const minutes = applyDeltas([], history);
        const hours = thinToHours(minutes, LAST - 1);
        const at = (m: number) =>
          countedByShare(
            m,
            valueAt(hours, Math.floor((m + 1) / 60) * 60 - 1),
            valueAt(hours, Math.floor(m / 60) * 60 + 59),
          );
        const union = clipSpans(unionSpans(spans), { beforeM: -1, endM: LAST - 1 });
        const shared = union.map((span) => ({ ...span, before: at(span.beforeM), end: at(span.endM) }));
        for (let hour = 0; hour < LAST / 60; hour += 1) {
          const window = { beforeM: hour * 60 - 1, endM: hour * 60 + 59 };
          const left = read(hours, window, shared, { mode: 'remove', unit: 'events', horizonM: LAST });
          const whole = read(hours, window, [], { mode: 'remove', unit: 'events', horizonM: LAST });
          const share = minutesWithin(union, window) / 60;
          const parts = 2 * clipSpans(union, window).length;
          expect(left.bad).toBeGreaterThanOrEqual(0);
          expect(left.good).toBeGreaterThanOrEqual(0);
          expect(Math.abs(whole.bad - left.bad - share * whole.bad)).toBeLessThanOrEqual(parts / 2);
          expect(Math.abs(whole.good - left.good - share * whole.good)).toBeLessThanOrEqual(parts / 2);
          if (share === 1) expect(left).toMatchObject({ total: 0, observedMinutes: 0, expectedMinutes: 0 });
        }
      }),
    );
  });

  it.each([
    ['a full hour exactly', 59, { total: 0, bad: 0, observed: 0 }],
    ['half of the next hour', 89, { total: 30, bad: 5, observed: 30 }],
    ['a third of it', 79, { total: 20, bad: 3, observed: 20 }],
  ])('count %s', (_, m, expected) => {
    const end = { total: 60, bad: 10, observed: 60 };
    expect(countedByShare(m, null, end)).toEqual(expected);
  });
});
