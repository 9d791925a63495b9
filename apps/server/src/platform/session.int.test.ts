import type { BuiltInRole } from '@qd/shared/permissions';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../test/empty-people.ts';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { endSession } from '../db/queries/sessions.ts';
import { grants, sessions, users } from '../db/schema/index.ts';
import { createSession, createSessionCache, IDLE_MS, lookupSession, SESSION_LIFE_MS } from './session.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const grantRow = (role: string, platform: string, expiresAt: Date | null = null) => ({
  id: `grt_${role}_${platform}`,
  userId: 'usr_1',
  role,
  platform,
  reason: 'test',
  createdAt: stores.clock.now(),
  expiresAt,
});

async function signedIn(...roles: BuiltInRole[]) {
  const now = stores.clock.now();
  const person = {
    id: 'usr_1',
    email: 'ada@example.com',
    emailKey: 'ada@example.com',
    name: 'Ada',
    state: 'active' as const,
    createdAt: now,
  };
  await stores.db.insert(users).values(person);
  const held = roles.map((role) => ({ role, platform: '*', expiresAt: null }));
  if (roles.length > 0) await stores.db.insert(grants).values(roles.map((r) => grantRow(r, '*')));
  return stores.db.transaction((tx) =>
    createSession(tx, { userId: 'usr_1', grants: held }, { now, address: '127.0.0.1', userAgent: 'test' }),
  );
}
const find = (token: string, options?: { touch: boolean }) => lookupSession(testCtx(stores), token, options);
const row = async () => (await stores.db.select().from(sessions))[0];

describe('a session', () => {
  it('is found by its token and gives the roles in force, in one', async () => {
    const { token } = await signedIn('operator', 'auditor');
    const found = await find(token);
    expect(found?.actor).toMatchObject({ kind: 'user', id: 'usr_1', role: 'auditor, operator', address: '127.0.0.1' });
    expect(found?.actor.grants).toHaveLength(2);
  });

  it('is found by nothing else', async () => {
    const { token } = await signedIn('operator');
    for (const other of [
      '',
      'x',
      token.slice(1),
      `${token}=`,
      `${token} `,
      'A'.repeat(43),
      "' or 1=1 --".padEnd(43, 'x'),
    ]) {
      expect(await find(other)).toBeNull();
    }
  });

  it('ends half an hour after its last use, to the millisecond', async () => {
    const { token } = await signedIn('operator');
    stores.clock.advance(IDLE_MS - 1);
    expect(await find(token, { touch: false })).not.toBeNull();
    stores.clock.advance(1);
    expect(await find(token)).toBeNull();
  });

  it('lives on while it is used, and no longer than twelve hours', async () => {
    const { token } = await signedIn('operator');
    const steps = SESSION_LIFE_MS / (20 * MINUTE_MS) - 1;
    for (let i = 0; i < steps; i += 1) {
      stores.clock.advance(20 * MINUTE_MS);
      expect(await find(token)).not.toBeNull();
    }
    stores.clock.advance(20 * MINUTE_MS - 1);
    expect(await find(token)).not.toBeNull();
    stores.clock.advance(1);
    expect(await find(token)).toBeNull();
  });

  it('is not kept alive by streams', async () => {
    const { token } = await signedIn('operator');
    for (let i = 0; i < 2; i += 1) {
      stores.clock.advance(IDLE_MS / 2);
      await find(token, { touch: false });
    }
    expect(await find(token)).toBeNull();
  });

  it('may lie unused all day for people who only watch', async () => {
    const { token } = await signedIn('stakeholder');
    stores.clock.advance(11 * HOUR_MS);
    expect(await find(token, { touch: false })).not.toBeNull();
    await stores.db.insert(grants).values(grantRow('operator', 'hashinsight'));
    expect(await find(token)).toBeNull();
  });

  it('notes its use once a minute', async () => {
    const { token } = await signedIn('operator');
    const begin = stores.clock.now();
    stores.clock.advance(59 * SECOND_MS);
    await find(token);
    expect((await row())?.lastSeenAt).toEqual(begin);
    stores.clock.advance(2 * SECOND_MS);
    await find(token);
    expect((await row())?.lastSeenAt).toEqual(stores.clock.now());
    const [person] = await stores.db.select().from(users);
    expect(person?.lastSeenAt).toEqual(stores.clock.now());
  });

  it('is gone at once when it is ended or the person suspended', async () => {
    const { token, sessionId } = await signedIn('operator');
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.id, 'usr_1'));
    expect(await find(token)).toBeNull();
    await stores.db.update(users).set({ state: 'active' }).where(eq(users.id, 'usr_1'));
    expect(await find(token)).not.toBeNull();
    await stores.db.transaction((tx) => endSession(tx, sessionId, stores.clock.now()));
    expect(await find(token)).toBeNull();
  });

  it('gives no right of a grant that ended, or of a role it does not know', async () => {
    const { token } = await signedIn('operator');
    const soon = new Date(stores.clock.now().getTime() + MINUTE_MS);
    await stores.db.insert(grants).values([grantRow('admin', '*', soon), grantRow('superuser', '*')]);
    const found = await find(token);
    expect(found?.actor.grants).toHaveLength(2);
    expect(found?.validUntilMs).toBe(soon.getTime());
    stores.clock.advance(MINUTE_MS);
    expect((await find(token))?.actor.grants).toHaveLength(1);
  });
});

describe('remembered sessions', () => {
  const remembering = () => {
    const ctx = testCtx(stores);
    return { ctx, cache: createSessionCache(ctx) };
  };

  it('ask the database once in five seconds', async () => {
    const { token } = await signedIn('operator');
    const { cache } = remembering();
    expect((await cache.find(token))?.actor.id).toBe('usr_1');
    // Changed behind everybody's back: only a question to the database can find out.
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.id, 'usr_1'));
    stores.clock.advance(5 * SECOND_MS - 1);
    expect((await cache.find(token))?.actor.id).toBe('usr_1');
    stores.clock.advance(1);
    expect(await cache.find(token)).toBeNull();
  });

  it('are looked up once for all who ask at the same time, and anew after a change', async () => {
    const { token } = await signedIn('operator');
    const { ctx, cache } = remembering();
    const together = [cache.find(token), cache.find(token), cache.find(token)];
    ctx.hub.publish('users');
    const later = cache.find(token);
    const [first, ...rest] = await Promise.all(together);
    expect(first?.actor.id).toBe('usr_1');
    for (const found of rest) expect(found).toBe(first);
    expect(await later).toEqual(first);
    expect(await later).not.toBe(first);
  });

  it('are forgotten as soon as anything about people changes', async () => {
    const { token } = await signedIn('operator');
    const { ctx, cache } = remembering();
    expect(await cache.find(token)).not.toBeNull();
    await stores.db.update(users).set({ state: 'suspended' });
    ctx.hub.publish('users');
    expect(await cache.find(token)).toBeNull();
  });

  it('are not kept while the bus is down', async () => {
    const { token } = await signedIn('operator');
    const ctx = { ...testCtx(stores) };
    const cache = createSessionCache({ ...ctx, hub: { ...ctx.hub, version: () => null } });
    expect(await cache.find(token)).not.toBeNull();
    await stores.db.update(users).set({ state: 'suspended' });
    expect(await cache.find(token)).toBeNull();
  });

  it('count as use when asked to, so that reading pages keeps a session alive', async () => {
    const { token } = await signedIn('operator');
    const { cache } = remembering();
    for (let i = 0; i < 3; i += 1) {
      stores.clock.advance(20 * MINUTE_MS);
      expect(await cache.find(token, { touch: true })).not.toBeNull();
    }
    stores.clock.advance(IDLE_MS);
    expect(await cache.find(token, { touch: true })).toBeNull();
  });

  it('do not outlive their deadlines', async () => {
    const { token } = await signedIn('operator');
    const { cache } = remembering();
    stores.clock.advance(IDLE_MS - SECOND_MS);
    expect(await cache.find(token)).not.toBeNull();
    stores.clock.advance(SECOND_MS);
    expect(await cache.find(token)).toBeNull();
  });

  it('forget a change that came while the database was being asked', async () => {
    const { token } = await signedIn('operator');
    const ctx = testCtx(stores);
    const cache = createSessionCache(ctx);
    const racing = cache.find(token);
    ctx.hub.publish('users');
    await racing;
    await stores.db.update(users).set({ state: 'suspended' });
    expect(await cache.find(token)).toBeNull();
  });
});
