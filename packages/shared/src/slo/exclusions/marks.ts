import type { Mark } from '../types.ts';
import type { ExcludedSpan, Exclusion, ExclusionCategory } from './types.ts';

const words: Record<ExclusionCategory, string> = {
  maintenance: 'Maintenance',
  out_of_hours: 'Out of hours',
  deployment: 'Deployment',
  other: 'Excluded',
};

/** One occurrence of an exclusion on a time axis; open while it is in force at `nowMs`. */
export function exclusionMark(exclusion: Exclusion, { startAt, endAt }: ExcludedSpan, nowMs: number): Mark {
  return {
    id: exclusion.id,
    kind: 'exclusion',
    platformId: exclusion.platformId,
    at: startAt,
    endAt,
    label: words[exclusion.category],
    detail: exclusion.reason,
    severity: null,
    open: startAt <= nowMs && nowMs < endAt,
    url: null,
    isDemo: exclusion.isDemo,
  };
}
