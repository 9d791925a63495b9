/** Calendar periods in a time zone: `count` units each, stepped in local time from `startDate`. */
export interface CalendarSpec {
  unit: 'day' | 'week' | 'month' | 'quarter' | 'year';
  count: number;
  /** IANA name, e.g. `Europe/Berlin`. */
  timeZone: string;
  /** Local day a period begins on, `YYYY-MM-DD`. The 31st becomes the last day of shorter months, counted from here. */
  startDate: string;
}

/** Where a window lies. `windowMs` is its length, `anchorAt` an instant (epoch ms) at which a cycle begins. */
export type SloWindowSpec =
  | { kind: 'cycle'; windowMs: number; anchorAt: number }
  | { kind: 'rolling'; windowMs: number }
  | { kind: 'calendar'; calendar: CalendarSpec };
