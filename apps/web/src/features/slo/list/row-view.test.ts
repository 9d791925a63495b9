import { HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { utc } from '../../../lib/zone.ts';
import { aRow, BUDGET_MS, NOW } from '../test/story.ts';
import { rowView } from './row-view.ts';

const view = (over: Parameters<typeof aRow>[0]) => rowView(aRow(over), { nowMs: NOW, zone: utc });

describe('a row in words', () => {
  it('prints what is known', () => {
    expect(view({ leftRatio: 0.182, state: 'caution', burn5m: 466 })).toMatchObject({
      stale: false,
      target: '99.95%',
      left: '18.2%',
      leftTone: 'warn',
      under: '3.93 of 21.6 min',
      burn: '466×',
      runsOut: 'not this window',
      note: null,
    });
  });

  it('counts beyond the budget as over it', () => {
    expect(view({ leftRatio: -0.12, state: 'overspent' })).toMatchObject({
      left: '−12.0%',
      leftTone: 'crit',
      under: '2.59 min over 21.6 min',
    });
  });

  it('keeps old figures, grey, with their time and the reason', () => {
    const old = { freshness: 'stale', dataAt: NOW - 24 * MINUTE_MS, staleReason: 'Prometheus did not answer' } as const;
    expect(view({ leftRatio: 0.5, state: 'on_course', ...old })).toMatchObject({
      stale: true,
      left: '50.0%',
      under: '10.80 of 21.6 min at 14:23',
      burn: '',
      runsOut: '',
      note: { text: 'measured 24 min ago: Prometheus did not answer', tone: 'stale' },
    });
  });

  it('says when data are late, not only when they are old', () => {
    const late = view({ leftRatio: 0.5, state: 'on_course', freshness: 'late', dataAt: NOW - 3 * MINUTE_MS });
    expect(late).toMatchObject({ stale: false, note: { text: 'late, measured 3 min ago', tone: 'warn' } });
  });

  it('never turns the unknown into a number', () => {
    const silent = view({ leftRatio: null, state: 'no_data', freshness: 'stale', dataAt: NOW - HOUR_MS });
    expect(silent).toMatchObject({
      soFar: 'unknown',
      leftRatio: null,
      left: '–',
      under: 'last seen 13:47',
      burn: '',
      runsOut: '',
    });
    expect(silent.noLine).toBe('no data since 13:47');
    const unseen = view({ leftRatio: null, state: 'no_data', freshness: 'never', dataAt: null });
    expect(unseen).toMatchObject({ under: 'never seen', noLine: 'nothing measured yet' });
  });

  it('claims nothing from too few measurements', () => {
    const thin = aRow({ leftRatio: 0.58, state: 'insufficient' });
    const shown = rowView({ ...thin, budget: { ...thin.budget, coverageRatio: 0.34 } }, { nowMs: NOW, zone: utc });
    expect(shown).toMatchObject({ left: '–', under: '34% measured', noLine: 'too little measured' });
    expect(thin.budget.budgetMs).toBe(BUDGET_MS);
  });
});
