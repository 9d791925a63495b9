import type { BurnRowState } from '@qd/shared/slo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedPercent } from './allowed.ts';
import { rowLook, burnShare, spanName } from './burn-scale.ts';

describe('the log scale of burn rates', () => {
  it.each([
    [0, 0],
    [0.1, 0],
    [1, 0.238],
    [14.4, 0.514],
    [932, 0.944],
    [1_600, 1],
    [2_000, 1],
  ])('places %s× at %s', (burn, share) => {
    expect(burnShare(burn)).toBeCloseTo(share, 2);
  });

  it('never draws a higher burn shorter', () => {
    const burn = fc.double({ min: 0, max: 5_000, noNaN: true });
    fc.assert(fc.property(burn, burn, (a, b) => burnShare(Math.min(a, b)) <= burnShare(Math.max(a, b))));
  });
});

describe('words of the burn table', () => {
  it.each([
    [300_000, '5 min'],
    [1_800_000, '30 min'],
    [3_600_000, '1 h'],
    [21_600_000, '6 h'],
    [86_400_000, '1 d'],
    [259_200_000, '3 d'],
  ])('names %s ms %s', (ms, name) => {
    expect(spanName(ms)).toBe(name);
  });

  it.each<[BurnRowState, 'page' | 'ticket', string, string]>([
    ['firing', 'page', 'Page', 'crit'],
    ['firing', 'ticket', 'Ticket', 'warn'],
    ['recovering', 'page', 'Recovering', 'info'],
    ['rising', 'page', 'Rising', 'warn'],
    ['ok', 'page', 'Quiet', 'ok'],
    ['held', 'page', 'Held', 'stale'],
    ['unknown', 'ticket', 'Not known', 'stale'],
  ])('shows %s of a %s row as %s', (state, severity, word, tone) => {
    expect(rowLook({ state, severity, excludedMinutes: 0 })).toMatchObject({ word, tone });
  });

  it.each<[BurnRowState, number, string]>([
    ['firing', 0, 'firing'],
    ['held', 0, 'low traffic'],
    ['unknown', 0, 'not measured'],
    ['unknown', 30, 'in maintenance'],
    ['ok', 30, 'under the limit'],
  ])('says why a row is %s with %s min excluded: %s', (state, excludedMinutes, why) => {
    expect(rowLook({ state, severity: 'page', excludedMinutes }).why).toBe(why);
  });

  it.each([
    ['99.95', 0.05],
    ['99.9', 0.1],
    ['95', 5],
    ['99.999', 0.001],
    ['0', 100],
  ])('allows %s to fail by %s percent, exactly', (target, allowed) => {
    expect(allowedPercent(target)).toBe(allowed);
  });
});
