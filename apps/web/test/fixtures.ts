import type { Permission } from '@qd/shared/permissions';
import type { Budget, Mark, PlatformLane, SloSummary } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import type { AuditRow, SessionUser, SessionView, SourceHealth } from '../src/lib/api.ts';

/** 14:47:30 UTC of a Friday, as in the pictures the screens are drawn after. */
export const NOW = Date.UTC(2026, 9, 3, 14, 47, 30);
export const DAY_START = Date.UTC(2026, 9, 3);

const everything: Permission[] = [
  'slo:read',
  'slo:write',
  'slo:exclude',
  'slo:override',
  'platforms:read',
  'changes:read',
  'changes:write',
  'health:read',
  'audit:read',
  'audit:verify',
  'audit:export',
  'settings:write',
];

export function aUser(over: Partial<SessionUser> = {}): SessionUser {
  return {
    id: 'usr_1',
    name: 'Ines Okafor',
    email: 'ines@example.test',
    roles: [{ role: 'owner', title: 'Owner', platform: '*' }],
    grants: [{ platform: '*', permissions: everything }],
    assurance: 1,
    enrolBy: null,
    mustEnrol: false,
    ...over,
  };
}

export const stakeholder = aUser({
  id: 'usr_2',
  name: 'Mara Lund',
  roles: [{ role: 'stakeholder', title: 'Stakeholder', platform: 'hashinsight' }],
  grants: [{ platform: 'hashinsight', permissions: ['slo:read', 'platforms:read', 'changes:read'] }],
});

export function aSession(over: Partial<SessionView> = {}): SessionView {
  return {
    setup: false,
    demo: true,
    demoAccounts: false,
    user: aUser(),
    version: '0.1.0',
    embedded: true,
    ...over,
  };
}

export function aBudget(over: Partial<Budget> = {}): Budget {
  const windowMs = 30 * DAY_MS;
  const budgetMs = 0.0005 * windowMs;
  const leftRatio = over.leftRatio === undefined ? 0.641 : over.leftRatio;
  return {
    window: { view: 'window', startAt: DAY_START - 24 * DAY_MS, endAt: DAY_START + 6 * DAY_MS, windowMs },
    leftRatio,
    spentRatio: leftRatio === null ? null : 1 - leftRatio,
    idealLeftRatio: 0.186,
    budgetMs,
    leftMs: leftRatio === null ? null : leftRatio * budgetMs,
    badEvents: 4_210,
    totalEvents: 31_000_000,
    expectedEvents: 38_000_000,
    estimated: true,
    sliPercent: leftRatio === null ? null : 99.97,
    coverageRatio: 0.998,
    bounds: null,
    ...over,
  };
}

export function aSlo(over: Partial<SloSummary> = {}): SloSummary {
  const budget = over.budget ?? aBudget();
  return {
    id: 'slo_1',
    platformId: 'web3-audit',
    platformName: 'Web3 Audit',
    name: 'Audit completion',
    description: 'Audits that finish within their limit',
    isDemo: true,
    targetPercent: '99.95',
    policy: { cautionRatio: 0.2, freezeRatio: 0.1 },
    state: 'on_course',
    freshness: 'fresh',
    dataAt: NOW - 12_000,
    staleReason: null,
    asOf: NOW,
    source: { id: 'src_1', kind: 'demo', name: 'Prometheus' },
    revision: 1,
    unit: 'events',
    others: [],
    excluded: null,
    inMaintenance: false,
    alerts: [],
    budget,
    rolling: { ...budget, window: { ...budget.window, view: 'rolling' }, idealLeftRatio: null },
    burnRows: [],
    burn5m: 0.4,
    burn1h: 0.5,
    exhaustion: { kind: 'never' },
    spark: { at: [DAY_START, NOW], leftRatio: [1, budget.leftRatio] },
    ...over,
  };
}

/** The objective that is burning in the pictures. */
export const burning = aSlo({
  id: 'slo_hash_availability',
  platformId: 'hashinsight',
  platformName: 'HashInsight',
  name: 'Availability',
  state: 'freeze',
  budget: aBudget({ leftRatio: 0.029 }),
  burn5m: 932,
  burn1h: 310,
  burnRows: [
    {
      shortMs: 5 * MINUTE_MS,
      longMs: HOUR_MS,
      limit: 14.4,
      severity: 'page',
      state: 'firing',
      shortBurn: 932,
      longBurn: 310,
      budgetShareRatio: 0.02,
      spentShareRatio: null,
      excludedMinutes: 0,
    },
  ],
  exhaustion: { kind: 'at', at: NOW + 2 * MINUTE_MS },
});

export const cautious = aSlo({
  id: 'slo_star_ttfb',
  platformId: 'stellarescrow',
  platformName: 'StellarEscrow',
  name: 'TTFB under 800 ms',
  targetPercent: '99.9',
  state: 'caution',
  budget: aBudget({ leftRatio: 0.17 }),
  burn1h: 1.4,
});

export const silent = aSlo({
  id: 'slo_hash_p95',
  platformId: 'hashinsight',
  platformName: 'HashInsight',
  name: 'Latency P95',
  state: 'on_course',
  freshness: 'stale',
  dataAt: NOW - 20 * MINUTE_MS,
  staleReason: 'Prometheus did not answer within 10 s',
});

export const incident: Mark = {
  id: 'INC-2026-1003-001',
  kind: 'incident',
  platformId: 'hashinsight',
  at: NOW - 24.5 * MINUTE_MS,
  endAt: null,
  label: 'P0 outage',
  detail: 'Mempool feed down',
  severity: 'P0',
  url: null,
  open: true,
  isDemo: true,
};

export const deploy: Mark = {
  id: 'dep_1',
  kind: 'deploy',
  platformId: 'hashinsight',
  at: DAY_START + 12 * HOUR_MS,
  endAt: null,
  label: 'v2.0.0',
  detail: 'api v2.0.0',
  severity: null,
  url: null,
  open: false,
  isDemo: true,
};

/** A calm day in 15 min steps up to NOW; `last` overrides the newest steps. */
export function badRatios(level: number, last: (number | null)[] = []): (number | null)[] {
  const steps = Math.ceil((NOW - DAY_START) / (15 * MINUTE_MS));
  const calm = Array.from({ length: steps }, (_, i) => level * (0.35 + 0.5 * Math.abs(Math.sin(i * 1.7))));
  return [...calm.slice(0, steps - last.length), ...last];
}

export function aLane(slo: SloSummary, over: Partial<PlatformLane> = {}): PlatformLane {
  return {
    platformId: slo.platformId,
    platformName: slo.platformName,
    isDemo: slo.isDemo,
    slo,
    sloCount: 3,
    attention: slo.state === 'on_course' ? 0 : 1,
    stepMs: 15 * MINUTE_MS,
    dayStartAt: DAY_START,
    badRatio: badRatios((1 - Number(slo.targetPercent) / 100) * 0.6),
    objectiveRatio: 1 - Number(slo.targetPercent) / 100,
    marks: [],
    ...over,
  };
}

export const lanes: PlatformLane[] = [
  aLane(burning, { marks: [deploy, incident], badRatio: badRatios(0.0003, [0.31, 0.38, 0.38]), attention: 2 }),
  aLane(aSlo()),
  aLane(cautious),
];

export const sources: SourceHealth[] = [
  {
    key: 'prom',
    name: 'Prometheus',
    kind: 'source',
    state: 'ok',
    latencyMs: 21,
    lastOkAt: NOW - 12_000,
    error: null,
    since: null,
  },
  {
    key: 'postgres',
    name: 'Postgres',
    kind: 'postgres',
    state: 'ok',
    latencyMs: 3,
    lastOkAt: NOW - 1_000,
    error: null,
    since: null,
  },
  {
    key: 'redis',
    name: 'Redis',
    kind: 'redis',
    state: 'ok',
    latencyMs: 0.4,
    lastOkAt: NOW - 1_000,
    error: null,
    since: null,
  },
];

export function anAuditRow(over: Partial<AuditRow> = {}): AuditRow {
  return {
    seq: 41,
    event_id: 'aud_41',
    timestamp: new Date(NOW - 90_000).toISOString(),
    level: 'info',
    category: 'slo',
    action: 'slo.target_changed',
    status: 'success',
    actor_kind: 'user',
    user_id: 'usr_1',
    user_email: 'ines@example.test',
    user_role: 'owner',
    ip_address: '127.0.0.1',
    request_id: 'req_7f3a91c2',
    platform: 'hashinsight',
    target: { kind: 'slo', id: 'slo_hash_availability' },
    details: { reason: 'agreed with the platform' },
    before: { targetPercent: '99.9', name: 'Availability' },
    after: { targetPercent: '99.95', name: 'Availability' },
    prev_hash: '0'.repeat(64),
    hash: 'a'.repeat(64),
    ...over,
  };
}
