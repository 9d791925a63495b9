import type { Budget, CumulativeRow } from '../types.ts';
import { clipSpans, type MinuteSpan, minutesWithin } from './spans.ts';
import type { ExcludedShare, ExclusionMode } from './types.ts';

/** What was taken out of the rows a summary reads. */
export interface ExcludedTime {
  /** The rows as they were counted, for the same minutes. */
  raw: ReadonlyMap<number, CumulativeRow | null>;
  /** Excluded minutes from the oldest row on, up to the end of every window: also those to come. A union. */
  spans: readonly MinuteSpan[];
  mode: ExclusionMode;
  isInForce: boolean;
}

/** Minutes that leave windows altogether; none where excluded time counts as good. */
export function removedSpans(excluded: ExcludedTime | undefined): readonly MinuteSpan[] {
  return excluded?.mode === 'remove' ? excluded.spans : [];
}

/** Excluded minutes after `beforeM` up to `endM`. */
export function minutesExcluded(excluded: ExcludedTime | undefined, within: MinuteSpan): number {
  return excluded === undefined ? 0 : minutesWithin(excluded.spans, within);
}

/** What left a budget, and what it would be with it. Events that stay as good ones did not leave. */
export function excludedShare(
  excluded: ExcludedTime,
  within: MinuteSpan,
  { raw, adjusted }: { raw: Budget; adjusted: Budget },
): ExcludedShare {
  return {
    minutes: minutesExcluded(excluded, within),
    badEvents: raw.badEvents - adjusted.badEvents,
    totalEvents: Math.max(0, raw.totalEvents - adjusted.totalEvents),
    spans: clipSpans(excluded.spans, within).length,
    rawLeftRatio: raw.leftRatio,
  };
}
