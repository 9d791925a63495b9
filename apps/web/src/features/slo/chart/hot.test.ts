import { MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { aSeries, burnRows, marks } from '../test/story.ts';
import { hotSince, pageLimit } from './hot.ts';

const OUTAGE = Date.UTC(2026, 9, 3, 14, 22);
const quiet = burnRows.map((row) => ({ ...row, state: 'ok' as const }));

describe('since when the budget goes fast', () => {
  it('is null while no page row fires', () => {
    expect(hotSince(aSeries(), quiet, marks)).toBeNull();
    const tickets = burnRows.map((row) => (row.severity === 'page' ? { ...row, state: 'ok' as const } : row));
    expect(hotSince(aSeries(), tickets, marks)).toBeNull();
  });

  it('is where the cliff begins, or the incident, whichever came first', () => {
    const since = hotSince(aSeries(), burnRows, []);
    expect(Math.abs((since ?? 0) - OUTAGE)).toBeLessThanOrEqual(2 * MINUTE_MS);
    expect(hotSince(aSeries(), burnRows, marks)).toBe(Math.min(since ?? 0, Date.UTC(2026, 9, 3, 14, 23)));
  });

  it('is not ended by one calm minute', () => {
    const series = aSeries();
    const { lens } = series;
    if (lens === null) throw new Error('the story has a lens');
    const calmed = lens.leftRatio.map((left, i) => (i === 30 ? (lens.leftRatio[29] ?? null) : left));
    const since = hotSince({ ...series, lens: { ...lens, leftRatio: calmed } }, burnRows, []);
    expect(Math.abs((since ?? 0) - OUTAGE)).toBeLessThanOrEqual(2 * MINUTE_MS);
  });

  it('does not reach across time that was not measured', () => {
    const series = aSeries();
    const { lens } = series;
    if (lens === null) throw new Error('the story has a lens');
    const holed = lens.leftRatio.map((left, i) => (i === 28 ? null : left));
    expect(hotSince({ ...series, lens: { ...lens, leftRatio: holed } }, burnRows, [])).toBe(lens.at[29]);
  });

  it('measures fast by the lowest page limit', () => {
    expect(pageLimit(burnRows)).toBe(6);
    expect(pageLimit([])).toBe(Number.POSITIVE_INFINITY);
  });
});
