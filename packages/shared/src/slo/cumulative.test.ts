import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../time/index.ts';
import {
  applyDeltas,
  difference,
  gapStats,
  type MinuteDelta,
  missingSpans,
  thinToHours,
  valueAt,
} from './cumulative.ts';
import { unionSpans } from './exclusions/spans.ts';
import type { CumulativeRow } from './types.ts';

const BASE = 29_700_000;
const SPAN = 400;

const delta: fc.Arbitrary<MinuteDelta> = fc
  .record({
    m: fc.integer({ min: 0, max: SPAN - 1 }),
    total: fc.nat(1000),
    failed: fc.nat(1000),
    observed: fc.constantFrom(0, 1),
  })
  .map(({ m, total, failed, observed }) => ({ m: BASE + m, total, bad: Math.min(failed, total), observed }));
const deltas = fc.array(delta, { maxLength: 80 });
const minute = fc.integer({ min: BASE - 5, max: BASE + SPAN + 70 });

/** What happened in minutes after `fromM` up to `toM`, counted one by one. */
function counted(
  list: readonly MinuteDelta[],
  fromM: number,
  toM: number,
): { total: number; bad: number; observed: number } {
  const inside = list.filter((d) => d.m > fromM && d.m <= toM);
  return {
    total: inside.reduce((sum, d) => sum + d.total, 0),
    bad: inside.reduce((sum, d) => sum + d.bad, 0),
    observed: new Set(inside.filter((d) => d.observed === 1).map((d) => d.m)).size,
  };
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  let state = seed >>> 0;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  return list
    .map((value) => ({ value, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map((pair) => pair.value);
}

describe('applyDeltas', () => {
  it('appends, accumulates in the same minute and shifts what follows a late minute', () => {
    const first = applyDeltas(
      [],
      [
        { m: 10, total: 100, bad: 1, observed: 1 },
        { m: 12, total: 50, bad: 0, observed: 1 },
      ],
    );
    expect(first).toEqual([
      { m: 10, total: 100, bad: 1, observed: 1 },
      { m: 12, total: 150, bad: 1, observed: 2 },
    ]);
    const second = applyDeltas(first, [
      { m: 11, total: 7, bad: 7, observed: 1 },
      { m: 10, total: 1, bad: 0, observed: 1 },
    ]);
    expect(second).toEqual([
      { m: 10, total: 101, bad: 1, observed: 1 },
      { m: 11, total: 108, bad: 8, observed: 2 },
      { m: 12, total: 158, bad: 8, observed: 3 },
    ]);
    expect(first[0]).toEqual({ m: 10, total: 100, bad: 1, observed: 1 });
  });

  it('gives the same rows for any order and any split of the same deltas', () => {
    fc.assert(
      fc.property(deltas, fc.integer(), fc.nat(80), (list, seed, cut) => {
        const whole = applyDeltas([], list);
        const other = shuffled(list, seed);
        expect(applyDeltas([], other)).toEqual(whole);
        expect(applyDeltas(applyDeltas([], other.slice(0, cut)), other.slice(cut))).toEqual(whole);
      }),
    );
  });

  it('keeps one ascending row per minute with counters that never fall', () => {
    fc.assert(
      fc.property(deltas, (list) => {
        const rows = applyDeltas([], list);
        rows.forEach((row, i) => {
          const before = rows[i - 1];
          if (before === undefined) return;
          expect(row.m).toBeGreaterThan(before.m);
          expect(row.total).toBeGreaterThanOrEqual(before.total);
          expect(row.bad).toBeGreaterThanOrEqual(before.bad);
          expect(row.observed - before.observed).toBeLessThanOrEqual(row.m - before.m);
        });
      }),
    );
  });

  it('undoes a minute with its correction', () => {
    fc.assert(
      fc.property(deltas, delta, minute, minute, (list, late, a, b) => {
        const rows = applyDeltas([], [...list, late, { m: late.m, total: -late.total, bad: -late.bad, observed: 0 }]);
        const [fromM, toM] = [Math.min(a, b), Math.max(a, b)];
        const { total, bad } = counted(list, fromM, toM);
        expect(difference(valueAt(rows, toM), valueAt(rows, fromM), 0)).toMatchObject({ total, bad });
      }),
    );
  });

  it.each([
    { m: 1.5, total: 1, bad: 0, observed: 1 },
    { m: Number.NaN, total: 1, bad: 0, observed: 1 },
    { m: 1, total: Number.NaN, bad: 0, observed: 1 },
    { m: 1, total: 1, bad: Number.POSITIVE_INFINITY, observed: 1 },
    { m: 1, total: 1, bad: 0, observed: 2 },
    { m: 1, total: 1, bad: 0, observed: 0.5 },
  ])('refuses %j', (broken) => {
    expect(() => applyDeltas([], [broken])).toThrow(RangeError);
  });
});

describe('difference', () => {
  it('equals the sum of what happened inside, for any window, coverage included', () => {
    fc.assert(
      fc.property(deltas, minute, minute, (list, a, b) => {
        const rows = applyDeltas([], list);
        const [fromM, toM] = [Math.min(a, b), Math.max(a, b)];
        const { total, bad, observed } = counted(list, fromM, toM);
        expect(difference(valueAt(rows, toM), valueAt(rows, fromM), toM - fromM)).toEqual({
          total,
          bad,
          good: total - bad,
          observedMinutes: observed,
          expectedMinutes: toM - fromM,
        });
      }),
    );
  });

  it('adds up over neighbouring windows', () => {
    fc.assert(
      fc.property(deltas, minute, minute, minute, (list, ...cuts) => {
        const rows = applyDeltas([], list);
        const [a = 0, b = 0, c = 0] = cuts.sort((x, y) => x - y);
        const part = (from: number, to: number) => difference(valueAt(rows, to), valueAt(rows, from), to - from);
        const [left, right, whole] = [part(a, b), part(b, c), part(a, c)];
        expect(left.total + right.total).toBe(whole.total);
        expect(left.bad + right.bad).toBe(whole.bad);
        expect(left.observedMinutes + right.observedMinutes).toBe(whole.observedMinutes);
        expect(left.expectedMinutes + right.expectedMinutes).toBe(whole.expectedMinutes);
      }),
    );
  });

  it('expects no minute that was excluded', () => {
    const start = { m: 10, total: 5, bad: 1, observed: 11, excluded: 4 };
    const end = { m: 40, total: 9, bad: 1, observed: 21, excluded: 24 };
    expect(difference(end, start, 30)).toMatchObject({ observedMinutes: 10, expectedMinutes: 10 });
    expect(difference(start, null, 11)).toMatchObject({ expectedMinutes: 7 });
  });

  it('takes a missing row for zero and hides nothing else', () => {
    const row = { m: 5, total: 10, bad: 2, observed: 3 };
    expect(difference(null, null, 4)).toEqual({ total: 0, bad: 0, good: 0, observedMinutes: 0, expectedMinutes: 4 });
    expect(difference(row, null, 4)).toMatchObject({ total: 10, bad: 2, good: 8, observedMinutes: 3 });
    expect(difference(null, row, 4)).toMatchObject({ total: -10, bad: -2, observedMinutes: -3 });
  });
});

describe('valueAt', () => {
  it('is the last row at or before the minute', () => {
    fc.assert(
      fc.property(deltas, minute, (list, m) => {
        const rows = applyDeltas([], list);
        expect(valueAt(rows, m)).toEqual(rows.findLast((row) => row.m <= m) ?? null);
      }),
    );
  });
});

describe('thinToHours', () => {
  it('changes no difference between hour boundaries, and keeps only those', () => {
    const boundary = fc
      .integer({ min: -1, max: Math.ceil(SPAN / 60) + 1 })
      .map((h) => (Math.floor(BASE / 60) + h) * 60 - 1);
    fc.assert(
      fc.property(deltas, boundary, boundary, (list, a, b) => {
        const rows = applyDeltas([], list);
        const hours = thinToHours(rows, BASE + SPAN + 120);
        const [fromM, toM] = [Math.min(a, b), Math.max(a, b)];
        expect(difference(valueAt(hours, toM), valueAt(hours, fromM), 0)).toEqual(
          difference(valueAt(rows, toM), valueAt(rows, fromM), 0),
        );
        for (const hour of hours) expect((hour.m + 1) % 60).toBe(0);
        expect(thinToHours(hours, BASE + SPAN + 120)).toEqual(hours);
      }),
    );
  });

  it('may run at any time: thinning the old part and then the whole gives the same hours', () => {
    fc.assert(
      fc.property(deltas, minute, (list, cut) => {
        const rows = applyDeltas([], list);
        const early = thinToHours(rows, cut);
        expect(thinToHours(rows, BASE + SPAN + 120).slice(0, early.length)).toEqual(early);
      }),
    );
  });

  it('waits for the end of an hour', () => {
    const rows: CumulativeRow[] = [{ m: 600, total: 5, bad: 0, observed: 1 }];
    expect(thinToHours(rows)).toEqual([]);
    expect(thinToHours(rows, 658)).toEqual([]);
    expect(thinToHours(rows, 659)).toEqual([{ m: 659, total: 5, bad: 0, observed: 1 }]);
  });
});

describe('missingSpans', () => {
  it('finds, minute by minute, exactly what nothing measured', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), (measured) => {
        const rows = applyDeltas(
          [{ m: BASE - 1, total: 0, bad: 0, observed: 0 }],
          measured.flatMap((yes, i) => (yes ? [{ m: BASE + i, total: 1, bad: 0, observed: 1 }] : [])),
        );
        const untilM = BASE + measured.length - 1;
        const missing = new Set<number>();
        for (const span of missingSpans(rows, untilM)) for (let m = span.fromM; m <= span.toM; m += 1) missing.add(m);
        measured.forEach((yes, i) => expect(missing.has(BASE + i)).toBe(!yes));
        const stats = gapStats(rows, untilM);
        expect(stats.minutes).toBe(measured.filter((yes) => !yes).length);
        expect(stats.count).toBe(measured.filter((yes, i) => !yes && (i === 0 || measured[i - 1] === true)).length);
      }),
    );
  });

  it('keeps the exact length when only the hours are known', () => {
    fc.assert(
      fc.property(deltas, (list) => {
        const rows = applyDeltas([{ m: BASE - 1, total: 0, bad: 0, observed: 0 }], list);
        const hours = thinToHours(rows, BASE + SPAN + 60);
        const last = hours.at(-1)?.m ?? BASE;
        const first = hours[0]?.m ?? BASE;
        const measured = (valueAt(rows, last)?.observed ?? 0) - (valueAt(rows, first)?.observed ?? 0);
        expect(gapStats(hours).minutes).toBe(Math.max(0, last - first - measured));
      }),
    );
  });

  it('leaves out excluded minutes, minute by minute', () => {
    const anySpans = fc.array(fc.tuple(minute, fc.integer({ min: 1, max: 30 })), { maxLength: 5 });
    fc.assert(
      fc.property(deltas, anySpans, (list, drawn) => {
        const rows = applyDeltas([{ m: BASE - 1, total: 0, bad: 0, observed: 0 }], list);
        const excluded = unionSpans(drawn.map(([beforeM, length]) => ({ beforeM, endM: beforeM + length })));
        const untilM = BASE + SPAN + 60;
        const minutesOf = (spans: ReturnType<typeof missingSpans>): number[] =>
          spans.flatMap(({ fromM, toM }) => Array.from({ length: toM - fromM + 1 }, (_, i) => fromM + i));
        const isExcluded = (m: number): boolean => excluded.some((span) => m > span.beforeM && m <= span.endM);
        const expected = minutesOf(missingSpans(rows, untilM)).filter((m) => !isExcluded(m));
        expect(minutesOf(missingSpans(rows, untilM, excluded))).toEqual(expected);
        expect(gapStats(rows, untilM, excluded).minutes).toBe(expected.length);
      }),
    );
  });

  it.each([
    ['as many', { beforeM: 79, endM: 109 }, 30, []],
    ['more', { beforeM: 79, endM: 109 }, 45, [{ fromM: 60, toM: 74 }]],
    ['more, beginning with it', { beforeM: 59, endM: 89 }, 45, [{ fromM: 90, toM: 104 }]],
    ['fewer', { beforeM: 79, endM: 109 }, 10, []],
  ])('takes excluded minutes of an hour for the missing ones: %s', (_, excluded, missing, expected) => {
    const rows = [
      { m: 59, total: 0, bad: 0, observed: 60 },
      { m: 119, total: 0, bad: 0, observed: 120 - missing },
    ];
    expect(missingSpans(rows, undefined, [excluded])).toEqual(expected);
  });

  it('names the longest', () => {
    const rows = [0, 1, 2, 5, 6, 20].map((m, i) => ({ m, total: i, bad: 0, observed: i }));
    expect(missingSpans(rows, 22)).toEqual([
      { fromM: 3, toM: 4 },
      { fromM: 7, toM: 19 },
      { fromM: 21, toM: 22 },
    ]);
    expect(gapStats(rows, 22)).toEqual({ count: 3, minutes: 17, longestMs: 13 * MINUTE_MS, longestAt: 7 * MINUTE_MS });
    expect(gapStats([])).toEqual({ count: 0, minutes: 0, longestMs: 0, longestAt: null });
  });
});
