import type { AlertEvent, AlertView, BurnDownSeries, BurnRow, Mark, SloDetail, SloSummary } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';

/** 14:47:30 UTC, twenty-four minutes into an outage; the fixed window began 24 days ago. */
export const NOW = Date.UTC(2026, 9, 3, 14, 47, 30);
export const START = Date.UTC(2026, 8, 9);
export const END = START + 30 * DAY_MS;
export const BUDGET_MS = 0.0005 * 30 * DAY_MS;

const OUTAGE_AT = Date.UTC(2026, 9, 3, 14, 22);

/** Points lost so far (percent) by each step of the story before the outage. */
const steps: readonly { at: number; percent: number; minutes: number }[] = [
  { at: Date.UTC(2026, 8, 15, 10, 5), percent: 8.8, minutes: 40 },
  { at: Date.UTC(2026, 8, 19, 3, 20), percent: 3.7, minutes: 25 },
  { at: Date.UTC(2026, 8, 23, 6, 10), percent: 5.6, minutes: 18 },
];

/** Budget left (ratio) at an instant of the story: steps, a slow background, then the cliff to 2.9 %. */
export function storyLeft(at: number): number {
  const background = 8.7 * ((Math.min(at, OUTAGE_AT) - START) / (OUTAGE_AT - START));
  const spent = steps.reduce((sum, step) => {
    const passed = Math.min(1, Math.max(0, (at - step.at) / (step.minutes * MINUTE_MS)));
    return sum + step.percent * passed;
  }, background);
  return (100 - spent - cliff(at)) / 100;
}

function cliff(at: number): number {
  const minutes = (at - OUTAGE_AT) / MINUTE_MS;
  if (minutes <= 0) return 0;
  if (minutes < 4) return 0.42 * minutes * minutes;
  if (minutes < 18) return 6.7 + 3.85 * (minutes - 4);
  const tail = minutes - 18;
  return Math.min(70.3, 60.6 + 2.1 * tail - 0.098 * tail * tail);
}

export const marks: Mark[] = [
  incident('INC-2026-1003-001', 'P0', 'Connection pool exhausted', { at: Date.UTC(2026, 9, 3, 14, 23), minutes: null }),
  deploy('v1.9.0', 'Request coalescing rollout', steps[0]?.at ?? 0, 40),
  incident('INC-2026-0919-001', 'P3', 'CoinWarz breaker half-open', { at: steps[1]?.at ?? 0, minutes: 25 }),
  incident('INC-2026-0923-001', 'P2', 'Neon compute suspended, cold start', { at: steps[2]?.at ?? 0, minutes: 18 }),
  deploy('v1.9.5', 'Calculator fixes', Date.UTC(2026, 8, 26, 9), 30),
  deploy('v2.0.0', 'New dashboard', Date.UTC(2026, 9, 3, 12), 30),
];

function incident(id: string, severity: string, title: string, when: { at: number; minutes: number | null }): Mark {
  return {
    id,
    kind: 'incident',
    platformId: 'hashinsight',
    at: when.at,
    endAt: when.minutes === null ? null : when.at + when.minutes * MINUTE_MS,
    label: id,
    detail: title,
    severity,
    open: when.minutes === null,
    url: null,
    isDemo: true,
  };
}

function deploy(version: string, summary: string, at: number, minutes: number): Mark {
  return {
    id: `dep_${version}`,
    kind: 'deploy',
    platformId: 'hashinsight',
    at,
    endAt: at + minutes * MINUTE_MS,
    label: `Deploy ${version}`,
    detail: summary,
    severity: null,
    open: false,
    url: null,
    isDemo: true,
  };
}

const firing = (over: Omit<BurnRow, 'state'>): BurnRow => ({ ...over, state: 'firing' });

export const burnRows: BurnRow[] = [
  firing({
    shortMs: 5 * MINUTE_MS,
    longMs: HOUR_MS,
    limit: 14.4,
    severity: 'page',
    shortBurn: 932,
    longBurn: 506,
    budgetShareRatio: 0.02,
    spentShareRatio: null,
    excludedMinutes: 0,
  }),
  firing({
    shortMs: 30 * MINUTE_MS,
    longMs: 6 * HOUR_MS,
    limit: 6,
    severity: 'page',
    shortBurn: 1_013,
    longBurn: 84.5,
    budgetShareRatio: 0.05,
    spentShareRatio: null,
    excludedMinutes: 0,
  }),
  firing({
    shortMs: 2 * HOUR_MS,
    longMs: DAY_MS,
    limit: 3,
    severity: 'ticket',
    shortBurn: 253,
    longBurn: 21.2,
    budgetShareRatio: 0.1,
    spentShareRatio: null,
    excludedMinutes: 0,
  }),
  firing({
    shortMs: 6 * HOUR_MS,
    longMs: 3 * DAY_MS,
    limit: 1,
    severity: 'ticket',
    shortBurn: 84.5,
    longBurn: 7.1,
    budgetShareRatio: 0.1,
    spentShareRatio: null,
    excludedMinutes: 0,
  }),
];

/** The head of the page in the story; `over` changes what a test is about. */
export function aDetail(over: Partial<SloDetail> = {}): SloDetail {
  const left = storyLeft(NOW);
  const window = { view: 'window', startAt: START, endAt: END, windowMs: 30 * DAY_MS } as const;
  const budget = {
    window,
    leftRatio: left,
    spentRatio: 1 - left,
    idealLeftRatio: 0.186,
    budgetMs: BUDGET_MS,
    leftMs: left * BUDGET_MS,
    badEvents: 1_437,
    totalEvents: 2_410_000,
    expectedEvents: 2_960_000,
    estimated: true,
    sliPercent: 99.9404,
    coverageRatio: 0.9999,
    bounds: { bestLeftRatio: 0.0291, worstLeftRatio: 0.0212 },
  };
  const cost = (percent: number) => ({
    badEvents: Math.round(percent * 14.8),
    budgetRatio: percent / 100,
    budgetMs: (percent / 100) * BUDGET_MS,
    excluded: null,
  });
  const of = (id: string, percent: number) => {
    const one = marks.find((candidate) => candidate.id === id) ?? null;
    return {
      mark: one,
      label: one?.label ?? '',
      detail: one?.detail ?? '',
      at: one?.at ?? null,
      endAt: one?.endAt ?? null,
      ...cost(percent),
    };
  };
  return {
    id: 'slo_hash_availability',
    platformId: 'hashinsight',
    platformName: 'HashInsight',
    name: 'Availability',
    description: '2xx to 4xx of all requests',
    isDemo: true,
    targetPercent: '99.95',
    policy: { cautionRatio: 0.2, freezeRatio: 0.1 },
    state: 'freeze',
    freshness: 'fresh',
    dataAt: NOW - 12_000,
    staleReason: null,
    asOf: NOW,
    source: { id: 'src_1', kind: 'prometheus', name: 'Prometheus' },
    revision: 1,
    unit: 'events',
    others: [],
    excluded: null,
    inMaintenance: false,
    alerts: [],
    service: null,
    forecast: {
      atCurrentBurn: { kind: 'at', at: NOW + 99_000 },
      afterRollOff: { kind: 'at', at: NOW + 99_000 },
      lowest: null,
      burnRate: 932,
    },
    override: null,
    meanings: { ship: '', caution: '', freeze: '', overspent: '' },
    windows: [{ kind: 'cycle', windowMs: 30 * DAY_MS, anchorAt: window.startAt }],
    budget,
    rolling: {
      ...budget,
      window: { ...window, view: 'rolling', startAt: NOW - 30 * DAY_MS, endAt: NOW },
      idealLeftRatio: null,
      estimated: false,
      expectedEvents: 2_940_000,
      leftRatio: 0.011,
      leftMs: 0.011 * BUDGET_MS,
    },
    burnRows,
    burn5m: 932,
    burn1h: 506,
    exhaustion: { kind: 'at', at: NOW + 99_000 },
    spark: { at: sparkAt(), leftRatio: sparkAt().map(storyLeft) },
    owner: 'HashInsight DevOps',
    spend: [
      of('INC-2026-1003-001', 70.3),
      of('dep_v1.9.0', 8.8),
      {
        mark: null,
        label: 'Background errors',
        detail: 'outside every incident and deploy',
        at: null,
        endAt: null,
        ...cost(8.7),
      },
      of('INC-2026-0923-001', 5.6),
      of('INC-2026-0919-001', 3.7),
    ],
    marks,
    measurement: {
      indicator: {
        kind: 'counters',
        total: 'hashinsight_requests_total',
        bad: 'hashinsight_requests_total{status=~"5.."}',
      },
      intervalMs: 30_000,
      serverVersion: '2.42.0',
      gaps: { count: 2, longestMs: 90_000, longestAt: Date.UTC(2026, 8, 21, 3), minutes: 3 },
      createdAt: START - 60 * DAY_MS,
      measuredSince: START - 60 * DAY_MS,
    },
    lens: { startAt: Date.UTC(2026, 9, 3, 14, 10), endAt: Date.UTC(2026, 9, 3, 15, 10) },
    ...over,
  };
}

function sparkAt(): number[] {
  const span = NOW - START;
  return Array.from({ length: 64 }, (_, i) => Math.round(START + (span * i) / 63));
}

/** The series of the story: hourly over the window, a minute apart in the lens. */
export function aSeries(over: Partial<BurnDownSeries> = {}): BurnDownSeries {
  const newest = NOW - 30_000;
  const hours = Math.floor((newest - START) / HOUR_MS);
  const at = [...Array.from({ length: hours + 1 }, (_, i) => START + i * HOUR_MS), newest];
  const lensStart = Date.UTC(2026, 9, 3, 14, 10);
  const lensAt = Array.from({ length: 38 }, (_, i) => lensStart + i * MINUTE_MS);
  return {
    view: 'window',
    window: { view: 'window', startAt: START, endAt: END, windowMs: 30 * DAY_MS },
    at,
    leftRatio: at.map(storyLeft),
    ideal: { at: [START, END], leftRatio: [1, 0] },
    forecast: { at: [NOW, NOW + 99_000], leftRatio: [storyLeft(NOW), 0] },
    gaps: [{ startAt: Date.UTC(2026, 8, 21, 3), endAt: Date.UTC(2026, 8, 21, 3) + 90_000 }],
    lens: {
      startAt: lensStart,
      endAt: lensStart + HOUR_MS,
      at: lensAt,
      leftRatio: lensAt.map(storyLeft),
      badRatio: lensAt.map((instant, i) =>
        i === 0 ? null : Math.max(0.0003, (storyLeft(instant - MINUTE_MS) - storyLeft(instant)) * 21),
      ),
      totalEvents: lensAt.map((_, i) => (i === 0 ? null : 62 + Math.round(9 * Math.sin(i * 1.9)))),
    },
    asOf: NOW,
    ...over,
  };
}

/** An alert of the story: paging since the third minute of the outage. */
export function anAlert(over: Partial<AlertView> = {}): AlertView {
  return {
    kind: 'burn',
    state: 'firing',
    severity: 'page',
    tier: 'fast',
    firedAt: Date.UTC(2026, 9, 3, 14, 25),
    summary: 'Burning 932 times the sustainable rate over 1 h and 5 min; 2.9% of the budget is left.',
    ...over,
  };
}

/** What an alert of the story did. */
export function anAlertEvent(over: Partial<AlertEvent> = {}): AlertEvent {
  return {
    ...anAlert(),
    id: 'evt_1',
    sloId: 'slo_hash_availability',
    sloName: 'Availability',
    platformId: 'hashinsight',
    transition: 'fired',
    at: Date.UTC(2026, 9, 3, 14, 25),
    isDemo: true,
    ...over,
  };
}

/** A row of the list cut from the detail. */
export function aRow(over: Partial<SloSummary> & { leftRatio?: number | null } = {}): SloSummary {
  const { leftRatio, ...rest } = over;
  const { owner: _owner, spend: _spend, marks: _marks, measurement: _measurement, lens: _lens, ...summary } = aDetail();
  if (leftRatio === undefined) return { ...summary, ...rest };
  const budget = {
    ...summary.budget,
    leftRatio,
    spentRatio: leftRatio === null ? null : 1 - leftRatio,
    leftMs: leftRatio === null ? null : leftRatio * BUDGET_MS,
    sliPercent: leftRatio === null ? null : 100 - (1 - leftRatio) * 0.05,
    bounds: null,
  };
  const end = leftRatio ?? 0;
  const spark = {
    at: summary.spark.at,
    leftRatio: summary.spark.at.map((at) =>
      leftRatio === null ? null : 1 - (1 - end) * ((at - START) / (NOW - START)),
    ),
  };
  return { ...summary, budget, spark, exhaustion: { kind: 'never' }, burn5m: 0.4, burnRows: [], ...rest };
}
