import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/index.ts';
import { exhaustion } from './exhaustion.ts';
import { freshness, sloState, type SloStateInput } from './state.ts';
import type { Budget, BurnRow, SloState } from './types.ts';

const NOW = Date.parse('2026-11-21T14:47:30Z');
const W30 = 30 * DAY_MS;

describe('exhaustion', () => {
  const at = (leftRatio: number | null, burnRate: number | null) =>
    exhaustion({ leftRatio, burnRate, windowMs: W30, now: NOW });

  it.each([
    ['a full budget at 14.4', 1, 14.4, 50],
    ['a quarter at 14.4', 0.25, 14.4, 12.5],
    ['a full budget at 1', 1, 1, 720],
    ['a full budget at 6', 1, 6, 120],
  ])('%s lasts', (_, left, burn, hours) => {
    expect(at(left, burn)).toEqual({ kind: 'at', at: NOW + hours * HOUR_MS });
  });

  it('starts from what is really left', () => {
    const result = at(0.029, 932);
    expect(result.kind === 'at' ? Math.round((result.at - NOW) / 1000) : null).toBe(81);
  });

  it.each([
    ['unknown budget', null, 14, { kind: 'unknown' }],
    ['unknown burn', 0.5, null, { kind: 'unknown' }],
    ['no burn', 0.5, 0, { kind: 'never' }],
    ['negative burn', 0.5, -1, { kind: 'never' }],
    ['nothing left', 0, 14, { kind: 'already', since: null }],
    ['overspent, burn unknown', -3, null, { kind: 'already', since: null }],
    ['beyond the calendar', 1, 1e-9, { kind: 'never' }],
  ])('%s', (_, left, burn, result) => {
    expect(at(left, burn)).toEqual(result);
  });

  it('passes on since when it is gone', () => {
    expect(exhaustion({ leftRatio: -0.1, burnRate: 2, windowMs: W30, now: NOW, since: NOW - 5 })).toEqual({
      kind: 'already',
      since: NOW - 5,
    });
  });

  it('is always an instant a calendar knows, and sooner the faster it burns', () => {
    const positive = fc.double({ min: 1e-12, max: 1, noNaN: true });
    const burn = fc.double({ min: 1e-12, max: 1e8, noNaN: true });
    fc.assert(
      fc.property(positive, burn, burn, (left, a, b) => {
        const [slow, fast] = [at(left, Math.min(a, b)), at(left, Math.max(a, b))];
        for (const result of [slow, fast]) {
          if (result.kind === 'at') expect(Number.isNaN(new Date(result.at).getTime())).toBe(false);
        }
        if (slow.kind === 'at') expect(fast.kind === 'at' ? fast.at : Number.NaN).toBeLessThanOrEqual(slow.at);
      }),
    );
  });
});

describe('sloState', () => {
  const budget = (leftRatio: number | null, bestLeftRatio?: number): Budget => ({
    window: { view: 'window', startAt: NOW - DAY_MS, endAt: NOW + 29 * DAY_MS, windowMs: W30 },
    leftRatio,
    spentRatio: leftRatio === null ? null : 1 - leftRatio,
    idealLeftRatio: 0.9,
    budgetMs: 1,
    leftMs: 1,
    badEvents: 0,
    totalEvents: 1,
    expectedEvents: 1,
    estimated: false,
    sliPercent: 100,
    coverageRatio: 1,
    bounds: bestLeftRatio === undefined ? null : { bestLeftRatio, worstLeftRatio: -9 },
  });
  const row = (state: BurnRow['state'], severity: 'page' | 'ticket' = 'page'): BurnRow => ({
    shortMs: 5 * MINUTE_MS,
    longMs: HOUR_MS,
    limit: 14.4,
    severity,
    state,
    shortBurn: 20,
    longBurn: 20,
    budgetShareRatio: 0.02,
    spentShareRatio: null,
    excludedMinutes: 0,
  });
  const state = (input: Partial<SloStateInput>): SloState =>
    sloState({
      budget: budget(1),
      burnRows: [],
      lifeCoverageRatio: 1,
      policy: { cautionRatio: 0.2, freezeRatio: 0.1 },
      ...input,
    });

  it.each<[number | null, SloState]>([
    [1, 'on_course'],
    [0.2, 'on_course'],
    [0.199, 'caution'],
    [0.1, 'caution'],
    [0.0999, 'freeze'],
    [1e-9, 'freeze'],
    [0, 'overspent'],
    [-19, 'overspent'],
    [null, 'no_data'],
  ])('%s left is %s', (left, word) => {
    expect(state({ budget: budget(left) })).toBe(word);
  });

  it('takes its marks from the policy', () => {
    expect(state({ budget: budget(0.4), policy: { cautionRatio: 0.5, freezeRatio: 0.3 } })).toBe('caution');
    expect(state({ budget: budget(0.05), policy: { cautionRatio: 0, freezeRatio: 0 } })).toBe('on_course');
  });

  it.each<[number, BurnRow[], SloState]>([
    [0.9, [row('firing')], 'fast_burn'],
    [0.9, [row('ok'), row('firing', 'ticket')], 'fast_burn'],
    [0.9, [row('recovering'), row('rising'), row('held'), row('unknown')], 'on_course'],
    [0.15, [row('firing')], 'fast_burn'],
    [0.05, [row('firing')], 'freeze'],
    [-1, [row('firing')], 'overspent'],
  ])('%d left with rows is told apart', (left, burnRows, word) => {
    expect(state({ budget: budget(left), burnRows })).toBe(word);
  });

  it('is insufficient below the coverage asked for, never good', () => {
    expect(state({ lifeCoverageRatio: 0.499 })).toBe('insufficient');
    expect(state({ lifeCoverageRatio: 0.5 })).toBe('on_course');
    expect(state({ lifeCoverageRatio: 0.89, minCoverageRatio: 0.9 })).toBe('insufficient');
    expect(state({ budget: budget(0.05, 0.4), lifeCoverageRatio: 0.1 })).toBe('insufficient');
    expect(state({ budget: budget(-0.5, 0.01), lifeCoverageRatio: 0.1 })).toBe('insufficient');
  });

  it('still says overspent when no gap could have saved it', () => {
    expect(state({ budget: budget(-2, -0.5), lifeCoverageRatio: 0.1 })).toBe('overspent');
    expect(state({ budget: budget(-2, 0), lifeCoverageRatio: 0.1 })).toBe('overspent');
  });
});

describe('freshness', () => {
  const word = (ageMs: number | null, intervalMs: number, sourceDown = false) =>
    freshness({ dataAt: ageMs === null ? null : NOW - ageMs, now: NOW, intervalMs, sourceDown });

  it.each([
    [0, 15_000, 'fresh'],
    [119_999, 15_000, 'fresh'],
    [120_000, 15_000, 'fresh'],
    [120_001, 15_000, 'late'],
    [300_000, 15_000, 'late'],
    [300_001, 15_000, 'stale'],
    [240_000, 120_000, 'fresh'],
    [300_000, 120_000, 'late'],
    [360_001, 120_000, 'stale'],
    [600_000, 300_000, 'fresh'],
    [800_000, 300_000, 'late'],
    [900_001, 300_000, 'stale'],
    [-5_000, 15_000, 'fresh'],
  ])('%d ms old at an interval of %d ms is %s', (ageMs, intervalMs, expected) => {
    expect(word(ageMs, intervalMs)).toBe(expected);
  });

  it('is stale at once when the source is down, and never without any data', () => {
    expect(word(0, 15_000, true)).toBe('stale');
    expect(word(null, 15_000)).toBe('never');
    expect(word(null, 15_000, true)).toBe('never');
  });
});
