import type { ExclusionCategory, Mark } from '@qd/shared/slo';

/** What time is excluded for, as it is said and chosen. */
export const categoryWords: Record<ExclusionCategory, string> = {
  maintenance: 'Maintenance',
  out_of_hours: 'Out of hours',
  deployment: 'Deployment',
  other: 'Other',
};

/** The excluded stretch that is in force at an instant and ends last, or null. */
export function inForceAt(marks: readonly Mark[], nowMs: number): Mark | null {
  const now = marks.filter((mark) => mark.kind === 'exclusion' && mark.at <= nowMs && (mark.endAt ?? nowMs) >= nowMs);
  return now.toSorted((a, b) => (b.endAt ?? 0) - (a.endAt ?? 0))[0] ?? null;
}
