import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time/index.ts';
import { budgetShare, type Target } from './target.ts';
import type { BurnRow, BurnRowSpec, BurnRowState, WindowReading } from './types.ts';

/** A limit must stay below this share of the burn of a full outage, or the row could hardly ever fire. */
const REACHABLE_SHARE = 0.9;

/** Rows with the same absolute windows and limits for every budget window (constant-k policy). Limits and windows are those of the SRE workbook, chapter 5. */
const constantRows: readonly BurnRowSpec[] = [
  { shortMs: 5 * MINUTE_MS, longMs: HOUR_MS, limit: 14.4, severity: 'page' },
  { shortMs: 30 * MINUTE_MS, longMs: 6 * HOUR_MS, limit: 6, severity: 'page' },
  { shortMs: 2 * HOUR_MS, longMs: DAY_MS, limit: 3, severity: 'ticket' },
  { shortMs: 6 * HOUR_MS, longMs: 3 * DAY_MS, limit: 1, severity: 'ticket' },
];

/** What a row must have seen before it may speak. */
export interface BurnGates {
  /** Failures in the long window under which a row is held: one failure at low traffic is no outage. */
  minBadEvents: number;
  /** Events in the long window under which a row is held. */
  minTotalEvents: number;
  /** Measured minutes the short window needs. */
  minShortObservedMinutes: number;
  /** Share of the long window's expected minutes that must be measured. Expected minutes of a young objective start with its first measurement. */
  minLongCoverageRatio: number;
}

export const defaultBurnGates: BurnGates = {
  minBadEvents: 3,
  minTotalEvents: 0,
  minShortObservedMinutes: 1,
  minLongCoverageRatio: 0.5,
};

/** Bad ratio over the allowed ratio; 1 spends exactly the budget in one window. Null without events. */
export function burnRate(reading: WindowReading, target: Target): number | null {
  return reading.total > 0 ? budgetShare(reading.bad, reading.total, target) : null;
}

/** The default rows whose long window fits into the budget window, fastest first. */
export function defaultBurnRows(windowMs: number): BurnRowSpec[] {
  return constantRows.filter((row) => row.longMs <= windowMs).map((row) => ({ ...row }));
}

/** True if a full outage exceeds the limit with a tenth to spare: `k <= 0.9 / (1 - T)`. */
export function isReachable(limit: number, target: Target): boolean {
  return limit <= maxReachableLimit(target);
}

/** The highest limit a row can have for this target, `0.9 / (1 - T)`: 900 for 99.9. */
export function maxReachableLimit(target: Target): number {
  return REACHABLE_SHARE * budgetShare(1, 1, target);
}

/** Share of the whole budget spent while the long window sits at the limit, `k * long / W`. */
export function budgetShareAtLimit(spec: BurnRowSpec, windowMs: number): number {
  return (spec.limit * spec.longMs) / windowMs;
}

/** Time (ms) until a row fires when this share of events fails from now on, `long * k * (1 - T) / ratio`; infinite if it never does. */
export function detectionMs(spec: BurnRowSpec, target: Target, badRatio: number): number {
  const ms = (spec.longMs * spec.limit * target.allowedRatio) / badRatio;
  return ms < spec.longMs ? ms : Number.POSITIVE_INFINITY;
}

function stateOf(windows: BurnWindows, over: { short: boolean; long: boolean }, gates: BurnGates): BurnRowState {
  const { short, long } = windows;
  if (short.observedMinutes < gates.minShortObservedMinutes) return 'unknown';
  if (long.expectedMinutes <= 0 || long.observedMinutes < gates.minLongCoverageRatio * long.expectedMinutes)
    return 'unknown';
  if (!over.short && !over.long) return 'ok';
  if (long.bad < gates.minBadEvents || long.total < gates.minTotalEvents) return 'held';
  if (over.short && over.long) return 'firing';
  return over.long ? 'recovering' : 'rising';
}

export interface BurnWindows {
  short: WindowReading;
  long: WindowReading;
  /** Minutes since the first measurement; a row says nothing before its short window has passed once. Left out: long ago. */
  lifeMinutes?: number;
}

/**
 * State of one row. It fires when both windows burn strictly above the limit; over in one of them only it is
 * recovering (long) or rising (short). Unmeasured windows are unknown, and so is a row of an objective younger than its
 * short window: three days are not judged by their first minute. Too few failures or events hold it. A window that was
 * measured but had no events is not over any limit. With the expected events of the budget it also tells the share that
 * the long window really spent.
 */
export function evaluateBurnRow(
  spec: BurnRowSpec,
  windows: BurnWindows,
  slo: { target: Target; windowMs: number; expectedEvents?: number },
  gates: BurnGates = defaultBurnGates,
): BurnRow {
  const shortBurn = burnRate(windows.short, slo.target);
  const longBurn = burnRate(windows.long, slo.target);
  const expected = slo.expectedEvents ?? 0;
  const over = { short: (shortBurn ?? 0) > spec.limit, long: (longBurn ?? 0) > spec.limit };
  const isTooYoung = (windows.lifeMinutes ?? Infinity) < spec.shortMs / MINUTE_MS;
  return {
    shortMs: spec.shortMs,
    longMs: spec.longMs,
    limit: spec.limit,
    severity: spec.severity,
    state: isTooYoung ? 'unknown' : stateOf(windows, over, gates),
    shortBurn,
    longBurn,
    budgetShareRatio: budgetShareAtLimit(spec, slo.windowMs),
    spentShareRatio: expected > 0 ? budgetShare(windows.long.bad, expected, slo.target) : null,
    excludedMinutes: 0,
  };
}

/** The one firing row to notify: page before ticket, then the highest limit; null if none fires. */
export function highestFiring(rows: readonly BurnRow[]): BurnRow | null {
  let best: BurnRow | null = null;
  for (const row of rows) {
    if (row.state !== 'firing') continue;
    const wins = best === null || (row.severity === best.severity ? row.limit > best.limit : row.severity === 'page');
    if (wins) best = row;
  }
  return best;
}

/** The highest burn that both windows of some row confirm (the lower of its two); null without any. */
export function worstBurn(rows: readonly BurnRow[]): number | null {
  let worst: number | null = null;
  for (const row of rows) {
    if (row.shortBurn === null || row.longBurn === null) continue;
    const confirmed = Math.min(row.shortBurn, row.longBurn);
    if (worst === null || confirmed > worst) worst = confirmed;
  }
  return worst;
}
