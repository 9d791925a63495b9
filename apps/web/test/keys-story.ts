import type { KeyCounts, KeyDetail, KeyListRow, KeyUsageView, ScopeUseView } from '@qd/shared/api-keys';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { NOW } from './fixtures.ts';
import type { Answers } from './render-app.tsx';

export { NOW } from './fixtures.ts';

/** A key that works, 50 days old, used a minute ago. */
export function aKey(over: Partial<KeyListRow> = {}): KeyListRow {
  return {
    id: 'a1b2c3d4',
    shown: 'hsi_prod_key_a1b2c3d4…',
    state: 'active',
    createdAt: NOW - 50 * DAY_MS,
    activatedAt: NOW - 50 * DAY_MS,
    stopsAt: NOW + 40 * DAY_MS,
    endedAt: null,
    name: 'Billing sync',
    platform: 'hashinsight',
    platformName: 'HashInsight',
    environment: 'prod',
    format: 'v2',
    isLegacy: false,
    isDemo: false,
    owner: null,
    endReason: null,
    endedByName: null,
    rotationDueAt: NOW + 40 * DAY_MS,
    isDue: false,
    expiresAt: NOW + 40 * DAY_MS,
    firstUsedAt: NOW - 49 * DAY_MS,
    lastUsedAt: NOW - MINUTE_MS,
    rotation: null,
    previous: null,
    consumers: 1,
    ratePerMin: 38,
    rateLimitPerMin: null,
    refusedToday: 0,
    scopes: 9,
    scopesUsed: 2,
    ...over,
  };
}

/** The keys of the mock: one mid-rotation, one overdue, one about to end, one revoked. */
export const miner = aKey({
  id: 'm1n2e3r4',
  shown: 'hsi_prod_key_m1n2e3r4…',
  name: 'Miner ingest',
  state: 'rotating',
  stopsAt: NOW + 6 * DAY_MS + 60_000,
  rotationDueAt: null,
  consumers: 3,
  ratePerMin: 4_120,
  rotation: {
    id: 'rot_1',
    successor: aKey({ id: 's1u2c3c4', activatedAt: NOW - DAY_MS, stopsAt: NOW + 89 * DAY_MS }),
    startedAt: NOW - DAY_MS,
    deadlineAt: NOW + 6 * DAY_MS + 60_000,
    moved: 1,
  },
});
export const overdue = aKey({
  id: 'ad1min00',
  shown: 'se_prod_key_ad1min00…',
  name: 'Admin',
  platform: 'stellarescrow',
  platformName: 'StellarEscrow',
  rotationDueAt: NOW - 2 * DAY_MS - 60_000,
  isDue: true,
  stopsAt: null,
  expiresAt: null,
  ratePerMin: 0.4,
});
export const sandbox = aKey({
  id: 'd1e2v3s4',
  name: 'Dev sandbox',
  environment: 'dev',
  stopsAt: NOW + 5 * DAY_MS + 60_000,
  expiresAt: NOW + 5 * DAY_MS + 60_000,
  lastUsedAt: NOW - 41 * DAY_MS,
  ratePerMin: 0,
});
export const revoked = aKey({
  id: 'g0n3g0n3',
  name: 'Legacy exporter',
  state: 'revoked',
  endedAt: NOW - 46 * DAY_MS,
  endReason: 'suspected leak',
  endedByName: 'R. Brandt',
  rotationDueAt: null,
  ratePerMin: 0,
  refusedToday: 3,
});

/** Figures of those five keys. */
export function keyCounts(over: Partial<KeyCounts> = {}): KeyCounts {
  const named = (row: KeyListRow, at: number) => ({ id: row.id, name: row.name, platformName: row.platformName, at });
  return {
    counts: { all: 5, due: 1, expiring: 1, unused: 1, no_consumer: 0, ended: 1 },
    live: 4,
    usable: 4,
    overdue: { count: 1, first: named(overdue, overdue.rotationDueAt ?? 0) },
    rotating: { count: 1, first: { ...named(miner, miner.stopsAt ?? 0), consumers: 3, moved: 1 } },
    expiring: { count: 1, first: named(sandbox, sandbox.expiresAt ?? 0) },
    quarantined: { count: 0, first: null },
    policies: {
      hashinsight: { rotation: { by: 'age', everyDays: 90 }, overlapDays: 7 },
      stellarescrow: { rotation: { by: 'quarter' }, overlapDays: 7 },
    },
    hasKeys: true,
    ...over,
  };
}

export function aKeyDetail(row: KeyListRow = aKey(), over: Partial<KeyDetail> = {}): KeyDetail {
  return {
    ...row,
    scopeNames: ['miners:read', 'reports:read'],
    ipAllow: [],
    createdByName: 'Jun Watanabe',
    pepperVersion: 1,
    policy: { rotation: { by: 'age', everyDays: 90 }, overlapDays: 7 },
    lineage: [row],
    ...over,
  };
}

export const use: KeyUsageView = {
  fromAt: NOW - DAY_MS,
  asOf: NOW,
  calls: 1_233,
  refused: 3,
  callers: [
    {
      address: '198.51.100.7',
      agent: 'edge/1.4',
      consumer: 'edge-gw-1',
      calls: 1_200,
      refused: 0,
      lastAt: NOW - 2_000,
    },
    { address: '203.0.113.9', agent: '', consumer: null, calls: 33, refused: 3, lastAt: NOW - 4 * MINUTE_MS },
  ],
  moreCallers: 0,
  outcomes: [
    { outcome: 'ok', calls: 1_230 },
    { outcome: 'rate_limited', calls: 3 },
  ],
};

export const scopeUse: ScopeUseView = {
  days: 30,
  used: 1,
  scopes: [
    { scope: 'miners:read', calls: 1_200, lastDay: '2026-10-03' },
    { scope: 'reports:read', calls: 0, lastDay: null },
  ],
  isConclusive: true,
};

/** What the server answers about these keys. */
export const keys: Answers = {
  'apiKeys.list': { rows: [miner, aKey(), sandbox, revoked, overdue], nextCursor: null },
  'apiKeys.counts': keyCounts(),
  'apiKeys.get': (input: unknown) => {
    const { id } = input as { id: string };
    return aKeyDetail([miner, aKey(), sandbox, revoked, overdue].find((row) => row.id === id) ?? aKey());
  },
  'apiKeys.usage': use,
  'apiKeys.scopeUse': scopeUse,
  'apiKeys.rotation.board': null,
  'apiKeys.rotation.calendar': [],
  'apiKeys.revocation': 'pending',
  'apiKeys.ledger': null,
  'apiKeys.consumers.list': { consumers: [], unnamed: [], canChange: true, asOf: NOW },
  'apiKeys.claims.get': null,
  'apiKeys.ending.preview': 'pending',
  'apiKeys.limits': 'pending',
};
