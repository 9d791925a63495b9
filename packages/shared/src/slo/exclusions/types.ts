export const exclusionCategories = ['maintenance', 'out_of_hours', 'deployment', 'other'] as const;
export type ExclusionCategory = (typeof exclusionCategories)[number];

/** Time that does not count, once or again and again. Instants are epoch ms. */
export interface Exclusion {
  id: string;
  platformId: string;
  /** The one objective it is for; null for all of the platform. */
  sloId: string | null;
  category: ExclusionCategory;
  reason: string;
  /** Start of the first occurrence. */
  startsAt: number;
  durationMs: number;
  /** RFC 5545 recurrence without `DTSTART`, e.g. `FREQ=WEEKLY;BYDAY=SU`; null for once. */
  rrule: string | null;
  /** Zone in which a recurrence keeps its local time. */
  timeZone: string;
  version: number;
  createdAt: number;
  /** E-mail address of a person, else the name of a key or command; so is `updatedBy`. */
  createdBy: string;
  updatedAt: number;
  updatedBy: string;
  withdrawnAt: number | null;
  isDemo: boolean;
}

/** What an exclusion says or said, with the people behind it by name. */
export interface ExclusionVersion extends Exclusion {
  createdByName: string;
  updatedByName: string;
}

/** An exclusion as a list shows it. */
export interface ExclusionView extends ExclusionVersion {
  /** The occurrence in force, or the next one; null when there is none any more. */
  next: { startAt: number; endAt: number } | null;
  inForce: boolean;
}

/** A stretch of time that does not count: `[startAt, endAt)`, whole minutes. */
export interface ExcludedSpan {
  startAt: number;
  endAt: number;
}

/** What exclusions took out of a budget, and how it would read without them. */
export interface ExcludedShare {
  minutes: number;
  badEvents: number;
  totalEvents: number;
  spans: number;
  rawLeftRatio: number | null;
}

/** `remove`: excluded time leaves both sides of the ratio. `good`: it counts as good, so that a period keeps its budget. */
export type ExclusionMode = 'remove' | 'good';
