import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf, startOfMinute } from '../time/index.ts';
import { defaultAlertRules } from './definition.ts';
import { sampleMinutes } from './sampling.ts';
import { burnDownSeries } from './series.ts';
import { lastHourSpentRatio, probeMinutes, summarise, summaryMinutes } from './summarise.ts';
import { parseTarget } from './target.ts';
import { base, END_M, type History, NOW, old, sixtyDaysAgo, steady, summaryOf } from './test/history.ts';
import { fixedWindow } from './windows.ts';

describe('summaryMinutes', () => {
  it('names every minute it wants, at most 77 of them', () => {
    const probes = summaryMinutes(old, NOW);
    const named = probes.filter((probe) => probe.name !== 'spark');
    expect(named.map((probe) => probe.name)).toEqual([
      'now',
      '5m',
      '30m',
      '1h',
      '2h',
      '6h',
      '1d',
      '3d',
      'rollingStart',
      'windowStart',
      'previousStart',
      'previousSameFloor',
      'previousSameCeil',
    ]);
    expect(probes.length - named.length).toBeLessThanOrEqual(64);
    const minutes = probeMinutes(probes);
    expect(minutes).toEqual([...new Set(minutes)].sort((a, b) => a - b));
  });

  it('compares a short window by the minute', () => {
    const probes = new Map(
      summaryMinutes({ ...base, anchorAt: NOW, windowMs: DAY_MS }, NOW + HOUR_MS).map(({ name, m }) => [name, m]),
    );
    expect(probes.get('previousSameFloor')).toBe(END_M + 60 - 1440);
  });

  it('asks for full hours wherever only the hour tier is left', () => {
    const anchors = fc.integer({ min: NOW - 400 * DAY_MS, max: NOW });
    const days = fc.integer({ min: 3, max: 120 });
    fc.assert(
      fc.property(anchors, days, fc.integer({ min: 0, max: DAY_MS }), (anchorAt, length, shift) => {
        const now = NOW + shift;
        for (const { name, m } of summaryMinutes({ ...base, anchorAt, windowMs: length * DAY_MS }, now)) {
          expect(m).toBeLessThanOrEqual(minuteOf(now) - 1);
          if (m < minuteOf(now) - 8 * 1440) expect([name, (m + 1) % 60]).toEqual([name, 0]);
        }
      }),
    );
  });
});

describe('summarise', () => {
  it('is on course where nothing fails', () => {
    const { summary } = summaryOf(old, steady, sixtyDaysAgo);
    expect(summary).toMatchObject({
      state: 'on_course',
      freshness: 'fresh',
      targetPercent: '99.95',
      dataAt: startOfMinute(END_M + 1),
      burn5m: 0,
      burn1h: 0,
      exhaustion: { kind: 'never' },
      asOf: NOW,
    });
    expect(summary.budget).toMatchObject({
      leftRatio: 1,
      budgetMs: 1_296_000,
      coverageRatio: 1,
      bounds: null,
      sliPercent: 100,
    });
    expect(summary.budget.expectedEvents).toBe(30 * 1440 * 1000);
    expect(summary.rolling).toMatchObject({
      leftRatio: 1,
      expectedEvents: summary.rolling.totalEvents,
      estimated: false,
    });
    expect(summary.burnRows.map((row) => row.state)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(summary.spark.leftRatio.every((left) => left === 1)).toBe(true);
    expect(summary.spark.at.at(-1)).toBe(summary.dataAt);
  });

  it('tells an outage: both pages fire, the run-out time follows the last five minutes', () => {
    const outage: History = (m) => ({ total: 1000, bad: m > END_M - 20 ? 500 : 0 });
    const { summary, rows } = summaryOf(old, outage, sixtyDaysAgo);
    expect(summary.state).toBe('fast_burn');
    expect(summary.burn5m).toBe(1000);
    expect(summary.burn1h).toBeCloseTo(1000 / 3, 6);
    expect(summary.burnRows.map((row) => row.state)).toEqual(['firing', 'firing', 'firing', 'firing']);
    const left = summary.budget.leftRatio ?? 0;
    expect(left).toBeCloseTo(1 - 10_000 / 21_600, 6);
    expect(summary.exhaustion).toEqual({ kind: 'at', at: Math.round(NOW + (left * 30 * DAY_MS) / 1000) });
    expect(lastHourSpentRatio({ slo: old, now: NOW, rows }, summary.budget)).toBeCloseTo(10_000 / 21_600, 6);
  });

  it('knows nothing before the first measurement', () => {
    const { summary } = summaryOf(base, () => null, END_M - 10);
    expect(summary).toMatchObject({
      state: 'no_data',
      freshness: 'never',
      dataAt: null,
      burn5m: null,
      exhaustion: { kind: 'unknown' },
    });
    expect(summary.budget).toMatchObject({ leftRatio: null, coverageRatio: 0 });
    expect(summary.burnRows.every((row) => row.state === 'unknown')).toBe(true);
    expect(summary.spark.leftRatio.every((left) => left === null)).toBe(true);
  });

  it('judges an objective that is one minute old by that minute', () => {
    const born = { ...base, anchorAt: NOW - 90_000, measuredSince: startOfMinute(END_M) };
    const { summary } = summaryOf(born, () => ({ total: 40, bad: 0 }), END_M);
    expect(summary).toMatchObject({ state: 'on_course', freshness: 'fresh', burn5m: 0 });
    expect(summary.burnRows.every((row) => row.state === 'unknown')).toBe(true);
    expect(summary.budget).toMatchObject({ leftRatio: 1, totalEvents: 40, estimated: true });
    expect(summary.rolling.leftRatio).toBe(1);
  });

  it.each([
    [4, ['unknown', 'unknown', 'unknown', 'unknown']],
    [5, ['firing', 'unknown', 'unknown', 'unknown']],
    [30, ['firing', 'firing', 'unknown', 'unknown']],
    [360, ['firing', 'firing', 'firing', 'firing']],
  ])('lets a row speak once its short window has passed: an outage of all %i minutes of a life', (minutes, states) => {
    const born = { ...base, anchorAt: NOW - 90_000, measuredSince: startOfMinute(END_M - minutes + 1) };
    const { summary } = summaryOf(born, () => ({ total: 40, bad: 40 }), END_M - minutes + 1);
    expect(summary.burnRows.map((row) => row.state)).toEqual(states);
  });

  it('freezes what it knows when the source is down: stale, rows unknown, state kept, no run-out time', () => {
    const stopped: History = (m) => (m > END_M - 30 ? null : { total: 1000, bad: m > END_M - 90 ? 20 : 0 });
    const { summary } = summaryOf(
      { ...old, sourceDown: true, staleReason: 'connection refused' },
      stopped,
      sixtyDaysAgo,
    );
    expect(summary).toMatchObject({
      freshness: 'stale',
      staleReason: 'connection refused',
      exhaustion: { kind: 'unknown' },
      burn5m: null,
    });
    expect(summary.burnRows[0]?.state).toBe('unknown');
    expect(summary.state).toBe('on_course');
    expect(summary.budget.bounds?.worstLeftRatio).toBeLessThan(summary.budget.leftRatio ?? 0);
  });

  it('is insufficient, never green, when most of its life went unmeasured', () => {
    const patchy: History = (m) => (m % 10 < 6 ? null : { total: 1000, bad: 0 });
    expect(summaryOf(old, patchy, sixtyDaysAgo).summary.state).toBe('insufficient');
  });

  it('throws when a minute was not read, instead of taking it for nothing', () => {
    expect(() => summarise({ slo: old, now: NOW, rows: new Map() })).toThrow(/no row was read/);
  });

  it('does not list a row that could never fire, and takes rows of its own', () => {
    const loose = { ...old, target: parseTarget('90') };
    expect(summaryOf(loose, steady, sixtyDaysAgo).summary.burnRows.map((row) => row.limit)).toEqual([6, 3, 1]);
    const own = {
      ...old,
      alerting: {
        ...defaultAlertRules,
        policy: 'custom' as const,
        rows: [{ shortMs: 30 * MINUTE_MS, longMs: 2 * HOUR_MS, limit: 8, severity: 'page' as const }],
      },
    };
    expect(summaryOf(own, steady, sixtyDaysAgo).summary.burnRows).toMatchObject([{ limit: 8, state: 'ok' }]);
  });

  it('agrees with the burn-down of the same rows, point by point', () => {
    const noisy: History = (m) => ({ total: 900 + (m % 7), bad: m % 97 === 0 ? 3 : 0 });
    const { summary, kept } = summaryOf(old, noisy, sixtyDaysAgo);
    for (const budget of [summary.budget, summary.rolling]) {
      const minutes = sampleMinutes(budget.window, NOW, 200);
      const series = burnDownSeries({
        target: old.target,
        window: budget.window,
        now: NOW,
        maxPoints: 200,
        rows: new Map(minutes.map((m) => [m, kept.at(m)])),
        expectedEvents: budget.expectedEvents,
        burnRate: summary.burn5m,
        measuredSince: old.measuredSince,
        lens: null,
      });
      expect(series.leftRatio.at(-1)).toBe(budget.leftRatio);
    }
    expect(summary.spark.leftRatio.at(-1)).toBe(summary.budget.leftRatio);
  });

  it('says the same as counting minute by minute, over both tiers, with gaps, for any window', () => {
    const scenario = fc.record({
      windowDays: fc.integer({ min: 3, max: 20 }),
      anchorBack: fc.integer({ min: 0, max: 60 * 24 * 60 }),
      lifeMinutes: fc.integer({ min: 1, max: 40 * 1440 }),
      nowShift: fc.integer({ min: 0, max: 90 * 60_000 }),
      salt: fc.nat(1000),
      gapEvery: fc.integer({ min: 2, max: 50 }),
    });
    fc.assert(
      fc.property(scenario, ({ windowDays, anchorBack, lifeMinutes, nowShift, salt, gapEvery }) => {
        const now = NOW + nowShift;
        const endM = minuteOf(now) - 1;
        const fromM = endM - lifeMinutes + 1;
        const history: History = (m) => {
          const noise = Math.abs(Math.imul(m + salt, 2_654_435_761) >> 7);
          return m !== fromM && noise % gapEvery === 0 ? null : { total: noise % 50, bad: noise % 50 > 47 ? 2 : 0 };
        };
        const windowMs = windowDays * DAY_MS;
        const slo = { ...base, windowMs, anchorAt: now - anchorBack * MINUTE_MS, measuredSince: startOfMinute(fromM) };
        const { summary } = summaryOf(slo, history, fromM, now);
        const count = (firstM: number) => {
          let [total, bad, observed] = [0, 0, 0];
          for (let m = Math.max(firstM, fromM); m <= endM; m += 1) {
            const minute = history(m);
            if (minute === null) continue;
            total += minute.total;
            bad += minute.bad;
            observed += 1;
          }
          return { total, bad, observed };
        };
        for (const budget of [summary.budget, summary.rolling]) {
          const firstM = minuteOf(budget.window.startAt);
          const counted = count(firstM);
          expect([budget.totalEvents, budget.badEvents]).toEqual([counted.total, counted.bad]);
          const passed = endM - firstM + 1;
          expect(budget.coverageRatio).toBe(passed > 0 ? counted.observed / passed : 0);
        }
        expect(summary.budget.window).toEqual(fixedWindow(slo.anchorAt, windowMs, now));
        const hour = count(endM - 59);
        expect(summary.burn1h === null).toBe(hour.total === 0);
        if (hour.total > 0) expect(summary.burn1h).toBeCloseTo(hour.bad / hour.total / slo.target.allowedRatio, 6);
      }),
      { numRuns: 25 },
    );
  });

  it('reads the previous period at the same minute, between the two hours that are kept', () => {
    // The previous period had all its traffic in the one hour around the same elapsed time, 47 of 60 minutes of it before.
    const sameM = END_M - 30 * 1440;
    const hour = Math.floor((sameM + 1) / 60);
    const burst: History = (m) => ({ total: Math.floor(m / 60) === hour ? 1000 : m === END_M - 100 ? 470 : 0, bad: 0 });
    expect((sameM + 1) % 60).toBe(47);
    const { summary } = summaryOf(old, burst, sixtyDaysAgo);
    expect(summary.budget.totalEvents).toBe(470);
    expect(summary.budget.expectedEvents).toBe(600);
  });

  it('expects of the window what the previous one showed, quiet nights and all', () => {
    // Traffic only in the first 10 days of each 30: a straight line would expect three times too much on day 10.
    const anchorAt = NOW - 10 * DAY_MS;
    const busy: History = (m) => {
      const day = Math.floor((startOfMinute(m) - Math.floor(anchorAt / HOUR_MS) * HOUR_MS) / DAY_MS + 300) % 30;
      return { total: day < 10 ? 1000 : 0, bad: 0 };
    };
    const { summary } = summaryOf(
      { ...old, anchorAt, measuredSince: startOfMinute(END_M - 50 * 1440) },
      busy,
      END_M - 50 * 1440,
    );
    const real = 10 * 1440 * 1000;
    expect(summary.budget.estimated).toBe(true);
    expect(summary.budget.expectedEvents / real).toBeGreaterThan(0.99);
    expect(summary.budget.expectedEvents / real).toBeLessThan(1.01);
  });
});
