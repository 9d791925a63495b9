import { alertRules, type AlertView, type BurnRow, type BurnRowState } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import type { StoredAlert, WatchedSlo } from '../../queries/alerts.ts';
import { planChanges } from './evaluate-alerts.ts';

const now = Date.UTC(2026, 10, 21, 12);
const at = { now, watchedSince: 0 };

function row(over: Pick<BurnRow, 'shortMs' | 'longMs' | 'limit' | 'severity' | 'state'>): BurnRow {
  return { ...over, shortBurn: 20, longBurn: 20, budgetShareRatio: 0.02, spentShareRatio: null, excludedMinutes: 0 };
}

/** An objective whose rows are in these states: fast and medium are pages, slow is a ticket. */
function watched(
  states: { fast?: BurnRowState; medium?: BurnRowState; slow?: BurnRowState },
  over: { rules?: WatchedSlo['rules']; isDemo?: boolean; ageMinutes?: number } = {},
): WatchedSlo {
  const { fast = 'ok', medium = 'ok', slow = 'ok' } = states;
  return {
    platformName: 'Shop',
    rules: over.rules ?? null,
    createdAt: now - 10 * DAY_MS,
    intervalMs: MINUTE_MS,
    slo: {
      id: 'slo_1',
      platformId: 'shop',
      name: 'Checkout',
      isDemo: over.isDemo ?? false,
      freshness: 'fresh',
      dataAt: now - (over.ageMinutes ?? 0) * MINUTE_MS,
      staleReason: null,
      burnRows: [
        row({ shortMs: 5 * MINUTE_MS, longMs: HOUR_MS, limit: 14.4, severity: 'page', state: fast }),
        row({ shortMs: 30 * MINUTE_MS, longMs: 6 * HOUR_MS, limit: 6, severity: 'page', state: medium }),
        row({ shortMs: 2 * HOUR_MS, longMs: DAY_MS, limit: 3, severity: 'ticket', state: slow }),
      ],
      burn5m: 20,
      burn1h: 20,
      exhaustion: { kind: 'never' },
      inMaintenance: false,
      budget: { leftRatio: 0.5, window: { view: 'rolling', startAt: now - DAY_MS, endAt: now, windowMs: DAY_MS } },
    },
  };
}

function stored(over: Partial<AlertView> & { isArchived?: boolean; isMuted?: boolean } = {}): StoredAlert {
  const { isArchived = false, isMuted = false, ...view } = over;
  return {
    sloId: 'slo_1',
    sloName: 'Checkout',
    platformId: 'shop',
    platformName: 'Shop',
    isDemo: false,
    isArchived,
    isMuted,
    changedAt: new Date(now - HOUR_MS),
    view: {
      kind: 'burn',
      state: 'firing',
      severity: 'page',
      tier: 'fast',
      firedAt: now - HOUR_MS,
      summary: '',
      ...view,
    },
  };
}

const told = (slo: WatchedSlo, before: StoredAlert[] = []): [string, boolean][] =>
  planChanges([slo], before, at).changes.map(({ event, isTold }) => [event.transition, isTold]);

describe('what is told of what changes', () => {
  it.each([
    ['a page that begins', watched({ fast: 'firing' }), [], 'fired'],
    [
      'a ticket that becomes a page',
      watched({ medium: 'firing' }),
      [stored({ severity: 'ticket', tier: 'slow' })],
      'escalated',
    ],
    ['a page that becomes a ticket', watched({ slow: 'firing' }), [stored()], 'eased'],
    ['an alert that is over', watched({}), [stored()], 'resolved'],
    ['an alert that is held', watched({}, { ageMinutes: 10 }), [stored()], 'frozen'],
    ['an alert that goes on', watched({ fast: 'firing' }), [stored({ state: 'frozen' })], 'thawed'],
  ])('%s', (_what, slo, before, transition) => {
    expect(told(slo, before)).toEqual([[transition, true]]);
  });

  it('not that another row of the same urgency took over: flapping between two calls nobody', () => {
    expect(told(watched({ medium: 'firing' }), [stored()])).toEqual([['eased', false]]);
    expect(told(watched({ fast: 'firing' }), [stored({ tier: 'medium' })])).toEqual([['escalated', false]]);
  });

  it('nothing of the demo, and nothing where it is muted', () => {
    expect(told(watched({ fast: 'firing' }, { isDemo: true }))).toEqual([['fired', false]]);
    const rules = alertRules.parse({ isMuted: true });
    expect(told(watched({ fast: 'firing' }, { rules }))).toEqual([['fired', false]]);
  });
});

it('alerts of archived objectives end, those of others without a list row are left alone', () => {
  const { changes } = planChanges([], [stored({ isArchived: true }), { ...stored(), sloId: 'slo_2' }], at);
  expect(changes.map(({ event }) => [event.sloId, event.transition])).toEqual([['slo_1', 'resolved']]);
  const muted = planChanges([], [stored({ isArchived: true, isMuted: true })], at).changes;
  expect([changes, muted].flat().map(({ isTold }) => isTold)).toEqual([true, false]);
});

it('each change knows what it was made from', () => {
  const { changes } = planChanges([watched({})], [stored()], at);
  expect(changes).toMatchObject([{ changedAt: new Date(now - HOUR_MS), platformName: 'Shop' }]);
  expect(planChanges([watched({ fast: 'firing' })], [], at).changes).toMatchObject([{ changedAt: null }]);
});
