import { defaultKeyPolicy, rotationDueMs, type KeyPolicyFacts } from '@qd/shared/api-keys';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { endingDeps } from '../../../test/keys.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, keyPolicies } from '../../db/schema/index.ts';
import { keyAttention } from './service/attention.ts';

const deps = endingDeps();
let stores: TestStores;
let suspended: string;
const now = new Date('2026-10-03T14:47:30Z');
const nowMs = now.getTime();
const days = (count: number): Date => new Date(nowMs + count * DAY_MS);
const none = { quarantinedAt: null, endsAt: null, expiresAt: null, lastUsedAt: null, ownerId: null, revokedAt: null };

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'stellarescrow']);
  [suspended = ''] = await addPeople(stores.db, [{ name: 'Gone', state: 'suspended' }]);
});
beforeEach(async () => {
  // Keys marked as demo may be deleted.
  await stores.db.delete(apiKeys);
  await stores.db.delete(keyPolicies);
});
afterAll(() => stores.close());

type KeyRow = typeof apiKeys.$inferInsert;

async function addKey(id: string, row: Partial<KeyRow> = {}): Promise<void> {
  const activatedAt = row.activatedAt === undefined ? days(-10) : row.activatedAt;
  await stores.db.insert(apiKeys).values({
    ...none,
    id,
    lineageId: id,
    name: `Key ${id}`,
    platform: 'hashinsight',
    environment: 'prod',
    hash: activatedAt === null ? null : new Uint8Array(Buffer.from(id.padEnd(32, '.'))),
    pepperVersion: 1,
    createdAt: days(-400),
    isDemo: true,
    ...row,
    activatedAt,
  });
}

const setPolicy = (platform: string, rotation: KeyPolicyFacts['rotation']) =>
  stores.db
    .insert(keyPolicies)
    .values({ platform, policy: { ...defaultKeyPolicy(platform), rotation }, updatedAt: now });

const needsOf = async (platform?: string, actor = actorWith('operator')) =>
  keyAttention(testCtx(stores, { actor, now }), deps, { platform });

it('tells of each key once, with the gravest, and in that order', async () => {
  await addKey('overdue', { activatedAt: days(-92) });
  await addKey('expiring', { activatedAt: days(-92), expiresAt: days(5), lastUsedAt: days(-41) });
  await addKey('ending', { endsAt: days(1), expiresAt: days(3), lastUsedAt: new Date(nowMs - HOUR_MS) });
  await addKey('leaked', { quarantinedAt: days(-1), endReason: 'Found in a paste', expiresAt: days(5) });
  const { rows, more, asOf } = await needsOf();
  expect(rows.map((row) => [row.kind, row.id, row.at])).toEqual([
    ['quarantined', 'leaked', nowMs - DAY_MS],
    ['rotation_ending', 'ending', nowMs + DAY_MS],
    ['expiring', 'expiring', nowMs + 5 * DAY_MS],
    ['overdue', 'overdue', nowMs - 2 * DAY_MS],
  ]);
  expect(rows[0]).toMatchObject({ name: 'Key leaked', platformName: 'The hashinsight', reason: 'Found in a paste' });
  expect(rows[2]).toMatchObject({ lastUsedAt: nowMs - 41 * DAY_MS, reason: null, isDemo: true });
  expect({ more, asOf }).toEqual({ more: false, asOf: nowMs });
});

it('is silent about keys that are well, that open nothing, or whose rotation goes its way', async () => {
  await addKey('young');
  await addKey('expired', { expiresAt: now });
  await addKey('rotated', { activatedAt: days(-100), endsAt: now });
  await addKey('revoked', { quarantinedAt: days(-1), revokedAt: days(-1) });
  await addKey('pending', { activatedAt: null, expiresAt: days(3) });
  await addKey('owner', { activatedAt: days(-100), ownerId: suspended });
  await addKey('silent', { endsAt: days(1), lastUsedAt: days(-2) });
  await addKey('early', { activatedAt: days(-100), endsAt: days(5), lastUsedAt: now });
  await addKey('later', { expiresAt: days(8) });
  await addKey('probe', { expiresAt: days(1), isProbe: true });
  expect((await needsOf()).rows).toEqual([]);
});

it('shows what the reader may see alone, and one platform when asked', async () => {
  await addKey('here', { activatedAt: days(-92) });
  await addKey('there', { activatedAt: days(-92), platform: 'stellarescrow' });
  await addKey('everywhere', { activatedAt: days(-92), platform: '*' });
  const ids = async (...asked: Parameters<typeof needsOf>) => (await needsOf(...asked)).rows.map((row) => row.id);
  expect(await ids()).toEqual(['everywhere', 'here', 'there']);
  expect(await ids('stellarescrow')).toEqual(['there']);
  const scoped = actorWith('operator', 'hashinsight');
  expect(await ids(undefined, scoped)).toEqual(['here']);
  expect(await ids('stellarescrow', scoped)).toEqual([]);
});

it('finds the day a key is due as the rules of policies do', async () => {
  const rotation = fc.oneof(
    fc.constant<KeyPolicyFacts['rotation']>({ by: 'quarter' }),
    fc.integer({ min: 1, max: 366 }).map((everyDays): KeyPolicyFacts['rotation'] => ({ by: 'age', everyDays })),
  );
  const activated = fc.integer({ min: nowMs - 800 * DAY_MS, max: nowMs });
  await fc.assert(
    fc.asyncProperty(rotation, activated, async (policy, at) => {
      await stores.db.delete(apiKeys);
      await stores.db.delete(keyPolicies);
      await setPolicy('hashinsight', policy);
      await addKey('one', { activatedAt: new Date(at) });
      const due = rotationDueMs(policy, at);
      const { rows } = await needsOf();
      expect(rows.map((row) => row.at)).toEqual(due <= nowMs ? [due] : []);
    }),
    { numRuns: 40 },
  );
});

it('tells whoever sees all platforms of a ledger that fails, and of nothing once it works', async () => {
  const broken = endingDeps();
  const { version } = broken.ledger;
  broken.ledger.version = () => Promise.reject(new Error('EACCES'));
  const ctx = (actor = actorWith('operator')) => testCtx(stores, { actor });
  await expect(broken.tombstones.keep(ctx())).rejects.toThrow('EACCES');
  const { ledger } = await keyAttention(ctx(), broken, {});
  expect(ledger).toMatchObject({ ended: 0, unwritten: null, failingSince: expect.any(Number) });
  expect((await keyAttention(ctx(actorWith('operator', 'hashinsight')), broken, {})).ledger).toBeNull();
  broken.ledger.version = version;
  await broken.tombstones.keep(ctx());
  expect((await keyAttention(ctx(), broken, {})).ledger).toBeNull();
});
