import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/index.ts';
import { burnRowsOf } from './burn-policy.ts';
import {
  budgetShareAtLimit,
  burnRate,
  defaultBurnGates,
  defaultBurnRows,
  detectionMs,
  evaluateBurnRow,
  highestFiring,
  isReachable,
  worstBurn,
} from './burn.ts';
import { parseTarget } from './target.ts';
import type { BurnRow, BurnRowSpec, WindowReading } from './types.ts';

const W30 = 30 * DAY_MS;
const t999 = parseTarget('99.9');
const slo = { target: t999, windowMs: W30 };
const page: BurnRowSpec = { shortMs: 5 * MINUTE_MS, longMs: HOUR_MS, limit: 14.4, severity: 'page' };

/** A window of `minutes`, fully measured unless said otherwise. */
function reading(minutes: number, total: number, bad: number, observedMinutes = minutes): WindowReading {
  return { total, bad, good: total - bad, observedMinutes, expectedMinutes: minutes };
}
const evaluate = (short: WindowReading, long: WindowReading): BurnRow => evaluateBurnRow(page, { short, long }, slo);

describe('burnRate', () => {
  it.each([
    ['99.9', 10, 1, 100],
    ['99.9', 1000, 1, 1],
    ['99.95', 1000, 1000, 2000],
    ['96', 100, 100, 25],
    ['99.9', 5, 0, 0],
  ])('%s with %d events, %d bad, burns at %d', (percent, total, bad, burn) => {
    expect(burnRate(reading(60, total, bad), parseTarget(percent))).toBe(burn);
  });

  it('is unknown, not zero, without events', () => {
    expect(burnRate(reading(60, 0, 0), t999)).toBeNull();
  });

  it('weighs by events: a busy bad slice is not averaged away by quiet good ones', () => {
    const parts = [reading(5, 100_000, 1_000), reading(5, 100, 0), reading(5, 100, 0), reading(5, 100, 0)];
    const whole = parts.reduce((a, b) => reading(20, a.total + b.total, a.bad + b.bad));
    expect((burnRate(whole, t999) ?? 0) * t999.allowedRatio).toBeCloseTo(0.00997, 5);
  });
});

describe('default rows', () => {
  it('has the four rows, and drops those longer than the budget window', () => {
    expect(
      defaultBurnRows(W30).map((row) => [row.longMs / HOUR_MS, row.shortMs / MINUTE_MS, row.limit, row.severity]),
    ).toEqual([
      [1, 5, 14.4, 'page'],
      [6, 30, 6, 'page'],
      [24, 120, 3, 'ticket'],
      [72, 360, 1, 'ticket'],
    ]);
    expect(defaultBurnRows(DAY_MS)).toHaveLength(3);
    expect(defaultBurnRows(DAY_MS - 1)).toHaveLength(2);
    expect(defaultBurnRows(HOUR_MS)).toHaveLength(1);
    expect(defaultBurnRows(HOUR_MS - 1)).toHaveLength(0);
  });

  it('cannot be spoilt by a caller', () => {
    const [row] = defaultBurnRows(W30);
    if (row !== undefined) row.limit = 99;
    expect(defaultBurnRows(W30)[0]?.limit).toBe(14.4);
  });

  it.each([
    [7, [0.085714, 0.214286, 0.428571, 0.428571]],
    [28, [0.021429, 0.053571, 0.107143, 0.107143]],
    [30, [0.02, 0.05, 0.1, 0.1]],
    [90, [0.006667, 0.016667, 0.033333, 0.033333]],
  ])('spends of a %d d budget, while at the limit, %j', (days, shares) => {
    const got = defaultBurnRows(days * DAY_MS).map((row) => Number(budgetShareAtLimit(row, days * DAY_MS).toFixed(6)));
    expect(got).toEqual(shares);
  });

  it('finds a full outage of 99.9 in 51.84 s, 129.6 s and 259.2 s', () => {
    expect(defaultBurnRows(W30).map((row) => Math.round(detectionMs(row, t999, 1)))).toEqual([
      51_840, 129_600, 259_200, 259_200,
    ]);
  });

  it('never finds what burns below the limit', () => {
    expect(detectionMs(page, t999, 0.0143)).toBe(Number.POSITIVE_INFINITY);
    expect(detectionMs(page, t999, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(detectionMs(page, t999, 0.0145)).toBeLessThan(HOUR_MS);
  });

  it.each([
    ['93.75', 14.4, true],
    ['93.749999', 14.4, false],
    ['93', 14.4, false],
    ['85', 6, true],
    ['84.999999', 6, false],
    ['10', 1, true],
    ['9.999999', 1, false],
  ])('a target of %s and a limit of %d: reachable %s', (percent, limit, reachable) => {
    expect(isReachable(limit, parseTarget(percent))).toBe(reachable);
  });

  it('offers only rows that can fire: a full outage fires every one of them', () => {
    const micro = fc.integer({ min: 1, max: 99_999_999 });
    fc.assert(
      fc.property(micro, (n) => {
        const target = parseTarget((n / 1e6).toFixed(6));
        for (const spec of burnRowsOf(null, target, W30)) {
          const outage = { short: reading(5, 50, 50), long: reading(60, 600, 600) };
          expect(evaluateBurnRow(spec, outage, { target, windowMs: W30 }).state).toBe('firing');
        }
      }),
    );
    expect(burnRowsOf(null, parseTarget('50'), W30).map((row) => row.limit)).toEqual([1]);
    expect(burnRowsOf(null, parseTarget('5'), W30)).toEqual([]);
  });
});

describe('evaluateBurnRow', () => {
  const high = 0.02;
  const low = 0.001;
  const at = (minutes: number, ratio: number): WindowReading =>
    reading(minutes, minutes * 1000, Math.round(minutes * 1000 * ratio));

  it.each([
    ['firing', at(5, high), at(60, high)],
    ['recovering', at(5, low), at(60, high)],
    ['rising', at(5, high), at(60, low)],
    ['ok', at(5, low), at(60, low)],
    ['ok', at(5, 0), at(60, 0)],
  ])('is %s', (state, short, long) => {
    expect(evaluate(short, long).state).toBe(state);
  });

  it('fires only strictly above the limit', () => {
    const [shortAt, longAt] = [reading(5, 10_000, 144), reading(60, 120_000, 1_728)];
    expect(evaluate(shortAt, longAt)).toMatchObject({ state: 'ok', shortBurn: 14.4, longBurn: 14.4 });
    expect(evaluate(reading(5, 10_000, 145), reading(60, 120_000, 1_729)).state).toBe('firing');
    expect(evaluate(reading(5, 10_000, 144), reading(60, 120_000, 1_729)).state).toBe('recovering');
  });

  it('says what the row is and how much it costs', () => {
    expect(evaluate(at(5, low), at(60, low))).toEqual({
      ...page,
      state: 'ok',
      shortBurn: 1,
      longBurn: 1,
      budgetShareRatio: 0.02,
      spentShareRatio: null,
      excludedMinutes: 0,
    });
  });

  it('is held while too few events failed: one failure in ten requests is a burn of 100, and no outage', () => {
    expect(evaluate(reading(5, 1, 1), reading(60, 10, 1))).toMatchObject({ state: 'held', longBurn: 100 });
    expect(evaluate(reading(5, 1, 0), reading(60, 10, 2)).state).toBe('held');
    expect(evaluate(reading(5, 2, 1), reading(60, 10, 3)).state).toBe('firing');
    expect(evaluate(reading(5, 10_000, 0), reading(60, 100_000, 1)).state).toBe('ok');
  });

  it('is unknown where nothing was measured, whatever the numbers', () => {
    expect(evaluate(reading(5, 0, 0, 0), at(60, high)).state).toBe('unknown');
    expect(evaluate(at(5, high), reading(60, 29_000, 29_000, 29)).state).toBe('unknown');
    expect(evaluate(at(5, high), reading(60, 30_000, 30_000, 30)).state).toBe('firing');
    expect(evaluate(reading(0, 0, 0), reading(0, 0, 0)).state).toBe('unknown');
    expect(evaluate(reading(5, 10, 10, 1), reading(0, 0, 0)).state).toBe('unknown');
  });

  it('judges a young objective by its own life', () => {
    expect(evaluate(reading(2, 2_000, 2_000), reading(2, 2_000, 2_000)).state).toBe('firing');
  });

  it('is ok, with unknown burn, where measured time had no events', () => {
    expect(evaluate(reading(5, 0, 0), reading(60, 0, 0))).toMatchObject({
      state: 'ok',
      shortBurn: null,
      longBurn: null,
    });
    expect(evaluate(reading(5, 0, 0), at(60, high)).state).toBe('recovering');
  });

  it('takes other gates', () => {
    const windows = { short: reading(5, 10, 1), long: reading(60, 10, 1) };
    expect(evaluateBurnRow(page, windows, slo, { ...defaultBurnGates, minBadEvents: 1 }).state).toBe('firing');
    const gates = { ...defaultBurnGates, minShortObservedMinutes: 5, minLongCoverageRatio: 0.9 };
    expect(evaluateBurnRow(page, { short: reading(5, 9, 9, 4), long: at(60, high) }, slo, gates).state).toBe('unknown');
  });

  it('never fires without both windows over the limit, enough failures and enough coverage', () => {
    const side = fc.tuple(fc.nat(5_000), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(60), fc.nat(60));
    const build = ([total, share, a, b]: [number, number, number, number]) =>
      reading(Math.max(a, b), total, Math.floor(total * share), Math.min(a, b));
    fc.assert(
      fc.property(side, side, (one, other) => {
        const [short, long] = [build(one), build(other)];
        const row = evaluate(short, long);
        const over = (r: WindowReading): boolean => r.bad * 10_000 > 144 * r.total;
        const fit =
          short.observedMinutes >= 1 && long.expectedMinutes > 0 && long.observedMinutes * 2 >= long.expectedMinutes;
        expect(row.state === 'firing').toBe(fit && long.bad >= 3 && over(short) && over(long));
        expect(row.state === 'unknown').toBe(!fit);
      }),
    );
  });
});

describe('choosing among rows', () => {
  const row = (
    severity: 'page' | 'ticket',
    limit: number,
    state: BurnRow['state'],
    burns: [number | null, number | null],
  ): BurnRow => ({
    ...page,
    severity,
    limit,
    state,
    shortBurn: burns[0],
    longBurn: burns[1],
    budgetShareRatio: 0.1,
    spentShareRatio: null,
    excludedMinutes: 0,
  });

  it('notifies the highest only: page before ticket, then the higher limit', () => {
    const rows = [
      row('ticket', 20, 'firing', [30, 30]),
      row('page', 6, 'firing', [30, 30]),
      row('page', 14.4, 'recovering', [1, 30]),
    ];
    expect(highestFiring(rows)).toBe(rows[1]);
    expect(highestFiring([...rows, row('page', 14.4, 'firing', [30, 30])])?.limit).toBe(14.4);
    expect(highestFiring(rows.slice(2))).toBeNull();
    expect(highestFiring([])).toBeNull();
  });

  it('does not depend on the order of rows', () => {
    const some = fc.array(
      fc.tuple(
        fc.constantFrom('page' as const, 'ticket' as const),
        fc.nat(20),
        fc.constantFrom('firing' as const, 'ok' as const),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(some, (list) => {
        const rows = list.map(([severity, limit, state]) => row(severity, limit, state, [1, 1]));
        const [a, b] = [highestFiring(rows), highestFiring(rows.toReversed())];
        expect([a?.severity, a?.limit]).toEqual([b?.severity, b?.limit]);
      }),
    );
  });

  it('takes the highest burn that both windows confirm', () => {
    expect(
      worstBurn([row('page', 14, 'ok', [900, 2]), row('page', 6, 'ok', [5, 7]), row('ticket', 3, 'ok', [null, 99])]),
    ).toBe(5);
    expect(worstBurn([row('page', 14, 'unknown', [null, 3])])).toBeNull();
    expect(worstBurn([])).toBeNull();
  });
});
