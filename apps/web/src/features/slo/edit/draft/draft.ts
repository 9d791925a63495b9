import type { AlertRules, CalendarSpec, SliceOp, SloDefinition } from '@qd/shared/slo';

/** What is counted, as a person chooses it. */
export type DraftKind = 'bad' | 'good' | 'latency' | 'percentile' | 'slices' | 'gauge' | 'push';

/** A window as its fields hold it. */
export interface WindowDraft {
  key: number;
  kind: 'cycle' | 'rolling' | 'calendar';
  /** `30d`, `12h`: for a cycle and a rolling window. */
  length: string;
  /** Day a cycle begins on, UTC; and the exact instant as long as that day was not touched. */
  anchorDay: string;
  anchorAt: number | null;
  unit: CalendarSpec['unit'];
  count: string;
  timeZone: string;
  startDate: string;
}

/** An alert row as its fields hold it. */
export interface RowDraft {
  key: number;
  short: string;
  long: string;
  limit: string;
  severity: 'page' | 'ticket';
}

export interface AlertsDraft {
  policy: AlertRules['policy'];
  rows: RowDraft[];
  minBadEvents: string;
  minTotalEvents: string;
  /** Lengths such as `24h`; empty is off. */
  exhaustion: string;
  absent: string;
  allowSlowRows: boolean;
  isMuted: boolean;
}

export interface LabelDraft {
  key: number;
  name: string;
  value: string;
}

/** The form as it stands: what was typed, not yet what it means. It survives as JSON. */
export interface SloDraft {
  platform: string;
  sourceId: string;
  kind: DraftKind;
  total: string;
  bad: string;
  good: string;
  buckets: string;
  selector: string;
  query: string;
  le: string;
  quantilePercent: string;
  op: SliceOp;
  value: string;
  sliceMinutes: string;
  target: string;
  windows: WindowDraft[];
  caution: string;
  freeze: string;
  meanings: SloDefinition['meanings'];
  alerts: AlertsDraft;
  exclusionMode: SloDefinition['exclusionMode'];
  name: string;
  /** Empty as long as it follows the name. */
  slug: string;
  description: string;
  owner: string;
  service: string;
  labels: LabelDraft[];
}

/** A key for a new line of a list: one more than any that is there. */
export function nextKey(lines: readonly { key: number }[]): number {
  return lines.reduce((most, { key }) => Math.max(most, key + 1), 0);
}

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** First day of the month of an instant, in UTC. */
export function firstOfMonth(now: number): string {
  return `${isoDay(now).slice(0, 8)}01`;
}

/** Monday of the week of an instant, in UTC. */
function mondayOf(now: number): string {
  const sinceMonday = (new Date(now).getUTCDay() + 6) % 7;
  return isoDay(now - sinceMonday * 86_400_000);
}

/** Where calendar periods of a unit begin unless someone says otherwise. */
export function usualStart(unit: CalendarSpec['unit'], now: number): string {
  if (unit === 'day') return isoDay(now);
  if (unit === 'week') return mondayOf(now);
  return unit === 'month' ? firstOfMonth(now) : `${isoDay(now).slice(0, 4)}-01-01`;
}

/** A window to begin with: 30 days, fixed from the first of this month on. */
export function usualWindow(key: number, now: number, kind: WindowDraft['kind'] = 'cycle'): WindowDraft {
  return {
    key,
    kind,
    length: '30d',
    anchorDay: firstOfMonth(now),
    anchorAt: null,
    unit: 'month',
    count: '1',
    timeZone: 'UTC',
    startDate: usualStart('month', now),
  };
}

/** An empty form with everything chosen that can be: platform, source, query, target and name are left. */
export function emptyDraft(platform: string, now: number): SloDraft {
  return {
    platform,
    sourceId: '',
    kind: 'bad',
    total: '',
    bad: '',
    good: '',
    buckets: '',
    selector: '',
    query: '',
    le: '',
    quantilePercent: '95',
    op: 'lte',
    value: '',
    sliceMinutes: '5',
    target: '99.9',
    windows: [usualWindow(0, now)],
    caution: '20',
    freeze: '10',
    meanings: { ship: '', caution: '', freeze: '', overspent: '' },
    alerts: {
      policy: 'constant_limit',
      rows: [],
      minBadEvents: '3',
      minTotalEvents: '0',
      exhaustion: '',
      absent: '15m',
      allowSlowRows: false,
      isMuted: false,
    },
    exclusionMode: 'auto',
    name: '',
    slug: '',
    description: '',
    owner: '',
    service: '',
    labels: [],
  };
}
