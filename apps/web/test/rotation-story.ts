import type { BoardRow, RotationBoard, RotationPreview } from '@qd/shared/api-keys';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { NOW } from './fixtures.ts';

/** A consumer that has not moved. */
export function aConsumer(over: Partial<BoardRow> = {}): BoardRow {
  return {
    consumerId: `kco_${over.name ?? 'edge-gw-2'}`,
    name: 'edge-gw-2',
    ownerName: 'Jun Watanabe',
    channel: 'email',
    sends: 'old',
    oldLastHour: 82_977,
    newLastHour: 0,
    lastOldAt: NOW - 2_000,
    lastNewAt: null,
    toldAt: NOW - DAY_MS,
    acknowledgedAt: null,
    notDelivered: null,
    ...over,
  };
}

/** The rotation of the mock, a day after it started. */
export function aBoard(over: Partial<RotationBoard> = {}): RotationBoard {
  const endsAt = NOW + 6 * DAY_MS;
  return {
    rotationId: 'rot_1',
    isOpen: true,
    outcome: null,
    closedAt: null,
    reason: 'the quarter ends',
    isEmergency: false,
    startedAt: NOW - DAY_MS,
    startedBy: 'Jun Watanabe',
    old: { id: 'm1n2e3r4', name: 'Miner ingest', expiresAt: NOW + 40 * DAY_MS },
    successor: {
      id: 's1u2c3c4',
      createdAt: NOW - DAY_MS,
      expiresAt: NOW + 89 * DAY_MS,
      firstUsedAt: NOW - 20 * HOUR_MS,
      isPending: false,
    },
    deadlineAt: endsAt,
    graceMs: null,
    graceEndsAt: null,
    endsAt,
    latestEndAt: NOW + 29 * DAY_MS,
    consumers: [
      aConsumer({ name: 'batch-import', sends: 'both', oldLastHour: 1_204, newLastHour: 688 }),
      aConsumer({
        name: 'edge-gw-1',
        sends: 'new',
        oldLastHour: 0,
        newLastHour: 84_310,
        lastOldAt: NOW - 22 * HOUR_MS,
        acknowledgedAt: NOW - 23 * HOUR_MS,
      }),
      aConsumer(),
    ],
    unknown: [],
    unknownMore: 0,
    lastOldAt: NOW - 2_000,
    verdict: { isSafe: false, lastOldMs: NOW - 2_000, stillOld: ['batch-import', 'edge-gw-2'], unknownCallers: 0 },
    envLines: { before: 'API_KEYS=OLD', overlap: 'API_KEYS=OLD,NEW', after: 'API_KEYS=NEW' },
    asOf: NOW,
    ...over,
  };
}

/** What rotating the billing key would do. */
export function aPreview(over: Partial<RotationPreview> = {}): RotationPreview {
  return {
    keyId: 'a1b2c3d4',
    name: 'Billing sync',
    platform: 'hashinsight',
    environment: 'prod',
    scopes: ['miners:read', 'reports:read'],
    fault: null,
    policyOverlapDays: 7,
    overlapDays: 7,
    deadlineAt: NOW + 7 * DAY_MS,
    isCutByExpiry: false,
    successorExpiresAt: NOW + 90 * DAY_MS,
    consumers: [{ name: 'billing', channel: 'email' }],
    callers: [
      { address: '203.0.113.7', agent: 'edge/1.4', consumer: null, lastHour: 900, lastAt: NOW - MINUTE_MS },
      { address: '203.0.113.8', agent: 'billing/2', consumer: 'billing', lastHour: 30, lastAt: NOW - MINUTE_MS },
    ],
    callsLastHour: 930,
    beyondYou: [],
    delivery: {
      canShow: true,
      isOfAnother: false,
      link: 'anybody',
      recipients: [],
      notCounting: [],
      canMail: true,
    },
    ...over,
  };
}
