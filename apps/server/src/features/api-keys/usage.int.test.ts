import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addKeys, keyRow } from '../../../test/api-keys.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, keyMinutes, keyScopeUsage, keyUsage } from '../../db/schema/index.ts';
import { createKeyUsage, type KeyCall, type OnFirstUse } from './service/key-usage.ts';
import { foldUsage } from './service/usage/fold.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  stores.clock.set(new Date('2026-10-03T14:47:30Z'));
  await addKeys(stores, [
    keyRow('aaaaaaaa', stores.clock.now(), { firstUsedAt: new Date('2026-09-20T00:00:00Z') }),
    keyRow('bbbbbbbb', stores.clock.now()),
  ]);
});

const used = { id: 'aaaaaaaa', firstUsedAt: new Date('2026-09-20T00:00:00Z') };
const fresh = { id: 'bbbbbbbb', firstUsedAt: null };
const call = (change: Partial<KeyCall> = {}): KeyCall => ({
  atMs: stores.clock.now().getTime(),
  address: '198.51.100.7',
  agent: 'edge/1',
  outcome: 'ok',
  scope: 'slo:read',
  ...change,
});
/** Usage as one replica has it; `state.isDown` makes its database refuse to write, `state.writes` counts transactions. */
function replica(onFirstUse?: OnFirstUse) {
  const ctx = testCtx(stores);
  const state = { isDown: false, writes: 0 };
  const db = new Proxy(ctx.db, {
    get: (target, name, receiver) => {
      if (name === 'transaction') state.writes += 1;
      if (name === 'transaction' && state.isDown) return () => Promise.reject(new Error('down'));
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  return { ctx, state, usage: createKeyUsage({ ...ctx, db }, onFirstUse) };
}
const spans = () =>
  stores.db.select().from(keyUsage).orderBy(asc(keyUsage.startsAt), asc(keyUsage.address), asc(keyUsage.outcome));
const keyOf = async (id: string) => (await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0];
const sum = (rows: readonly { count: number }[]) => rows.reduce((total, row) => total + row.count, 0);

describe('counting', () => {
  it('writes nothing beside the calls and everything once, by caller, outcome, minute and scope', async () => {
    const { usage, state } = replica();
    for (let i = 0; i < 50; i += 1) await usage.note(used, call());
    await usage.note(used, call({ outcome: 'scope_missing', scope: 'slo:write' }));
    stores.clock.advance(MINUTE_MS);
    await usage.note(used, call({ outcome: 'rate_limited' }));
    expect(state.writes).toBe(0);
    await usage.flush();
    expect(state.writes).toBe(1);
    const startsAt = new Date('2026-10-03T14:40:00Z');
    const caller = { keyId: 'aaaaaaaa', startsAt, spanMs: 600_000, address: '198.51.100.7', agent: 'edge/1' };
    expect(await spans()).toEqual([
      { ...caller, outcome: 'ok', count: 50, lastAt: new Date('2026-10-03T14:47:30Z') },
      { ...caller, outcome: 'rate_limited', count: 1, lastAt: new Date('2026-10-03T14:48:30Z') },
      { ...caller, outcome: 'scope_missing', count: 1, lastAt: new Date('2026-10-03T14:47:30Z') },
    ]);
    expect(await stores.db.select().from(keyMinutes).orderBy(asc(keyMinutes.minuteAt))).toEqual([
      { keyId: 'aaaaaaaa', minuteAt: new Date('2026-10-03T14:47:00Z'), count: 50 },
      { keyId: 'aaaaaaaa', minuteAt: new Date('2026-10-03T14:48:00Z'), count: 1 },
    ]);
    expect(await stores.db.select().from(keyScopeUsage)).toEqual([
      { keyId: 'aaaaaaaa', scope: 'slo:read', day: '2026-10-03', count: 50 },
    ]);
    expect(await keyOf('aaaaaaaa')).toMatchObject({ lastUsedAt: new Date('2026-10-03T14:47:30Z') });
    await usage.flush();
    expect(state.writes).toBe(1);
  });

  it('adds up what replicas count, whoever stores last', async () => {
    const [one, two] = [replica().usage, replica().usage];
    for (let i = 0; i < 3; i += 1) await one.note(used, call());
    stores.clock.advance(SECOND_MS);
    for (let i = 0; i < 4; i += 1) await two.note(used, call());
    await Promise.all([two.flush(), one.flush()]);
    expect(await spans()).toMatchObject([{ count: 7, lastAt: stores.clock.now() }]);
    expect((await keyOf('aaaaaaaa'))?.lastUsedAt).toEqual(stores.clock.now());
  });

  it('keeps sixteen callers of a key apart in a span, however many there are and however often it stores', async () => {
    const { usage } = replica();
    for (let i = 0; i < 500; i += 1) {
      await usage.note(used, call({ address: `198.51.100.${i % 250}`, agent: `bot/${i}` }));
      if (i % 100 === 99) await usage.flush();
    }
    const rows = await spans();
    expect(rows).toHaveLength(17);
    expect(rows.find((row) => row.address === 'other')).toMatchObject({ agent: '', count: 484 });
    stores.clock.advance(10 * MINUTE_MS);
    await usage.note(used, call({ address: '203.0.113.1' }));
    await usage.flush();
    expect((await spans()).at(-1)).toMatchObject({ address: '203.0.113.1', count: 1 });
  });

  it('keeps of a program’s name one printable line of 100 characters', async () => {
    const { usage } = replica();
    await usage.note(used, call({ agent: `a\n\u0000b\u202E${'é'.repeat(50)}${'c'.repeat(300)}` }));
    await usage.note(used, call({ agent: null, address: null }));
    await usage.flush();
    expect((await spans()).map((row) => row.agent)).toEqual(['', `ab${'c'.repeat(98)}`]);
  });

  it('loses no count when the database does not answer', async () => {
    const { usage, state } = replica();
    state.isDown = true;
    await usage.note(used, call());
    await expect(usage.flush()).rejects.toThrow('down');
    await usage.note(used, call());
    await expect(usage.flush()).rejects.toThrow('down');
    state.isDown = false;
    await usage.flush();
    expect(await spans()).toMatchObject([{ count: 2 }]);
    expect(await stores.db.select().from(keyMinutes)).toMatchObject([{ count: 2 }]);
  });
});

describe('the first use', () => {
  it('is stored at once and once, and told in the same transaction', async () => {
    const heard: [string, Date][] = [];
    const onFirstUse: OnFirstUse = async (_tx, keyId, at) => {
      heard.push([keyId, at]);
      return true;
    };
    const [one, two] = [replica(onFirstUse), replica(onFirstUse)];
    const first = stores.clock.now();
    await one.usage.note(fresh, call());
    expect(await keyOf('bbbbbbbb')).toMatchObject({ firstUsedAt: first, lastUsedAt: first });
    stores.clock.advance(SECOND_MS);
    await two.usage.note(fresh, call());
    await one.usage.note(fresh, call());
    expect(one.state.writes).toBe(1);
    await one.usage.flush();
    expect(await keyOf('bbbbbbbb')).toMatchObject({ firstUsedAt: first, lastUsedAt: stores.clock.now() });
    expect(heard).toEqual([['bbbbbbbb', first]]);
    expect([one.ctx.hub.published, two.ctx.hub.published]).toEqual([['api-keys'], []]);
  });

  it('is not one that was refused', async () => {
    const { usage, state } = replica();
    await usage.note(fresh, call({ outcome: 'quarantined' }));
    expect(state.writes).toBe(0);
    await usage.flush();
    expect(await keyOf('bbbbbbbb')).toMatchObject({ firstUsedAt: null, lastUsedAt: null });
    expect(await spans()).toMatchObject([{ outcome: 'quarantined', count: 1 }]);
  });

  it('is stored later when the database does not answer, or who hears of it fails', async () => {
    let isBroken = true;
    const { usage } = replica(() => (isBroken ? Promise.reject(new Error('broken')) : Promise.resolve(false)));
    const first = stores.clock.now();
    await usage.note(fresh, call());
    expect(await keyOf('bbbbbbbb')).toMatchObject({ firstUsedAt: null });
    isBroken = false;
    stores.clock.advance(10 * SECOND_MS);
    await usage.flush();
    expect(await keyOf('bbbbbbbb')).toMatchObject({ firstUsedAt: first });
    expect(await spans()).toMatchObject([{ count: 1 }]);
  });
});

describe('folding', () => {
  const store = (rows: { startsAt: Date; address?: string; spanMs?: number; count?: number; outcome?: string }[]) =>
    stores.db.insert(keyUsage).values(
      rows.map((row) => ({
        keyId: 'aaaaaaaa',
        spanMs: 600_000,
        address: '198.51.100.7',
        agent: 'edge/1',
        outcome: 'ok',
        count: 1,
        lastAt: row.startsAt,
        ...row,
      })),
    );

  it('makes one day of a whole day older than two days, and leaves younger spans', async () => {
    await store([
      { startsAt: new Date('2026-09-30T00:00:00Z') },
      { startsAt: new Date('2026-09-30T23:50:00Z'), count: 4 },
      { startsAt: new Date('2026-09-30T23:50:00Z'), outcome: 'revoked' },
      { startsAt: new Date('2026-10-01T00:00:00Z') },
    ]);
    await foldUsage(testCtx(stores));
    await foldUsage(testCtx(stores));
    const day = { startsAt: new Date('2026-09-30T00:00:00Z'), spanMs: DAY_MS };
    expect(await spans()).toMatchObject([
      { ...day, outcome: 'ok', count: 5, lastAt: new Date('2026-09-30T23:50:00Z') },
      { ...day, outcome: 'revoked', count: 1 },
      { startsAt: new Date('2026-10-01T00:00:00Z'), spanMs: 600_000, count: 1 },
    ]);
  });

  it('keeps the sixteen busiest callers of a day apart and every call counted', async () => {
    const at = (i: number) => new Date(Date.UTC(2026, 8, 29) + (i % 144) * 10 * MINUTE_MS);
    await store(
      Array.from({ length: 300 }, (_, i) => ({ startsAt: at(i), address: `10.0.${i >> 8}.${i & 255}`, count: i + 1 })),
    );
    await store([{ startsAt: at(0), address: 'other', count: 7 }]);
    await foldUsage(testCtx(stores));
    const rows = await spans();
    expect(rows).toHaveLength(17);
    expect(rows[0]).toMatchObject({ address: '10.0.1.28', count: 285 });
    expect(sum(rows)).toBe((300 * 301) / 2 + 7);
  });

  it('goes through every key, however many', async () => {
    const rows = Array.from({ length: 450 }, (_, i) => ({
      keyId: `k${i}`,
      startsAt: new Date('2026-09-28T05:00:00Z'),
    }));
    await store(rows);
    await foldUsage(testCtx(stores));
    expect((await spans()).map((row) => row.spanMs)).toEqual(rows.map(() => DAY_MS));
  });

  it('drops days after 400 days and minutes after 25 hours', async () => {
    const now = stores.clock.now().getTime();
    const day = (days: number) => new Date(Date.UTC(2026, 9, 3) - days * DAY_MS);
    await store([400, 401].map((days) => ({ startsAt: day(days), spanMs: DAY_MS })));
    const dayOf = (days: number) => day(days).toISOString().slice(0, 10);
    await stores.db
      .insert(keyScopeUsage)
      .values([400, 401].map((days) => ({ keyId: 'aaaaaaaa', scope: 'slo:read', day: dayOf(days), count: 1 })));
    await stores.db
      .insert(keyMinutes)
      .values([25, 26].map((hours) => ({ keyId: 'aaaaaaaa', minuteAt: new Date(now - hours * HOUR_MS), count: 1 })));
    await foldUsage(testCtx(stores));
    expect(await spans()).toMatchObject([{ startsAt: day(400) }]);
    expect(await stores.db.select().from(keyScopeUsage)).toMatchObject([{ day: dayOf(400) }]);
    expect(await stores.db.select().from(keyMinutes)).toHaveLength(1);
  });
});
