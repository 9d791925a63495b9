import { createKeyInput, importKeyInput } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { makingDeps } from '../../../test/key-making.ts';
import { endingDeps, keysOver, keyText, plantKey } from '../../../test/keys.ts';
import { secretsOf } from '../../../test/people.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyConsumers, keyPolicies, platformKeyScopes, users } from '../../db/schema/index.ts';
import { createKey, createKeyForClaim, deliverKey } from './service/create/create.ts';
import { importKey } from './service/create/import.ts';
import { createOptions, deliverOptions, ownerScopes } from './service/create/options.ts';
import { quarantineKey, releaseKey } from './service/ending/quarantine.ts';
import { revokeKey } from './service/ending/revoke.ts';

let stores: TestStores;
const from = { address: '198.51.100.7', agent: null, requestId: 'req_key' };
let ids: Record<'root' | 'admin' | 'local' | 'operator' | 'support' | 'broker' | 'guest', string>;

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(keyPolicies);
  await stores.db.delete(platformKeyScopes);
  const [root = '', admin = '', local = '', operator = '', support = '', broker = '', guest = ''] = await addPeople(
    stores.db,
    [
      { name: 'Root', roles: ['owner'] },
      { name: 'Admin', roles: ['admin'] },
      { name: 'Local', roles: ['admin@hashinsight'] },
      { name: 'Operator', roles: ['operator'] },
      { name: 'Support', roles: ['support'] },
      { name: 'Broker', accounts: ['broker@hashinsight'] },
      { name: 'Guest', state: 'invited', accounts: ['client@hashinsight'] },
    ],
  );
  ids = { root, admin, local, operator, support, broker, guest };
});

const as = (who: keyof typeof ids): Promise<TestCtx> => actingAs(stores, ids[who]);
const wanted = (change: object = {}) =>
  createKeyInput.parse({
    name: 'Miner ingest',
    platform: 'hashinsight',
    environment: 'prod',
    scopes: ['miners:read', 'slo:read'],
    ...change,
  });
const create = async (who: keyof typeof ids, change: object = {}) =>
  createKey(await as(who), makingDeps, wanted(change));
const refused = (code: string) => ({ name: 'DomainError', code });
const verified = async (text: string) => {
  const found = await keysOver(stores, testCtx(stores)).verify(text, from);
  return found;
};
const rowOf = async (id: string) => (await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0];

describe('who may give what', () => {
  it.each<[keyof typeof ids, object, string | null]>([
    ['admin', {}, null],
    ['local', {}, null],
    ['local', { platform: 'web3audit', scopes: ['reports:read'] }, 'not_found'],
    ['local', { platform: '*', scopes: ['slo:read'] }, 'forbidden'],
    ['operator', {}, 'forbidden'],
    ['support', {}, 'forbidden'],
    ['admin', { scopes: ['reports:read'] }, 'invalid'],
    ['admin', { platform: '*', scopes: ['miners:read'] }, 'invalid'],
    ['admin', { platform: 'nowhere' }, 'invalid'],
  ])('%s asking for %j: %s', async (who, change, code) => {
    if (code === null) await create(who, change);
    else await expect(create(who, change)).rejects.toMatchObject(refused(code));
    expect(await stores.db.select().from(apiKeys)).toHaveLength(code === null ? 1 : 0);
  });

  it('names the scope a platform has not', async () => {
    await expect(create('admin', { scopes: ['miners:read', 'reports:read'] })).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ field: 'scopes', message: expect.stringContaining('reports:read; it has miners:read') as string }],
    });
  });

  it('lets keys carry scopes a platform added for them', async () => {
    await stores.db
      .insert(platformKeyScopes)
      .values({ platform: 'hashinsight', scope: 'billing:read', description: 'Read invoices' });
    const { id } = await create('admin', { scopes: ['billing:read'] });
    expect((await rowOf(id))?.scopes).toEqual(['billing:read']);
  });

  it('gives a key of a person what the person may do there, and no more', async () => {
    const to = {
      kind: 'claim' as const,
      recipientName: 'Broker',
      recipientEmail: 'broker@example.com',
      sendMail: true,
    };
    const wish = wanted({ ownerId: ids.broker, scopes: ['miners:write', 'customers:read'] });
    const { id } = await createKeyForClaim(await as('admin'), makingDeps, wish, to);
    expect((await rowOf(id))?.ownerId).toBe(ids.broker);
    await expect(create('admin', { ownerId: ids.broker, scopes: ['miners:delete'] })).rejects.toMatchObject({
      code: 'forbidden',
      fields: [{ field: 'scopes', message: expect.stringContaining('miners:delete') as string }],
    });
    await expect(create('admin', { ownerId: ids.broker, scopes: ['slo:read'] })).rejects.toMatchObject(
      refused('forbidden'),
    );
    await expect(create('admin', { ownerId: ids.guest, scopes: ['miners:read'] })).rejects.toMatchObject(
      refused('invalid'),
    );
  });

  it('shows nobody the key of another person, made here or elsewhere', async () => {
    const theirs = { ownerId: ids.broker, scopes: ['miners:read'] };
    await expect(create('admin', theirs)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/another person.*send them a link/) as string,
    });
    const { delivery: _delivery, ...facts } = wanted(theirs);
    const deps = { ...makingDeps, ...endingDeps() };
    const foreign = { ...facts, text: 'made-elsewhere-0123456789' };
    const bringIn = async (who: keyof typeof ids, change: object) =>
      importKey(await as(who), deps, importKeyInput.parse({ ...foreign, ...change }));
    await expect(bringIn('admin', {})).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/another person.*as a service/) as string,
    });
    expect(await stores.db.select().from(apiKeys)).toEqual([]);
    expect((await create('admin', { ownerId: ids.admin, scopes: ['slo:read'] })).text).toContain('_prod_key_');
    expect((await bringIn('admin', { ownerId: null })).id).toBeTruthy();
  });

  it('offers each reader what is theirs to give', async () => {
    const local = await createOptions(await as('local'), makingDeps);
    expect(local.platforms.map((platform) => platform.id)).toEqual(['hashinsight']);
    expect(local.consoleScopes.find(({ scope }) => scope === 'slo:read')?.platforms).toEqual(['hashinsight']);
    expect(local).toMatchObject({ isOwner: false, canMail: false });
    const root = await createOptions(await as('root'), makingDeps);
    expect(root.platforms.map((platform) => platform.id)).toEqual(['hashinsight', 'web3audit']);
    expect(root.consoleScopes.find(({ scope }) => scope === 'slo:read')?.platforms).toBe('*');
    expect(root.isOwner).toBe(true);
    const owner = await ownerScopes(await as('admin'), { ownerId: ids.broker, platform: 'hashinsight' });
    expect(owner.scopes).toEqual(['miners:read', 'miners:write', 'customers:read', 'customers:write']);
    await expect(ownerScopes(await as('local'), { ownerId: ids.broker, platform: 'web3audit' })).rejects.toMatchObject(
      refused('not_found'),
    );
  });
});

describe('the policy of a platform', () => {
  const policy = {
    prefix: 'hsi',
    format: 'seed16' as const,
    rotation: { by: 'age' as const, everyDays: 60 },
    overlapDays: 7,
    maxLifeDays: { prod: 60, staging: 90, dev: 180, test: 180 },
    quarantines: [],
  };
  const set = () =>
    stores.db.insert(keyPolicies).values({ platform: 'hashinsight', policy, updatedAt: stores.clock.now() });

  it('gives form and life', async () => {
    await set();
    const { text, expiresAt, id } = await create('admin');
    expect(text).toMatch(/^hsi_prod_key_[0-9A-Za-z]{16}$/);
    expect(expiresAt.getTime() - stores.clock.now().getTime()).toBe(60 * DAY_MS);
    expect(await rowOf(id)).toMatchObject({ format: 'seed16', prefix: 'hsi' });
    expect(await verified(text)).toMatchObject({ id });
  });

  it('bounds the life, except for an owner, and nobody passes a year', async () => {
    await set();
    const tooLong = { code: 'invalid', fields: [{ field: 'lifeDays' }] };
    await expect(create('admin', { lifeDays: 61 })).rejects.toMatchObject(tooLong);
    await create('admin', { lifeDays: 60 });
    await create('admin', { environment: 'dev', lifeDays: 180 });
    await create('root', { lifeDays: 366 });
    expect(createKeyInput.safeParse({ ...wanted(), lifeDays: 367 }).success).toBe(false);
    const nowhereToHide = createKey(await as('root'), makingDeps, { ...wanted(), lifeDays: 400 });
    await expect(nowhereToHide).rejects.toMatchObject(tooLong);
  });
});

describe('limits and consumers of a new key', () => {
  const consumer = { name: 'edge-gw-1', ownerName: 'Edge team', channel: 'email', address: 'edge@example.com' };

  it('are stored with it, and copied from another', async () => {
    const limits = { ipAllow: ['203.0.113.7', '2001:db8::/32'], rateLimitPerMin: 60 };
    const first = await create('admin', { ...limits, consumers: [{ ...consumer, ranges: ['203.0.113.0/24'] }] });
    expect(await rowOf(first.id)).toMatchObject({ ipAllow: ['203.0.113.7/32', '2001:db8::/32'], rateLimitPerMin: 60 });
    const second = await create('admin', { copyFrom: first.id, consumers: [{ ...consumer, name: 'batch' }] });
    const copied = await stores.db.select().from(keyConsumers).where(eq(keyConsumers.lineageId, second.id));
    expect(Object.fromEntries(copied.map(({ name, ranges }) => [name, ranges]))).toEqual({
      batch: [],
      'edge-gw-1': ['203.0.113.0/24'],
    });
    expect((await rowOf(second.id))?.lineageId).toBe(second.id);
  });

  it('take no webhook to an address that may not be called, nor two of one name', async () => {
    const hook = { ...consumer, channel: 'webhook', address: 'http://169.254.169.254/latest' };
    await expect(create('admin', { consumers: [hook] })).rejects.toMatchObject(refused('invalid'));
    await expect(create('admin', { consumers: [consumer, consumer] })).rejects.toMatchObject(refused('invalid'));
    expect(await stores.db.select().from(apiKeys)).toHaveLength(0);
  });

  it('are not copied from a key the caller may not see', async () => {
    const { id } = await plantKey(stores, { platform: 'web3audit' });
    await expect(create('local', { copyFrom: id })).rejects.toMatchObject(refused('not_found'));
    await expect(create('local', { copyFrom: 'nowhere1' })).rejects.toMatchObject(refused('not_found'));
  });
});

describe('a key made elsewhere', () => {
  const text = 'c0ffee11'.repeat(7) + 'abcdefgh';
  const importing = (change: object = {}) =>
    importKeyInput.parse({
      name: 'Partner',
      platform: 'hashinsight',
      environment: 'prod',
      scopes: ['miners:read'],
      text,
      ...change,
    });
  const ending = endingDeps();
  const bring = async (change: object = {}, who: keyof typeof ids = 'admin') =>
    importKey(await as(who), { ...makingDeps, ...ending }, importing(change));

  it('is kept as a hash, works, and ends within one cycle', async () => {
    const { id, expiresAt } = await bring();
    expect(await rowOf(id)).toMatchObject({ format: 'opaque', prefix: '' });
    expect(expiresAt.getTime()).toBeLessThanOrEqual(stores.clock.now().getTime() + 90 * DAY_MS);
    expect(await verified(text)).toMatchObject({ id });
    expect(await secretsOf(stores)).not.toContain(text);
  });

  it('keeps the form of the manual', async () => {
    const { id } = await bring({ text: 'hsi_prod_key_k3m9r7w2c5x8v1n4' });
    expect(await rowOf(id)).toMatchObject({ format: 'seed16', prefix: 'hsi' });
    await expect(bring({ text: 'hsi_dev_key_k3m9r7w2c5x8v1n4' })).rejects.toMatchObject(refused('invalid'));
  });

  it('is refused when it is one already, even when many bring it at once', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => bring()));
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    for (const one of tries) if (one.status === 'rejected') expect(one.reason).toMatchObject(refused('conflict'));
    await stores.db.update(apiKeys).set({ revokedAt: stores.clock.now() });
    await expect(bring()).rejects.toMatchObject(refused('conflict'));
  });

  it('is refused when the ledger knows it as revoked, even where the tables have lost it', async () => {
    const revoked = 'made-elsewhere-and-revoked-4711';
    const { id } = await bring({ text: revoked });
    await revokeKey(await as('admin'), ending, { key: id, reason: 'it leaked' });
    await stores.db.execute(sql`truncate api_keys cascade`);
    await expect(bring({ text: revoked })).rejects.toMatchObject(refused('conflict'));
    expect(await stores.db.select().from(apiKeys)).toEqual([]);
    await bring();
  });

  it('is refused when the ledger knows it as quarantined, until that is over', async () => {
    const held = 'made-elsewhere-and-quarantined-42';
    const { id } = await bring({ text: held });
    await quarantineKey(await as('admin'), ending, { id, reason: 'it may have leaked' });
    const before = await stores.db.select().from(apiKeys);
    await stores.db.execute(sql`truncate api_keys cascade`);
    await expect(bring({ text: held })).rejects.toMatchObject({
      ...refused('conflict'),
      message: expect.stringMatching(/quarantined on \d{4}-\d{2}-\d{2} and never released/) as string,
      fields: [{ field: 'text' }],
    });
    expect(await stores.db.select().from(apiKeys)).toEqual([]);
    await stores.db.insert(apiKeys).values(before);
    await releaseKey(await as('admin'), ending, { id, reason: 'it had not' });
    await stores.db.execute(sql`truncate api_keys cascade`);
    await bring({ text: held });
  });

  it('lives as long as it is given, and never beyond one cycle', async () => {
    const { expiresAt } = await bring({ lifeDays: 30 });
    expect(expiresAt.getTime()).toBe(stores.clock.now().getTime() + 30 * DAY_MS);
    await expect(bring({ text: `${text}-other`, lifeDays: 200 })).rejects.toMatchObject(refused('invalid'));
    const long = await importKey(
      await as('root'),
      { ...makingDeps, ...ending },
      importing({ text: `${text}-2`, lifeDays: 200 }),
    );
    expect(long.expiresAt.getTime()).toBe(stores.clock.now().getTime() + 90 * DAY_MS);
  });

  it('is refused when it has the form of keys made here, whole or damaged, and to who may not', async () => {
    await expect(bring({ text: keyText() })).rejects.toMatchObject(refused('invalid'));
    await expect(bring({ text: keyText().slice(0, -3) })).rejects.toMatchObject(refused('invalid'));
    await expect(bring({}, 'support')).rejects.toMatchObject(refused('forbidden'));
    for (const bad of [
      'short',
      'a'.repeat(40),
      `${text} `,
      `${text}\u0000`,
      'ｈsi'.padEnd(40, 'x'),
      'ab'.repeat(2_000),
    ]) {
      expect(importKeyInput.safeParse({ ...importing(), text: bad }).success).toBe(false);
    }
  });
});

describe('a key sent by support', () => {
  const send = async (change: object = {}, who: keyof typeof ids = 'support') =>
    deliverKey(
      await as(who),
      { ...makingDeps, canMail: true },
      { ...wanted({ scopes: ['miners:read'] }), ownerId: ids.broker, ...change },
    );

  it('goes to the person alone, with what they may do there', async () => {
    const { id, claim } = await send();
    expect(claim).toMatchObject({ recipientEmail: 'broker@example.com', path: null });
    expect(await rowOf(id)).toMatchObject({ ownerId: ids.broker, hash: null, activatedAt: null });
    const [entry] = await stores.db.select().from(auditEvents);
    expect(entry).toMatchObject({ action: 'api-keys.delivered', targetId: id, platform: 'hashinsight' });
    const offered = await deliverOptions(await as('support'), makingDeps, ids.broker);
    expect(offered.accounts.map(({ platform, scopes }) => [platform, scopes.map((s) => s.scope)])).toEqual([
      ['hashinsight', ['miners:read', 'miners:write', 'customers:read', 'customers:write']],
    ]);
    const wayOf = async (who: keyof typeof ids, canMail: boolean) =>
      (await deliverOptions(await as(who), { canMail }, ids.broker)).accounts.map(({ way }) => way);
    expect(await wayOf('support', true)).toEqual(['mailed']);
    expect(await wayOf('support', false)).toEqual(['refused']);
    expect(await wayOf('admin', false)).toEqual(['shown']);
  });

  it.each<[string, object, keyof typeof ids | undefined, string]>([
    ['more than the role allows', { scopes: ['miners:delete'] }, undefined, 'forbidden'],
    ['permissions of the console', { scopes: ['slo:read'] }, undefined, 'invalid'],
    ['a platform without an account', { platform: 'web3audit', scopes: ['reports:read'] }, undefined, 'forbidden'],
    ['a longer life than the policy', { lifeDays: 120 }, undefined, 'invalid'],
    ['by an operator', {}, 'operator', 'forbidden'],
  ])('is refused: %s', async (_name, change, who, code) => {
    await expect(send(change, who)).rejects.toMatchObject(refused(code));
    expect(await stores.db.select().from(apiKeys)).toHaveLength(0);
  });

  it('is refused for somebody who may do more', async () => {
    await expect(send({ ownerId: ids.admin })).rejects.toMatchObject(refused('forbidden'));
  });

  it('is of the demo for a person of the demo, and its link is shown to nobody who may not see it', async () => {
    await stores.db.update(users).set({ isDemo: true }).where(eq(users.id, ids.broker));
    await expect(send()).rejects.toMatchObject(refused('precondition'));
    const offered = await deliverOptions(await as('support'), { canMail: true }, ids.broker);
    expect(offered).toMatchObject({ isDemo: true, accounts: [{ way: 'refused' }] });
    const to = {
      kind: 'claim' as const,
      recipientName: 'Broker',
      recipientEmail: 'broker@example.com',
      sendMail: true,
    };
    const wish = wanted({ ownerId: ids.broker, scopes: ['miners:read'] });
    const { id, claim } = await createKeyForClaim(await as('admin'), { ...makingDeps, canMail: true }, wish, to);
    expect(claim.path).not.toBeNull();
    expect((await rowOf(id))?.isDemo).toBe(true);
  });

  it('is refused for somebody who is suspended', async () => {
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.id, ids.broker));
    await expect(send()).rejects.toMatchObject(refused('invalid'));
  });
});

describe('the link of a person’s own key', () => {
  it('goes to their own address only', async () => {
    const to = {
      kind: 'claim' as const,
      recipientName: 'Mallory',
      recipientEmail: 'mallory@example.com',
      sendMail: true,
    };
    const wish = wanted({ ownerId: ids.broker, scopes: ['miners:read'] });
    await expect(createKeyForClaim(await as('admin'), makingDeps, wish, to)).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ field: 'recipientEmail' }],
    });
  });
});
