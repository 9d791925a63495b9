import type { SpendItem } from '@qd/shared/slo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utc } from '../../../lib/zone.ts';
import { aDetail, NOW } from '../test/story.ts';
import { spendRows } from './spend-rows.ts';

const item = (budgetRatio: number, over: Partial<SpendItem> = {}): SpendItem => ({
  mark: null,
  label: 'Something',
  detail: '',
  at: null,
  endAt: null,
  badEvents: Math.round(budgetRatio * 1_000),
  budgetRatio,
  budgetMs: budgetRatio * 1_000,
  excluded: null,
  ...over,
});

describe('what spent the budget', () => {
  it('tells when each cause was', () => {
    expect(spendRows(aDetail().spend, utc, NOW).map((row) => row.when)).toEqual([
      '3 Oct 14:23, open',
      '15 Sep 10:05, 40 min',
      'all window',
      '23 Sep 06:10, 18 min',
      '19 Sep 03:20, 25 min',
    ]);
  });

  it('keeps red for what is still open, and grey for what has no cause', () => {
    const [open, deploy, background, second] = spendRows(aDetail().spend, utc, NOW).map((row) => row.colour);
    expect(open).toBe('var(--qd-crit-fill)');
    expect(deploy).toBe('var(--qd-water-line)');
    expect(background).toBe('var(--qd-stale-fill)');
    expect(second).toContain('65%');
  });

  it('gathers the smallest without losing any of the cost', () => {
    const ratios = fc.array(fc.double({ min: 0.0001, max: 0.2, noNaN: true }), { minLength: 0, maxLength: 40 });
    fc.assert(
      fc.property(ratios, (costs) => {
        const rows = spendRows(
          costs.toSorted((a, b) => b - a).map((cost) => item(cost)),
          utc,
          NOW,
        );
        const sum = rows.reduce((total, row) => total + row.item.budgetRatio, 0);
        expect(rows.length).toBeLessThanOrEqual(6);
        expect(sum).toBeCloseTo(
          costs.reduce((total, cost) => total + cost, 0),
          9,
        );
        expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
      }),
    );
  });

  it('names how many were gathered', () => {
    const rows = spendRows(
      Array.from({ length: 8 }, (_, i) => item(0.1 - i / 100)),
      utc,
      NOW,
    );
    expect(rows.at(-1)?.item.label).toBe('3 smaller causes');
  });
});
