import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { defaultAlertRules } from '../definition.ts';
import type { BurnRow, BurnRowSpec, BurnRowState } from '../types.ts';
import { type AlertOutcome, evaluateAlerts, retireAlert } from './evaluate.ts';
import type { AlertRules, AlertView } from './types.ts';
import type { AlertInput, AlertSubject } from './verdict.ts';

const now = Date.UTC(2026, 10, 21, 12);
const rules: AlertRules = { ...defaultAlertRules, absentMs: null };

const specs = {
  fast: { shortMs: 5 * MINUTE_MS, longMs: HOUR_MS, limit: 14.4, severity: 'page' },
  medium: { shortMs: 30 * MINUTE_MS, longMs: 6 * HOUR_MS, limit: 6, severity: 'page' },
  slow: { shortMs: 2 * HOUR_MS, longMs: DAY_MS, limit: 3, severity: 'ticket' },
  long_term: { shortMs: 6 * HOUR_MS, longMs: 3 * DAY_MS, limit: 1, severity: 'ticket' },
} as const satisfies Record<string, BurnRowSpec>;

function row(spec: BurnRowSpec, state: BurnRowState, burn = 932): BurnRow {
  const figures = { shortBurn: burn, longBurn: burn + 1, budgetShareRatio: 0.02 };
  return { ...spec, ...figures, state, spentShareRatio: null, excludedMinutes: 0 };
}

/** All four rows; those not named are `ok`. */
function rows(states: Partial<Record<keyof typeof specs, BurnRowState>>): BurnRow[] {
  return (Object.keys(specs) as (keyof typeof specs)[]).map((name) => row(specs[name], states[name] ?? 'ok'));
}

function subject(over: Partial<AlertSubject> = {}): AlertSubject {
  return {
    id: 'slo_1',
    platformId: 'shop',
    name: 'Checkout',
    isDemo: false,
    freshness: 'fresh',
    dataAt: now,
    staleReason: null,
    burnRows: rows({}),
    burn5m: 0,
    burn1h: 0,
    exhaustion: { kind: 'never' },
    inMaintenance: false,
    budget: {
      leftRatio: 0.029,
      window: { view: 'window', startAt: now - 10 * DAY_MS, endAt: now + 20 * DAY_MS, windowMs: 30 * DAY_MS },
    },
    ...over,
  };
}

function evaluate(over: Partial<AlertInput>, previous: readonly AlertView[] = []): AlertOutcome {
  return evaluateAlerts({ slo: subject(), rules, createdAt: 0, watchedSince: 0, now, ...over, previous });
}

const said = (outcome: AlertOutcome): string[] =>
  outcome.changes.map(({ event }) => `${event.kind} ${event.transition}`);
const fired = (states: Parameters<typeof rows>[0]): AlertView[] =>
  evaluate({ slo: subject({ burnRows: rows(states) }) }).alerts;
const stale = { freshness: 'stale', dataAt: now - 10 * MINUTE_MS, staleReason: 'Nobody listens there.' } as const;

describe('the burn alert', () => {
  it('fires on the most urgent row alone, and says what it fired on', () => {
    const burnRows = rows({ fast: 'firing', medium: 'firing', slow: 'firing', long_term: 'firing' });
    const { alerts, changes } = evaluate({ slo: subject({ burnRows }) });
    expect(alerts).toEqual([
      {
        kind: 'burn',
        state: 'firing',
        severity: 'page',
        tier: 'fast',
        firedAt: now,
        summary: 'Burning 932 times the sustainable rate over 1 h and 5 min (limit 14.4); 2.9% of the budget is left.',
      },
    ]);
    expect(changes.map(({ event }) => event)).toMatchObject([
      { transition: 'fired', sloId: 'slo_1', platformId: 'shop', at: now, firedAt: now, severity: 'page' },
    ]);
  });

  it.each<BurnRowState>(['ok', 'held', 'rising', 'recovering', 'unknown'])(
    'does not begin on a row that is %s',
    (state) => {
      expect(evaluate({ slo: subject({ burnRows: rows({ fast: state, long_term: state }) }) })).toEqual({
        alerts: [],
        changes: [],
      });
    },
  );

  it.each([
    ['escalated', { long_term: 'firing' }, { fast: 'firing', long_term: 'firing' }, { severity: 'page', tier: 'fast' }],
    [
      'escalated',
      { long_term: 'firing' },
      { slow: 'firing', long_term: 'firing' },
      { severity: 'ticket', tier: 'slow' },
    ],
    [
      'eased',
      { fast: 'firing', slow: 'firing' },
      { fast: 'recovering', slow: 'firing' },
      { severity: 'ticket', tier: 'slow' },
    ],
    ['eased', { fast: 'firing', medium: 'firing' }, { medium: 'firing' }, { severity: 'page', tier: 'medium' }],
  ] as const)('%s when another row speaks: %o to %o', (transition, from, to, speaks) => {
    const later = evaluate({ slo: subject({ burnRows: rows(to) }), now: now + MINUTE_MS }, fired(from));
    expect(said(later)).toEqual([`burn ${transition}`]);
    expect(later.alerts).toMatchObject([{ state: 'firing', ...speaks, firedAt: now }]);
  });

  it.each<BurnRowState>(['ok', 'recovering', 'held', 'rising'])('is over when its row is measured and %s', (state) => {
    const later = evaluate({ slo: subject({ burnRows: rows({ fast: state }) }) }, fired({ fast: 'firing' }));
    expect(said(later)).toEqual(['burn resolved']);
    expect(later.alerts).toEqual([]);
  });

  it('is held while its row is not measured, although others are', () => {
    const later = evaluate(
      { slo: subject({ burnRows: rows({ fast: 'unknown', slow: 'firing' }) }) },
      fired({ fast: 'firing' }),
    );
    expect(said(later)).toEqual(['burn frozen']);
    expect(later.alerts).toMatchObject([{ state: 'frozen', severity: 'page', tier: 'fast' }]);
  });

  it('escalates although its own row is not measured', () => {
    const later = evaluate(
      { slo: subject({ burnRows: rows({ fast: 'firing', slow: 'unknown' }) }) },
      fired({ slow: 'firing' }),
    );
    expect(said(later)).toEqual(['burn escalated']);
  });

  it('is over when its rules were taken away', () => {
    expect(said(evaluate({ slo: subject({ burnRows: [] }) }, fired({ fast: 'firing' })))).toEqual(['burn resolved']);
  });

  it('freezes on stale data, keeps its figures, and thaws when it still fires', () => {
    const before = fired({ fast: 'firing' });
    const frozen = evaluate({ slo: subject({ ...stale, burnRows: rows({}) }) }, before);
    expect(said(frozen)).toEqual(['burn frozen']);
    expect(frozen.alerts).toEqual([{ ...before[0], state: 'frozen' }]);
    expect(frozen.changes[0]?.event.summary).toContain('Nobody listens there.');
    expect(said(evaluate({ slo: subject({ ...stale, burnRows: rows({}) }) }, frozen.alerts))).toEqual([]);
    const thawed = evaluate({ slo: subject({ burnRows: rows({ fast: 'firing' }) }) }, frozen.alerts);
    expect(said(thawed)).toEqual(['burn thawed']);
    expect(said(evaluate({ slo: subject() }, frozen.alerts))).toEqual(['burn resolved']);
    expect(said(evaluate({ slo: subject({ burnRows: rows({ slow: 'firing' }) }) }, frozen.alerts))).toEqual([
      'burn eased',
    ]);
  });

  it('changes nothing on old data that nobody could have read yet', () => {
    const slo = subject({ ...stale });
    expect(said(evaluate({ slo, watchedSince: now - MINUTE_MS }, fired({ fast: 'firing' })))).toEqual([]);
  });
});

describe('the alert on hours left', () => {
  const watching: AlertRules = { ...rules, exhaustionMs: 8 * HOUR_MS };
  const rolling = { view: 'rolling', startAt: now - 30 * DAY_MS, endAt: now, windowMs: 30 * DAY_MS } as const;
  const at = (hours: number, over: Partial<AlertSubject> = {}): AlertSubject =>
    subject({
      exhaustion: { kind: 'at', at: now + hours * HOUR_MS },
      budget: { leftRatio: 0.3, window: rolling },
      ...over,
    });
  const before = (hours: number): AlertView[] => evaluate({ slo: at(hours), rules: watching }).alerts;

  it.each([
    [7.9, 'ticket'],
    [2.1, 'ticket'],
    [1.9, 'page'],
  ])('fires %d hours before as a %s', (hours, severity) => {
    expect(before(hours)).toMatchObject([{ kind: 'exhaustion', state: 'firing', severity, tier: null }]);
  });

  it('says when, in words', () => {
    expect(before(5.5)[0]?.summary).toBe(
      'The budget is gone in 5 h 30 min, on 2026-11-21 17:30 UTC, if it burns on as now; 30% of the budget is left.',
    );
  });

  it.each([
    [8, []],
    [100, []],
  ])('is silent %d hours before', (hours, alerts) => {
    expect(before(hours)).toEqual(alerts);
  });

  it('is silent when the window ends first, and the budget is whole again', () => {
    const window = {
      view: 'window',
      startAt: now - 29 * DAY_MS,
      endAt: now + 4 * HOUR_MS,
      windowMs: 30 * DAY_MS,
    } as const;
    const ends = (hours: number) => at(hours, { budget: { leftRatio: 0.3, window } });
    expect(said(evaluate({ slo: ends(5), rules: watching }))).toEqual([]);
    expect(said(evaluate({ slo: ends(3), rules: watching }))).toEqual(['exhaustion fired']);
  });

  it.each([
    [8.5, []],
    [8.9, ['exhaustion resolved']],
  ])('lets go only a tenth beyond its limit: %d hours', (hours, events) => {
    expect(said(evaluate({ slo: at(hours), rules: watching }, before(7)))).toEqual(events);
  });

  it.each([
    [2.1, []],
    [2.3, ['exhaustion eased']],
  ])('eases only a tenth beyond the quarter: %d hours', (hours, events) => {
    expect(said(evaluate({ slo: at(hours), rules: watching }, before(1)))).toEqual(events);
  });

  it('goes on firing when the budget is gone, and is over when it is not', () => {
    const gone = subject({
      exhaustion: { kind: 'already', since: null },
      budget: { leftRatio: -0.1, window: rolling },
    });
    expect(said(evaluate({ slo: gone, rules: watching }, before(1)))).toEqual([]);
    expect(said(evaluate({ slo: subject(), rules: watching }, before(1)))).toEqual(['exhaustion resolved']);
    expect(evaluate({ slo: gone, rules: watching }).alerts).toMatchObject([
      { severity: 'ticket', summary: 'The budget is overspent by 10%.' },
    ]);
    expect(evaluate({ slo: { ...gone, burn5m: 30 }, rules: watching }).alerts).toMatchObject([{ severity: 'page' }]);
  });

  it('is held while the burn is not known, or the data are stale', () => {
    const unknown = subject({ exhaustion: { kind: 'unknown' } });
    expect(said(evaluate({ slo: unknown, rules: watching }))).toEqual([]);
    expect(said(evaluate({ slo: unknown, rules: watching }, before(1)))).toEqual(['exhaustion frozen']);
    expect(said(evaluate({ slo: at(1, stale), rules: watching }, before(1)))).toEqual(['exhaustion frozen']);
  });

  it('is over when its rule was taken away', () => {
    expect(said(evaluate({ slo: at(1, stale), rules }, before(1)))).toEqual(['exhaustion resolved']);
  });
});

describe('the alert on silence', () => {
  const watching: AlertRules = { ...rules, absentMs: 15 * MINUTE_MS };
  const silent = (minutes: number, over: Partial<AlertSubject> = {}): AlertSubject =>
    subject({ ...stale, dataAt: now - minutes * MINUTE_MS, ...over });

  it.each([
    [15, []],
    [17, ['absent fired']],
  ])('after %d minutes without data', (minutes, events) => {
    expect(said(evaluate({ slo: silent(minutes), rules: watching }))).toEqual(events);
  });

  it('is a ticket that says why', () => {
    expect(evaluate({ slo: silent(17), rules: watching }).alerts).toMatchObject([
      { severity: 'ticket', tier: null, summary: 'Nothing was measured for 17 min. Nobody listens there.' },
    ]);
  });

  it('counts from the creation where nothing was ever measured', () => {
    const never = subject({ freshness: 'never', dataAt: null });
    const after = (minutes: number) => evaluate({ slo: never, rules: watching, createdAt: now - minutes * MINUTE_MS });
    expect(said(after(14))).toEqual([]);
    expect(said(after(16))).toEqual(['absent fired']);
  });

  it('counts only time in which somebody was looking', () => {
    const looking = (minutes: number) =>
      evaluate({ slo: silent(300), rules: watching, watchedSince: now - minutes * MINUTE_MS });
    expect(said(looking(10))).toEqual([]);
    expect(said(looking(16))).toEqual(['absent fired']);
  });

  it('does not take a source for silent that reports rarely', () => {
    expect(said(evaluate({ slo: silent(40, { freshness: 'fresh' }), rules: watching }))).toEqual([]);
  });

  it('does not begin in maintenance', () => {
    expect(said(evaluate({ slo: silent(40, { inMaintenance: true }), rules: watching }))).toEqual([]);
  });

  it('is over when measurements are back, and not before', () => {
    const before = evaluate({ slo: silent(17), rules: watching }).alerts;
    expect(said(evaluate({ slo: silent(40), rules: watching, watchedSince: now }, before))).toEqual([]);
    expect(said(evaluate({ slo: subject(), rules: watching }, before))).toEqual(['absent resolved']);
  });
});

it('an alert of an objective that is no longer watched ends with the words that say so', () => {
  const [alert] = fired({ fast: 'firing' });
  if (alert === undefined) throw new Error('nothing fired');
  const { after, event } = retireAlert(subject(), alert, now + 1);
  expect(after).toBeNull();
  expect(event).toMatchObject({ kind: 'burn', transition: 'resolved', severity: 'page', firedAt: now, at: now + 1 });
});
