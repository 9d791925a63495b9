import { computeBudget, parseTarget, rollingWindow, type Budget } from '../../slo/index.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../time/index.ts';

/** The objective of the console itself: an ended key is refused by every replica within this time. */
export const REVOCATION_OBJECTIVE = { targetPercent: '99.9', withinMs: 250, windowMs: 30 * DAY_MS } as const;
/** How often it is measured, and when measuring gives up: a key is remembered no longer than this. */
export const PROBE_EVERY_MS = MINUTE_MS;
export const PROBE_BOUND_MS = 30 * SECOND_MS;

/** Measurements of the window, counted. */
export interface ProbeCounts {
  total: number;
  /** Those within the objective's time. */
  good: number;
  /** Minutes of the window in which at least one replica measured. */
  minutes: number;
  /** First measurement ever, epoch ms; null: none yet. */
  firstAt: number | null;
}

/**
 * The budget of the objective over the last 30 days, by the same arithmetic as every other objective. Coverage counts minutes
 * since the first measurement.
 */
export function revocationBudget(counts: ProbeCounts, nowMs: number): Budget {
  const { targetPercent, windowMs } = REVOCATION_OBJECTIVE;
  const window = rollingWindow(windowMs, nowMs);
  const since = Math.max(window.startAt, counts.firstAt ?? window.endAt);
  const lifeMinutes = Math.max(counts.minutes, Math.floor((window.endAt - since) / MINUTE_MS));
  return computeBudget({
    target: parseTarget(targetPercent),
    window,
    now: nowMs,
    reading: {
      good: counts.good,
      total: counts.total,
      bad: counts.total - counts.good,
      observedMinutes: counts.minutes,
      expectedMinutes: lifeMinutes,
    },
  });
}

/** How soon ended keys are refused. Instants are epoch ms, latencies ms. */
export interface RevocationView {
  targetPercent: string;
  withinMs: number;
  windowMs: number;
  budget: Budget;
  p50Ms: number | null;
  p99Ms: number | null;
  slowestMs: number | null;
  /** Measurements that found the key still accepted after 30 s. */
  neverRefused: number;
  replicas: number;
  lastAt: number | null;
  /** Whether replicas hear of changes at once; otherwise nothing is remembered and each call asks the database. `none`: no Redis. */
  bus: 'up' | 'down' | 'none';
  asOf: number;
}
