import { addConsumerInput, defaultKeyPolicy, setKeyPolicyInput, updateKeyInput } from '@qd/shared/api-keys';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { makingDeps } from '../../../test/key-making.ts';
import { plantKey } from '../../../test/keys.ts';
import { openTestStores, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyMinutes, keyPolicies, keyUsage, platformKeyScopes } from '../../db/schema/index.ts';
import { addConsumer, listConsumers, removeConsumer, updateConsumer } from './service/consumers.ts';
import { keyLimits, previewLimits, updateKey } from './service/limits.ts';
import { keyPolicy, setKeyPolicy } from './service/policies.ts';

let stores: TestStores;
let ids: Record<'admin' | 'local' | 'operator' | 'owner', string>;

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(keyPolicies);
  await stores.db.delete(platformKeyScopes);
  const [admin = '', local = '', operator = '', owner = ''] = await addPeople(stores.db, [
    { name: 'Admin', roles: ['admin'] },
    { name: 'Local', roles: ['admin@web3audit'] },
    { name: 'Operator', roles: ['operator'] },
    { name: 'Broker', accounts: ['broker@hashinsight'] },
  ]);
  ids = { admin, local, operator, owner };
});

const as = (who: keyof typeof ids): Promise<TestCtx> => actingAs(stores, ids[who]);
const refused = (code: string) => ({ name: 'DomainError', code });
const lastEntry = async () => (await stores.db.select().from(auditEvents).orderBy(auditEvents.seq)).at(-1);

/** Calls of ten minutes each, `agoMs` before now. */
async function called(keyId: string, calls: { address: string; agent?: string; count: number; agoMs: number }[]) {
  const now = stores.clock.now().getTime();
  await stores.db.insert(keyUsage).values(
    calls.map(({ address, agent = '', count, agoMs }) => ({
      keyId,
      startsAt: new Date(now - agoMs),
      spanMs: 10 * MINUTE_MS,
      address,
      agent,
      outcome: 'ok',
      count,
      lastAt: new Date(now - agoMs),
    })),
  );
}

describe('changing a key', () => {
  const change = async (id: string, to: object, who: keyof typeof ids = 'admin') => {
    const { updatedAt: seenAt } = await keyLimits(await as('admin'), id);
    return updateKey(await as(who), updateKeyInput.parse({ id, seenAt, ...to }));
  };

  it('changes what is named and leaves the rest', async () => {
    const { id } = await plantKey(stores);
    const { updatedAt } = await change(id, { rateLimitPerMin: 60, ipAllow: ['203.0.113.7'] });
    expect(await keyLimits(await as('admin'), id)).toEqual({
      id,
      name: 'Miner ingest',
      platform: 'hashinsight',
      scopes: ['miners:read', 'slo:read'],
      ipAllow: ['203.0.113.7/32'],
      rateLimitPerMin: 60,
      updatedAt,
      canChange: true,
    });
    stores.clock.advance(1);
    await change(id, { rateLimitPerMin: null, scopes: ['miners:read'] });
    expect(await keyLimits(await as('operator'), id)).toMatchObject({ rateLimitPerMin: null, canChange: false });
    expect(await lastEntry()).toMatchObject({
      action: 'api-keys.updated',
      before: { scopes: ['miners:read', 'slo:read'], rateLimitPerMin: 60 },
      after: { scopes: ['miners:read'], rateLimitPerMin: null, ipAllow: ['203.0.113.7/32'] },
    });
  });

  it('is refused when somebody changed it meanwhile', async () => {
    const { id } = await plantKey(stores);
    await change(id, { name: 'Another' });
    const stale = updateKeyInput.parse({ id, seenAt: null, name: 'Mine' });
    await expect(updateKey(await as('admin'), stale)).rejects.toMatchObject(refused('conflict'));
  });

  it('widens scopes within what may be given, and narrows them always', async () => {
    const { id } = await plantKey(stores, { ownerId: ids.owner, scopes: ['miners:read', 'slo:read'] });
    await expect(change(id, { scopes: ['miners:read', 'miners:delete'] })).rejects.toMatchObject(refused('forbidden'));
    await expect(change(id, { scopes: ['nothing:here'] })).rejects.toMatchObject(refused('invalid'));
    await change(id, { scopes: ['miners:read', 'miners:write'] });
    stores.clock.advance(1);
    await change(id, { scopes: ['miners:read'] });
    expect((await keyLimits(await as('admin'), id)).scopes).toEqual(['miners:read']);
  });

  it('needs the permission there, and a key that lives', async () => {
    const { id } = await plantKey(stores);
    await expect(change(id, { name: 'X y' }, 'operator')).rejects.toMatchObject(refused('forbidden'));
    await expect(change(id, { name: 'X y' }, 'local')).rejects.toMatchObject(refused('not_found'));
    await stores.db.update(apiKeys).set({ revokedAt: stores.clock.now() });
    await expect(change(id, { name: 'X y' })).rejects.toMatchObject(refused('precondition'));
  });
});

describe('what limits would have refused', () => {
  it('is told from the calls of the last 24 h', async () => {
    const { id } = await plantKey(stores);
    const now = stores.clock.now().getTime();
    const minute = (ago: number, count: number) => ({ keyId: id, minuteAt: new Date(now - ago * MINUTE_MS), count });
    await stores.db.insert(keyMinutes).values([minute(3, 100), minute(2, 61), minute(1, 10), minute(24 * 60 + 1, 900)]);
    await called(id, [
      { address: '203.0.113.7', count: 120, agoMs: MINUTE_MS },
      { address: '198.51.100.9', count: 40, agoMs: MINUTE_MS },
      { address: '2001:db8::1', count: 5, agoMs: MINUTE_MS },
      { address: 'other', count: 6, agoMs: MINUTE_MS },
      { address: '203.0.113.7', count: 999, agoMs: 25 * 60 * MINUTE_MS },
    ]);
    const preview = async (to: object) => previewLimits(await as('operator'), { id, ...to });
    expect(await preview({ rateLimitPerMin: 60 })).toMatchObject({
      calls: 171,
      refusedByRate: 41,
      refusedByAddress: 0,
    });
    expect(await preview({ ipAllow: ['198.51.100.0/24'] })).toEqual({
      calls: 171,
      refusedByRate: 0,
      refusedByAddress: 125,
      addresses: [
        { address: '203.0.113.7', calls: 120 },
        { address: '2001:db8::1', calls: 5 },
      ],
      moreAddresses: 0,
      unknownCalls: 6,
      asOf: now,
    });
    expect(await preview({})).toMatchObject({ refusedByRate: 0, refusedByAddress: 0, unknownCalls: 0 });
    await expect(previewLimits(await as('local'), { id })).rejects.toMatchObject(refused('not_found'));
  });
});

describe('consumers', () => {
  const gateway = { name: 'edge-gw-1', ownerName: 'Edge team', channel: 'email', address: 'edge@example.com' };
  const adding = (keyId: string, change: object = {}) => addConsumerInput.parse({ keyId, ...gateway, ...change });

  it('are named, told by address and agent, changed and removed', async () => {
    const { id: keyId } = await plantKey(stores);
    await called(keyId, [
      { address: '203.0.113.7', agent: 'edge/1.4', count: 100, agoMs: MINUTE_MS },
      { address: '203.0.113.8', agent: 'curl/8', count: 3, agoMs: 2 * MINUTE_MS },
      { address: '203.0.113.8', agent: 'curl/8', count: 7, agoMs: 2 * DAY_MS },
    ]);
    const ctx = await as('admin');
    const { id } = await addConsumer(ctx, makingDeps, adding(keyId, { agents: ['edge/'] }));
    const seen = await listConsumers(await as('operator'), keyId);
    expect(seen.consumers).toMatchObject([{ id, name: 'edge-gw-1', calls24h: 100 }]);
    expect(seen.unnamed).toMatchObject([{ address: '203.0.113.8', agent: 'curl/8', calls24h: 3 }]);
    expect(seen.canChange).toBe(false);
    const { keyId: _keyId, ...fields } = adding(keyId, { name: 'gateways', ranges: ['203.0.113.0/24'] });
    await updateConsumer(ctx, makingDeps, { ...fields, id });
    expect(await listConsumers(ctx, keyId)).toMatchObject({
      consumers: [{ name: 'gateways', calls24h: 103 }],
      unnamed: [],
    });
    await removeConsumer(ctx, id);
    expect((await listConsumers(ctx, keyId)).consumers).toEqual([]);
    expect(await lastEntry()).toMatchObject({ action: 'api-keys.consumer_removed', before: { name: 'gateways' } });
  });

  it('have names of their own, even when two are added at once', async () => {
    const { id: keyId } = await plantKey(stores);
    const ctx = await as('admin');
    const tries = await Promise.allSettled([1, 2, 3].map(() => addConsumer(ctx, makingDeps, adding(keyId))));
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const { id } = await addConsumer(ctx, makingDeps, adding(keyId, { name: 'batch' }));
    const { keyId: _keyId, ...fields } = adding(keyId);
    await expect(updateConsumer(ctx, makingDeps, { ...fields, id })).rejects.toMatchObject(refused('conflict'));
  });

  it('are refused with an address that does not fit, and to who may not', async () => {
    const { id: keyId } = await plantKey(stores);
    for (const change of [
      { address: 'edge' },
      { channel: 'slack', address: 'two words' },
      { channel: 'webhook', address: 'ftp://example.com' },
      { channel: 'webhook', address: 'https://user:secret@example.com' },
      { ranges: ['203.0.113.0/33'] },
    ]) {
      expect(addConsumerInput.safeParse({ keyId, ...gateway, ...change }).success).toBe(false);
    }
    const hook = adding(keyId, { channel: 'webhook', address: 'http://169.254.169.254/' });
    await expect(addConsumer(await as('admin'), makingDeps, hook)).rejects.toMatchObject(refused('invalid'));
    await expect(addConsumer(await as('operator'), makingDeps, adding(keyId))).rejects.toMatchObject(
      refused('forbidden'),
    );
    await expect(addConsumer(await as('local'), makingDeps, adding(keyId))).rejects.toMatchObject(refused('not_found'));
    const { id } = await addConsumer(await as('admin'), makingDeps, adding(keyId));
    await expect(removeConsumer(await as('local'), id)).rejects.toMatchObject(refused('not_found'));
  });
});

describe('the policy of a platform', () => {
  const setting = (change: object = {}) =>
    setKeyPolicyInput.parse({
      platform: 'hashinsight',
      seenAt: null,
      policy: { ...defaultKeyPolicy('hashinsight'), prefix: 'hsi' },
      scopes: [{ scope: 'billing:read', description: 'Read invoices' }],
      ...change,
    });

  it('is the usual one until somebody sets it', async () => {
    expect(await keyPolicy(await as('operator'), 'hashinsight')).toMatchObject({
      policy: defaultKeyPolicy('hashinsight'),
      updatedAt: null,
      canChange: false,
    });
    const { updatedAt } = await setKeyPolicy(await as('admin'), setting());
    const view = await keyPolicy(await as('admin'), 'hashinsight');
    expect(view).toMatchObject({ policy: { prefix: 'hsi' }, updatedAt, canChange: true });
    expect(view.catalog.map((one) => one.scope)).toEqual(expect.arrayContaining(['miners:read', 'billing:read']));
    expect(await lastEntry()).toMatchObject({ action: 'api-keys.policy_changed', before: { scopes: [] } });
  });

  it('is set over what was seen, by who may', async () => {
    await setKeyPolicy(await as('admin'), setting());
    await expect(setKeyPolicy(await as('admin'), setting())).rejects.toMatchObject(refused('conflict'));
    await expect(setKeyPolicy(await as('operator'), setting())).rejects.toMatchObject(refused('forbidden'));
    await expect(setKeyPolicy(await as('local'), setting())).rejects.toMatchObject(refused('not_found'));
    await expect(keyPolicy(await as('local'), 'hashinsight')).rejects.toMatchObject(refused('not_found'));
    expect(await stores.db.select().from(keyPolicies).where(eq(keyPolicies.platform, 'hashinsight'))).toHaveLength(1);
  });

  it('is first come, first served when two set it at once', async () => {
    const ctx = await as('admin');
    const tries = await Promise.allSettled([1, 2, 3, 4].map(() => setKeyPolicy(ctx, setting())));
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  it('takes no name of the console for a scope of its own', () => {
    const bad = [{ scope: 'slo:read', description: 'Read objectives' }];
    expect(() => setting({ scopes: bad })).toThrow('permission of the console');
  });
});
