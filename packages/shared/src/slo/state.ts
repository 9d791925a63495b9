import { MINUTE_MS } from '../time/index.ts';
import type { Budget, BurnRow, Freshness, SloPolicy, SloState } from './types.ts';

/** After this time without data a figure is stale, unless the source reports more rarely. */
export const STALE_AFTER_MS = 5 * MINUTE_MS;

/** Share of the measured life under which no state is claimed. */
export const MIN_STATE_COVERAGE_RATIO = 0.5;

export interface SloStateInput {
  /** The budget the policy judges by. */
  budget: Budget;
  burnRows: readonly BurnRow[];
  /** Measured minutes over the minutes of the window since the objective was first measured. */
  lifeCoverageRatio: number;
  policy: SloPolicy;
  /** Defaults to `MIN_STATE_COVERAGE_RATIO`. */
  minCoverageRatio?: number;
}

/**
 * The one word for an objective. Worst first: no data, overspent, freeze, fast burn (any row fires), caution, on
 * course. Below the coverage threshold it is `insufficient`, except when the budget would be overspent even if every
 * unmeasured minute had been good. Age alone changes nothing here; that is what `freshness` says.
 */
export function sloState(input: SloStateInput): SloState {
  const { budget, policy, burnRows } = input;
  const left = budget.leftRatio;
  if (left === null) return 'no_data';
  if (input.lifeCoverageRatio < (input.minCoverageRatio ?? MIN_STATE_COVERAGE_RATIO)) {
    const bestLeft = budget.bounds?.bestLeftRatio ?? left;
    return bestLeft <= 0 ? 'overspent' : 'insufficient';
  }
  if (left <= 0) return 'overspent';
  if (left < policy.freezeRatio) return 'freeze';
  if (burnRows.some((row) => row.state === 'firing')) return 'fast_burn';
  return left < policy.cautionRatio ? 'caution' : 'on_course';
}

export interface FreshnessInput {
  /** End of the newest measured minute. */
  dataAt: number | null;
  now: number;
  /** How often the source is read. */
  intervalMs: number;
  sourceDown: boolean;
}

/**
 * How old the newest measurement is. Minutes are the finest unit stored, so an interval below one counts as one:
 * late after two of them, stale after five minutes (three intervals where that is longer) or when the source is down.
 */
export function freshness(input: FreshnessInput): Freshness {
  const { dataAt, now, sourceDown } = input;
  if (dataAt === null) return 'never';
  const intervalMs = Math.max(input.intervalMs, MINUTE_MS);
  const ageMs = now - dataAt;
  if (sourceDown || ageMs > Math.max(STALE_AFTER_MS, 3 * intervalMs)) return 'stale';
  return ageMs > 2 * intervalMs ? 'late' : 'fresh';
}
