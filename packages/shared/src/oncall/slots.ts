import { DAY_MS, MINUTE_MS } from '../time/index.ts';

/** What a person is on call as: the primary is asked first, the secondary when the primary cannot be had. */
export const slotRoles = ['primary', 'secondary'] as const;
export type SlotRole = (typeof slotRoles)[number];

export const MIN_SLOT_MS = 15 * MINUTE_MS;
export const MAX_SLOT_MS = 14 * DAY_MS;
/** A slot that begins "now" may have begun while its form was filled in, or by a clock that is a little behind. */
export const LATE_START_MS = 5 * MINUTE_MS;
/** Further ahead nobody knows who works here. */
export const FURTHEST_START_MS = 400 * DAY_MS;

/** From an instant up to, not including, another; epoch ms. */
export interface Span {
  startsAt: number;
  endsAt: number;
}

/** One person on call for one platform. */
export interface SlotPlan extends Span {
  platform: string;
  userId: string;
  role: SlotRole;
}

/** What is wrong with the times of a slot, with the field at fault; null when nothing is. */
export function spanFault(
  { startsAt, endsAt }: Span,
  nowMs: number,
): { field: 'startsAt' | 'endsAt'; message: string } | null {
  if (startsAt < nowMs - LATE_START_MS) {
    return { field: 'startsAt', message: 'lies more than 5 minutes in the past; begin the slot now or later' };
  }
  if (startsAt > nowMs + FURTHEST_START_MS) {
    return { field: 'startsAt', message: 'lies more than 400 days ahead; plan nearer to the day' };
  }
  if (endsAt <= nowMs) return { field: 'endsAt', message: 'is past already; end the slot later' };
  const lengthMs = endsAt - startsAt;
  if (lengthMs < MIN_SLOT_MS) {
    return { field: 'endsAt', message: 'must be at least 15 minutes after the start' };
  }
  if (lengthMs > MAX_SLOT_MS) {
    return { field: 'endsAt', message: 'must be at most 14 days after the start; make several slots instead' };
  }
  return null;
}

/** The time a slot was or will be held: one that ended early stops there, one that ended before it began is empty. */
export function heldSpan(slot: Span & { endedAt: number | null }): Span {
  const { startsAt, endsAt, endedAt } = slot;
  return { startsAt, endsAt: Math.max(startsAt, Math.min(endsAt, endedAt ?? endsAt)) };
}

/** True if two spans share an instant. One may begin where the other ends; an empty one shares nothing. */
export function overlap(a: Span, b: Span): boolean {
  return Math.max(a.startsAt, b.startsAt) < Math.min(a.endsAt, b.endsAt);
}

/** Why a slot cannot be: somebody else has the role then, or the person is on call there already. */
export type SlotClash<S> = { kind: 'role_taken' | 'person_taken'; with: S };

/** The first of these slots that a wanted one cannot stand beside, or null. Two roles of one platform at once are two people. */
export function slotClash<S extends SlotPlan>(wanted: SlotPlan, slots: readonly S[]): SlotClash<S> | null {
  for (const slot of slots) {
    if (slot.platform !== wanted.platform || !overlap(slot, wanted)) continue;
    if (slot.userId === wanted.userId) return { kind: 'person_taken', with: slot };
    if (slot.role === wanted.role) return { kind: 'role_taken', with: slot };
  }
  return null;
}

/** Where a slot stands at an instant: still to come, held now, or over. */
export const slotStates = ['upcoming', 'running', 'over'] as const;
export type SlotState = (typeof slotStates)[number];

/** Where a slot stands; give the span it is held for (see `heldSpan`). */
export function slotState({ startsAt, endsAt }: Span, nowMs: number): SlotState {
  if (nowMs >= endsAt) return 'over';
  return nowMs < startsAt ? 'upcoming' : 'running';
}
