import type { BurnRow } from '@qd/shared/slo';
import { HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { emptyDraft, type SloDraft } from '../draft/draft.ts';
import { costWords, detectionWords, firingsOf, planOf, planSummary } from './alert-plan.ts';

const draft = (over: Partial<SloDraft> = {}): SloDraft => ({ ...emptyDraft('shop', Date.UTC(2026, 9, 3)), ...over });
const own = (...rows: [short: string, long: string, limit: string][]): SloDraft => {
  const { alerts } = draft();
  const typed = rows.map(([short, long, limit], key) => ({ key, short, long, limit, severity: 'page' as const }));
  return draft({ alerts: { ...alerts, policy: 'custom', rows: typed } });
};
const words = (of: SloDraft) =>
  planOf(of).map(({ plan }) => (plan === null ? null : [costWords(plan), detectionWords(plan)]));

describe('the alert rows of a form', () => {
  it('tell what they cost and when a full outage fires them', () => {
    expect(words(draft({ target: '99.9' }))).toEqual([
      ['2.0%', 'after 51 s'],
      ['5.0%', 'after 2 min 9 s'],
      ['10.0%', 'after 4 min 19 s'],
      ['10.0%', 'after 4 min 19 s'],
    ]);
  });

  it('say when they can never fire', () => {
    expect(words(draft({ target: '90' }))[0]).toEqual(['2.0%', 'never: over 9× is out of reach']);
    const day = draft().windows.map((window) => ({ ...window, length: '1d' }));
    expect(words(draft({ windows: day }))).toHaveLength(3);
  });

  it('keep own rows at their places while some cannot be read', () => {
    expect(words(own(['5m', '1h', '14.4'], ['', '1h', 'x'], ['2h', '1d', '0.5']))).toEqual([
      ['2.0%', 'after 51 s'],
      null,
      ['1.7%', 'left out: a limit under 1×'],
    ]);
    expect(words(own(['5m', '40d', '2']))).toEqual([['266.7%', 'never: longer than the window']]);
  });

  it('are not known without a target or a window', () => {
    expect(words(draft({ target: '100' }))).toEqual([]);
    expect(words({ ...own(['5m', '1h', '2']), target: '' })).toEqual([null]);
  });

  it('are told in one line', () => {
    expect(planSummary(planOf(draft()), false)).toBe('2 that page, 2 for a ticket');
    expect(planSummary(planOf(draft()), true)).toBe('muted; 2 that page, 2 for a ticket');
    expect(planSummary(planOf(draft({ target: '10' })), false)).toBe('0 that page, 1 for a ticket');
  });
});

it('finds how often a row would have fired by its windows and its limit', () => {
  const [plan] = planOf(draft()).map((line) => line.plan);
  if (plan == null) throw new Error('no plan');
  const row: BurnRow = {
    shortMs: 5 * MINUTE_MS,
    longMs: HOUR_MS,
    limit: 14.4,
    severity: 'page',
    state: 'ok',
    shortBurn: 0,
    longBurn: 0,
    budgetShareRatio: 0.02,
    spentShareRatio: 0,
    excludedMinutes: 0,
  };
  expect(firingsOf(plan, { burnRows: [row], firings: [3] })).toBe(3);
  expect(firingsOf(plan, { burnRows: [{ ...row, limit: 6 }], firings: [3] })).toBeNull();
  expect(firingsOf(plan, null)).toBeNull();
});
