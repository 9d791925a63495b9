import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTestStores, type TestStores } from '../../test/stores.ts';
import type { Db, Tx } from './client.ts';
import { auditEvents, auditHead, grants, sliMinute, sliPushed, users } from './schema/index.ts';

const at = new Date('2026-01-01T00:00:00Z');

let stores: TestStores;
let db: Db;
beforeAll(async () => {
  stores = await openTestStores();
  db = stores.db;
});
afterAll(() => stores.close());
// Truncating fires no row triggers: the one way past the last owner.
afterEach(() => db.execute(sql`TRUNCATE users CASCADE`));

async function addOwner(id: string, options: { isDemo?: boolean; expiresAt?: Date } = {}): Promise<void> {
  const { isDemo = false, expiresAt } = options;
  await db.insert(users).values({
    id,
    email: `${id}@example.test`,
    emailKey: `${id}@example.test`,
    name: id,
    passwordHash: '$argon2id$',
    state: 'active',
    isDemo,
    createdAt: at,
  });
  await db.insert(grants).values({
    id: `grant_${id}`,
    userId: id,
    role: 'owner',
    platform: '*',
    reason: 'test',
    createdAt: at,
    ...(expiresAt ? { expiresAt } : {}),
  });
}

/** A failed statement comes wrapped with its cause, a failed COMMIT on one of the drivers does not. */
async function lastOwnerRefused(change: Promise<unknown>): Promise<void> {
  const error: unknown = await change.then(
    () => null,
    (reason: unknown) => reason,
  );
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  expect(cause).toMatchObject({ code: '23514', constraint: 'last_owner' });
}

describe('the last owner', () => {
  test('can be anything until there was one', async () => {
    await addOwner('demo', { isDemo: true });
    await db.insert(users).values({
      id: 'plain',
      email: 'p@example.test',
      emailKey: 'p@example.test',
      name: 'Plain',
      state: 'active',
      createdAt: at,
    });
    await db.update(users).set({ state: 'suspended' }).where(eq(users.id, 'plain'));
    await db.delete(users).where(eq(users.id, 'plain'));
    await db.delete(users).where(eq(users.id, 'demo'));
    expect(await db.select().from(users)).toEqual([]);
  });

  test('cannot be suspended, expired, demoted, moved or removed', async () => {
    await addOwner('ada');
    await addOwner('demo', { isDemo: true });
    await addOwner('guest', { expiresAt: new Date('2030-01-01T00:00:00Z') });
    const ofAda = eq(grants.userId, 'ada');
    await lastOwnerRefused(db.update(users).set({ state: 'suspended' }).where(eq(users.id, 'ada')));
    await lastOwnerRefused(db.update(grants).set({ expiresAt: at }).where(ofAda));
    await lastOwnerRefused(db.update(grants).set({ role: 'admin' }).where(ofAda));
    await lastOwnerRefused(db.update(grants).set({ platform: 'shop' }).where(ofAda));
    await lastOwnerRefused(db.delete(grants).where(ofAda));
    await lastOwnerRefused(db.update(users).set({ passwordHash: null }).where(eq(users.id, 'ada')));
    await lastOwnerRefused(db.delete(users).where(eq(users.id, 'ada')));
    await lastOwnerRefused(db.delete(users));
    const [ada] = await db.select().from(users).where(eq(users.id, 'ada'));
    expect(ada?.state).toBe('active');
    expect(await db.select().from(grants).where(ofAda)).toMatchObject([
      { role: 'owner', platform: '*', expiresAt: null },
    ]);
  });

  test('may hand over in one transaction, in either order, and then go', async () => {
    await addOwner('ada');
    await db.transaction(async (tx) => {
      await tx.delete(grants).where(eq(grants.userId, 'ada'));
      await tx.insert(users).values({
        id: 'bo',
        email: 'bo@example.test',
        emailKey: 'bo@example.test',
        name: 'Bo',
        passwordHash: '$argon2id$',
        state: 'active',
        createdAt: at,
      });
      const grant = {
        id: 'grant_bo',
        userId: 'bo',
        role: 'owner',
        platform: '*',
        reason: 'handed over',
        createdAt: at,
      };
      await tx.insert(grants).values(grant);
    });
    await db.delete(users).where(eq(users.id, 'ada'));
    await lastOwnerRefused(db.delete(users).where(eq(users.id, 'bo')));
  });

  test('demo people leave while a real owner stays', async () => {
    await addOwner('ada');
    await addOwner('demo', { isDemo: true });
    await db.delete(users).where(eq(users.isDemo, true));
    expect(await db.select({ id: users.id }).from(users)).toEqual([{ id: 'ada' }]);
  });

  test('two owners who remove each other at once: one stays', async () => {
    await addOwner('ada');
    await addOwner('bo');
    const outcome = (change: Promise<unknown>): Promise<string> =>
      change.then(
        () => 'done',
        () => 'refused',
      );
    const remove = (id: string, beforeCommit: (tx: Tx) => Promise<void>): Promise<string> =>
      outcome(
        db.transaction(async (tx) => {
          await tx.delete(users).where(eq(users.id, id));
          await beforeCommit(tx);
        }),
      );
    const checked = Promise.withResolvers<void>();
    const second: string[] = [];
    const ada = remove('ada', async (tx) => {
      await tx.execute(sql`SET CONSTRAINTS ALL IMMEDIATE`);
      checked.resolve();
      // Her check has passed, hers is not committed: the other must wait for it, or both would pass.
      if (stores.kind === 'postgres') while (second.length === 0 && !(await someoneWaits(tx)));
    });
    await checked.promise;
    const bo = remove('bo', async () => undefined).then((result) => second.push(result));
    expect(await ada).toBe('done');
    await bo;
    expect(second).toEqual(['refused']);
    expect(await db.select({ id: users.id }).from(users)).toEqual([{ id: 'bo' }]);
  });
});

async function someoneWaits(tx: Tx): Promise<boolean> {
  const [row] = await tx
    .select({ waiting: sql<number>`count(*)::int` })
    .from(sql`pg_locks`)
    .where(
      sql`locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
    );
  return (row?.waiting ?? 0) > 0;
}

describe('the audit log', () => {
  const hash = new Uint8Array(32).fill(7);
  const event = {
    seq: 1,
    eventId: 'e1',
    timestamp: at,
    level: 'info' as const,
    category: 'test',
    action: 'test.happened',
    status: 'success' as const,
    actorKind: 'system' as const,
    requestId: 'r1',
    details: {},
    prevHash: new Uint8Array(32),
    hash,
  };

  test('begins with one head of 32 zero bytes', async () => {
    expect(await db.select().from(auditHead)).toStrictEqual([{ id: 'main', seq: 0, hash: new Uint8Array(32) }]);
  });

  test('takes rows, and never changes or removes one', async () => {
    await db.insert(auditEvents).values(event);
    const refused = { cause: { code: '23001', message: expect.stringContaining('audit_events keeps what it holds') } };
    await expect(db.update(auditEvents).set({ action: 'other' })).rejects.toMatchObject(refused);
    await expect(db.delete(auditEvents)).rejects.toMatchObject(refused);
    await expect(db.execute(sql`TRUNCATE audit_events`)).rejects.toMatchObject(refused);
    expect(await db.select({ action: auditEvents.action }).from(auditEvents)).toEqual([{ action: 'test.happened' }]);
  });

  test('has a head that moves on, not back, and stays', async () => {
    await db.update(auditHead).set({ seq: 5, hash });
    await expect(db.update(auditHead).set({ seq: 4 })).rejects.toMatchObject({ cause: { code: '23001' } });
    await expect(db.update(auditHead).set({ seq: 5 })).rejects.toMatchObject({ cause: { code: '23001' } });
    await expect(db.delete(auditHead)).rejects.toMatchObject({ cause: { code: '23001' } });
    await expect(db.insert(auditHead).values({ id: 'second', seq: 0, hash })).rejects.toMatchObject({
      cause: { code: '23514' },
    });
  });
});

describe('counts', () => {
  const refused = { cause: { code: '23514' } };
  test.each([
    { total: 5, bad: 6, observed: 1 },
    { total: 5, bad: -1, observed: 1 },
    { total: 5, bad: 1, observed: -1 },
  ])('refuse $bad bad of $total in $observed minutes', async (counts) => {
    await expect(db.insert(sliMinute).values({ sliId: 1, m: 1, ...counts })).rejects.toMatchObject(refused);
  });

  test('refuse more good than there were, and fewer than none', async () => {
    await expect(db.insert(sliPushed).values({ sliId: 1, at, good: 2, total: 1 })).rejects.toMatchObject(refused);
    await expect(db.insert(sliPushed).values({ sliId: 1, at, good: -1, total: 1 })).rejects.toMatchObject(refused);
  });

  test('of an hour are read from the index alone', async () => {
    const [index] = await db
      .select({ definition: sql<string>`pg_get_indexdef('sli_hour_sli_id_m_pk'::regclass)` })
      .from(sql`(VALUES (1)) AS one`);
    expect(index?.definition).toContain('(sli_id, m) INCLUDE (total, bad, observed)');
  });
});
