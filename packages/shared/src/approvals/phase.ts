import { DAY_MS, MINUTE_MS } from '../time/index.ts';

/** A request without the agreement it needs lapses after this. */
export const REQUEST_LIFE_MS = DAY_MS;
/** An act runs within this, counted from the approval or from the end of the wait. */
export const EXECUTE_WITHIN_MS = 30 * MINUTE_MS;
/** Where nobody else could agree, the act waits this long in everybody's sight. */
export const COOLING_OFF_MS = 15 * MINUTE_MS;

export const approvalStates = ['pending', 'approved', 'rejected', 'executed', 'cancelled', 'lapsed', 'failed'] as const;
export type ApprovalState = (typeof approvalStates)[number];

/** Where a request stands at an instant: `cooling` waits out its time, `ready` may be carried out. */
export type ApprovalPhase = 'pending' | 'cooling' | 'ready' | Exclude<ApprovalState, 'pending' | 'approved'>;

/** What a phase is read from. */
export interface ApprovalTimes {
  state: ApprovalState;
  expiresAt: Date;
  coolsOffAt: Date | null;
  executeBefore: Date | null;
}

/** The phase of a request at the instant. Time moves it by itself: what ran out has lapsed whether anybody noted it or not. */
export function approvalPhase(request: ApprovalTimes, now: Date): ApprovalPhase {
  const { state, expiresAt, coolsOffAt, executeBefore } = request;
  if (state !== 'pending' && state !== 'approved') return state;
  if (executeBefore !== null && now >= executeBefore) return 'lapsed';
  if (state === 'approved') return 'ready';
  if (coolsOffAt !== null) return now >= coolsOffAt ? 'ready' : 'cooling';
  return now >= expiresAt ? 'lapsed' : 'pending';
}

/** True while a request can still come to something. */
export function isOpen(phase: ApprovalPhase): boolean {
  return phase === 'pending' || phase === 'cooling' || phase === 'ready';
}
