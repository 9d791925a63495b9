import { type CumulativeRow, lastCompleteMinute, lastHourSpentRatio, lensFor, minuteBefore } from '@qd/shared/slo';
import { HOUR_MS, startOfMinute } from '@qd/shared/time';
import { summarySlo } from '../summary-input.ts';
import type { OpenObjective } from './open-objective.ts';

/** Epoch minutes whose rows `lensOf` needs. */
export function lensDecisionMinutes(atMs: number): number[] {
  const endM = lastCompleteMinute(atMs);
  return [minuteBefore(HOUR_MS, endM), endM];
}

/**
 * The hour to enlarge beside the burn-down, or null: while an incident is open, when the last hour was expensive, and
 * on the first day.
 */
export function lensOf(
  { row, summary, atMs, hasOpenIncident }: OpenObjective,
  rows: ReadonlyMap<number, CumulativeRow | null>,
): { startAt: number; endAt: number } | null {
  return lensFor({
    now: atMs,
    lastHourSpentRatio: lastHourSpentRatio({ slo: summarySlo(row, atMs), now: atMs, rows }, summary.budget),
    openIncident: hasOpenIncident,
    measuredSince: row.measuredSinceMinute === null ? null : startOfMinute(row.measuredSinceMinute),
  });
}
