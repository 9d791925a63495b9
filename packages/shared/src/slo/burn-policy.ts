import { DAY_MS, HOUR_MS } from '../time/index.ts';
import type { AlertRules } from './alerts/types.ts';
import {
  budgetShareAtLimit,
  type BurnGates,
  defaultBurnGates,
  defaultBurnRows,
  detectionMs,
  isReachable,
  maxReachableLimit,
} from './burn.ts';
import { defaultAlertRules } from './definition.ts';
import type { Target } from './target.ts';
import type { BurnRowSpec } from './types.ts';

/** Percent of the budget that each default row may spend before it fires, by its long window. SRE workbook, chapter 5. */
const percentByLongMs = new Map([
  [HOUR_MS, 2],
  [6 * HOUR_MS, 5],
  [DAY_MS, 10],
  [3 * DAY_MS, 10],
]);

/** Why a row is not evaluated: its limit is out of reach, its long window does not fit, or it burns less than the budget. */
export type BurnRowProblem = 'unreachable' | 'long' | 'slow';

/** A row as a policy asks for it, and what it means for one objective. */
export interface PlannedBurnRow extends BurnRowSpec {
  /** Share of the whole budget spent while the long window sits at the limit. */
  budgetShareRatio: number;
  /** Time (ms) until a full outage fires it; infinite if that never does. */
  outageDetectionMs: number;
  /** The highest limit that this target can reach. */
  maxLimit: number;
  problem: BurnRowProblem | null;
}

/** Limits and rows a policy asks for, whether or not they can fire. `k = share x W / long` for a constant share. */
function wantedRows(rules: AlertRules, windowMs: number): BurnRowSpec[] {
  if (rules.policy === 'custom') return rules.rows.map((row) => ({ ...row }));
  const rows = defaultBurnRows(windowMs);
  if (rules.policy === 'constant_limit') return rows;
  return rows.map((row) => ({
    ...row,
    limit: ((percentByLongMs.get(row.longMs) ?? 0) * windowMs) / (100 * row.longMs),
  }));
}

function problemOf(
  row: BurnRowSpec,
  rules: AlertRules,
  { target, windowMs }: { target: Target; windowMs: number },
): BurnRowProblem | null {
  if (row.longMs > windowMs) return 'long';
  if (!isReachable(row.limit, target)) return 'unreachable';
  return row.limit < 1 && !rules.allowSlowRows ? 'slow' : null;
}

/**
 * Every row the rules ask for over a budget window of `windowMs`, fastest first as they were given, with what it costs
 * and why it would be left out. Null rules are the default ones.
 */
export function planBurnRows(rules: AlertRules | null, target: Target, windowMs: number): PlannedBurnRow[] {
  const asked = rules ?? defaultAlertRules;
  return wantedRows(asked, windowMs).map((row) => ({
    ...row,
    budgetShareRatio: budgetShareAtLimit(row, windowMs),
    outageDetectionMs: detectionMs(row, target, 1),
    maxLimit: maxReachableLimit(target),
    problem: problemOf(row, asked, { target, windowMs }),
  }));
}

/** The rows that are evaluated: those of the rules that can fire, fit into the window and do not burn below the budget. */
export function burnRowsOf(rules: AlertRules | null, target: Target, windowMs: number): BurnRowSpec[] {
  const asked = rules ?? defaultAlertRules;
  return wantedRows(asked, windowMs).filter((row) => problemOf(row, asked, { target, windowMs }) === null);
}

/** What the rules ask a row to have seen before it may speak. */
export function burnGatesOf(rules: AlertRules | null): BurnGates {
  const { minBadEvents, minTotalEvents } = rules ?? defaultAlertRules;
  return { ...defaultBurnGates, minBadEvents, minTotalEvents };
}

/** Lengths (ms) of all windows these rows read, ascending, each once. */
export function burnWindowsOf(rows: readonly BurnRowSpec[]): number[] {
  return [...new Set(rows.flatMap((row) => [row.shortMs, row.longMs]))].sort((a, b) => a - b);
}
