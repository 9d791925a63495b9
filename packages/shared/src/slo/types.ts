import type { AlertView, BurnRowSpec, BurnTier } from './alerts/types.ts';
import type { ExcludedShare } from './exclusions/types.ts';
import type { Indicator } from './indicator.ts';
import type { PolicyMeanings } from './policy-meanings.ts';
import type { CalendarSpec, SloWindowSpec } from './windows/types.ts';

/** Words of the SLO feature. Instants are epoch ms, lengths are ms, shares are ratios 0..1 unless the name says percent. */

/** What counts as spent, where the decision lies. Thresholds come from the policy, never from code. */
export type SloState = 'on_course' | 'caution' | 'fast_burn' | 'freeze' | 'overspent' | 'no_data' | 'insufficient';

/** How old the newest measurement is: late after 2 intervals, stale after 5 minutes or when the source is down. */
export type Freshness = 'fresh' | 'late' | 'stale' | 'never';

/** Two readings of one budget: since a fixed start, or over the last `windowMs`. */
export type BudgetView = 'window' | 'rolling';

/** Difference of two cumulative rows: what happened in a window. Counts are events, observed and expected are minutes. */
export interface WindowReading {
  good: number;
  bad: number;
  total: number;
  observedMinutes: number;
  expectedMinutes: number;
}

/** One cumulative row of the read model: everything counted up to the end of epoch minute `m`. */
export interface CumulativeRow {
  m: number;
  total: number;
  bad: number;
  observed: number;
  /** Minutes taken out by exclusions so far; absent where nothing is excluded. They are not expected to be measured. */
  excluded?: number;
}

export interface SloPolicy {
  /** Share of the budget left under which releases need care. */
  cautionRatio: number;
  /** Share of the budget left under which only reliability fixes ship. */
  freezeRatio: number;
}

export type { BurnRowSpec, BurnTier };

export type BurnRowState = 'firing' | 'recovering' | 'rising' | 'ok' | 'held' | 'unknown';

export interface BurnRow extends BurnRowSpec {
  state: BurnRowState;
  shortBurn: number | null;
  longBurn: number | null;
  /** Share of the whole budget spent when the long window sits at the limit. */
  budgetShareRatio: number;
  /** Share of the whole budget that the long window really spent; differs from burn x window where traffic is uneven. */
  spentShareRatio: number | null;
  /** Minutes of the long window that exclusions took out. */
  excludedMinutes: number;
}

/** When the budget is gone at a given burn. */
export type Exhaustion =
  | { kind: 'unknown' }
  | { kind: 'never' }
  | { kind: 'already'; since: number | null }
  | { kind: 'at'; at: number };

export interface SloWindow {
  view: BudgetView;
  startAt: number;
  endAt: number;
  /** Its real length: a month has 28 to 31 days, a day of a clock change 23 or 25 hours. */
  windowMs: number;
  /** Present where the window is a calendar period. */
  calendar?: CalendarSpec;
}

/** The state of one budget in one view. Ratios are shares of the whole budget; left has no lower clamp. */
export interface Budget {
  window: SloWindow;
  leftRatio: number | null;
  spentRatio: number | null;
  /** The straight line from 100 % at the start to 0 at the end, read now; null in the rolling view. */
  idealLeftRatio: number | null;
  /** The budget as time of full outage in the window, `(1 - target) * window`. */
  budgetMs: number;
  leftMs: number | null;
  badEvents: number;
  totalEvents: number;
  /** Events the period is expected to reach; equals `totalEvents` in the rolling view. */
  expectedEvents: number;
  /** True while `expectedEvents` is a projection. */
  estimated: boolean;
  /** good / total so far, in percent. */
  sliPercent: number | null;
  /** Measured minutes over the minutes of the window that have passed. */
  coverageRatio: number;
  /** leftRatio if every unmeasured minute had been good, and if it had been bad. */
  bounds: { bestLeftRatio: number; worstLeftRatio: number } | null;
}

/** Row of the SLO list, and head of the detail page: the same numbers in both. */
export interface SloSummary {
  id: string;
  platformId: string;
  platformName: string;
  name: string;
  description: string;
  isDemo: boolean;
  /** Exact decimal, e.g. `99.95`. */
  targetPercent: string;
  policy: SloPolicy;
  state: SloState;
  freshness: Freshness;
  /** End of the newest measured minute. */
  dataAt: number | null;
  /** Why there is no fresh data, in words for a person. */
  staleReason: string | null;
  asOf: number;
  source: { id: string; kind: SourceKind; name: string };
  revision: number;
  /** What an event is: a request, or a minute that was good or bad as a whole. */
  unit: 'events' | 'minutes';
  /** The window the policy is judged by: since a fixed start, or rolling. */
  budget: Budget;
  rolling: Budget;
  /** Further windows of the same objective, in the order they were defined. */
  others: Budget[];
  /** What exclusions took out of `budget`, and how it would read without them; null where none touches it. */
  excluded: ExcludedShare | null;
  /** True while an exclusion is in force. */
  inMaintenance: boolean;
  /** Alerts that fire, are held back or are frozen; the most urgent first. */
  alerts: AlertView[];
  burnRows: BurnRow[];
  /** Burn rate over the last 5 minutes and last hour. */
  burn5m: number | null;
  burn1h: number | null;
  exhaustion: Exhaustion;
  /** What was left of `budget` through its window, at most 64 points; null where nothing was measured. */
  spark: { at: number[]; leftRatio: (number | null)[] };
}

export type SourceKind = 'prometheus' | 'scrape' | 'push' | 'self' | 'demo';

export type MarkKind = 'incident' | 'deploy' | 'exclusion' | 'alert';

/** Something that happened, drawn on time axes. */
export interface Mark {
  id: string;
  kind: MarkKind;
  platformId: string;
  at: number;
  endAt: number | null;
  label: string;
  detail: string;
  severity: string | null;
  open: boolean;
  /** Where its own record is kept, as its sender said; http or https. */
  url: string | null;
  isDemo: boolean;
}

/** What excluded time would have cost, had it counted. Ratios and time are of the budget without exclusions. */
export interface ExcludedCost {
  /** How many of its occurrences touch the window. */
  windows: number;
  badEvents: number;
  budgetRatio: number;
  budgetMs: number;
}

/** Cost of one cause in one budget. */
export interface SpendItem {
  mark: Mark | null;
  label: string;
  detail: string;
  at: number | null;
  endAt: number | null;
  badEvents: number;
  /** Share of the whole budget. */
  budgetRatio: number;
  budgetMs: number;
  /** Present for excluded time: it costs nothing, and this is what it would have cost. */
  excluded: ExcludedCost | null;
}

/** How the numbers come about, shown under "How it is measured". */
export interface Measurement {
  indicator: Indicator;
  intervalMs: number;
  serverVersion: string | null;
  gaps: { count: number; longestMs: number; longestAt: number | null; minutes: number };
  createdAt: number;
  measuredSince: number | null;
}

/** When a rolling budget is gone, counting back what old failures free as they leave the window. */
export interface Forecast {
  /** `left x window / burn`, as if nothing came back. */
  atCurrentBurn: Exhaustion;
  /** The same burn, with old failures rolling off; equals the other one in a fixed window. */
  afterRollOff: Exhaustion;
  /** The least that is left on the way, and when; null when unknown. */
  lowest: { at: number; leftRatio: number } | null;
  burnRate: number | null;
}

/** A decision to let releases pass although the policy says freeze. */
export interface Override {
  id: string;
  sloId: string;
  reason: string;
  createdAt: number;
  /** E-mail address of a person, else the name of a key or command. */
  createdBy: string;
  /** The same person by name. */
  createdByName: string;
  until: number;
}

export interface SloDetail extends SloSummary {
  owner: string | null;
  service: string | null;
  forecast: Forecast;
  override: Override | null;
  meanings: PolicyMeanings;
  windows: SloWindowSpec[];
  spend: SpendItem[];
  marks: Mark[];
  measurement: Measurement;
  lens: { startAt: number; endAt: number } | null;
}

/** Columnar series of budget left. Null is unknown, never bridged. */
export interface BurnDownSeries {
  view: BudgetView;
  window: SloWindow;
  at: number[];
  leftRatio: (number | null)[];
  /** Straight ideal line end points; null in the rolling view. */
  ideal: { at: [number, number]; leftRatio: [number, number] } | null;
  forecast: { at: number[]; leftRatio: number[] } | null;
  /** Spans of at least one missing minute inside the measured life of the SLO. */
  gaps: { startAt: number; endAt: number }[];
  lens: {
    startAt: number;
    endAt: number;
    at: number[];
    leftRatio: (number | null)[];
    badRatio: (number | null)[];
    /** Events of the minute that ends at the instant: the traffic itself. */
    totalEvents: (number | null)[];
  } | null;
  asOf: number;
}

/** Error ratio of the worst objective of a platform through one UTC day, and what stands out. */
export interface PlatformLane {
  platformId: string;
  platformName: string;
  isDemo: boolean;
  /** The SLO drawn: the worst budget among availability-like objectives. */
  slo: SloSummary | null;
  sloCount: number;
  attention: number;
  /** Width of a bucket. */
  stepMs: number;
  dayStartAt: number;
  /** badRatio per step from dayStartAt; null where nothing was measured. */
  badRatio: (number | null)[];
  /** 1 - target of the drawn SLO. */
  objectiveRatio: number | null;
  marks: Mark[];
}
