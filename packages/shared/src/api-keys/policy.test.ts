import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../time/index.ts';
import { dueSinceMs, rotationDueMs, type KeyPolicyFacts } from './policy.ts';

const anyRotation: fc.Arbitrary<KeyPolicyFacts['rotation']> = fc.oneof(
  fc.constant({ by: 'quarter' as const }),
  fc.integer({ min: 1, max: 366 }).map((everyDays) => ({ by: 'age' as const, everyDays })),
);
const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });

describe('what is due by an instant', () => {
  it('is exactly what began before the bound', () => {
    fc.assert(
      fc.property(anyRotation, instant, instant, (rotation, sinceMs, byMs) => {
        expect(sinceMs < dueSinceMs(rotation, byMs)).toBe(rotationDueMs(rotation, sinceMs) <= byMs);
      }),
    );
  });

  it('holds at the edges', () => {
    const quarter = { by: 'quarter' as const };
    const turn = Date.UTC(2026, 9, 1);
    expect(dueSinceMs(quarter, turn)).toBe(turn - 14 * DAY_MS);
    expect(dueSinceMs(quarter, turn - 1)).toBe(Date.UTC(2026, 6, 1) - 14 * DAY_MS);
    expect(rotationDueMs(quarter, turn - 14 * DAY_MS)).toBe(Date.UTC(2027, 0, 1));
    const age = { by: 'age' as const, everyDays: 90 };
    expect(rotationDueMs(age, dueSinceMs(age, turn) - 1)).toBe(turn);
  });
});
