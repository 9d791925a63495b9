import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/index.ts';
import type { AlertRules } from './alerts/types.ts';
import { burnGatesOf, burnRowsOf, burnWindowsOf, planBurnRows } from './burn-policy.ts';
import { defaultBurnRows } from './burn.ts';
import { defaultAlertRules } from './definition.ts';
import { parseTarget } from './target.ts';

const t999 = parseTarget('99.9');
const share: AlertRules = { ...defaultAlertRules, policy: 'constant_share' };
const custom = (rows: AlertRules['rows'], rest: Partial<AlertRules> = {}): AlertRules => ({
  ...defaultAlertRules,
  policy: 'custom',
  rows,
  ...rest,
});
const row = (shortMs: number, longMs: number, limit: number) => ({ shortMs, longMs, limit, severity: 'page' as const });

describe('constant limit', () => {
  it.each([7, 28, 30, 90])('has the same rows for %d d as if there were no rules', (days) => {
    expect(burnRowsOf(null, t999, days * DAY_MS)).toEqual(defaultBurnRows(days * DAY_MS));
    expect(burnRowsOf(defaultAlertRules, t999, days * DAY_MS)).toEqual(defaultBurnRows(days * DAY_MS));
  });
});

describe('constant share', () => {
  // k = share x W / long, for 2 % of the budget in 1 h, 5 % in 6 h, 10 % in 1 d and in 3 d.
  it.each([
    [7, [3.36, 1.4]],
    [28, [13.44, 5.6, 2.8]],
    [30, [14.4, 6, 3, 1]],
    [90, [43.2, 18, 9, 3]],
  ])('of %d d has limits %j; rows under 1 are left out', (days, limits) => {
    expect(burnRowsOf(share, t999, days * DAY_MS).map(({ limit }) => limit)).toEqual(limits);
  });

  it('keeps the rows under 1 when they are allowed', () => {
    const limits = burnRowsOf({ ...share, allowSlowRows: true }, t999, 7 * DAY_MS).map(({ limit }) => limit);
    expect(limits.map((limit) => limit.toFixed(3))).toEqual(['3.360', '1.400', '0.700', '0.233']);
  });

  it.each([7, 28, 30, 90])('spends 2, 5, 10 and 10 %% of %d d at the limit', (days) => {
    const shares = planBurnRows(share, t999, days * DAY_MS).map(({ budgetShareRatio }) => budgetShareRatio);
    [0.02, 0.05, 0.1, 0.1].forEach((expected, i) => expect(shares[i]).toBeCloseTo(expected, 12));
  });

  it('finds a full outage of 99.9 over 30 d after 51.84, 129.6 and 259.2 s', () => {
    const rows = planBurnRows(share, t999, 30 * DAY_MS);
    expect(rows.map(({ outageDetectionMs }) => Math.round(outageDetectionMs))).toEqual([
      51_840, 129_600, 259_200, 259_200,
    ]);
  });
});

describe('planBurnRows', () => {
  it('says what keeps a row from being evaluated, and the limit that would do', () => {
    const rows = [
      row(5 * MINUTE_MS, HOUR_MS, 14.4),
      row(5 * MINUTE_MS, HOUR_MS, 9),
      row(HOUR_MS, 8 * DAY_MS, 2),
      row(HOUR_MS, DAY_MS, 0.5),
    ];
    const planned = planBurnRows(custom(rows), parseTarget('90'), 7 * DAY_MS);
    expect(planned.map(({ problem }) => problem)).toEqual(['unreachable', null, 'long', 'slow']);
    expect(planned[0]?.maxLimit).toBe(9);
    expect(burnRowsOf(custom(rows), parseTarget('90'), 7 * DAY_MS)).toEqual([rows[1]]);
    expect(burnRowsOf(custom(rows, { allowSlowRows: true }), parseTarget('90'), 7 * DAY_MS)).toEqual([
      rows[1],
      rows[3],
    ]);
  });

  it.each([
    ['97.6', 43.2, 'unreachable'],
    ['98', 43.2, null],
    ['93', 14.4, 'unreachable'],
    ['85', 6, null],
  ])('a target of %s and a limit of %d: %s', (percent, limit, problem) => {
    const [planned] = planBurnRows(custom([row(5 * MINUTE_MS, HOUR_MS, limit)]), parseTarget(percent), 90 * DAY_MS);
    expect(planned?.problem).toBe(problem);
  });

  it('never fires by an outage what is out of reach', () => {
    const [planned] = planBurnRows(custom([row(5 * MINUTE_MS, HOUR_MS, 14.4)]), parseTarget('50'), 30 * DAY_MS);
    expect(planned).toMatchObject({
      problem: 'unreachable',
      outageDetectionMs: Number.POSITIVE_INFINITY,
      maxLimit: 1.8,
    });
  });
});

describe('gates and windows', () => {
  it('takes the gates of the rules', () => {
    expect(burnGatesOf(null)).toMatchObject({ minBadEvents: 3, minTotalEvents: 0 });
    expect(burnGatesOf({ ...defaultAlertRules, minBadEvents: 9, minTotalEvents: 500 })).toMatchObject({
      minBadEvents: 9,
      minTotalEvents: 500,
    });
  });

  it('reads every window of the rows once', () => {
    const rows = [row(7 * MINUTE_MS, HOUR_MS, 9), row(HOUR_MS, 11 * HOUR_MS, 2)];
    expect(burnWindowsOf(rows)).toEqual([7 * MINUTE_MS, HOUR_MS, 11 * HOUR_MS]);
  });
});
