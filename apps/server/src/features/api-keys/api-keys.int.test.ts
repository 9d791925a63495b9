import { crc32 } from 'node:zlib';
import { createKeyInput, formatKey } from '@qd/shared/api-keys';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { endingDeps, keysOver, plantKey, testPeppers } from '../../../test/keys.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, grants, platforms, roles, users } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { derivePepper } from '../../platform/pepper.ts';
import { createKey } from './service/create/create.ts';
import { revokeKey } from './service/ending/revoke.ts';
import { listKeys } from './service/keys.ts';
import { onlyPepper } from './service/peppers.ts';

let stores: TestStores;
const from = { address: '198.51.100.7', requestId: 'req_key' };
beforeAll(async () => {
  stores = await openTestStores();
  const createdAt = stores.clock.now();
  await stores.db.insert(platforms).values(['hashinsight', 'web3-audit'].map((id) => ({ id, name: id, createdAt })));
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const wanted = (change: object = {}) =>
  createKeyInput.parse({
    name: 'Miner ingest',
    platform: 'hashinsight',
    environment: 'prod',
    scopes: ['sli:write', 'slo:read'],
    prefix: 'hsi',
    ...change,
  });
const create = async (change: object = {}, actor = actorWith('admin')) => {
  await store(actor);
  return createKey(testCtx(stores, { actor }), { peppers: testPeppers, receiverFault: () => null }, wanted(change));
};
/** Rights are read from the tables when a key is made, so whoever makes it must stand there. */
async function store(actor: Actor): Promise<void> {
  const { id, name, email, role, grants: scopes } = actor;
  if (id === null || email === null) return;
  const createdAt = stores.clock.now();
  const row = { id, name, email, emailKey: email, state: 'active' as const, createdAt };
  await stores.db.insert(users).values(row).onConflictDoNothing();
  await stores.db.delete(grants).where(eq(grants.userId, id));
  const custom = `role_of_${id}`;
  const values = scopes.map(({ platform }, i) => ({
    id: `grt_${id}_${i}`,
    userId: id,
    platform,
    reason: 'test',
    createdAt,
  }));
  await stores.db.insert(grants).values(values.map((grant) => ({ ...grant, role: role ?? custom })));
  if (role !== null) return;
  const permissions = scopes.flatMap((scope) => [...scope.permissions]);
  const text = { title: id, titleKey: id, description: '', createdAt, updatedAt: createdAt };
  await stores.db
    .insert(roles)
    .values({ id: custom, permissions, ...text })
    .onConflictDoNothing();
}
/** A verifier as one replica has it, and the context it shares with what changes keys. */
const replica = () => {
  const ctx = testCtx(stores);
  return { ctx, keys: keysOver(stores, ctx) };
};
const verify = (text: string) => replica().keys.verify(text, from);
const refusedWith = (code: string) => ({ name: 'DomainError', code });
async function person(role: string, platform = '*') {
  const createdAt = stores.clock.now();
  await stores.db.insert(users).values({
    id: 'usr_1',
    email: 'ada@example.com',
    emailKey: 'ada@example.com',
    name: 'Ada',
    state: 'active',
    createdAt,
  });
  await stores.db.insert(grants).values({ id: 'grt_1', userId: 'usr_1', role, platform, reason: 'test', createdAt });
}
const log = async () => stores.db.select().from(auditEvents).orderBy(auditEvents.seq);

describe('a new key', () => {
  it('works at once, for its platform and its scopes alone', async () => {
    const { text, id } = await create();
    expect(text).toMatch(/^hsi_prod_key_[0-9A-Za-z]{46}$/);
    expect(await verify(text)).toMatchObject({
      kind: 'key',
      id,
      name: 'Miner ingest',
      address: '198.51.100.7',
      grants: [{ platform: 'hashinsight', permissions: ['sli:write', 'slo:read'] }],
    });
  });

  it('is stored as a keyed hash: the key is nowhere', async () => {
    const { text } = await create();
    const rows = [await stores.db.select().from(apiKeys), await log(), await listKeys(testCtx(stores), { limit: 10 })];
    expect(JSON.stringify(rows)).not.toContain(text.slice(21));
    const [row] = await stores.db.select().from(apiKeys);
    expect(row).toMatchObject({ pepperVersion: 1, id: text.slice(13, 21) });
    expect(Buffer.from(row?.hash ?? []).toString('hex')).toHaveLength(64);
  });

  it('lives 90 days unless told otherwise', async () => {
    const { text, expiresAt } = await create();
    expect(expiresAt.getTime() - stores.clock.now().getTime()).toBe(90 * DAY_MS);
    stores.clock.advance(90 * DAY_MS - 1);
    expect(await verify(text)).not.toBeNull();
    stores.clock.advance(1);
    expect(await verify(text)).toBeNull();
  });

  it('leaves a record without its secret', async () => {
    const { id, text } = await create();
    expect(await log()).toMatchObject([
      {
        action: 'api-keys.created',
        platform: 'hashinsight',
        targetId: id,
        userEmail: 'admin@example.test',
        after: { scopes: ['sli:write', 'slo:read'] },
      },
    ]);
    expect(JSON.stringify(await log())).not.toContain(text.slice(21));
  });

  it('is refused to who may not, for what they lack, and for what does not exist', async () => {
    const cases: [object, Parameters<typeof create>[1], string][] = [
      [{}, actorWith('operator'), 'forbidden'],
      [{}, actorWith('admin', 'web3-audit'), 'not_found'],
      [{ platform: '*' }, actorWith('admin', 'hashinsight'), 'forbidden'],
      [{ platform: 'no-such' }, actorWith('admin'), 'invalid'],
      [{ ownerId: 'usr_nobody' }, actorWith('admin'), 'invalid'],
    ];
    for (const [change, actor, code] of cases)
      await expect(create(change, actor)).rejects.toMatchObject(refusedWith(code));
    const writer = {
      ...actorWith('admin'),
      role: null,
      grants: [{ platform: '*', permissions: ['api-keys:write' as const] }],
    };
    await expect(create({ scopes: ['slo:read'] }, writer)).rejects.toMatchObject(refusedWith('forbidden'));
    await create({ scopes: ['sli:write'] }, writer);
    expect(await stores.db.select().from(apiKeys)).toHaveLength(1);
  });
});

describe('a key that acts for a person', () => {
  it('never does more than the person may, now', async () => {
    await person('operator', 'hashinsight');
    const { text } = await plantKey(stores, { ownerId: 'usr_1', scopes: ['sli:write', 'slo:read'] });
    const { ctx, keys } = replica();
    expect((await keys.verify(text, from))?.grants[0]?.permissions).toEqual(['sli:write', 'slo:read']);
    const at = { createdAt: stores.clock.now(), updatedAt: stores.clock.now() };
    const words = { title: 'None', titleKey: 'none', description: '' };
    await stores.db.insert(roles).values({ id: 'role_none', permissions: [], ...words, ...at });
    await stores.db.update(grants).set({ role: 'role_none' });
    ctx.hub.publish('users');
    expect((await keys.verify(text, from))?.grants[0]?.permissions).toEqual(['sli:write']);
    await stores.db.delete(grants);
    ctx.hub.publish('users');
    expect(await keys.verify(text, from)).toBeNull();
  });

  it('loses what is for people only, even where it was given before', async () => {
    const { text } = await create();
    await stores.db.update(apiKeys).set({ scopes: ['slo:read', 'audit:export', 'roles:grant'] });
    expect((await replica().keys.verify(text, from))?.grants[0]?.permissions).toEqual(['slo:read']);
  });

  it('cannot be made with scopes the person lacks', async () => {
    await person('stakeholder');
    await expect(create({ ownerId: 'usr_1', scopes: ['audit:read'] })).rejects.toMatchObject(refusedWith('forbidden'));
  });

  it('is dead while the person is suspended', async () => {
    await person('operator');
    const { text } = await plantKey(stores, { ownerId: 'usr_1', scopes: ['sli:write', 'slo:read'] });
    await stores.db.update(users).set({ state: 'suspended' });
    expect(await verify(text)).toBeNull();
    expect((await listKeys(testCtx(stores), { limit: 5 })).rows).toMatchObject([
      { state: 'owner_suspended', ownerEmail: 'ada@example.com' },
    ]);
    await stores.db.update(users).set({ state: 'active' });
    expect(await verify(text)).not.toBeNull();
  });

  it('loses a right the moment the grant behind it ends', async () => {
    await person('operator');
    const endAt = new Date(stores.clock.now().getTime() + 10 * SECOND_MS);
    await stores.db.update(grants).set({ expiresAt: endAt });
    const { text } = await plantKey(stores, { ownerId: 'usr_1', scopes: ['sli:write', 'slo:read'] });
    const { keys } = replica();
    expect((await keys.verify(text, from))?.grants[0]?.permissions).toContain('slo:read');
    stores.clock.set(endAt);
    expect(await keys.verify(text, from)).toBeNull();
  });
});

describe('revoking', () => {
  it('ends a key at once where it was remembered, and leaves its tombstone', async () => {
    const { text, id } = await create();
    const { ctx, keys } = replica();
    expect(await keys.verify(text, from)).not.toBeNull();
    expect(await revokeKey(ctx, endingDeps(), { key: id, reason: 'rotated' })).toMatchObject({ isNew: true });
    expect(await keys.verify(text, from)).toBeNull();
    expect(await revokeKey(ctx, endingDeps(), { key: text, reason: 'again' })).toMatchObject({ isNew: false });
    const [view] = (await listKeys(testCtx(stores), { limit: 5 })).rows;
    expect(view).toMatchObject({ id, state: 'revoked', revokedAt: stores.clock.now().getTime() });
  });

  it('is noticed within half a minute even without any word of it', async () => {
    const { text } = await create();
    const { keys } = replica();
    await keys.verify(text, from);
    await stores.db.update(apiKeys).set({ revokedAt: stores.clock.now() });
    stores.clock.advance(30 * SECOND_MS);
    expect(await keys.verify(text, from)).toBeNull();
  });

  it('is noticed at once while the bus is down', async () => {
    const { text } = await create();
    const ctx = testCtx(stores);
    const keys = keysOver(stores, { ...ctx, hub: { ...ctx.hub, version: () => null } });
    await keys.verify(text, from);
    await stores.db.update(apiKeys).set({ revokedAt: stores.clock.now() });
    expect(await keys.verify(text, from)).toBeNull();
  });

  it('is not undone by a lookup that began before it', async () => {
    const { text, id } = await create();
    const { ctx, keys } = replica();
    const racing = keys.verify(text, from);
    await revokeKey(ctx, endingDeps(), { key: id, reason: 'race' });
    await racing;
    expect(await keys.verify(text, from)).toBeNull();
  });

  it('needs the permission on the key’s platform', async () => {
    const { id } = await create();
    await expect(
      revokeKey(testCtx(stores, { actor: actorWith('auditor') }), endingDeps(), { key: id, reason: 'x' }),
    ).rejects.toMatchObject(refusedWith('forbidden'));
    await expect(
      revokeKey(testCtx(stores, { actor: actorWith('admin', 'web3-audit') }), endingDeps(), { key: id, reason: 'x' }),
    ).rejects.toMatchObject(refusedWith('not_found'));
    await expect(revokeKey(testCtx(stores), endingDeps(), { key: 'Nothing1', reason: 'x' })).rejects.toMatchObject(
      refusedWith('not_found'),
    );
  });
});

describe('verifying', () => {
  it('refuses whatever is no key of ours, without asking the database for rubbish', async () => {
    const { text } = await create();
    const ctx = testCtx(stores);
    let reads = 0;
    const db = new Proxy(ctx.db, {
      get: (target, name, receiver) => {
        if (name === 'select') reads += 1;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    const keys = keysOver(stores, { ...ctx, db });
    for (const rubbish of [
      '',
      'x',
      text.slice(0, -1),
      `${text}x`,
      text.replace('h', 'ｈ'),
      text.replace('prod', 'dev'),
      text.toUpperCase(),
    ]) {
      expect(await keys.verify(rubbish, from)).toBeNull();
    }
    expect(reads).toBe(0);
    const stranger = formatKey({ prefix: 'hsi', environment: 'prod' }, (n) => new Uint8Array(n).fill(9), crc32).text;
    for (let i = 0; i < 3; i += 1) expect(await keys.verify(stranger, from)).toBeNull();
    expect(reads).toBe(1);
  });

  it('fails for every key under another pepper', async () => {
    const { text } = await create();
    const keys = keysOver(stores, testCtx(stores), {
      peppers: onlyPepper(derivePepper('another password of 32 characters')),
    });
    expect(await keys.verify(text, from)).toBeNull();
  });

  it('records why a known key was refused, once a minute', async () => {
    const { text, id } = await create();
    const { ctx, keys } = replica();
    await revokeKey(ctx, endingDeps(), { key: id, reason: 'rotated' });
    for (let i = 0; i < 5; i += 1) await keys.verify(text, from);
    const refused = async () => {
      await keys.flushUsage();
      return (await log()).filter((r) => r.action === 'api-keys.verified');
    };
    expect(await refused()).toMatchObject([
      { status: 'denied', actorKind: 'key', userId: id, ipAddress: '198.51.100.7', details: { reason: 'revoked' } },
    ]);
    stores.clock.advance(MINUTE_MS);
    await keys.verify(text, from);
    expect(await refused()).toHaveLength(2);
  });

  it('refuses a known key without writing, and records it later as of then', async () => {
    const { text, id } = await create();
    const { ctx, keys } = replica();
    await revokeKey(ctx, endingDeps(), { key: id, reason: 'rotated' });
    const refusedAt = stores.clock.now();
    expect(await keys.verify(text, from)).toBeNull();
    const refused = async () => (await log()).filter((r) => r.action === 'api-keys.verified');
    expect(await refused()).toEqual([]);
    stores.clock.advance(SECOND_MS);
    await keys.flushUsage();
    expect(await refused()).toMatchObject([{ status: 'denied', userId: id, timestamp: refusedAt }]);
  });

  it('records a key of ours that stood in an address, and nothing for invented ones', async () => {
    const { text, id } = await create();
    const { keys } = replica();
    for (const exposed of [text, text, 'hsi_prod_key_0000000000000000000000000000000000000000000000'])
      await keys.reportExposed(exposed, from);
    await keys.flushUsage();
    const exposures = (await log()).filter((r) => r.action === 'api-keys.exposed');
    expect(exposures).toMatchObject([{ level: 'critical', targetId: id }]);
    expect(JSON.stringify(exposures)).not.toContain(text.slice(21));
  });
});

describe('last use', () => {
  const lastUsed = async (id: string) =>
    (await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0]?.lastUsedAt;

  it('is stored at once the first time, then in batches', async () => {
    const { text, id } = await create();
    const { keys } = replica();
    const first = stores.clock.now();
    await keys.verify(text, from);
    expect(await lastUsed(id)).toEqual(first);
    stores.clock.advance(4 * SECOND_MS);
    await keys.verify(text, from);
    expect(await lastUsed(id)).toEqual(first);
    await keys.flushUsage();
    expect(await lastUsed(id)).toEqual(stores.clock.now());
  });

  it('never goes back when replicas store out of order', async () => {
    const { text, id } = await create();
    const [slow, quick] = [replica().keys, replica().keys];
    await slow.verify(text, from);
    stores.clock.advance(SECOND_MS);
    await slow.verify(text, from);
    stores.clock.advance(SECOND_MS);
    await quick.verify(text, from);
    await quick.flushUsage();
    await slow.flushUsage();
    expect(await lastUsed(id)).toEqual(stores.clock.now());
  });

  it('is not lost when the database does not answer', async () => {
    const { text, id } = await create();
    const ctx = testCtx(stores);
    let isDown = false;
    const db = new Proxy(ctx.db, {
      get: (target, name, receiver) => {
        if (name === 'transaction' && isDown) return () => Promise.reject(new Error('down'));
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    const keys = keysOver(stores, { ...ctx, db });
    await keys.verify(text, from);
    stores.clock.advance(SECOND_MS);
    await keys.verify(text, from);
    isDown = true;
    await expect(keys.flushUsage()).rejects.toThrow('down');
    isDown = false;
    await keys.flushUsage();
    expect(await lastUsed(id)).toEqual(stores.clock.now());
  });
});

describe('the list', () => {
  it('pages by id and shows each caller the keys of their platforms', async () => {
    for (const platform of ['hashinsight', 'web3-audit', '*']) await create({ platform, name: platform });
    const seen = async (actor: Parameters<typeof create>[1]) =>
      (await listKeys(testCtx(stores, actor ? { actor } : {}), { limit: 10 })).rows.map((k) => k.name).toSorted();
    expect(await seen(actorWith('auditor'))).toEqual(['*', 'hashinsight', 'web3-audit']);
    expect(await seen(actorWith('auditor', 'web3-audit'))).toEqual(['web3-audit']);
    expect(await seen(actorWith('stakeholder'))).toEqual([]);
    const first = await listKeys(testCtx(stores), { limit: 2 });
    const second = await listKeys(testCtx(stores), { limit: 2, cursor: first.nextCursor ?? '' });
    expect(new Set([...first.rows, ...second.rows].map((k) => k.id)).size).toBe(3);
    expect(second.nextCursor).toBeNull();
  });
});
