import { DAY_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { NOW } from '../../test/fixtures.ts';
import { monthsAround, ratioOn, spanOf } from './month-axis.ts';

const shown = { before: 3, after: 3 };
const axis = monthsAround(NOW, shown);
const day = (days: number) => NOW + days * DAY_MS;

describe('the axis', () => {
  it('has six whole months around now', () => {
    expect(axis.months.map((month) => month.label)).toEqual(['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']);
    expect([axis.startMs, axis.endMs]).toEqual([Date.UTC(2026, 6, 1), Date.UTC(2027, 0, 1)]);
    expect(axis.months[0]?.ratio).toBe(0);
    expect(axis.months.at(-1)?.endRatio).toBe(1);
    expect(axis.nowRatio).toBeCloseTo(0.514, 3);
  });

  it('may reach further back than ahead', () => {
    const { startMs, endMs, months } = monthsAround(NOW, { before: 6, after: 1 });
    expect([startMs, endMs, months.length]).toEqual([Date.UTC(2026, 3, 1), Date.UTC(2026, 10, 1), 7]);
  });

  it('goes over the turn of the year', () => {
    const labels = monthsAround(Date.UTC(2027, 1, 3), shown).months.map((month) => month.label);
    expect(labels).toEqual(['Nov', 'Dec', 'Jan', 'Feb', 'Mar', 'Apr']);
  });

  it('cuts what lies beside it, and shows nothing of what lies wholly there', () => {
    expect(spanOf(axis, day(-400), null)).toEqual({ left: 0, width: 1 });
    expect(spanOf(axis, day(-400), axis.startMs)).toBeNull();
    expect(spanOf(axis, axis.endMs, null)).toBeNull();
    expect(spanOf(axis, NOW, NOW)).toBeNull();
    expect([ratioOn(axis, axis.startMs), ratioOn(axis, axis.endMs), ratioOn(axis, day(-400))]).toEqual([0, 1, null]);
  });
});
