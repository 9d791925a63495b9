import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../time/index.ts';
import { DUE_SOON_MS, MAX_EVERY_DAYS, nextDueMs, secretState, type Cadence } from './cadence.ts';

const at = (text: string): number => Date.parse(text);
const instant = fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2090-01-01T00:00:00Z') });
const byDays = fc
  .integer({ min: 1, max: MAX_EVERY_DAYS })
  .map((everyDays): Cadence => ({ cadence: 'days', everyDays }));
const quarterly: Cadence = { cadence: 'quarterly', everyDays: null };
const yearly: Cadence = { cadence: 'yearly', everyDays: null };
const manual: Cadence = { cadence: 'manual', everyDays: null };
const timed = fc.oneof(byDays, fc.constantFrom(quarterly, yearly));

describe('when a secret is due again', () => {
  it.each([
    ['quarterly', quarterly, '2026-07-02T09:00:00Z', '2026-10-01T00:00:00Z'],
    ['quarterly, late in a quarter', quarterly, '2026-09-20T09:00:00Z', '2027-01-01T00:00:00Z'],
    ['yearly', yearly, '2025-10-01T09:30:00Z', '2026-10-01T09:30:00Z'],
    ['yearly on a leap day', yearly, '2024-02-29T12:00:00Z', '2025-02-28T12:00:00Z'],
    ['every 30 days', { cadence: 'days' as const, everyDays: 30 }, '2026-01-01T06:00:00Z', '2026-01-31T06:00:00Z'],
  ])('%s', (_name, cadence, last, due) => {
    expect(nextDueMs(cadence, at(last))).toBe(at(due));
  });

  it('is later than the rotation, and within its reach', () => {
    fc.assert(
      fc.property(timed, instant, (cadence, last) => {
        const due = nextDueMs(cadence, last) ?? 0;
        const longest = { days: cadence.everyDays ?? 0, quarterly: 106, yearly: 366, manual: 0 }[cadence.cadence];
        expect(due).toBeGreaterThan(last);
        expect(due - last).toBeLessThanOrEqual(longest * DAY_MS);
      }),
    );
  });

  it('never comes earlier for a later rotation', () => {
    fc.assert(
      fc.property(timed, instant, fc.nat(400 * DAY_MS), (cadence, last, later) => {
        expect(nextDueMs(cadence, last + later)).toBeGreaterThanOrEqual(nextDueMs(cadence, last) ?? 0);
      }),
    );
  });

  it('is not known before the first rotation, nor where people decide', () => {
    fc.assert(fc.property(timed, (cadence) => nextDueMs(cadence, null) === null));
    fc.assert(fc.property(instant, (last) => nextDueMs(manual, last) === null));
  });
});

describe('the state of a secret', () => {
  const stateAt = (cadence: Cadence, last: number | null, nowMs: number) =>
    secretState({ cadence: cadence.cadence, lastRotatedAt: last, nextDueAt: nextDueMs(cadence, last) }, nowMs);

  it('is good, then due soon, then overdue from the very millisecond', () => {
    fc.assert(
      fc.property(timed, instant, (cadence, last) => {
        const due = nextDueMs(cadence, last) ?? 0;
        expect(stateAt(cadence, last, due)).toBe('overdue');
        expect(stateAt(cadence, last, due - 1)).toBe('due_soon');
        expect(stateAt(cadence, last, due - DUE_SOON_MS)).toBe('due_soon');
        expect(stateAt(cadence, last, due - DUE_SOON_MS - 1)).toBe('ok');
      }),
    );
  });

  it('is unknown before the first rotation, and never asks where people decide', () => {
    expect(stateAt(quarterly, null, 0)).toBe('never');
    expect(stateAt(manual, null, 0)).toBe('manual');
    expect(stateAt(manual, 0, Number.MAX_SAFE_INTEGER)).toBe('manual');
  });
});
