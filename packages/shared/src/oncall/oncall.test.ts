import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/index.ts';
import {
  coverageGaps,
  createSlotInput,
  endSlotInput,
  FURTHEST_START_MS,
  heldSpan,
  HORIZON_MS,
  horizon,
  leavesNobody,
  listSlotsInput,
  MAX_SLOT_MS,
  MIN_SLOT_MS,
  nextOnCall,
  onCallAt,
  overlap,
  slotClash,
  slotRoles,
  slotState,
  spanFault,
  uncovered,
  type SlotPlan,
  type Span,
} from './index.ts';

const NOW = Date.UTC(2026, 10, 22, 9);
const at = (hours: number): number => NOW + hours * HOUR_MS;
const span = (from: number, to: number): Span => ({ startsAt: at(from), endsAt: at(to) });
const slot = (userId: string, role: SlotPlan['role'], from: number, to: number): SlotPlan => ({
  platform: 'shop',
  userId,
  role,
  ...span(from, to),
});

describe('times of a slot', () => {
  it.each<[string, Span, string | null]>([
    ['now for a day', span(0, 24), null],
    ['begun five minutes ago', { startsAt: NOW - 5 * MINUTE_MS, endsAt: at(1) }, null],
    ['begun longer ago', { startsAt: NOW - 5 * MINUTE_MS - 1, endsAt: at(1) }, 'startsAt'],
    ['the shortest', { startsAt: NOW, endsAt: NOW + MIN_SLOT_MS }, null],
    ['shorter', { startsAt: NOW, endsAt: NOW + MIN_SLOT_MS - 1 }, 'endsAt'],
    ['the longest', { startsAt: NOW, endsAt: NOW + MAX_SLOT_MS }, null],
    ['longer', { startsAt: NOW, endsAt: NOW + MAX_SLOT_MS + 1 }, 'endsAt'],
    ['the furthest', { startsAt: NOW + FURTHEST_START_MS, endsAt: NOW + FURTHEST_START_MS + HOUR_MS }, null],
    ['further', { startsAt: NOW + FURTHEST_START_MS + 1, endsAt: NOW + FURTHEST_START_MS + HOUR_MS }, 'startsAt'],
    ['backwards', span(2, 1), 'endsAt'],
  ])('%s', (_, wanted, field) => {
    expect(spanFault(wanted, NOW)?.field ?? null).toBe(field);
  });

  it('are held until the slot was given up, and never if that was before it began', () => {
    expect(heldSpan({ ...span(0, 8), endedAt: null })).toEqual(span(0, 8));
    expect(heldSpan({ ...span(0, 8), endedAt: at(3) })).toEqual(span(0, 3));
    expect(heldSpan({ ...span(4, 8), endedAt: at(3) })).toEqual(span(4, 4));
    expect(heldSpan({ ...span(0, 8), endedAt: at(9) })).toEqual(span(0, 8));
  });

  it('say where a slot stands, to the millisecond', () => {
    const states = [at(1) - 1, at(1), at(2) - 1, at(2)].map((nowMs) => slotState(span(1, 2), nowMs));
    expect(states).toEqual(['upcoming', 'running', 'running', 'over']);
  });
});

describe('two slots', () => {
  const ada = slot('usr_ada', 'primary', 0, 8);
  it.each<[string, SlotPlan, string | null]>([
    ['of a role at once clash', slot('usr_bo', 'primary', 7, 9), 'role_taken'],
    ['of a role one after the other do not', slot('usr_bo', 'primary', 8, 9), null],
    ['of two roles do not', slot('usr_bo', 'secondary', 0, 8), null],
    ['of two roles and one person clash', slot('usr_ada', 'secondary', 2, 3), 'person_taken'],
    ['of two platforms do not', { ...slot('usr_ada', 'primary', 0, 8), platform: 'bank' }, null],
  ])('%s', (_, wanted, kind) => {
    expect(slotClash(wanted, [ada])?.kind ?? null).toBe(kind);
  });

  it('never overlap, whatever is asked for in whatever order, when none that clashes is taken', () => {
    const wanted = fc.record({
      platform: fc.constantFrom('shop', 'bank'),
      userId: fc.constantFrom('usr_a', 'usr_b', 'usr_c'),
      role: fc.constantFrom(...slotRoles),
      from: fc.integer({ min: 0, max: 100 }),
      hours: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 40 }), (asked) => {
        const taken: SlotPlan[] = [];
        for (const { platform, userId, role, from, hours } of asked) {
          const plan = { platform, userId, role, ...span(from, from + hours) };
          if (slotClash(plan, taken) === null) taken.push(plan);
        }
        for (const [i, a] of taken.entries()) {
          for (const b of taken.slice(i + 1)) {
            if (a.platform !== b.platform || !overlap(a, b)) continue;
            expect(a.role).not.toBe(b.role);
            expect(a.userId).not.toBe(b.userId);
          }
        }
      }),
    );
  });
});

describe('coverage', () => {
  const spans = fc.array(
    fc
      .tuple(fc.integer({ min: -48, max: 15 * 24 }), fc.integer({ min: 0, max: 72 }))
      .map(([from, hours]) => span(from, from + hours)),
    { maxLength: 20 },
  );

  it('and its gaps make up the horizon, with nothing twice', () => {
    fc.assert(
      fc.property(spans, (covers) => {
        const within = horizon(NOW);
        const gaps = uncovered(within, covers);
        for (let ms = within.startsAt; ms < within.endsAt; ms += HOUR_MS) {
          const isCovered = covers.some((one) => one.startsAt <= ms && ms < one.endsAt);
          const holding = gaps.filter((gap) => gap.startsAt <= ms && ms < gap.endsAt);
          expect(holding).toHaveLength(isCovered ? 0 : 1);
        }
        const covered = uncovered(within, gaps);
        const lengthMs = [...gaps, ...covered].reduce((sum, one) => sum + one.endsAt - one.startsAt, 0);
        expect(lengthMs).toBe(HORIZON_MS);
        for (const [i, gap] of gaps.entries()) {
          expect(gap.startsAt).toBeLessThan(gap.endsAt);
          expect(gap.startsAt).toBeGreaterThan(gaps[i - 1]?.endsAt ?? Number.NEGATIVE_INFINITY);
        }
      }),
    );
  });

  it('is whole where a primary is there all the time, and one gap where nobody ever is', () => {
    expect(coverageGaps(horizon(NOW), [{ ...span(-1, 15 * 24), role: 'primary' }])).toEqual([]);
    expect(coverageGaps(horizon(NOW), [])).toEqual([{ startsAt: NOW, endsAt: NOW + 14 * DAY_MS, hasSecondary: false }]);
  });

  it('says of each gap whether a secondary is there', () => {
    const slots = [
      slot('usr_a', 'primary', -2, 4),
      slot('usr_b', 'secondary', 5, 7),
      slot('usr_c', 'primary', 10, 400),
    ];
    expect(coverageGaps(horizon(NOW), slots)).toEqual([
      { ...span(4, 5), hasSecondary: false },
      { ...span(5, 7), hasSecondary: true },
      { ...span(7, 10), hasSecondary: false },
    ]);
  });

  it('knows who is there and who comes next', () => {
    const slots = [slot('usr_c', 'primary', 8, 9), slot('usr_a', 'primary', -2, 4), slot('usr_b', 'primary', 4, 8)];
    expect(onCallAt(slots, 'primary', NOW)?.userId).toBe('usr_a');
    expect(onCallAt(slots, 'primary', at(4))?.userId).toBe('usr_b');
    expect(onCallAt(slots, 'secondary', NOW)).toBeNull();
    expect(nextOnCall(slots, 'primary', NOW)?.userId).toBe('usr_b');
    expect(nextOnCall(slots, 'primary', at(8))).toBeNull();
  });

  it('knows whether a leaver leaves nobody', () => {
    expect(leavesNobody(span(0, 8), [])).toBe(true);
    expect(leavesNobody(span(0, 8), [span(-1, 4), span(4, 9)])).toBe(false);
    expect(leavesNobody(span(0, 8), [span(-1, 4), span(5, 9)])).toBe(true);
  });
});

describe('inputs', () => {
  const wanted = { platform: 'shop', userId: 'usr_ada', role: 'primary', ...span(0, 8) };
  const faultOf = (
    schema: { safeParse(value: unknown): { error?: { issues: { path: PropertyKey[] }[] } } },
    value: object,
  ) => schema.safeParse(value).error?.issues.map((issue) => issue.path.join('.'));

  it('name the field at fault', () => {
    expect(createSlotInput.parse(wanted)).toEqual({ ...wanted, note: '' });
    expect(faultOf(createSlotInput, { ...wanted, role: 'tertiary' })).toEqual(['role']);
    expect(faultOf(createSlotInput, { ...wanted, note: 'x'.repeat(501) })).toEqual(['note']);
    expect(faultOf(createSlotInput, { ...wanted, note: 'a\u202eb' })).toEqual(['note']);
    expect(faultOf(createSlotInput, { ...wanted, startsAt: 'now' })).toEqual(['startsAt']);
    expect(faultOf(endSlotInput, { id: 'ocs_1', version: 1, reason: '' })).toEqual(['reason']);
    expect(faultOf(endSlotInput, { id: 'slo_1', version: 0, reason: 'ill today' })).toEqual(['id', 'version']);
    expect(faultOf(listSlotsInput, { from: 2, to: 2 })).toEqual(['to']);
    expect(faultOf(listSlotsInput, { limit: 1_000 })).toEqual(['limit']);
  });
});
