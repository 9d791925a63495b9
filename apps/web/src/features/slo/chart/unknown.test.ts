import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { aSeries, NOW, START } from '../test/story.ts';
import { unknownSpans } from './unknown.ts';

const life = { measuredSince: START - DAY_MS, dataAt: NOW - 30_000, freshness: 'fresh' } as const;

describe('time we cannot speak for', () => {
  it('is each gap of the window', () => {
    const gap = { startAt: START + DAY_MS, endAt: START + 2 * DAY_MS };
    expect(unknownSpans(aSeries({ gaps: [gap] }), life)).toEqual([{ ...gap, kind: 'gap' }]);
  });

  it('is what lies before the first measurement', () => {
    const spans = unknownSpans(aSeries({ gaps: [] }), { ...life, measuredSince: NOW - 7 * MINUTE_MS });
    expect(spans).toEqual([{ startAt: START, endAt: NOW - 7 * MINUTE_MS, kind: 'before' }]);
  });

  it('is the whole window so far while nothing was ever measured', () => {
    const spans = unknownSpans(aSeries({ gaps: [] }), { measuredSince: null, dataAt: null, freshness: 'never' });
    expect(spans).toEqual([{ startAt: START, endAt: NOW, kind: 'before' }]);
  });

  it('is everything since the newest measurement, said once', () => {
    const dataAt = NOW - 2 * HOUR_MS;
    const gaps = [
      { startAt: START + DAY_MS, endAt: START + DAY_MS + HOUR_MS },
      { startAt: dataAt, endAt: NOW },
    ];
    const spans = unknownSpans(aSeries({ gaps }), { ...life, dataAt, freshness: 'stale' });
    expect(spans.map((span) => span.kind)).toEqual(['gap', 'since']);
    expect(spans.at(-1)).toEqual({ startAt: dataAt, endAt: NOW, kind: 'since' });
  });

  it('never reaches into the future or out of the window', () => {
    const spans = unknownSpans(aSeries({ gaps: [{ startAt: START - DAY_MS, endAt: NOW + DAY_MS }] }), life);
    expect(spans).toEqual([{ startAt: START, endAt: NOW, kind: 'gap' }]);
  });
});
