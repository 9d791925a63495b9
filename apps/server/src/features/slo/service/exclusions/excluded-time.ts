import {
  clipSpans,
  type Counted,
  type CountedSpan,
  type CumulativeRow,
  type Exclusion,
  type ExclusionMode,
  type ExclusionOccurrence,
  isSliced,
  knownMinute,
  lastCompleteMinute,
  minuteSpan,
  type MinuteSpan,
  adjustRows,
  unionSpans,
} from '@qd/shared/slo';
import { MINUTE_MS, startOfMinute } from '@qd/shared/time';
import type { ReadDb } from '../../../../db/client.ts';
import type { CountsByMinute } from '../../queries/boundaries.ts';
import { exclusionsInUse } from '../../queries/exclusions.ts';
import type { ObjectiveRow } from '../../queries/objectives.ts';
import { horizonMinute } from '../../queries/tiers.ts';
import { occurrenceStarts } from './occurrences.ts';

/** What excluded time needs to know of an objective. */
export type ExcludableObjective = Pick<
  ObjectiveRow,
  'id' | 'sliId' | 'platformId' | 'indicator' | 'exclusionMode' | 'measuredSinceMinute'
>;

/** Exclusions in use, by platform. */
export type ExclusionsByPlatform = ReadonlyMap<string, readonly Exclusion[]>;

/** The exclusions in use on the platforms of these objectives: one statement. */
export async function exclusionsFor(
  db: ReadDb,
  rows: readonly Pick<ObjectiveRow, 'platformId'>[],
): Promise<ExclusionsByPlatform> {
  const found = await exclusionsInUse(
    db,
    rows.map((row) => row.platformId),
  );
  return byPlatform(found);
}

/** Exclusions in use, grouped. */
export function byPlatform(found: readonly Exclusion[]): ExclusionsByPlatform {
  return Map.groupBy(found, (exclusion) => exclusion.platformId);
}

/** Occurrences that touch the minutes after `beforeM` up to `endM`, of every exclusion that is for this objective. */
export function occurrencesOf(
  exclusions: ExclusionsByPlatform,
  row: Pick<ObjectiveRow, 'id' | 'platformId'>,
  { beforeM, endM }: MinuteSpan,
): ExclusionOccurrence[] {
  const own = exclusions.get(row.platformId)?.filter(({ sloId }) => sloId === null || sloId === row.id) ?? [];
  const [fromMs, toMs] = [startOfMinute(beforeM + 1), startOfMinute(endM + 1)];
  return own.flatMap((exclusion) =>
    occurrenceStarts(exclusion, fromMs - exclusion.durationMs + 1, toMs).map((startAt) => ({
      exclusion,
      ...minuteSpan({ startAt, endAt: startAt + exclusion.durationMs }),
    })),
  );
}

/** Minutes after `beforeM` up to `endM` that do not count for this objective, none from before its first measurement. */
export function excludedSpans(
  exclusions: ExclusionsByPlatform,
  row: ExcludableObjective,
  within: MinuteSpan,
): MinuteSpan[] {
  if (row.measuredSinceMinute === null || !exclusions.has(row.platformId)) return [];
  const life = { beforeM: Math.max(within.beforeM, row.measuredSinceMinute - 1), endM: within.endM };
  return clipSpans(unionSpans(occurrencesOf(exclusions, row, life)), life);
}

/** How excluded time leaves the counts of an objective: removed from events, good for slices, unless it says otherwise. */
export function modeOf(row: Pick<ObjectiveRow, 'indicator' | 'exclusionMode'>): ExclusionMode {
  if (row.exclusionMode !== 'auto') return row.exclusionMode;
  return isSliced(row.indicator) ? 'good' : 'remove';
}

/** The excluded minutes that matter to rows asked for at these minutes: differences of rows are all that is ever read. */
export function spansForMinutes(
  exclusions: ExclusionsByPlatform,
  row: ExcludableObjective,
  minutes: readonly number[],
  nowMs: number,
): MinuteSpan[] {
  if (minutes.length === 0 || !exclusions.has(row.platformId)) return [];
  const known = minutes.map((m) => knownMinute(m, horizonMinute(nowMs)));
  const beforeM = known.reduce((a, b) => Math.min(a, b));
  const endM = known.reduce((a, b) => Math.max(a, b));
  return excludedSpans(exclusions, row, { beforeM, endM: Math.min(endM, lastCompleteMinute(nowMs)) });
}

/** Minutes at which spans begin and end, to be read with `countsAt`. */
export function boundariesOf(spans: readonly MinuteSpan[]): number[] {
  return [...new Set(spans.flatMap(({ beforeM, endM }) => [beforeM, endM]))];
}

const nothing: Counted = { total: 0, bad: 0, observed: 0 };

/** What had been counted up to a minute; before the first measurement that is nothing. */
export function countedFrom(row: ExcludableObjective, counts: CountsByMinute): (m: number) => Counted {
  const bornM = row.measuredSinceMinute ?? 0;
  return (m) => (m < bornM ? nothing : (counts.get(m) ?? nothing));
}

/** Spans with what was counted at their ends. */
export function withCounts(
  row: ExcludableObjective,
  spans: readonly MinuteSpan[],
  counts: CountsByMinute,
): CountedSpan[] {
  const at = countedFrom(row, counts);
  return spans.map((span) => ({ ...span, before: at(span.beforeM), end: at(span.endM) }));
}

/** Rows, by the minute they were asked for, without excluded time. */
export function withoutExcluded(
  row: ExcludableObjective,
  rows: ReadonlyMap<number, CumulativeRow | null>,
  spans: readonly CountedSpan[],
  nowMs: number,
): ReadonlyMap<number, CumulativeRow | null> {
  const unit = isSliced(row.indicator) ? 'minutes' : 'events';
  return adjustRows(rows, spans, { mode: modeOf(row), unit, horizonM: horizonMinute(nowMs) });
}

/** True if an occurrence is in force at `nowMs`. */
export function isExcludedAt(
  exclusions: ExclusionsByPlatform,
  row: Pick<ObjectiveRow, 'id' | 'platformId'>,
  nowMs: number,
): boolean {
  if (!exclusions.has(row.platformId)) return false;
  const m = Math.floor(nowMs / MINUTE_MS);
  return occurrencesOf(exclusions, row, { beforeM: m - 1, endM: m }).length > 0;
}
