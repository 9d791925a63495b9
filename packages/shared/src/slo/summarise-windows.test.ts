import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../time/index.ts';
import type { AlertRules } from './alerts/types.ts';
import { defaultAlertRules } from './definition.ts';
import { summaryMinutes, type SummarySlo } from './summarise.ts';
import { END_M, type History, NOW, old, sixtyDaysAgo, steady, summaryOf } from './test/history.ts';
import type { CalendarSpec, SloWindowSpec } from './windows/types.ts';

describe('windows that judge', () => {
  /** An hour of total failure, three weeks ago: outside this cycle, inside the last 30 days. */
  const longAgo: History = (m) => {
    const age = END_M - m;
    return { total: 100, bad: age >= 21 * 1440 && age < 21 * 1440 + 60 ? 100 : 0 };
  };

  it('judges by the rolling budget where that is asked for, and keeps the same figures in both places', () => {
    const byCycle = summaryOf(old, longAgo, sixtyDaysAgo).summary;
    expect([byCycle.state, byCycle.budget.leftRatio]).toEqual(['on_course', 1]);
    const { summary, rows } = summaryOf({ ...old, judgedBy: 'rolling' }, longAgo, sixtyDaysAgo);
    expect(summary.budget).toEqual(summary.rolling);
    expect(summary.budget.window.view).toBe('rolling');
    expect(summary.state).toBe('overspent');
    expect(summary.exhaustion).toEqual({ kind: 'already', since: null });
    expect(summary.spark.leftRatio.at(-1)).toBe(summary.budget.leftRatio);
    expect(summary.spark.at.length).toBeLessThanOrEqual(32);
    expect(rows.size).toBeLessThanOrEqual(77);
  });

  it('judges a calendar month by its real length', () => {
    const calendar: CalendarSpec = { unit: 'month', count: 1, timeZone: 'Europe/Berlin', startDate: '2026-01-01' };
    const { summary } = summaryOf({ ...old, calendar }, steady, sixtyDaysAgo);
    expect(summary.budget.window).toEqual({
      view: 'window',
      startAt: Date.parse('2026-10-31T23:00:00Z'),
      endAt: Date.parse('2026-11-30T23:00:00Z'),
      windowMs: 30 * DAY_MS,
      calendar,
    });
    expect(summary.budget).toMatchObject({ leftRatio: 1, budgetMs: 1_296_000, estimated: true });
    expect(summary.spark.at[0]).toBe(summary.budget.window.startAt);
    expect(summary.rolling.window.view).toBe('rolling');
  });

  it('reads further windows in the order they were defined', () => {
    const otherWindows: SloWindowSpec[] = [
      { kind: 'rolling', windowMs: 7 * DAY_MS },
      { kind: 'cycle', windowMs: 28 * DAY_MS, anchorAt: old.anchorAt },
      { kind: 'calendar', calendar: { unit: 'quarter', count: 1, timeZone: 'UTC', startDate: '2026-01-01' } },
    ];
    const { summary } = summaryOf({ ...old, otherWindows }, longAgo, sixtyDaysAgo);
    expect(summary.others.map(({ window, badEvents }) => [window.view, window.windowMs / DAY_MS, badEvents])).toEqual([
      ['rolling', 7, 0],
      ['window', 28, 0],
      ['window', 92, 6_000],
    ]);
    expect(summary.budget).toEqual(summaryOf(old, longAgo, sixtyDaysAgo).summary.budget);
  });

  it('knows the total of counted minutes from the start', () => {
    const minute: History = (m) => ({ total: 1, bad: m > END_M - 5 ? 1 : 0 });
    const { summary } = summaryOf({ ...old, unit: 'minutes' }, minute, sixtyDaysAgo);
    expect(summary.budget).toMatchObject({ expectedEvents: 43_200, estimated: false });
    expect(summary.budget.leftRatio).toBeCloseTo(1 - 5 / 21.6, 10);
  });
});

describe('alert rules', () => {
  const failing: History = (m) => ({ total: 1_000, bad: m > END_M - 60 ? 10 : 0 });
  const ruled = (rules: Partial<AlertRules>): SummarySlo => ({ ...old, alerting: { ...defaultAlertRules, ...rules } });

  it('tells what each long window really spent of the budget', () => {
    const { summary } = summaryOf(old, failing, sixtyDaysAgo);
    const spent = 600 / (summary.budget.expectedEvents * 0.0005);
    for (const { spentShareRatio } of summary.burnRows) expect(spentShareRatio).toBeCloseTo(spent, 10);
    expect(summary.burnRows.map(({ budgetShareRatio }) => budgetShareRatio)).toEqual([0.02, 0.05, 0.1, 0.1]);
  });

  it('reads windows of any length', () => {
    const rows = [{ shortMs: 7 * MINUTE_MS, longMs: 100 * MINUTE_MS, limit: 5, severity: 'page' as const }];
    const slo = ruled({ policy: 'custom', rows });
    expect(
      summaryMinutes(slo, NOW)
        .slice(0, 5)
        .map(({ name, m }) => [name, END_M - m]),
    ).toEqual([
      ['now', 0],
      ['5m', 5],
      ['7m', 7],
      ['1h', 60],
      ['1h40m', 100],
    ]);
    const [row] = summaryOf(slo, failing, sixtyDaysAgo).summary.burnRows;
    expect(row).toMatchObject({ state: 'firing', shortBurn: 20 });
    expect(row?.longBurn).toBeCloseTo(12, 10);
  });

  it('holds rows that saw too few failures or events', () => {
    expect(summaryOf(old, failing, sixtyDaysAgo).summary.burnRows[0]?.state).toBe('firing');
    for (const rules of [{ minBadEvents: 601 }, { minTotalEvents: 60_001 }]) {
      expect(summaryOf(ruled(rules), failing, sixtyDaysAgo).summary.burnRows[0]?.state).toBe('held');
    }
  });

  it('keeps shares of the budget constant where that is asked for', () => {
    const slo = { ...ruled({ policy: 'constant_share' }), windowMs: 7 * DAY_MS };
    const { summary } = summaryOf(slo, failing, sixtyDaysAgo);
    expect(summary.burnRows.map(({ limit }) => limit)).toEqual([3.36, 1.4]);
  });
});
