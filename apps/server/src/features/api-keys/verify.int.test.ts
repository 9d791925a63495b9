import { DAY_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { keysOver, keyText, plantKey } from '../../../test/keys.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createMemoryKv } from '../../adapters/kv/memory.ts';
import { apiKeys, auditEvents, grants, keyUsage, memberships, platforms, users } from '../../db/schema/index.ts';
import { createHub } from '../../platform/hub-memory.ts';
import type { KeyInquiry, Keys } from './service/verifier.ts';

let stores: TestStores;
const from = { address: '198.51.100.7', agent: 'edge-gw/2', requestId: 'req_key' };
beforeAll(async () => {
  stores = await openTestStores();
  const createdAt = stores.clock.now();
  await stores.db.insert(platforms).values(['hashinsight', 'web3-audit'].map((id) => ({ id, name: id, createdAt })));
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(memberships);
  // The counters of limits live by the minute; each test has its own.
  stores.clock.advance(2 * MINUTE_MS);
});

const replica = (options: Parameters<typeof keysOver>[2] = {}) => keysOver(stores, testCtx(stores), options);
const ask = (keys: Keys, text: string, asked: Partial<KeyInquiry> = {}) =>
  keys.inquire(text, { from, platforms: '*', ...asked });
const reasonOf = async (text: string, asked: Partial<KeyInquiry> = {}, keys = replica()) => {
  const verdict = await ask(keys, text, asked);
  return verdict.valid ? 'ok' : verdict.reason;
};
const now = () => stores.clock.now();
async function person(state: 'active' | 'suspended' | 'offboarded' = 'active') {
  const email = 'ada@example.com';
  await stores.db.insert(users).values({ id: 'usr_1', email, emailKey: email, name: 'Ada', state, createdAt: now() });
}
async function account(role: string, state: 'active' | 'suspended' = 'active') {
  const stamp = { reason: 'test', createdAt: now(), updatedAt: now() };
  await stores.db
    .insert(memberships)
    .values({ id: 'mem_1', userId: 'usr_1', platform: 'hashinsight', role, state, ...stamp });
}

describe('a key is refused', () => {
  it('for the state it is in, each by its name', async () => {
    const states = {
      ok: {},
      expired: { expiresAt: now() },
      rotated: { endsAt: now() },
      revoked: { revokedAt: now() },
      quarantined: { quarantinedAt: now() },
    };
    for (const [reason, row] of Object.entries(states)) {
      const { text } = await plantKey(stores, row);
      expect([reason, await reasonOf(text)]).toEqual([reason, reason]);
    }
    expect(await reasonOf(keyText())).toBe('unknown');
  });

  it('at the very millisecond a rotation or its life ends it, also from memory', async () => {
    for (const end of ['endsAt', 'expiresAt']) {
      const { text } = await plantKey(stores, { [end]: new Date(now().getTime() + 10) });
      const keys = replica();
      expect(await reasonOf(text, {}, keys)).toBe('ok');
      stores.clock.advance(9);
      expect(await reasonOf(text, {}, keys)).toBe('ok');
      stores.clock.advance(1);
      expect(await reasonOf(text, {}, keys)).not.toBe('ok');
    }
  });

  it('for an owner who is suspended or gone', async () => {
    await person('suspended');
    const { text } = await plantKey(stores, { ownerId: 'usr_1' });
    expect(await reasonOf(text)).toBe('owner_suspended');
    await stores.db.update(users).set({ state: 'offboarded' });
    expect(await reasonOf(text)).toBe('owner_suspended');
  });

  it('for an owner without an account or a grant where it opens, and where nothing is left of what it may do', async () => {
    await person();
    const { text } = await plantKey(stores, { ownerId: 'usr_1' });
    const bare = await plantKey(stores, { ownerId: 'usr_1', scopes: [] });
    const both = async () => [await reasonOf(text), await reasonOf(bare.text)];
    expect(await both()).toEqual(['owner_suspended', 'owner_suspended']);
    await account('admin', 'suspended');
    expect(await both()).toEqual(['owner_suspended', 'owner_suspended']);
    await stores.db.update(memberships).set({ state: 'active' });
    expect(await both()).toEqual(['ok', 'ok']);
    await stores.db.update(memberships).set({ role: 'unheard-of' });
    expect(await both()).toEqual(['owner_suspended', 'ok']);
    await stores.db.delete(memberships);
    const grant = { role: 'operator', reason: 'test', createdAt: now() };
    await stores.db.insert(grants).values({ id: 'grt_1', userId: 'usr_1', platform: 'web3-audit', ...grant });
    expect(await both()).toEqual(['owner_suspended', 'owner_suspended']);
    await stores.db.update(grants).set({ platform: 'hashinsight' });
    expect(await both()).toEqual(['ok', 'ok']);
    expect(await replica().verify(text, from)).not.toBeNull();
    await stores.db.delete(grants);
    expect(await replica().verify(text, from)).toBeNull();
  });

  it('where it does not belong, whatever it may do', async () => {
    const { text } = await plantKey(stores);
    expect(await reasonOf(text, { platform: 'web3-audit' })).toBe('platform');
    expect(await reasonOf(text, { environment: 'dev' })).toBe('environment');
    expect(await reasonOf(text, { platform: 'hashinsight', environment: 'prod' })).toBe('ok');
    const everywhere = await plantKey(stores, { platform: '*' });
    expect(await reasonOf(everywhere.text, { platform: 'web3-audit' })).toBe('ok');
  });

  it('from addresses outside its ranges, and from nobody knows where', async () => {
    const { text } = await plantKey(stores, { ipAllow: ['198.51.100.0/24', '2001:db8::/32'] });
    const at = (address: string | null) => reasonOf(text, { from: { ...from, address } });
    expect(await at('198.51.100.9')).toBe('ok');
    expect(await at('::ffff:198.51.100.9')).toBe('ok');
    expect(await at('2001:db8::1')).toBe('ok');
    expect(await at('198.51.101.9')).toBe('address');
    expect(await at('not an address')).toBe('address');
    expect(await at(null)).toBe('address');
    const mapped = await plantKey(stores, { ipAllow: ['::ffff:198.51.100.0/120'] });
    const atMapped = (address: string) => reasonOf(mapped.text, { from: { ...from, address } });
    expect([await atMapped('198.51.100.9'), await atMapped('198.51.101.9')]).toEqual(['ok', 'address']);
  });

  it('for what it may not do, and only after everything else', async () => {
    const { text, id } = await plantKey(stores, { rateLimitPerMin: 2 });
    const keys = replica();
    expect(await reasonOf(text, { permission: 'miners:read' }, keys)).toBe('ok');
    expect(await reasonOf(text, { permission: 'miners:delete' }, keys)).toBe('scope');
    expect(await reasonOf(text, { permission: 'miners:delete' }, keys)).toBe('rate_limited');
    expect(await reasonOf(text, { permission: 'miners:delete', environment: 'dev' }, keys)).toBe('environment');
    await keys.flushUsage();
    const stored = await stores.db.select().from(keyUsage).where(eq(keyUsage.keyId, id));
    expect(new Set(stored.map((row) => `${row.address} ${row.agent} ${row.outcome}`))).toEqual(
      new Set(['ok', 'scope', 'rate_limited', 'environment'].map((outcome) => `198.51.100.7 edge-gw/2 ${outcome}`)),
    );
  });

  it('as unknown to who may not ask about its platform, and nothing is counted', async () => {
    const { text, id } = await plantKey(stores);
    const keys = replica();
    expect(await reasonOf(text, { platforms: ['web3-audit'] }, keys)).toBe('unknown');
    expect(await reasonOf(text, { platforms: [] }, keys)).toBe('unknown');
    expect(await reasonOf(text, { platforms: ['hashinsight'] }, keys)).toBe('ok');
    await keys.flushUsage();
    expect(await stores.db.select().from(keyUsage).where(eq(keyUsage.keyId, id))).toMatchObject([{ count: 1 }]);
  });

  it('into the log by its reason, but for limits, at most once a minute', async () => {
    const { text } = await plantKey(stores, { rateLimitPerMin: 3 });
    const keys = replica();
    for (let i = 0; i < 3; i += 1) await ask(keys, text, { environment: 'dev' });
    for (let i = 0; i < 5; i += 1) await ask(keys, text);
    await keys.flushUsage();
    const log = await stores.db.select().from(auditEvents);
    expect(log.map((row) => row.details)).toEqual([{ reason: 'environment' }]);
  });
});

describe('keys of other formats', () => {
  const elsewhere = 'a3f1'.repeat(16);

  it('are found by the whole text', async () => {
    for (const text of ['hsi_prod_key_a1b2c3d4e5f6g7h8', elsewhere]) {
      const { id } = await plantKey(stores, {}, { text });
      const verdict = await ask(replica(), text);
      expect(verdict).toMatchObject({ valid: true, key: { id } });
      expect(await reasonOf(`${text.slice(0, -1)}x`)).toBe('unknown');
    }
  });

  it('that are unknown are asked for once in five seconds, however often they come', async () => {
    const sources: string[] = [];
    const keys = replica({ onLookup: (source) => sources.push(source) });
    for (let i = 0; i < 4; i += 1) expect(await reasonOf(elsewhere, {}, keys)).toBe('unknown');
    expect(sources).toEqual(['database', 'memory', 'memory', 'memory']);
    stores.clock.advance(5 * SECOND_MS);
    await plantKey(stores, {}, { text: elsewhere });
    expect(await reasonOf(elsewhere, {}, keys)).toBe('ok');
  });

  it.each([
    ['a megabyte', 'a'.repeat(1_000_000)],
    ['a megabyte of keys', 'hsi_prod_key_'.repeat(80_000)],
    ['NUL', `${elsewhere}\0`],
    ['full-width letters', 'ｈｓｉ＿ｐｒｏｄ＿ｋｅｙ＿ａ１ｂ２ｃ３ｄ４ｅ５ｆ６'],
    ['blanks', `${elsewhere} ${elsewhere}`],
    ['nothing', ''],
  ])('are not looked for: %s', async (_name, text) => {
    const sources: string[] = [];
    expect(await reasonOf(text, {}, replica({ onLookup: (source) => sources.push(source) }))).toBe('unknown');
    expect(sources).toEqual([]);
  });
});

describe('what a key may do', () => {
  const scopesOf = async (text: string) => {
    const verdict = await ask(replica(), text);
    return verdict.valid ? verdict.scopes : verdict.reason;
  };

  it('is all its scopes where it acts for nobody', async () => {
    const { text } = await plantKey(stores, { scopes: ['miners:delete', 'made:up', 'slo:read'] });
    expect(await scopesOf(text)).toEqual({ console: ['slo:read'], platform: ['miners:delete', 'made:up'] });
  });

  it('is what its person may do, on the platform by their account there', async () => {
    await person();
    const { text } = await plantKey(stores, { ownerId: 'usr_1', scopes: ['miners:read', 'miners:delete', 'slo:read'] });
    expect(await scopesOf(text)).toBe('owner_suspended');
    await account('client');
    expect(await scopesOf(text)).toEqual({ console: [], platform: ['miners:read'] });
    await stores.db.update(memberships).set({ role: 'admin' });
    expect(await scopesOf(text)).toEqual({ console: [], platform: ['miners:read', 'miners:delete'] });
    await stores.db.update(memberships).set({ state: 'suspended' });
    const grant = { role: 'operator', platform: '*', reason: 'test', createdAt: now() };
    await stores.db.insert(grants).values({ id: 'grt_1', userId: 'usr_1', ...grant });
    expect(await scopesOf(text)).toEqual({ console: ['slo:read'], platform: [] });
  });
});

describe('the limit of a key', () => {
  it('is counted by all replicas together, by the minute of the clock', async () => {
    stores.clock.set(new Date(Math.ceil(now().getTime() / MINUTE_MS) * MINUTE_MS + 15 * SECOND_MS));
    const { text } = await plantKey(stores, { rateLimitPerMin: 4 });
    const replicas = [replica(), replica()] as const;
    const left: (number | undefined)[] = [];
    for (let i = 0; i < 4; i += 1) {
      const verdict = await ask(replicas[i % 2] ?? replicas[0], text);
      left.push(verdict.valid ? verdict.rate?.remaining : undefined);
    }
    expect(left).toEqual([3, 2, 1, 0]);
    for (const keys of replicas) {
      expect(await ask(keys, text)).toEqual({ valid: false, reason: 'rate_limited', retryAfterSeconds: 45 });
    }
    stores.clock.advance(45 * SECOND_MS);
    expect(await reasonOf(text, {}, replicas[0])).toBe('ok');
  });

  it('lets exactly so many of a hundred at once through', async () => {
    const { text } = await plantKey(stores, { rateLimitPerMin: 30 });
    const replicas = [replica(), replica()] as const;
    const verdicts = await Promise.all(
      Array.from({ length: 100 }, (_, i) => ask(replicas[i % 2] ?? replicas[0], text)),
    );
    expect(verdicts.filter((v) => v.valid)).toHaveLength(30);
  });

  it('holds in each replica alone while the shared memory is away', async () => {
    const { text } = await plantKey(stores, { rateLimitPerMin: 3 });
    const away = () => replica({ kv: { increment: () => Promise.reject(new Error('away')) } });
    for (const keys of [away(), away()]) {
      const outcomes: string[] = [];
      for (let i = 0; i < 5; i += 1) outcomes.push(await reasonOf(text, {}, keys));
      expect(outcomes).toEqual(['ok', 'ok', 'ok', 'rate_limited', 'rate_limited']);
    }
  });

  it('holds for calls at once as well while the shared memory is away', async () => {
    const { text } = await plantKey(stores, { rateLimitPerMin: 30 });
    const away = replica({ kv: { increment: () => Promise.reject(new Error('away')) } });
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => ask(away, text)));
    expect(verdicts.filter((v) => v.valid)).toHaveLength(30);
  });

  it('is told to callers of the console as too many requests', async () => {
    const { text } = await plantKey(stores, { rateLimitPerMin: 1 });
    const keys = replica();
    expect(await keys.verify(text, from)).not.toBeNull();
    await expect(keys.verify(text, from)).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

describe('a verification', () => {
  it('writes nothing, and counts the scopes that were used', async () => {
    const { text } = await plantKey(stores, { firstUsedAt: now() });
    const ctx = testCtx(stores);
    let writes = 0;
    const db = new Proxy(ctx.db, {
      get: (target, name, receiver) => {
        if (name === 'transaction') writes += 1;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    const outcomes: string[] = [];
    const keys = keysOver(stores, { ...ctx, db }, { onVerdict: (outcome) => outcomes.push(outcome) });
    await ask(keys, text, { permission: 'miners:read' });
    await keys.verify(text, { ...from, permission: 'slo:read' });
    await keys.verify(text, { ...from, permission: 'slo:write' });
    expect(writes).toBe(0);
    expect(outcomes).toEqual(['ok', 'ok', 'scope']);
  });

  it('is answered from memory until something changes, whoever the key acts for', async () => {
    await person();
    await account('admin');
    for (const ownerId of [null, 'usr_1']) {
      const { text } = await plantKey(stores, { ownerId, firstUsedAt: now() });
      const ctx = testCtx(stores);
      const sources: string[] = [];
      const keys = keysOver(stores, ctx, { onLookup: (source) => sources.push(source) });
      for (let i = 0; i < 2; i += 1) await ask(keys, text);
      ctx.hub.publish('users');
      expect(await reasonOf(text, {}, keys)).toBe('ok');
      expect(sources).toEqual(['database', 'memory', 'database']);
    }
  });

  it('of many keys at once finds each its own, and none for strangers', async () => {
    const planted: { id: string; text: string }[] = [];
    for (let i = 0; i < 20; i += 1) planted.push(await plantKey(stores, { firstUsedAt: now() }));
    const texts = [...planted, ...planted].flatMap(({ text }) => [text, keyText()]);
    const keys = replica();
    const found = await Promise.all(texts.map((text) => ask(keys, text)));
    const ids = found.map((verdict) => (verdict.valid ? verdict.key.id : verdict.reason));
    expect(ids).toEqual([...planted, ...planted].flatMap(({ id }) => [id, 'unknown']));
  });

  it('fails for everybody who waited when the database does not answer, and works again after', async () => {
    const { text } = await plantKey(stores, { firstUsedAt: now() });
    const ctx = testCtx(stores);
    let isDown = true;
    const db = new Proxy(ctx.db, {
      get: (target, name, receiver) => {
        if (name === 'select' && isDown) throw new Error('down');
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    const keys = keysOver(stores, { ...ctx, db });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => ask(keys, text)));
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
    isDown = false;
    expect(await reasonOf(text, {}, keys)).toBe('ok');
  });

  it('follows its owner when it comes to act for somebody, or for somebody else', async () => {
    await person('suspended');
    const { text, id } = await plantKey(stores, { firstUsedAt: now() });
    const ctx = testCtx(stores);
    const keys = keysOver(stores, { ...ctx, hub: { ...ctx.hub, version: () => null } });
    const actFor = (ownerId: string | null) => stores.db.update(apiKeys).set({ ownerId }).where(eq(apiKeys.id, id));
    const seen: string[] = [];
    for (const ownerId of [null, 'usr_1', null]) {
      await actFor(ownerId);
      seen.push(await reasonOf(text, {}, keys));
    }
    expect(seen).toEqual(['ok', 'owner_suspended', 'ok']);
  });

  it('of the key that measures revocation leaves no trace', async () => {
    const { text, id } = await plantKey(stores, { isProbe: true, quarantinedAt: now() });
    const keys = replica();
    expect(await keys.verify(text, from)).toBeNull();
    await keys.flushUsage();
    expect(await stores.db.select().from(keyUsage).where(eq(keyUsage.keyId, id))).toEqual([]);
    expect(await stores.db.select().from(auditEvents)).toEqual([]);
  });

  it('agrees with other replicas at the edge of an overlap, however wrong their clocks are', async () => {
    const edgeMs = now().getTime() + DAY_MS;
    const { text } = await plantKey(stores, { endsAt: new Date(edgeMs) });
    const skewed = (skewMs: number, storeMs: () => number) => {
      const wrong = () => new Date(stores.clock.now().getTime() + skewMs);
      const storeClock = { now: () => new Date(storeMs()), measure: () => Promise.resolve() };
      return keysOver(stores, { ...testCtx(stores), now: wrong }, { storeClock });
    };
    for (const [atMs, outcome] of [
      [edgeMs - 1, 'ok'],
      [edgeMs, 'rotated'],
    ] as const) {
      for (const skewMs of [-5 * MINUTE_MS, 5 * MINUTE_MS]) {
        expect(
          await reasonOf(
            text,
            {},
            skewed(skewMs, () => atMs),
          ),
        ).toBe(outcome);
      }
    }
  });

  it('is read anew each time where replicas share a database and nothing tells them of each other', async () => {
    const { text, id } = await plantKey(stores, { firstUsedAt: now() });
    const hub = await createHub(createMemoryKv(now), silentLog, { isAlone: false });
    const keys = keysOver(stores, { ...testCtx(stores), hub });
    expect(await reasonOf(text, {}, keys)).toBe('ok');
    await stores.db.update(apiKeys).set({ revokedAt: now() }).where(eq(apiKeys.id, id));
    expect(await reasonOf(text, {}, keys)).toBe('revoked');
    await hub.close();
  });

  it('does not remember what was read before a change, though it came after the word of it', async () => {
    const { text, id } = await plantKey(stores);
    const ctx = testCtx(stores);
    const keys = keysOver(stores, ctx);
    const racing = ask(keys, text);
    ctx.hub.publish('api-keys');
    expect(await racing).toMatchObject({ valid: true });
    await stores.db.update(apiKeys).set({ revokedAt: now() }).where(eq(apiKeys.id, id));
    expect(await reasonOf(text, {}, keys)).toBe('revoked');
  });
});
