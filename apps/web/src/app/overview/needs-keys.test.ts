import type { KeyNeed, KeyNeedKind } from '@qd/shared/api-keys';
import type { SecretView } from '@qd/shared/secrets';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { expect, test } from 'vitest';
import { aLane, burning, cautious, NOW } from '../../../test/fixtures.ts';
import { utc } from '../../lib/zone.ts';
import type { NeedsInput } from './need.ts';
import { listNeeds } from './needs.ts';

function needs(over: Partial<NeedsInput>) {
  return listNeeds({
    slos: [],
    sources: [],
    lanes: [],
    keys: [],
    secrets: [],
    ledger: null,
    unread: null,
    now: NOW,
    zone: utc,
    ...over,
  });
}

function aNeed(kind: KeyNeedKind, at: number, over: Partial<KeyNeed> = {}): KeyNeed {
  const key = { id: `key_${kind}`, name: 'Miner ingest', platform: 'hashinsight', platformName: 'HashInsight' };
  return { ...key, kind, at, lastUsedAt: NOW - 4 * MINUTE_MS, reason: null, isDemo: false, ...over };
}

const secret: SecretView = {
  id: 'sec_1',
  platform: 'stellarescrow',
  name: 'ADMIN_KEYS',
  description: '',
  ownerId: null,
  owner: '',
  procedure: '',
  procedureUrl: null,
  cadence: 'quarterly',
  everyDays: null,
  lastRotatedAt: NOW - 94 * DAY_MS,
  nextDueAt: NOW - 2 * DAY_MS,
  state: 'overdue',
  isDemo: false,
  createdAt: NOW,
  updatedAt: NOW,
  archivedAt: null,
};

test.each([
  [
    aNeed('quarantined', NOW - 3 * HOUR_MS, { reason: 'Found in a paste' }),
    'Miner ingest of HashInsight is quarantined',
    'It opens nothing since 11:47 UTC. Found in a paste. Release it, or make a successor.',
    '3 h',
  ],
  [
    aNeed('rotation_ending', NOW + 5 * HOUR_MS),
    'The old key of Miner ingest still is used',
    'HashInsight. It ends in 5 h; calls with it are refused then. Used 4 min ago.',
    '5 h',
  ],
  [
    aNeed('expiring', NOW + 5 * DAY_MS, { lastUsedAt: null }),
    'Miner ingest of HashInsight expires in 5 d',
    'On 8 Oct, and no rotation has begun. It was never used.',
    '5 d',
  ],
  [
    aNeed('overdue', NOW - 2 * DAY_MS),
    'Miner ingest of HashInsight is overdue for rotation',
    'It was due 1 Oct. Used 4 min ago.',
    '2 d',
  ],
])('a key says what it asks for, since when, and where to go: %#', (need, title, detail, figure) => {
  expect(needs({ keys: [need] })).toMatchObject([
    { title, detail, figure, href: `/keys/${need.id}`, action: 'Open key' },
  ]);
});

test('a secret past its day says who answers for it, and opens in the register', () => {
  const lanes = [aLane(cautious)];
  const [need] = needs({ secrets: [secret], lanes });
  expect(need).toMatchObject({
    title: 'ADMIN_KEYS of StellarEscrow is overdue for rotation',
    detail: 'It was due 1 Oct, rotated last 1 Jul. Nobody answers for it.',
    figure: '2 d',
    href: '/keys/secrets',
    params: { row: 'sec_1' },
  });
  expect(needs({ secrets: [{ ...secret, nextDueAt: NOW + 1 }] })).toEqual([]);
});

test('what pages somebody comes before any key, and a quarantined key before one that is due', () => {
  const overdue = aNeed('overdue', NOW - 2 * DAY_MS);
  const leaked = aNeed('quarantined', NOW - DAY_MS);
  const titles = needs({ slos: [burning], keys: [overdue, leaked], secrets: [secret] }).map((need) => need.title);
  expect(titles).toEqual([
    'HashInsight availability is in freeze',
    'Miner ingest of HashInsight is quarantined',
    'Miner ingest of HashInsight is overdue for rotation',
    'ADMIN_KEYS of stellarescrow is overdue for rotation',
  ]);
});

test('what could not be read is said, and never taken for good', () => {
  expect(needs({ unread: 'The store does not answer.' })).toMatchObject([
    { tone: 'stale', detail: 'The store does not answer.' },
  ]);
});

test('a ledger of ended keys that fails asks for somebody, with how many keys it lacks', () => {
  const ledger = { ended: 40, unwritten: { keys: 3, at: NOW - HOUR_MS }, failingSince: NOW - HOUR_MS };
  expect(needs({ ledger })).toMatchObject([
    { tone: 'crit', title: '3 ended keys are not in the ledger', figure: '1 h', action: 'Open keys' },
  ]);
  expect(needs({ ledger: { ...ledger, unwritten: null } })).toMatchObject([
    { title: 'The ledger of ended keys fails' },
  ]);
});
