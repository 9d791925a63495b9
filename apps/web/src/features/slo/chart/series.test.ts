import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aSeries, END, NOW, START, storyLeft } from '../test/story.ts';
import {
  drawnPercent,
  idealPercent,
  lensPoints,
  nearestIndex,
  newestPoint,
  windowPoints,
  worstPercent,
} from './series.ts';

describe('points of the window', () => {
  it('runs from the start, in percent, and goes on with ideal and forecast to the end', () => {
    const points = windowPoints(aSeries(), [], null);
    expect(points[0]).toMatchObject({ at: START, left: 100, ideal: 100 });
    expect(points.at(-1)).toMatchObject({ at: END, left: null, ideal: 0 });
    expect(newestPoint(points)?.left).toBeCloseTo(storyLeft(NOW - 30_000) * 100, 6);
    expect(points.every((point, i) => i === 0 || point.at > (points[i - 1]?.at ?? 0))).toBe(true);
  });

  it('has the start of the ideal line even before anything is measured', () => {
    const points = windowPoints(aSeries({ at: [], leftRatio: [], forecast: null, lens: null }), [], null);
    expect(points[0]).toMatchObject({ at: START, left: null, ideal: 100 });
  });

  it('has no ideal line in the rolling view', () => {
    const points = windowPoints(aSeries({ view: 'rolling', ideal: null, forecast: null }), [], null);
    expect(points.every((point) => point.ideal === null)).toBe(true);
  });

  it('carries the forecast on below zero, so that one sees where it leads', () => {
    const forecast = { at: [NOW, NOW + 10 * HOUR_MS], leftRatio: [0.2, 0] };
    const drawn = windowPoints(aSeries({ forecast }), [], null).filter((point) => point.forecast !== null);
    expect(drawn.map((point) => Math.round(point.forecast ?? NaN))).toEqual([20, 0, -16]);
    expect((drawn[2]?.at ?? 0) - NOW).toBeCloseTo(18 * HOUR_MS, -1);
  });

  it('leaves a forecast that keeps some budget as it is', () => {
    const forecast = { at: [NOW, END], leftRatio: [0.7, 0.4] };
    const drawn = windowPoints(aSeries({ forecast }), [], null).filter((point) => point.forecast !== null);
    expect(drawn.map((point) => point.forecast)).toEqual([70, 40]);
  });
});

describe('what is not known', () => {
  it('breaks the line, even where the series was sampled around it', () => {
    const gap = {
      startAt: START + 8 * DAY_MS + MINUTE_MS,
      endAt: START + 8 * DAY_MS + 50 * HOUR_MS,
      kind: 'gap',
    } as const;
    const series = aSeries();
    series.leftRatio = series.at.map((at, i) =>
      at > gap.startAt && at < gap.endAt ? null : (series.leftRatio[i] ?? null),
    );
    const inside = windowPoints(series, [gap], null).filter((point) => point.at > gap.startAt && point.at < gap.endAt);
    expect(inside.length).toBeGreaterThan(0);
    expect(inside.every((point) => drawnPercent(point) === null)).toBe(true);
  });

  it('is no hole when it is too short to be seen', () => {
    const blink = { startAt: START + DAY_MS, endAt: START + DAY_MS + 90_000, kind: 'gap' } as const;
    expect(windowPoints(aSeries(), [blink], null)).toHaveLength(windowPoints(aSeries(), [], null).length);
  });
});

describe('points of the enlarged hour', () => {
  it('carries the traffic of each minute', () => {
    const points = lensPoints(aSeries(), [], null);
    const busy = points.find((point) => point.events !== null && (point.failed ?? 0) > 0);
    expect(points.length).toBeGreaterThan(30);
    expect(busy?.failed).toBeLessThanOrEqual(busy?.events ?? 0);
  });

  it('is in two colours that touch where the fast burn begins', () => {
    const since = Date.UTC(2026, 9, 3, 14, 22);
    const points = lensPoints(aSeries(), [], since);
    const seam = points.filter((point) => point.left !== null && point.hot !== null);
    expect(seam).toHaveLength(1);
    expect(seam[0]?.at).toBe(since);
    expect(points.filter((point) => point.at > since && point.at < NOW).every((point) => point.left === null)).toBe(
      true,
    );
  });

  it('is empty without a lens', () => {
    expect(lensPoints(aSeries({ lens: null }), [], null)).toEqual([]);
  });
});

describe('reading a series', () => {
  it('finds the worst in both panels', () => {
    const series = aSeries();
    expect(worstPercent({ ...series, leftRatio: [1, -0.3, null] })).toBeCloseTo(-30);
    expect(worstPercent({ ...series, leftRatio: [null], lens: null })).toBe(100);
  });

  it('knows the ideal line at every instant', () => {
    expect(idealPercent(aSeries(), (START + END) / 2)).toBe(50);
    expect(idealPercent(aSeries(), END + DAY_MS)).toBe(0);
    expect(idealPercent(aSeries({ ideal: null }), NOW)).toBeNull();
  });

  it('finds the nearest point, as a slow search would', () => {
    const points = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(points, fc.integer({ min: -50, max: 1_050 }), (ats, at) => {
        const sorted = ats.toSorted((a, b) => a - b).map((instant) => ({ at: instant }));
        const found = sorted[nearestIndex(sorted, at)];
        const best = Math.min(...sorted.map((point) => Math.abs(point.at - at)));
        expect(Math.abs((found?.at ?? Infinity) - at)).toBe(best);
      }),
    );
  });
});
