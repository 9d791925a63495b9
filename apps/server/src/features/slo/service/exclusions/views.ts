import type { Exclusion, ExclusionInput, ExclusionVersion, ExclusionView } from '@qd/shared/slo';
import type { ReadDb } from '../../../../db/client.ts';
import { personNames } from '../../../../db/queries/person-names.ts';
import { occurrenceNow } from './occurrences.ts';

/** An exclusion as lists show it at `nowMs`. */
export function viewOf(exclusion: ExclusionVersion, nowMs: number): ExclusionView {
  const next = exclusion.withdrawnAt === null ? occurrenceNow(exclusion, nowMs) : null;
  return { ...exclusion, next, inForce: next !== null && next.startAt <= nowMs };
}

/** The same exclusions with the people behind them by name. */
export async function withNames(db: ReadDb, found: readonly Exclusion[]): Promise<ExclusionVersion[]> {
  const called = await personNames(
    db,
    found.flatMap(({ createdBy, updatedBy }) => [createdBy, updatedBy]),
  );
  return found.map((one) => ({ ...one, createdByName: called(one.createdBy), updatedByName: called(one.updatedBy) }));
}

/** What an exclusion says, without what happened to it: for the audit log, and to see whether anything changes. */
export function saidBy(exclusion: Exclusion | ExclusionInput): ExclusionInput {
  const { platformId, sloId, category, reason, startsAt, durationMs, rrule, timeZone } = exclusion;
  return { platformId, sloId, category, reason, startsAt, durationMs, rrule, timeZone };
}
