import {
  defaultKeyPolicy,
  keyFilters,
  keyState,
  listKeyRowsInput,
  rotationDueMs,
  type KeyFilter,
  type KeyPolicyFacts,
} from '@qd/shared/api-keys';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addKeys, keyRow } from '../../../test/api-keys.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import {
  apiKeys,
  keyConsumers,
  keyMinutes,
  keyPolicies,
  keyRotations,
  keyScopeUsage,
  keyUsage,
  platforms,
  users,
} from '../../db/schema/index.ts';
import { keyDetail, keyScopeUse, keyUsage as usageOf } from './service/list/detail.ts';
import { countKeyRows, listKeyRows } from './service/list/list.ts';
import { standingOf } from './service/standing.ts';

type Row = typeof apiKeys.$inferInsert;

let stores: TestStores;
const now = new Date('2026-10-03T14:47:30Z');
const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
const inDays = (days: number) => ago(-days);
beforeAll(async () => {
  stores = await openTestStores();
  const rows = [
    ['hashinsight', 'HashInsight'],
    ['stellar-escrow', 'StellarEscrow'],
  ];
  await stores.db.insert(platforms).values(rows.map(([id = '', name = '']) => ({ id, name, createdAt: now })));
  const quarterly: KeyPolicyFacts = { ...defaultKeyPolicy('stellar-escrow'), rotation: { by: 'quarter' } };
  await stores.db.insert(keyPolicies).values({ platform: 'stellar-escrow', policy: quarterly, updatedAt: now });
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  stores.clock.set(now);
  await stores.db.insert(users).values(
    [
      ['usr_gone', 'suspended'],
      ['usr_here', 'active'],
    ].map(([id = '', state = '']) => ({
      id,
      name: `Person ${id}`,
      email: `${id}@example.test`,
      emailKey: `${id}@example.test`,
      state: state as 'active',
      createdAt: now,
    })),
  );
});

const key = (id: string, over: Partial<Row> = {}) => keyRow(id, now, { lastUsedAt: ago(1), ...over });
const consumer = (lineageId: string, over: Partial<typeof keyConsumers.$inferInsert> = {}) =>
  stores.db.insert(keyConsumers).values({
    id: `kco_${lineageId}_${over.name ?? 'edge'}`,
    lineageId,
    name: 'edge',
    ownerName: 'Edge team',
    channel: 'email',
    address: 'edge@example.test',
    createdAt: now,
    ...over,
  });
const rotate = (oldKeyId: string, newKeyId: string, over: Partial<typeof keyRotations.$inferInsert> = {}) =>
  stores.db.insert(keyRotations).values({
    id: `rot_${oldKeyId}`,
    oldKeyId,
    newKeyId,
    reason: 'due',
    startedAt: ago(1),
    deadlineAt: inDays(6),
    ...over,
  });
const called = (keyId: string, over: Partial<typeof keyUsage.$inferInsert> = {}) =>
  stores.db.insert(keyUsage).values({
    keyId,
    startsAt: new Date('2026-10-03T14:40:00Z'),
    spanMs: 600_000,
    address: '198.51.100.7',
    agent: 'edge/1',
    outcome: 'ok',
    count: 10,
    lastAt: new Date('2026-10-03T14:47:00Z'),
    ...over,
  });
const list = async (input: object = {}, actor = actorWith('admin')) =>
  listKeyRows(testCtx(stores, { actor }), listKeyRowsInput.parse(input));
const ids = async (show: KeyFilter, input: object = {}) => (await list({ show, ...input })).rows.map((row) => row.id);
const counts = () => countKeyRows(testCtx(stores), {});

/** Every combination of the values. */
function crossed<T extends Record<string, readonly unknown[]>>(values: T): { [K in keyof T]: T[K][number] }[] {
  const all = Object.entries(values).reduce<Record<string, unknown>[]>(
    (found, [name, options]) => found.flatMap((one) => options.map((option) => ({ ...one, [name]: option }))),
    [{}],
  );
  return all as { [K in keyof T]: T[K][number] }[];
}

describe('the state a filter goes by', () => {
  it('is the one of the rules, for every way a key may stand', async () => {
    const instants = [null, ago(2), now, inDays(2)];
    const ways = crossed({
      revokedAt: [null, ago(3)],
      quarantinedAt: [null, ago(4)],
      endsAt: instants,
      expiresAt: instants,
      ownerId: [null, 'usr_gone', 'usr_here'],
      activatedAt: [null, ago(30)],
    });
    const rows = ways.map((way, i) =>
      key(`k${String(i).padStart(7, '0')}`, { ...way, ...(way.activatedAt === null && { hash: null }) }),
    );
    await addKeys(stores, rows);
    const states = new Map<string, string>();
    for (let cursor: string | undefined, done = false; !done;) {
      const page = await list({ limit: 200, ...(cursor !== undefined && { cursor }) });
      for (const row of page.rows) states.set(row.id, row.state);
      cursor = page.nextCursor ?? undefined;
      done = cursor === undefined;
    }
    const owners = { usr_gone: 'suspended', usr_here: 'active' } as const;
    const expected = rows.map((row) => {
      const owner = row.ownerId == null ? null : owners[row.ownerId as keyof typeof owners];
      const filled = { activatedAt: null, expiresAt: null, endsAt: null, quarantinedAt: null, revokedAt: null };
      return [row.id, keyState(standingOf({ ...filled, ownerId: null, ...row } as never, owner), now.getTime())];
    });
    expect(Object.fromEntries(states)).toEqual(Object.fromEntries(expected));
    expect(new Set(states.values()).size).toBe(8);
  });
});

describe('filters', () => {
  beforeEach(async () => {
    await addKeys(stores, [
      key('plain000'),
      key('expiring', { expiresAt: inDays(5) }),
      key('idle0000', { lastUsedAt: ago(41) }),
      key('neverold', { lastUsedAt: null, activatedAt: ago(31), createdAt: ago(31) }),
      key('duesoon0', { activatedAt: ago(84) }),
      key('overdue0', { platform: 'stellar-escrow', activatedAt: ago(60), name: 'Admin', expiresAt: null }),
      key('quarter0', { platform: 'stellar-escrow', activatedAt: ago(10), expiresAt: null }),
      key('revoked0', { revokedAt: ago(46), endReason: 'suspected leak', endedBy: 'usr_here' }),
      key('longgone', { revokedAt: ago(91) }),
      key('caught00', { quarantinedAt: ago(1) }),
    ]);
    for (const id of ['plain000', 'expiring', 'idle0000', 'neverold', 'duesoon0', 'overdue0', 'quarter0'])
      await consumer(id);
  });

  it.each<[KeyFilter, string[]]>([
    [
      'all',
      ['caught00', 'duesoon0', 'expiring', 'idle0000', 'neverold', 'plain000', 'revoked0', 'overdue0', 'quarter0'],
    ],
    ['due', ['duesoon0', 'overdue0']],
    ['expiring', ['expiring']],
    ['unused', ['idle0000', 'neverold']],
    ['no_consumer', ['caught00']],
    ['ended', ['longgone', 'revoked0']],
  ])('find %s, and count what they find', async (show, expected) => {
    expect(await ids(show)).toEqual(expected);
    expect((await counts()).counts[show]).toBe(expected.length);
  });

  it('name the key that is most overdue, and what ends first', async () => {
    const { overdue, expiring, quarantined, live, usable, hasKeys } = await counts();
    const at = rotationDueMs({ by: 'quarter' }, ago(60).getTime());
    expect(overdue).toEqual({
      count: 1,
      first: { id: 'overdue0', name: 'Admin', platformName: 'StellarEscrow', at },
    });
    expect(expiring).toMatchObject({ count: 1, first: { id: 'expiring', at: inDays(5).getTime() } });
    expect(quarantined).toMatchObject({ count: 1, first: { id: 'caught00' } });
    expect({ live, usable, hasKeys }).toEqual({ live: 8, usable: 7, hasKeys: true });
  });

  it('leave out the key the console measures itself with', async () => {
    await addKeys(stores, [key('probe000', { platform: '*', isProbe: true })]);
    expect(await ids('all')).not.toContain('probe000');
    expect(Object.keys((await counts()).policies)).toEqual(['hashinsight', 'stellar-escrow']);
    await expect(keyDetail(testCtx(stores), 'probe000')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('agree with what the rows say is due', async () => {
    const rows = (await list()).rows;
    expect(rows.filter((row) => row.isDue).map((row) => row.id)).toEqual(await ids('due'));
    expect(rows.find((row) => row.id === 'revoked0')).toMatchObject({
      state: 'revoked',
      endedAt: ago(46).getTime(),
      endReason: 'suspected leak',
      endedByName: 'Person usr_here',
      rotationDueAt: null,
    });
  });

  it('are narrowed by platform, words of the name and the beginning of an id', async () => {
    expect(await ids('all', { platform: 'stellar-escrow' })).toEqual(['overdue0', 'quarter0']);
    expect(await ids('all', { text: 'ADMIN' })).toEqual(['overdue0']);
    expect(await ids('all', { text: 'plain0' })).toEqual(['plain000']);
    expect(await ids('all', { text: `hsi_prod_key_plain000${'x'.repeat(38)}` })).toEqual(['plain000']);
    expect(await ids('all', { text: '%' })).toEqual([]);
  });

  it('show nothing of platforms the reader does not see, and what is for all platforms only to who sees all', async () => {
    await addKeys(stores, [key('everyone', { platform: '*' })]);
    const reader = actorWith('admin', 'stellar-escrow');
    expect((await list({}, reader)).rows.map((row) => row.id)).toEqual(['overdue0', 'quarter0']);
    expect((await list({ platform: 'hashinsight' }, reader)).rows).toEqual([]);
    const seen = await countKeyRows(testCtx(stores, { actor: reader }), {});
    expect(seen).toMatchObject({ live: 2, policies: { 'stellar-escrow': { rotation: { by: 'quarter' } } } });
    expect(Object.keys(seen.policies)).toEqual(['stellar-escrow']);
    expect((await list()).rows[0]).toMatchObject({ id: 'everyone', platformName: 'All platforms' });
    for (const read of [keyDetail(testCtx(stores, { actor: reader }), 'plain000')])
      await expect(read).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('pages', () => {
  it('go on where the last one ended, each key once, in one order', async () => {
    const names = ['b', 'A', 'a', 'C', 'b'];
    await addKeys(
      stores,
      names.flatMap((name, i) =>
        ['hashinsight', 'stellar-escrow'].map((platform) => key(`${platform.slice(0, 3)}${i}0000`, { name, platform })),
      ),
    );
    const whole = await ids('all');
    const paged: string[] = [];
    for (let cursor: string | undefined, done = false; !done;) {
      const page = await list({ limit: 3, ...(cursor !== undefined && { cursor }) });
      paged.push(...page.rows.map((row) => row.id));
      cursor = page.nextCursor ?? undefined;
      done = cursor === undefined;
    }
    expect(paged).toEqual(whole);
    expect(whole.slice(0, 5)).toEqual(['has10000', 'has20000', 'has00000', 'has40000', 'has30000']);
    expect(await list({ cursor: 'nothing' })).toEqual({ rows: [], nextCursor: null });
  });
});

describe('a rotation', () => {
  beforeEach(async () => {
    await addKeys(stores, [
      key('old00000', { endsAt: inDays(6) }),
      key('new00000', { lineageId: 'old00000', activatedAt: ago(1), expiresAt: inDays(89) }),
    ]);
    await rotate('old00000', 'new00000');
  });

  it('is one row with both keys, the calls of both, and who has moved', async () => {
    await consumer('old00000', { name: 'edge-1', ranges: ['198.51.100.0/24'] });
    await consumer('old00000', { name: 'edge-2', ranges: ['203.0.113.0/24'] });
    await consumer('old00000', { name: 'batch', agents: ['batch/'] });
    await called('new00000');
    await called('old00000', { address: '203.0.113.9', agent: 'edge/2' });
    const minute = { minuteAt: new Date('2026-10-03T14:46:00Z') };
    await stores.db.insert(keyMinutes).values([
      { keyId: 'old00000', ...minute, count: 30 },
      { keyId: 'new00000', ...minute, count: 12 },
      { keyId: 'new00000', minuteAt: new Date('2026-10-03T14:47:00Z'), count: 999 },
      { keyId: 'new00000', minuteAt: new Date('2026-10-03T14:36:00Z'), count: 999 },
    ]);
    const { rows } = await list();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      id: 'old00000',
      state: 'rotating',
      stopsAt: inDays(6).getTime(),
      consumers: 3,
      ratePerMin: 4.2,
      rotation: { moved: 1, deadlineAt: inDays(6).getTime(), successor: { id: 'new00000', state: 'active' } },
      rotationDueAt: null,
    });
    expect((await counts()).rotating).toMatchObject({ count: 1, first: { consumers: 3, moved: 1 } });
  });

  it('leaves the new key in the row of the old one once it is over, and both where it was cancelled', async () => {
    await stores.db
      .update(apiKeys)
      .set({ endsAt: ago(0.5) })
      .where(eq(apiKeys.id, 'old00000'));
    await stores.db.update(keyRotations).set({ closedAt: ago(0.5), outcome: 'completed' });
    expect((await list()).rows).toMatchObject([
      { id: 'new00000', state: 'active', rotation: null, previous: { id: 'old00000' } },
    ]);
    await stores.db.update(keyRotations).set({ outcome: 'cancelled' });
    expect((await list()).rows).toMatchObject([
      { id: 'new00000', previous: null },
      { id: 'old00000', previous: null },
    ]);
  });

  it('is told on the page of either key, with all keys of the line', async () => {
    const ctx = testCtx(stores);
    expect(await keyDetail(ctx, 'new00000')).toMatchObject({
      id: 'new00000',
      rotation: null,
      scopeNames: ['slo:read'],
      policy: { rotation: { by: 'age', everyDays: 90 }, overlapDays: 7 },
      lineage: [{ id: 'new00000' }, { id: 'old00000' }],
    });
  });
});

describe('use of a key', () => {
  it('is told by caller, the busiest first, and by outcome', async () => {
    await addKeys(stores, [key('plain000')]);
    await consumer('plain000', { name: 'edge', ranges: ['198.51.100.7/32'] });
    await called('plain000');
    await called('plain000', { outcome: 'rate_limited', count: 3 });
    await called('plain000', { address: '203.0.113.1', agent: 'curl/8', count: 20 });
    await called('plain000', { startsAt: new Date(now.getTime() - 25 * HOUR_MS), count: 1_000, lastAt: ago(1) });
    expect(await usageOf(testCtx(stores), { id: 'plain000', hours: 24 })).toEqual({
      fromAt: Date.UTC(2026, 9, 2, 14, 40),
      asOf: now.getTime(),
      calls: 33,
      refused: 3,
      callers: [
        {
          address: '203.0.113.1',
          agent: 'curl/8',
          consumer: null,
          calls: 20,
          refused: 0,
          lastAt: Date.UTC(2026, 9, 3, 14, 47),
        },
        {
          address: '198.51.100.7',
          agent: 'edge/1',
          consumer: 'edge',
          calls: 13,
          refused: 3,
          lastAt: Date.UTC(2026, 9, 3, 14, 47),
        },
      ],
      moreCallers: 0,
      outcomes: [
        { outcome: 'ok', calls: 30 },
        { outcome: 'rate_limited', calls: 3 },
      ],
    });
    expect((await list()).rows[0]).toMatchObject({ refusedToday: 3 });
  });

  it('names the fifty busiest callers and counts the rest', async () => {
    await addKeys(stores, [key('plain000')]);
    for (let i = 0; i < 60; i += 1) await called('plain000', { address: `10.0.0.${i}`, count: i + 1 });
    const use = await usageOf(testCtx(stores), { id: 'plain000', hours: 1 });
    expect(use).toMatchObject({ calls: 1_830, moreCallers: 10 });
    expect(use.callers.map((caller) => caller.calls)).toEqual(Array.from({ length: 50 }, (_, i) => 60 - i));
  });

  it('tells which scopes were used within 30 days, and whether silence means something', async () => {
    await addKeys(stores, [key('plain000', { scopes: ['a:read', 'b:read', 'c:read'] })]);
    const day = (days: number) => ago(days).toISOString().slice(0, 10);
    await stores.db.insert(keyScopeUsage).values([
      { keyId: 'plain000', scope: 'b:read', day: day(0), count: 4 },
      { keyId: 'plain000', scope: 'b:read', day: day(29), count: 1 },
      { keyId: 'plain000', scope: 'c:read', day: day(30), count: 9 },
      { keyId: 'plain000', scope: 'gone:read', day: day(1), count: 2 },
    ]);
    expect(await keyScopeUse(testCtx(stores), { id: 'plain000' })).toEqual({
      days: 30,
      used: 1,
      scopes: [
        { scope: 'b:read', calls: 5, lastDay: day(0) },
        { scope: 'a:read', calls: 0, lastDay: null },
        { scope: 'c:read', calls: 0, lastDay: null },
      ],
      isConclusive: true,
    });
    expect((await list()).rows[0]).toMatchObject({ scopes: 3, scopesUsed: 1 });
    stores.clock.set(new Date(now.getTime() - MINUTE_MS));
    expect(await keyScopeUse(testCtx(stores), { id: 'plain000' })).toMatchObject({ isConclusive: false });
  });
});

describe('five thousand keys', () => {
  it('take few statements, and counts of use are read for the keys of the page alone', async () => {
    await addKeys(
      stores,
      Array.from({ length: 5_000 }, (_, i) => key(`k${String(i).padStart(7, '0')}`, { name: `Key ${i % 700}` })),
    );
    await called('k0000000');
    const ctx = testCtx(stores);
    const statements: unknown[] = [];
    const db = new Proxy(ctx.db, {
      get: (target, name, receiver) => {
        if (name !== 'execute') return Reflect.get(target, name, receiver) as unknown;
        return (statement: never) => {
          statements.push(statement);
          return target.execute(statement);
        };
      },
    });
    const page = await listKeyRows({ ...ctx, db }, listKeyRowsInput.parse({ limit: 50 }));
    expect(page.rows).toHaveLength(50);
    expect(statements).toHaveLength(1);
    for (const show of keyFilters)
      expect((await counts()).counts[show]).toBe(show === 'all' || show === 'no_consumer' ? 5_000 : 0);
  });
});
