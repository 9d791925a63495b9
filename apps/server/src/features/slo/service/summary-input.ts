import { isSliced, parseTarget, reportingIntervalMs, type StoredWindows, type SummarySlo } from '@qd/shared/slo';
import { MINUTE_MS, startOfMinute } from '@qd/shared/time';
import type { ObjectiveRow, SourceRow } from '../queries/objectives.ts';

/** A source that failed less long ago than this may only have hiccuped. */
const DOWN_AFTER_MS = MINUTE_MS;

/** True if the source has been failing for longer than two of its intervals, and at least a minute. */
export function isSourceDown(source: SourceRow, nowMs: number): boolean {
  if (source.lastError === null) return false;
  const patienceMs = Math.max(2 * source.intervalMs, DOWN_AFTER_MS);
  return source.lastOkAt === null || nowMs - source.lastOkAt.getTime() > patienceMs;
}

/** The first complete minute, its reading and its summary may take this long. */
const BEGINNING_MS = 3 * MINUTE_MS;

/** Why there may be no fresh data, in words for a person. */
function staleReason(row: ObjectiveRow, nowMs: number): string {
  if (row.lastError !== null) return row.lastError;
  if (row.source.lastError !== null) return row.source.lastError;
  const never = row.measuredSinceMinute === null;
  if (never && row.source.kind === 'push') return 'Nothing was pushed yet.';
  if (never && nowMs - row.createdAt.getTime() < BEGINNING_MS) return 'The first minute is being counted.';
  if (row.source.kind === 'push') return 'Nothing was pushed lately; check the sender.';
  if (row.source.kind === 'demo') return 'The demo tells no more.';
  return 'The source answers, but has no samples of these counters.';
}

/** Where the windows of a stored objective lie. */
export function windowsOf(row: ObjectiveRow): StoredWindows {
  const { windowMs, calendar, judgedBy, otherWindows } = row;
  return { windowMs, anchorAt: row.anchorAt.getTime(), calendar, judgedBy, otherWindows };
}

/** What `summarise` needs to know of a stored objective. */
export function summarySlo(row: ObjectiveRow, nowMs: number): SummarySlo {
  return {
    id: row.id,
    platformId: row.platformId,
    platformName: row.platformName,
    name: row.name,
    description: row.description,
    isDemo: row.isDemo,
    target: parseTarget(row.targetPercent),
    policy: { cautionRatio: row.cautionRatio, freezeRatio: row.freezeRatio },
    source: { id: row.source.id, kind: row.source.kind, name: row.source.name },
    revision: row.revision,
    unit: isSliced(row.indicator) ? 'minutes' : 'events',
    ...windowsOf(row),
    alerting: row.alerting,
    intervalMs: reportingIntervalMs(row.indicator, row.source.intervalMs),
    measuredSince: row.measuredSinceMinute === null ? null : startOfMinute(row.measuredSinceMinute),
    sourceDown: isSourceDown(row.source, nowMs),
    staleReason: staleReason(row, nowMs),
  };
}
