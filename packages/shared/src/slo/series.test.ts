import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf, startOfMinute } from '../time/index.ts';
import { valueAt } from './cumulative.ts';
import {
  BURN_DOWN_POINTS,
  lensFor,
  lensMinutes,
  lensPointMinutes,
  lensWindow,
  pointMinutes,
  sampleMinutes,
} from './sampling.ts';
import { badRatios, type BurnDownInput, burnDownSeries, eventCounts, mapLookup } from './series.ts';
import { parseTarget } from './target.ts';
import type { BurnDownSeries, CumulativeRow, SloWindow } from './types.ts';
import { fixedWindow, minuteBefore, rollingWindow } from './windows.ts';

const NOW = Date.parse('2026-11-21T14:47:30Z');
const END_M = minuteOf(NOW) - 1;
const W30 = 30 * DAY_MS;
const target = parseTarget('99.9');
type Minute = { total: number; bad: number } | null;

function rowsOf(history: (m: number) => Minute, fromM: number): CumulativeRow[] {
  const rows: CumulativeRow[] = [];
  let [total, bad] = [0, 0];
  for (let m = fromM; m <= END_M; m += 1) {
    const minute = history(m);
    if (minute === null) continue;
    total += minute.total;
    bad += minute.bad;
    rows.push({ m, total, bad, observed: rows.length + 1 });
  }
  return rows;
}

interface Draw extends Partial<Omit<BurnDownInput, 'rows'>> {
  window: SloWindow;
}

function draw(rows: readonly CumulativeRow[], options: Draw): BurnDownSeries {
  const lens = options.lens ?? null;
  const minutes = [
    ...sampleMinutes(options.window, NOW, options.maxPoints),
    ...(lens === null ? [] : lensMinutes(options.window, lens, NOW)),
  ];
  return burnDownSeries({
    target,
    now: NOW,
    expectedEvents: 43_200_000,
    burnRate: 1,
    measuredSince: rows[0] === undefined ? null : startOfMinute(rows[0].m),
    rows: new Map(minutes.map((m) => [m, valueAt(rows, m)])),
    ...options,
    lens,
  });
}

const fixed = fixedWindow(Date.parse('2026-11-08T00:00:00Z'), W30, NOW);
const rolling = rollingWindow(W30, NOW);
const fromM = END_M - 61 * 1440;

describe('pointMinutes', () => {
  it('ascends from the minute before the window to the newest, within the number asked for', () => {
    const length = fc.oneof(
      fc.integer({ min: 60, max: 4319 }).map((m) => m * MINUTE_MS),
      fc.integer({ min: 72, max: 8784 }).map((h) => h * HOUR_MS),
    );
    fc.assert(
      fc.property(
        length,
        fc.integer({ min: 0, max: 400 * DAY_MS }),
        fc.integer({ min: 3, max: 800 }),
        fc.boolean(),
        (windowMs, back, maxPoints, roll) => {
          const window = roll ? rollingWindow(windowMs, NOW) : fixedWindow(NOW - back, windowMs, NOW);
          const minutes = pointMinutes(window, NOW, maxPoints);
          expect(minutes.length).toBeLessThanOrEqual(maxPoints);
          expect(minutes[0]).toBe(minuteOf(window.startAt) - 1);
          expect(minutes.at(-1)).toBe(Math.max(END_M, minuteOf(window.startAt) - 1) === END_M ? END_M : minutes[0]);
          minutes.forEach((m, i) => expect(i === 0 || m > (minutes[i - 1] ?? m)).toBe(true));
          for (const m of sampleMinutes(window, NOW, maxPoints)) {
            if (m < END_M - 8 * 1440) expect((m + 1) % 60).toBe(0);
          }
        },
      ),
    );
  });

  it('draws 30 days by the hour', () => {
    expect(pointMinutes(rolling, NOW, BURN_DOWN_POINTS)).toHaveLength(722);
    expect(pointMinutes(rolling, NOW, 723)).toHaveLength(722);
    expect(pointMinutes(rolling, NOW, 722)).toHaveLength(362);
    const hourly = pointMinutes(rolling, NOW, BURN_DOWN_POINTS).slice(0, -1);
    expect(new Set(hourly.map((m) => (m + 1) % 60))).toEqual(new Set([0]));
  });

  it('draws the first hour of a window by the minute', () => {
    const young = fixedWindow(NOW - 20 * MINUTE_MS, W30, NOW);
    expect(pointMinutes(young, NOW, 722)).toHaveLength(48);
  });

  it('asks in the rolling view for the start of each window as well', () => {
    const asked = sampleMinutes(rolling, NOW, 100);
    expect(asked).toEqual([...new Set(asked)].sort((a, b) => a - b));
    const needed = new Set(asked);
    for (const m of pointMinutes(rolling, NOW, 100)) {
      expect(needed.has(m)).toBe(true);
      expect(needed.has(minuteBefore(W30, m))).toBe(true);
    }
  });
});

describe('burnDownSeries, fixed view', () => {
  it('starts full and falls to what is left, never rising, whatever fails', () => {
    const spec = fc.record({
      salt: fc.nat(10_000),
      every: fc.integer({ min: 1, max: 500 }),
      bad: fc.nat(900),
      points: fc.integer({ min: 3, max: 722 }),
    });
    fc.assert(
      fc.property(spec, ({ salt, every, bad, points }) => {
        const rows = rowsOf((m) => ({ total: 1000, bad: (m + salt) % every === 0 ? bad : 0 }), END_M - 14 * 1440);
        const series = draw(rows, { window: fixed, maxPoints: points });
        expect(series.leftRatio[0]).toBe(1);
        series.leftRatio.forEach((left, i) => {
          expect(left).not.toBeNull();
          if (i > 0) expect(left).toBeLessThanOrEqual(series.leftRatio[i - 1] ?? 0);
        });
        expect(series.at).toHaveLength(series.leftRatio.length);
        expect(series.at[0]).toBe(fixed.startAt);
        expect(series.gaps).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('has the ideal line from full at the start to empty at the end', () => {
    expect(
      draw(
        rowsOf(() => ({ total: 1000, bad: 0 }), fromM),
        { window: fixed },
      ).ideal,
    ).toEqual({ at: [fixed.startAt, fixed.endAt], leftRatio: [1, 0] });
  });

  it('shows the overspent depth without clamping', () => {
    const rows = rowsOf((m) => ({ total: 1000, bad: m > END_M - 600 ? 1000 : 0 }), fromM);
    expect(draw(rows, { window: fixed }).leftRatio.at(-1)).toBeCloseTo(1 - 600_000 / 43_200, 9);
  });

  it('is unknown before the first measurement, and knows the point at which it began', () => {
    const bornM = minuteOf(fixed.startAt) + 5 * 1440 + 30;
    const series = draw(
      rowsOf(() => ({ total: 1000, bad: 0 }), bornM),
      { window: fixed },
    );
    const firstKnown = series.leftRatio.findIndex((left) => left !== null);
    expect(firstKnown).toBe(5 * 24 + 1);
    expect(series.leftRatio.slice(firstKnown).every((left) => left === 1)).toBe(true);
    expect(series.gaps).toEqual([]);
  });

  it('knows a point from the one minute measured before it', () => {
    const onlyM = minuteOf(fixed.startAt) + 5 * 1440 + 59;
    const series = draw(
      rowsOf((m) => (m === onlyM ? { total: 1000, bad: 0 } : null), onlyM),
      { window: fixed },
    );
    expect(series.leftRatio.flatMap((left, i) => (left === null ? [] : [i]))).toEqual([5 * 24 + 1]);
  });

  it('bridges no gap: unknown inside it, hatched from its first minute to its last', () => {
    const [gapFrom, gapTo] = [minuteOf(fixed.startAt) + 3000, minuteOf(fixed.startAt) + 3299];
    const rows = rowsOf((m) => (m >= gapFrom && m <= gapTo ? null : { total: 1000, bad: 1 }), fromM);
    const series = draw(rows, { window: fixed });
    expect(series.gaps).toEqual([{ startAt: startOfMinute(gapFrom), endAt: startOfMinute(gapTo + 1) }]);
    series.at.forEach((at, i) => {
      const inside = at - HOUR_MS >= startOfMinute(gapFrom) && at <= startOfMinute(gapTo + 1);
      expect(series.leftRatio[i] === null).toBe(inside);
    });
  });

  it('hatches a short gap at its true length, without breaking the line', () => {
    const rows = rowsOf((m) => (m === END_M - 5000 || m === END_M - 4999 ? null : { total: 1000, bad: 0 }), fromM);
    const series = draw(rows, { window: fixed });
    expect(series.gaps).toHaveLength(1);
    expect(series.gaps.map((gap) => gap.endAt - gap.startAt)).toEqual([2 * MINUTE_MS]);
    expect(series.leftRatio).not.toContain(null);
  });

  it.each([
    [3, 0, false],
    [5, 0, false],
    [6, 1, true],
    [90, 1, true],
  ])('with the newest data %d minutes old there are %d gaps at the end', (age, gaps, endsUnknown) => {
    const rows = rowsOf((m) => (m > END_M - age ? null : { total: 1000, bad: 0 }), fromM);
    const series = draw(rows, { window: fixed });
    expect(series.gaps).toHaveLength(gaps);
    if (gaps > 0)
      expect(series.gaps[0]).toEqual({ startAt: startOfMinute(END_M - age + 1), endAt: startOfMinute(END_M + 1) });
    // The last step of the line spans the minutes since the full hour: 47 of them at this time of day.
    expect(series.leftRatio.at(-1) === null).toBe(endsUnknown && age > 46);
  });

  it('hatches exactly the minutes that are missing, however they lie', () => {
    const bornM = END_M - 13 * 1440 + 17;
    const hole = fc.tuple(fc.integer({ min: bornM + 1, max: END_M - 20 }), fc.integer({ min: 1, max: 3000 }));
    fc.assert(
      fc.property(fc.array(hole, { maxLength: 6 }), fc.integer({ min: 3, max: 724 }), (holes, maxPoints) => {
        const isMissing = (m: number): boolean =>
          m < END_M - 6 && holes.some(([at, length]) => m >= at && m < at + length);
        const rows = rowsOf((m) => (isMissing(m) ? null : { total: 10, bad: 0 }), bornM);
        const { gaps } = draw(rows, { window: fixed, maxPoints });
        const hatched = gaps.reduce((sum, gap) => sum + (gap.endAt - gap.startAt) / MINUTE_MS, 0);
        expect(hatched).toBe(END_M - bornM + 1 - rows.length);
        gaps.forEach((gap, i) => {
          expect(gap.startAt).toBeGreaterThan(gaps[i - 1]?.endAt ?? startOfMinute(bornM) - 1);
          expect(gap.endAt).toBeLessThanOrEqual(startOfMinute(END_M + 1));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('is empty, not full, without any data', () => {
    const series = draw([], { window: fixed });
    expect(series.leftRatio.every((left) => left === null)).toBe(true);
    expect(series).toMatchObject({ gaps: [], forecast: null, lens: null });
  });
});

describe('forecast', () => {
  const half = rowsOf((m) => ({ total: 1000, bad: m === END_M - 100 ? 21_600 : 0 }), fromM);

  it('goes from now to empty at the burn given', () => {
    const series = draw(half, { window: fixed, burnRate: 15 });
    expect(series.forecast).toEqual({ at: [NOW, NOW + DAY_MS], leftRatio: [0.5, 0] });
  });

  it('stops at the end of the window', () => {
    const series = draw(half, { window: fixed, burnRate: 0.5 });
    const left = 0.5 - (0.5 * (fixed.endAt - NOW)) / W30;
    expect(series.forecast).toEqual({ at: [NOW, fixed.endAt], leftRatio: [0.5, left] });
    expect(draw(half, { window: fixed, burnRate: 0 }).forecast).toEqual({
      at: [NOW, fixed.endAt],
      leftRatio: [0.5, 0.5],
    });
  });

  it('is absent in the rolling view, without a burn, and when nothing is left', () => {
    expect(draw(half, { window: rolling }).forecast).toBeNull();
    expect(draw(half, { window: fixed, burnRate: null }).forecast).toBeNull();
    const gone = rowsOf((m) => ({ total: 1000, bad: m === END_M - 100 ? 43_200 : 0 }), fromM);
    expect(draw(gone, { window: fixed }).forecast).toBeNull();
  });
});

describe('burnDownSeries, rolling view', () => {
  it('gets the budget back when the bad minute leaves the window', () => {
    const badM = END_M - 40 * 1440;
    const rows = rowsOf((m) => ({ total: 1000, bad: m === badM ? 21_600 : 0 }), fromM);
    const series = draw(rows, { window: rolling });
    expect(series.ideal).toBeNull();
    series.at.forEach((at, i) => {
      const endM = minuteOf(at) - 1;
      const inside = badM > minuteBefore(W30, endM);
      expect(series.leftRatio[i]).toBeCloseTo(inside ? 0.5 : 1, 2);
    });
    expect(series.leftRatio.at(-1)).toBe(1);
    expect(series.leftRatio[1]).toBeLessThan(0.51);
  });

  it('equals, at every point, the sums counted over its own window', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 3, max: 60 }), (salt, maxPoints) => {
        const history = (m: number): Minute => ({
          total: 10 + ((m * 7 + salt) % 13),
          bad: (m + salt) % 911 === 0 ? 5 : 0,
        });
        const rows = rowsOf(history, fromM);
        const window = rollingWindow(2 * DAY_MS, NOW);
        const series = draw(rows, { window, maxPoints });
        series.at.forEach((at, i) => {
          let [total, bad] = [0, 0];
          for (let m = minuteOf(at) - 2880; m < minuteOf(at); m += 1) {
            total += history(m)?.total ?? 0;
            bad += history(m)?.bad ?? 0;
          }
          expect(series.leftRatio[i]).toBeCloseTo(1 - bad / total / 0.001, 5);
        });
      }),
      { numRuns: 15 },
    );
  });
});

describe('lens', () => {
  it('is the hour around now, 37 minutes back and 23 ahead', () => {
    expect(lensWindow(NOW)).toEqual({
      startAt: Date.parse('2026-11-21T14:10:00Z'),
      endAt: Date.parse('2026-11-21T15:10:00Z'),
    });
  });

  it.each([
    [0.021, false, true],
    [0.02, false, false],
    [null, false, false],
    [0, true, true],
    [null, true, true],
  ])('last hour spent %s, incident open %s: open %s', (lastHourSpentRatio, openIncident, open) => {
    expect(lensFor({ now: NOW, lastHourSpentRatio, openIncident })).toEqual(open ? lensWindow(NOW) : null);
  });

  it.each([
    [NOW - 2 * MINUTE_MS, true],
    [NOW - 23 * HOUR_MS, true],
    [NOW - 24 * HOUR_MS, false],
    [null, false],
  ])('first measured at %s and calm: open %s', (measuredSince, open) => {
    const calm = { now: NOW, lastHourSpentRatio: 0, openIncident: false };
    expect(lensFor({ ...calm, measuredSince })).toEqual(open ? lensWindow(NOW) : null);
  });

  it.each([
    [0, true],
    [DAY_MS - 1, true],
    [DAY_MS, false],
    [null, false],
  ])('an objective measured for %s ms opens it by its youth: %s', (ageMs, open) => {
    const measuredSince = ageMs === null ? null : NOW - ageMs;
    const lens = lensFor({ now: NOW, lastHourSpentRatio: 0, openIncident: false, measuredSince });
    expect(lens).toEqual(open ? lensWindow(NOW) : null);
  });

  it('shows each minute: its failures and what is left after it', () => {
    const rows = rowsOf((m) => ({ total: 1000, bad: m >= END_M - 9 ? 432 : 0 }), fromM);
    for (const window of [fixed, rolling]) {
      const { lens } = draw(rows, { window, lens: lensWindow(NOW) });
      expect(lens?.at).toHaveLength(38);
      expect(lens?.at[0]).toBe(Date.parse('2026-11-21T14:10:00Z'));
      expect(lens?.at.at(-1)).toBe(Date.parse('2026-11-21T14:47:00Z'));
      expect(lens?.badRatio[0]).toBeNull();
      expect(lens?.badRatio.slice(1)).toEqual([
        ...Array.from({ length: 27 }, () => 0),
        ...Array.from({ length: 10 }, () => 0.432),
      ]);
      expect(lens?.totalEvents[0]).toBeNull();
      expect(lens?.totalEvents.slice(1)).toEqual(Array.from({ length: 37 }, () => 1000));
      expect(lens?.leftRatio[0]).toBe(1);
      expect(lens?.leftRatio.at(-1)).toBeCloseTo(0.9, 3);
    }
  });

  it('ends on the same value as the day scale beside it', () => {
    const rows = rowsOf((m) => ({ total: 997, bad: m % 61 === 0 ? 2 : 0 }), fromM);
    for (const window of [fixed, rolling]) {
      const series = draw(rows, { window, lens: lensWindow(NOW) });
      expect(series.lens?.leftRatio.at(-1)).toBe(series.leftRatio.at(-1));
    }
  });

  it('leaves unmeasured minutes unknown, and bears a lag at the end', () => {
    const rows = rowsOf((m) => (m === END_M - 20 || m > END_M - 2 ? null : { total: 1000, bad: 0 }), fromM);
    const lens = draw(rows, { window: fixed, lens: lensWindow(NOW) }).lens;
    const holes = lens?.leftRatio.flatMap((left, i) => (left === null ? [i] : []));
    expect(holes).toEqual([37 - 20]);
    expect(lens?.badRatio.slice(-2)).toEqual([null, null]);
    expect(lens?.badRatio[17]).toBeNull();
    expect(lens?.totalEvents).toEqual(lens?.badRatio.map((ratio) => (ratio === null ? null : 1000)));
    expect(lens?.totalEvents[17]).toBeNull();
    expect(lens?.totalEvents.slice(-2)).toEqual([null, null]);
  });

  it.each([
    [5, false],
    [6, true],
  ])('with the newest data %d minutes old its end is unknown: %s', (age, isUnknown) => {
    const rows = rowsOf((m) => (m > END_M - age ? null : { total: 1000, bad: 0 }), fromM);
    const lens = draw(rows, { window: fixed, lens: lensWindow(NOW) }).lens;
    expect(lens?.leftRatio.at(-1) === null).toBe(isUnknown);
  });

  it('ends with its own last minute when it lies in the past', () => {
    const past = { startAt: NOW - 5 * HOUR_MS - 30_000, endAt: NOW - 4 * HOUR_MS - 30_000 };
    const minutes = lensPointMinutes(past, NOW);
    expect(minutes).toHaveLength(61);
    expect(startOfMinute((minutes.at(-1) ?? 0) + 1)).toBe(past.endAt);
  });

  it('is all to come, hence empty, when it lies ahead', () => {
    expect(lensPointMinutes({ startAt: NOW + HOUR_MS, endAt: NOW + 2 * HOUR_MS }, NOW)).toEqual([]);
  });
});

describe('badRatios', () => {
  it('keeps measured calm, no traffic and no measurement apart', () => {
    const row = (m: number, total: number, bad: number, observed: number): CumulativeRow => ({
      m,
      total,
      bad,
      observed,
    });
    expect(badRatios([null, row(1, 10, 5, 1), row(2, 20, 5, 2), row(3, 20, 5, 3), row(3, 20, 5, 3), null])).toEqual([
      0.5,
      0,
      0,
      null,
      null,
    ]);
    expect(badRatios([])).toEqual([]);
    expect(badRatios([null])).toEqual([]);
  });
});

describe('eventCounts', () => {
  it('counts what came between, and keeps zero apart from unknown', () => {
    const row = (m: number, total: number, observed: number): CumulativeRow => ({ m, total, bad: 0, observed });
    expect(eventCounts([null, row(1, 10, 1), row(2, 10, 2), row(2, 10, 2), row(5, 40, 3), null])).toEqual([
      10,
      0,
      null,
      30,
      null,
    ]);
    expect(eventCounts([])).toEqual([]);
  });
});

describe('mapLookup', () => {
  it('refuses minutes nobody read', () => {
    expect(() => mapLookup(new Map([[1, null]]))(2)).toThrow(/minute 2/);
    expect(mapLookup(new Map([[1, null]]))(1)).toBeNull();
  });
});
