import { MINUTE_MS } from '../time/index.ts';
import { budgetMsOf, budgetShare, type Target } from './target.ts';
import type { Budget, SloWindow, WindowReading } from './types.ts';

/** A previous period measured less than this says too little about the next. */
export const MIN_PREVIOUS_COVERAGE_RATIO = 0.5;

/** Share of the window after which its own traffic alone sets the scale of what is still to come. */
const FULL_TRUST_ELAPSED_RATIO = 0.1;

export interface ExpectedEventsInput {
  /** Events counted so far in the window. */
  soFar: number;
  /** Share of the window that has passed, 0..1. */
  elapsedRatio: number;
  /** Share of the window that was measured so far; defaults to `elapsedRatio` (no gaps). */
  observedRatio?: number;
  /** The period before: all its events, those up to the same point of it, and how much of it was measured. */
  previous?: { total: number; totalAtSameElapsed: number; coverageRatio: number };
}

/**
 * Events a fixed window will reach: those so far, plus what the previous period still had to come from this point
 * on, scaled by how traffic compares (trusted fully after a tenth of the window). Without a usable previous period
 * the rate so far goes on. A whole number, never below `soFar`; equal to it, and no estimate, once the window is over.
 */
export function expectedEvents(input: ExpectedEventsInput): { expectedEvents: number; estimated: boolean } {
  const { soFar, elapsedRatio, previous } = input;
  if (elapsedRatio >= 1) return { expectedEvents: soFar, estimated: false };
  const observedRatio = Math.min(input.observedRatio ?? elapsedRatio, elapsedRatio);
  const usable = previous !== undefined && previous.total > 0 && previous.coverageRatio >= MIN_PREVIOUS_COVERAGE_RATIO;
  let toCome = observedRatio > 0 ? (soFar / observedRatio) * (1 - elapsedRatio) : 0;
  if (usable) {
    const had = previous.totalAtSameElapsed / previous.coverageRatio;
    const comparable = observedRatio > 0 ? (soFar * elapsedRatio) / observedRatio : 0;
    const trust = had > 0 && observedRatio > 0 ? Math.min(1, observedRatio / FULL_TRUST_ELAPSED_RATIO) : 0;
    const scale = trust === 0 ? 1 : 1 - trust + (trust * comparable) / had;
    toCome = ((previous.total - previous.totalAtSameElapsed) / previous.coverageRatio) * scale;
  }
  return { expectedEvents: Math.max(soFar, Math.round(soFar + toCome)), estimated: true };
}

export interface BudgetInput {
  target: Target;
  window: SloWindow;
  now: number;
  /** What was counted in the window so far; `expectedMinutes` are its minutes that have passed. */
  reading: WindowReading;
  /** From `expectedEvents()`; ignored in the rolling view, where the total is known. */
  expected?: { expectedEvents: number; estimated: boolean };
  /** Minutes of the window since the objective was first measured; gaps are counted in these. Defaults to all that passed. */
  lifeMinutes?: number;
  /** True where the expected events hold every minute of the period already, measured or not. */
  holdsGaps?: boolean;
}

function boundsOf(input: BudgetInput, events: number): Budget['bounds'] {
  const { reading, target } = input;
  const life = Math.min(input.lifeMinutes ?? reading.expectedMinutes, reading.expectedMinutes);
  const missing = life - reading.observedMinutes;
  if (missing <= 0 || reading.observedMinutes <= 0) return null;
  const missed = (reading.total / reading.observedMinutes) * missing;
  const all = input.holdsGaps === true ? events : events + missed;
  return {
    bestLeftRatio: 1 - budgetShare(reading.bad, all, target),
    worstLeftRatio: 1 - budgetShare(reading.bad + missed, all, target),
  };
}

function idealLeft(window: SloWindow, now: number): number | null {
  if (window.view === 'rolling') return null;
  return Math.min(1, Math.max(0, 1 - (now - window.startAt) / window.windowMs));
}

/**
 * The budget of one window. Left is at most 1 and has no lower clamp; without events it is null. In the fixed view
 * what is spent is bad over the allowed share of the EXPECTED events, so it never recovers by itself; in the rolling
 * view it is bad over the allowed share of the events counted. Bounds are null when no minute is missing.
 */
export function computeBudget(input: BudgetInput): Budget {
  const { target, window, now, reading } = input;
  const fixed = window.view === 'window';
  const expected = (fixed ? input.expected : undefined) ?? { expectedEvents: reading.total, estimated: false };
  const events = Math.max(expected.expectedEvents, reading.total);
  const spentRatio = reading.total > 0 ? budgetShare(reading.bad, events, target) : null;
  const leftRatio = spentRatio === null ? null : 1 - spentRatio;
  const budgetMs = budgetMsOf(target, window.windowMs);
  return {
    window,
    leftRatio,
    spentRatio,
    idealLeftRatio: idealLeft(window, now),
    budgetMs,
    leftMs: leftRatio === null ? null : leftRatio * budgetMs,
    badEvents: reading.bad,
    totalEvents: reading.total,
    expectedEvents: events,
    estimated: expected.estimated,
    sliPercent: reading.total > 0 ? (reading.good * 100) / reading.total : null,
    coverageRatio: reading.expectedMinutes > 0 ? reading.observedMinutes / reading.expectedMinutes : 0,
    bounds: spentRatio === null ? null : boundsOf(input, events),
  };
}

/** Share of a window that has passed and that was measured, for `expectedEvents()`. */
export function elapsedShares(
  windowMs: number,
  reading: WindowReading,
): { elapsedRatio: number; observedRatio: number } {
  const minutes = windowMs / MINUTE_MS;
  return { elapsedRatio: reading.expectedMinutes / minutes, observedRatio: reading.observedMinutes / minutes };
}
