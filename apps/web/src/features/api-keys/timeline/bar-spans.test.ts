import { DAY_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { aKey, NOW } from '../../../../test/keys-story.ts';
import { monthsAround, ratioOn } from '../../../lib/month-axis.ts';
import { rowSpans } from './bar-spans.ts';

const axis = monthsAround(NOW, { before: 3, after: 3 });
const day = (days: number) => NOW + days * DAY_MS;
const end = (span: { left: number; width: number } | null) => (span === null ? null : span.left + span.width);

describe('what is drawn of a row', () => {
  it('is time lived and time left, meeting at now', () => {
    const { lanes, overlap } = rowSpans(aKey(), axis, NOW, false);
    expect(overlap).toBeNull();
    expect(lanes).toHaveLength(1);
    const spans = lanes[0]?.spans;
    expect(end(spans?.lived ?? null)).toBeCloseTo(axis.nowRatio, 9);
    expect(spans?.left?.left).toBeCloseTo(axis.nowRatio, 9);
    expect([spans?.isEnded, spans?.overdue, spans?.endMark, spans?.soonMark]).toEqual([false, null, null, null]);
  });

  it('runs to the edge for a key that never ends', () => {
    expect(end(rowSpans(aKey({ stopsAt: null }), axis, NOW, false).lanes[0]?.spans.left ?? null)).toBe(1);
  });

  it('is hatched from the day it was due', () => {
    const spans = rowSpans(aKey({ rotationDueAt: day(-2) }), axis, NOW, false).lanes[0]?.spans;
    expect(end(spans?.lived ?? null)).toBeCloseTo(spans?.overdue?.left ?? 0, 9);
    expect(end(spans?.overdue ?? null)).toBeCloseTo(axis.nowRatio, 9);
  });

  it('is grey with a cross once it ended', () => {
    const gone = aKey({ state: 'revoked', endedAt: day(-46), stopsAt: day(10) });
    const spans = rowSpans(gone, axis, NOW, false).lanes[0]?.spans;
    expect(spans).toMatchObject({ isEnded: true, left: null, overdue: null });
    expect(spans?.endMark).toBeCloseTo(end(spans?.lived ?? null) ?? 0, 9);
  });

  it('has two lanes and the time both work while a key is rotated', () => {
    const successor = aKey({ id: 'new00000', activatedAt: day(-1), stopsAt: day(89) });
    const rotation = { id: 'rot_1', successor, startedAt: day(-1), deadlineAt: day(6), moved: 1 };
    const { lanes, overlap } = rowSpans(aKey({ stopsAt: day(6), rotation }), axis, NOW, false);
    expect(lanes.map((lane) => lane.id)).toEqual(['a1b2c3d4', 'new00000']);
    expect(overlap?.width).toBeCloseTo(7 / 184, 9);
  });

  it('keeps the key before while its end is on the axis', () => {
    const previous = aKey({ id: 'old00000', state: 'rotated', endedAt: day(-2) });
    const young = (endedAt: number) =>
      rowSpans(aKey({ activatedAt: day(-9), previous: { ...previous, endedAt } }), axis, NOW, false);
    expect(young(day(-2)).lanes.map((lane) => lane.id)).toEqual(['old00000', 'a1b2c3d4']);
    expect(young(day(-2)).overlap?.width).toBeCloseTo(7 / 184, 9);
    expect(young(day(-200)).lanes).toHaveLength(1);
  });

  it('marks the end that comes soon', () => {
    const spans = rowSpans(aKey({ stopsAt: day(5) }), axis, NOW, true).lanes[0]?.spans;
    expect(spans?.soonMark).toBeCloseTo(ratioOn(axis, day(5)) ?? 0, 9);
  });

  it('is only time left for a key that waits for its link', () => {
    const spans = rowSpans(aKey({ state: 'pending', activatedAt: null }), axis, NOW, false).lanes[0]?.spans;
    expect(spans?.lived).toBeNull();
    expect(spans?.left).not.toBeNull();
  });
});
