import { describe, expect, it } from 'vitest';
import { DAY_MS, startOfMinute } from '../../time/index.ts';
import type { Budget } from '../types.ts';
import type { Counted } from './adjust.ts';
import { type ExclusionOccurrence, excludedEdges, excludedSpend } from './spend.ts';
import type { ExcludedShare, Exclusion } from './types.ts';

const START_M = 29_000_000;
const within = { beforeM: START_M - 1, endM: START_M + 999 };
const nowMs = startOfMinute(START_M + 1_000);

function exclusion(id: string, over: Partial<Exclusion> = {}): Exclusion {
  const made = { createdAt: 0, createdBy: 'x', updatedAt: 0, updatedBy: 'x', withdrawnAt: null };
  return {
    id,
    platformId: 'shop',
    sloId: null,
    category: 'maintenance',
    reason: `why ${id}`,
    startsAt: startOfMinute(START_M),
    durationMs: 600_000,
    rrule: null,
    timeZone: 'UTC',
    version: 1,
    isDemo: false,
    ...made,
    ...over,
  };
}

const occurrence = (of: Exclusion, from: number, minutes: number): ExclusionOccurrence => ({
  exclusion: of,
  beforeM: START_M + from - 1,
  endM: START_M + from + minutes - 1,
});

/** Two bad events of ten in every minute. */
const countedAt = (m: number): Counted => {
  const minutes = m - START_M + 1;
  return { total: minutes * 10, bad: minutes * 2, observed: minutes };
};

const budget: Budget = {
  window: { view: 'window', startAt: startOfMinute(START_M), endAt: startOfMinute(START_M) + DAY_MS, windowMs: DAY_MS },
  leftRatio: 0.8,
  spentRatio: 0.2,
  idealLeftRatio: 0.5,
  budgetMs: 600_000,
  leftMs: 480_000,
  badEvents: 200,
  totalEvents: 9_000,
  expectedEvents: 12_000,
  estimated: true,
  sliPercent: 97,
  coverageRatio: 1,
  bounds: null,
};
/** 100 more bad events, half as dear again: 300 spend 0.3. */
const excluded: ExcludedShare = { minutes: 50, badEvents: 100, totalEvents: 500, spans: 1, rawLeftRatio: 0.7 };

const spend = (occurrences: readonly ExclusionOccurrence[], share: ExcludedShare | null = excluded) =>
  excludedSpend({ occurrences, within, countedAt, budget, excluded: share, nowMs });

describe('excluded time among the causes', () => {
  it('costs nothing, and says what it would have cost', () => {
    const [line] = spend([occurrence(exclusion('a'), 100, 50)]);
    expect(line).toMatchObject({
      label: 'Excluded: why a',
      detail: 'Maintenance, 1 window',
      badEvents: 0,
      budgetRatio: 0,
      budgetMs: 0,
      excluded: { windows: 1, badEvents: 100 },
    });
    expect(line?.excluded?.budgetRatio).toBeCloseTo(0.1, 12);
    expect(line?.excluded?.budgetMs).toBeCloseTo(60_000, 6);
    expect(line?.mark).toMatchObject({ id: 'a', kind: 'exclusion', at: startOfMinute(START_M + 100) });
  });

  it('is one line for all windows of a recurrence, the dearest first', () => {
    const weekly = exclusion('weekly');
    const lines = spend([
      occurrence(exclusion('once'), 500, 30),
      occurrence(weekly, 0, 20),
      occurrence(weekly, 200, 20),
    ]);
    expect(lines.map(({ label, excluded: cost }) => [label, cost?.windows, cost?.badEvents])).toEqual([
      ['Excluded: why weekly', 2, 80],
      ['Excluded: why once', 1, 60],
    ]);
    expect(lines[0]?.at).toBe(startOfMinute(START_M + 200));
  });

  it('counts a minute once where two overlap, for the earlier', () => {
    const both = [occurrence(exclusion('b'), 110, 20), occurrence(exclusion('a'), 100, 20)];
    const cost = new Map(spend(both).map(({ mark, excluded: raw }) => [mark?.id, raw?.badEvents]));
    expect(cost).toEqual(
      new Map([
        ['a', 40],
        ['b', 20],
      ]),
    );
    expect(excludedEdges(both, within)).toHaveLength(2);
  });

  it('is cut at the edges of the window, and left out beyond', () => {
    const lines = spend([occurrence(exclusion('a'), -10, 20), occurrence(exclusion('b'), 2_000, 5)]);
    expect(lines.map(({ mark, excluded: cost }) => [mark?.id, cost?.badEvents])).toEqual([['a', 20]]);
  });

  it('claims no cost where nothing was taken out', () => {
    expect(spend([occurrence(exclusion('a'), 100, 5)], null)[0]?.excluded).toMatchObject({ budgetRatio: 0 });
  });

  it('gathers what is beyond twenty lines without losing any', () => {
    const many = Array.from({ length: 30 }, (_, i) => occurrence(exclusion(`e${i}`), i * 20, 10));
    const lines = spend(many);
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toMatchObject({ label: 'Excluded: further windows', detail: '11 windows', mark: null });
    expect(lines.reduce((sum, line) => sum + (line.excluded?.badEvents ?? 0), 0)).toBe(30 * 20);
  });
});
