import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { keysOver, plantKey } from '../../../test/keys.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, facts, platforms } from '../../db/schema/index.ts';
import { createHub } from '../../platform/hub-memory.ts';
import type { Peppers } from '../../platform/pepper.ts';
import { openPeppers, readPeppers, type PepperSecrets } from './service/peppers.ts';

let stores: TestStores;
const from = { address: '198.51.100.7', requestId: 'req_pepper' };
const encryptionPassword = 'an encryption password of 32 characters';
const [first, second] = ['the first pepper of its own, 32 letters', 'the second pepper of its own, 32 letters'];
beforeAll(async () => {
  stores = await openTestStores();
  const createdAt = stores.clock.now();
  await stores.db.insert(platforms).values(['hashinsight', 'web3-audit'].map((id) => ({ id, name: id, createdAt })));
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const start = (secrets: Partial<PepperSecrets> = {}): Promise<Peppers> =>
  openPeppers(testCtx(stores), { encryptionPassword, ...secrets });
const works = async (text: string, peppers: Peppers) =>
  (await keysOver(stores, testCtx(stores), { peppers }).verify(text, from)) !== null;
const versionOf = async (id: string) =>
  (await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0]?.pepperVersion;

describe('the pepper at start', () => {
  it('is version 1, the same at every start, and leaves a fingerprint from which it cannot be told', async () => {
    const peppers = await start();
    expect(peppers.all.map((p) => p.version)).toEqual([1]);
    const { text } = await plantKey(stores, {}, { peppers });
    expect(await works(text, await start())).toBe(true);
    const stored = await stores.db.select().from(facts);
    expect(stored).toMatchObject([{ key: 'api-keys.pepper.v1' }]);
    expect(stored[0]?.value).toMatch(/^[0-9a-f]{32}$/);
  });

  it('that is wrong is one clear message while keys depend on the right one', async () => {
    const { id } = await plantKey(stores, {}, { peppers: await start() });
    const wrong = { encryptionPassword: 'another password of at least 32 letters' };
    await expect(start(wrong)).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(
        /^ENCRYPTION_PASSWORD is not .* Not to be checked: 1 API key under pepper v1\.$/,
      ) as string,
    });
    await stores.db.update(apiKeys).set({ revokedAt: stores.clock.now() }).where(eq(apiKeys.id, id));
    expect((await start(wrong)).current.version).toBe(2);
  });

  it('of its own takes over from the derived one without being told of it', async () => {
    const derived = await start();
    const { text } = await plantKey(stores, {}, { peppers: derived });
    const own = await start({ pepper: first });
    expect(own.all.map((p) => p.version)).toEqual([2, 1]);
    expect(await works(text, own)).toBe(true);
  });

  it('that replaces one of its own asks for the former one by its variable', async () => {
    const { text } = await plantKey(stores, {}, { peppers: await start({ pepper: first }) });
    await expect(start({ pepper: second })).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('Set API_KEY_PEPPER_PREVIOUS to the former API_KEY_PEPPER') as string,
    });
    await expect(start()).rejects.toMatchObject({ message: expect.stringContaining('API_KEY_PEPPER') as string });
    expect(await works(text, await start({ pepper: second, previous: first }))).toBe(true);
  });

  it('can be made known everywhere before it is used', async () => {
    const announced = await start({ pepper: first, previous: second });
    const switched = await start({ pepper: second, previous: first });
    expect([announced, switched].map((p) => p.current.version)).toEqual([1, 2]);
    const { text } = await plantKey(stores, {}, { peppers: switched });
    expect(await works(text, announced)).toBe(true);
  });

  it('is given one number by replicas that start at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => start({ pepper: first })));
    expect(new Set(all.map((p) => p.current.version))).toEqual(new Set([1]));
    expect(await stores.db.select().from(facts)).toHaveLength(1);
  });
});

describe('keys under an older pepper', () => {
  async function moved() {
    const old = await start({ pepper: first });
    const used = await plantKey(stores, { firstUsedAt: stores.clock.now() }, { peppers: old });
    const idle = await plantKey(stores, { name: 'Nightly import', platform: 'web3-audit' }, { peppers: old });
    const peppers = await start({ pepper: second, previous: first });
    return { used, idle, peppers };
  }

  it('move to the current one after they were presented, with the next flush and not before', async () => {
    const { used, idle, peppers } = await moved();
    const keys = keysOver(stores, testCtx(stores), { peppers });
    expect(await keys.verify(used.text, from)).not.toBeNull();
    expect(await versionOf(used.id)).toBe(1);
    await keys.flushUsage();
    expect(await versionOf(used.id)).toBe(2);
    expect(await versionOf(idle.id)).toBe(1);
    const onlySecond = { current: peppers.current, all: [peppers.current] };
    expect(await works(used.text, onlySecond)).toBe(true);
  });

  it('move once though every replica saw them, and work on in those that remember the old hash', async () => {
    const { used, peppers } = await moved();
    const replicas = await Promise.all(
      [1, 2].map(async () => {
        const hub = await createHub(stores.kv, silentLog);
        return { hub, keys: keysOver(stores, { ...testCtx(stores), hub }, { peppers }) };
      }),
    );
    for (const { keys } of replicas) expect(await keys.verify(used.text, from)).not.toBeNull();
    for (const { keys } of replicas) await keys.flushUsage();
    for (const { keys } of replicas) expect(await keys.verify(used.text, from)).not.toBeNull();
    expect(await versionOf(used.id)).toBe(2);
    await Promise.all(replicas.map(({ hub }) => hub.close()));
  });

  it('are counted and listed to who may see them', async () => {
    const { used, idle, peppers } = await moved();
    const keys = keysOver(stores, testCtx(stores), { peppers });
    const seen = (platform = '*') =>
      readPeppers(testCtx(stores, { actor: actorWith('auditor', platform) }), { peppers }, { limit: 1 });
    expect(await seen()).toMatchObject({ current: 2, keys: 2, moved: 0, nextCursor: [used.id, idle.id].toSorted()[0] });
    expect(await seen('web3-audit')).toMatchObject({
      keys: 1,
      stragglers: [{ id: idle.id, version: 1, lastUsedAt: null }],
    });
    await keys.verify(used.text, from);
    await keys.flushUsage();
    expect(await seen()).toMatchObject({ keys: 2, moved: 1, stragglers: [{ id: idle.id }], nextCursor: null });
  });
});
