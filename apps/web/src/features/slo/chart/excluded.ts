import type { Mark } from '@qd/shared/slo';
import type { TimeRange } from './series.ts';

/** A stretch of time that does not count, and why. */
export interface ExcludedBand extends TimeRange {
  /** Of the exclusion, which may have several. */
  id: string;
  text: string;
}

/** The exclusions that touch a range, clipped to it, oldest first. */
export function excludedBands(marks: readonly Mark[], range: TimeRange): ExcludedBand[] {
  return marks
    .filter((mark) => mark.kind === 'exclusion')
    .map((mark) => ({
      id: mark.id,
      startAt: Math.max(mark.at, range.startAt),
      endAt: Math.min(mark.endAt ?? range.endAt, range.endAt),
      text: mark.detail === '' ? mark.label : `${mark.label}: ${mark.detail}`,
    }))
    .filter((band) => band.endAt > band.startAt)
    .toSorted((a, b) => a.startAt - b.startAt);
}

/** Why an instant does not count, or null where it does. */
export function excludedAt(bands: readonly ExcludedBand[], at: number): string | null {
  return bands.find((band) => at > band.startAt && at <= band.endAt)?.text ?? null;
}
