import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { highestFiring } from '../burn.ts';
import { defaultAlertRules } from '../definition.ts';
import type { BurnRowSpec } from '../types.ts';
import { evaluateAlerts } from './evaluate.ts';
import type { AlertRules, AlertView } from './types.ts';
import { tierOf } from './urgency.ts';
import type { AlertSubject } from './verdict.ts';

const start = Date.UTC(2026, 10, 21, 12);
const specs: BurnRowSpec[] = [
  { shortMs: 5 * MINUTE_MS, longMs: HOUR_MS, limit: 14.4, severity: 'page' },
  { shortMs: 30 * MINUTE_MS, longMs: 6 * HOUR_MS, limit: 6, severity: 'page' },
  { shortMs: 2 * HOUR_MS, longMs: DAY_MS, limit: 3, severity: 'ticket' },
  { shortMs: 6 * HOUR_MS, longMs: 3 * DAY_MS, limit: 1, severity: 'ticket' },
];
const rules: AlertRules = { ...defaultAlertRules, exhaustionMs: 8 * HOUR_MS, absentMs: 15 * MINUTE_MS };

const states = fc.constantFrom('firing', 'recovering', 'rising', 'ok', 'held', 'unknown');
const burn = fc.double({ min: 0, max: 1_000, noNaN: true });
const exhaustion = fc.oneof(
  fc.constantFrom<AlertSubject['exhaustion']>({ kind: 'unknown' }, { kind: 'never' }, { kind: 'already', since: null }),
  fc
    .integer({ min: 1, max: 40 })
    .map((hours): AlertSubject['exhaustion'] => ({ kind: 'at', at: start + hours * HOUR_MS })),
);

/** Figures of an objective at some moment; data are stale about as often as not. */
const figures: fc.Arbitrary<AlertSubject> = fc
  .record({
    rows: fc.tuple(states, states, states, states),
    burn,
    exhaustion,
    freshness: fc.constantFrom('fresh', 'late', 'stale', 'never'),
    ageMinutes: fc.integer({ min: 0, max: 40 }),
    leftRatio: fc.option(fc.double({ min: -2, max: 1, noNaN: true })),
    isRolling: fc.boolean(),
    inMaintenance: fc.boolean(),
  })
  .map((of) => ({
    id: 'slo_1',
    platformId: 'shop',
    name: 'Checkout',
    isDemo: false,
    freshness: of.freshness,
    dataAt: of.freshness === 'never' ? null : start - of.ageMinutes * MINUTE_MS,
    staleReason: null,
    burnRows: specs.map((spec, i) => ({
      ...spec,
      state: of.rows[i] ?? 'ok',
      shortBurn: of.burn,
      longBurn: of.burn,
      budgetShareRatio: 0.02,
      spentShareRatio: null,
      excludedMinutes: 0,
    })),
    burn5m: of.burn,
    burn1h: of.burn,
    exhaustion: of.exhaustion,
    inMaintenance: of.inMaintenance,
    budget: {
      leftRatio: of.leftRatio,
      window: {
        view: of.isRolling ? 'rolling' : 'window',
        startAt: start - 10 * DAY_MS,
        endAt: of.isRolling ? start : start + 20 * DAY_MS,
        windowMs: 30 * DAY_MS,
      },
    },
  }));

/** Runs a history of figures, each looked at as often as it says, fifteen seconds apart. */
function run(history: readonly { slo: AlertSubject; looks: number }[]) {
  const seen = [];
  let previous: AlertView[] = [];
  let now = start;
  for (const { slo, looks } of history) {
    for (let i = 0; i < looks; i += 1) {
      now += 15_000;
      const outcome = evaluateAlerts({ previous, slo, rules, createdAt: 0, watchedSince: 0, now });
      seen.push({ slo, before: previous, first: i === 0, ...outcome });
      previous = outcome.alerts;
    }
  }
  return seen;
}

const histories = fc.array(fc.record({ slo: figures, looks: fc.integer({ min: 1, max: 4 }) }), { maxLength: 12 });
const isBlind = (slo: AlertSubject): boolean => slo.freshness === 'stale' || slo.freshness === 'never';

describe('alerts over any history', () => {
  it('say nothing without a change, and change nothing without saying so', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { before, alerts, changes } of run(history)) {
          for (const kind of ['burn', 'exhaustion', 'absent'] as const) {
            const [was, is] = [before.find((a) => a.kind === kind), alerts.find((a) => a.kind === kind)];
            const change = changes.find((c) => c.event.kind === kind);
            if (change === undefined) expect(is).toEqual(was);
            else expect(is).not.toEqual(was);
            expect(change?.before ?? was ?? null).toEqual(was ?? null);
          }
        }
      }),
    );
  });

  it('never resolve or ease the burn or the forecast while data are stale', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { slo, changes } of run(history)) {
          if (!isBlind(slo)) continue;
          const told = changes.filter(({ event }) => event.kind !== 'absent').map(({ event }) => event.transition);
          expect(told.every((transition) => transition === 'frozen')).toBe(true);
        }
      }),
    );
  });

  it('speak of the most urgent row that fires', () => {
    fc.assert(
      fc.property(figures, (slo) => {
        const outcome = evaluateAlerts({ previous: [], slo, rules, createdAt: 0, watchedSince: 0, now: start });
        const alert = outcome.alerts.find(({ kind }) => kind === 'burn');
        const row = isBlind(slo) ? null : highestFiring(slo.burnRows);
        expect(alert?.tier).toBe(row === null ? undefined : tierOf(row));
        expect(alert?.severity).toBe(row?.severity);
      }),
    );
  });

  it('looking again at the same figures changes nothing', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { first, changes } of run(history)) {
          // The silence and the time left go on by themselves while somebody looks.
          const told = changes.filter(({ event }) => event.kind === 'burn');
          if (!first) expect(told).toEqual([]);
        }
      }),
    );
  });

  it('begin once, end once, and keep the instant they began at', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const open = new Map<string, number>();
        for (const { changes } of run(history)) {
          for (const { event } of changes) {
            expect(open.has(event.kind)).toBe(event.transition !== 'fired');
            if (event.transition === 'fired') open.set(event.kind, event.at);
            expect(event.firedAt).toBe(open.get(event.kind));
            if (event.transition === 'resolved') open.delete(event.kind);
          }
        }
      }),
    );
  });
});
