import {
  clipSpans,
  type Counted,
  type CountedSpan,
  type CumulativeRow,
  type ExcludedTime,
  knownMinute,
  lastCompleteMinute,
  type MinuteSpan,
} from '@qd/shared/slo';
import { horizonMinute } from '../../queries/tiers.ts';
import {
  boundariesOf,
  type ExcludableObjective,
  excludedSpans,
  type ExclusionsByPlatform,
  isExcludedAt,
  modeOf,
  withCounts,
  withoutExcluded,
} from './excluded-time.ts';

/** A boundary this close to now may still change by points that come late. */
const SETTLED_AFTER_MINUTES = 120;

/** Counted spans by their minutes, as they are remembered between ticks. */
export type KnownSpans = ReadonlyMap<string, CountedSpan>;

/** What the list row of one objective needs to read because of exclusions. */
export interface ExclusionPlan {
  /** Up to now, and to come. */
  spans: readonly MinuteSpan[];
  past: readonly MinuteSpan[];
  /** Past spans that are not remembered. */
  unread: readonly MinuteSpan[];
  /** Minutes whose counts are to be read for them. */
  boundaries: readonly number[];
  known: KnownSpans;
}

const keyOf = ({ beforeM, endM }: MinuteSpan): string => `${beforeM}:${endM}`;

/**
 * The excluded time of an objective from the first of these minutes on up to `untilM`; null where there is none. Of long
 * past spans, what they held is remembered: late points from before them move both of their ends alike.
 */
export function planExclusions(
  exclusions: ExclusionsByPlatform,
  row: ExcludableObjective,
  of: { minutes: readonly number[]; untilM: number; nowMs: number; known: KnownSpans | undefined },
): ExclusionPlan | null {
  if (!exclusions.has(row.platformId)) return null;
  const { untilM, nowMs, known = new Map<string, CountedSpan>() } = of;
  const horizonM = horizonMinute(nowMs);
  const minutes = of.minutes.map((m) => knownMinute(m, horizonM));
  const beforeM = minutes.reduce((a, b) => Math.min(a, b), untilM);
  const spans = excludedSpans(exclusions, row, { beforeM, endM: untilM });
  if (spans.length === 0) return null;
  const past = clipSpans(spans, { beforeM, endM: lastCompleteMinute(nowMs) });
  const isCut = (span: MinuteSpan): boolean => minutes.some((m) => m > span.beforeM && m < span.endM);
  const unread = past.filter((span) => !known.has(keyOf(span)) || isCut(span));
  return { spans, past, unread, boundaries: boundariesOf(unread), known };
}

/** Rows without excluded time, what was taken out of them, and what to remember of it. */
export interface Excluded {
  rows: ReadonlyMap<number, CumulativeRow | null>;
  excluded: ExcludedTime;
  known: KnownSpans;
}

/** Takes excluded time out of the rows of one objective. `counts` has the plan's boundaries. */
export function excludedRows(
  plan: ExclusionPlan,
  row: ExcludableObjective,
  raw: ReadonlyMap<number, CumulativeRow | null>,
  of: { counts: ReadonlyMap<number, Counted>; exclusions: ExclusionsByPlatform; nowMs: number },
): Excluded {
  const { counts, exclusions, nowMs } = of;
  const read = new Map(withCounts(row, plan.unread, counts).map((span) => [keyOf(span), span]));
  const counted = plan.past.flatMap((span) => read.get(keyOf(span)) ?? plan.known.get(keyOf(span)) ?? []);
  const settledM = lastCompleteMinute(nowMs) - SETTLED_AFTER_MINUTES;
  return {
    rows: withoutExcluded(row, raw, counted, nowMs),
    excluded: { raw, spans: plan.spans, mode: modeOf(row), isInForce: isExcludedAt(exclusions, row, nowMs) },
    known: new Map(counted.filter(({ endM }) => endM <= settledM).map((span) => [keyOf(span), span])),
  };
}
