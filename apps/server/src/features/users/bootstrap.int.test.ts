import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from '../../../test/browser.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import {
  auditEvents,
  bootstrapTokens,
  devices,
  grants,
  notifications,
  sessions,
  users,
} from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { anonymous } from '../../platform/request-context.ts';
import { lookupSession } from '../../platform/session.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { createSessionRouter } from './router.ts';
import { BOOTSTRAP_LIFE_MS, createBootstrapToken } from './service/bootstrap.ts';
import { createUser } from './service/people.ts';

let stores: TestStores;
const deps = quickUsersDeps();
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const nobody: Actor = anonymous('127.0.0.1');
const caller = (http = fakeHttpCall()) =>
  createCallerFactory(createSessionRouter({ ...deps, version: '1.2.3', embedded: true }))({
    ...testCtx(stores, { actor: nobody }),
    http,
  });
const owner = (change: object = {}) => ({ name: 'Ada', email: 'ada@example.com', password: testPassword, ...change });
const newLink = async (): Promise<string> => (await createBootstrapToken(testCtx(stores))) ?? '';

describe('the first owner', () => {
  it('is made once from the link, owns everything and is signed in', async () => {
    const token = await newLink();
    expect(await caller().get()).toMatchObject({
      setup: true,
      user: null,
      version: '1.2.3',
      embedded: true,
      demo: false,
    });
    const http = fakeHttpCall();
    await caller(http).createOwner({ token, ...owner() });
    const found = await lookupSession(testCtx(stores), http.cookie ?? '');
    expect(found?.actor).toMatchObject({ kind: 'user', email: 'ada@example.com', role: 'owner' });
    expect(found?.actor.grants).toMatchObject([{ platform: '*' }]);
    const signedIn = createCallerFactory(createSessionRouter({ ...deps, version: '1', embedded: false }))({
      ...testCtx(stores, found ? { actor: found.actor } : {}),
    });
    expect(await signedIn.get()).toMatchObject({
      setup: false,
      user: { name: 'Ada', roles: [{ role: 'owner', title: 'Owner', platform: '*' }] },
    });
  });

  it('leaves a record, and no secret in any table', async () => {
    const token = await newLink();
    const http = fakeHttpCall();
    await caller(http).createOwner({ token, ...owner() });
    const log = await stores.db.select().from(auditEvents);
    expect(log.map((r) => r.action)).toEqual(['users.bootstrap_link_created', 'users.owner_created']);
    expect(log[1]).toMatchObject({ userEmail: 'ada@example.com', level: 'critical', actorKind: 'user' });
    const rows = [
      log,
      await stores.db.select().from(users),
      await stores.db.select().from(sessions),
      await stores.db.select().from(bootstrapTokens),
    ];
    const text = JSON.stringify(rows);
    for (const secret of [token, http.cookie ?? 'x', testPassword]) expect(text).not.toContain(secret);
  });

  it('is known by the browser they were made in, and told of another one', async () => {
    const first = openBrowser(stores, deps);
    const { email, password, name } = owner();
    await first.call(async (c) => c.session.createOwner({ token: await newLink(), name, email, password }));
    expect(first.device).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await first.call((c) => c.session.signIn({ email, password }));
    expect(await stores.db.select().from(devices)).toHaveLength(1);
    expect(await stores.db.select().from(notifications)).toEqual([]);
    await openBrowser(stores, deps, { userAgent: 'Another' }).call((c) => c.session.signIn({ email, password }));
    expect(await stores.db.select().from(notifications)).toMatchObject([
      { body: { topic: 'users.signed_in_on_new_device' } },
    ]);
  });

  it('cannot be made from another machine, and the link survives the attempt', async () => {
    const token = await newLink();
    const remote = caller(fakeHttpCall({ isLocal: false, address: '203.0.113.5' }));
    await expect(remote.createOwner({ token, ...owner() })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await caller().createOwner({ token, ...owner() });
  });

  it('cannot be made with a link that is used, too old or invented', async () => {
    const token = await newLink();
    await expect(caller().createOwner({ token: 'A'.repeat(43), ...owner() })).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
    stores.clock.advance(BOOTSTRAP_LIFE_MS);
    await expect(caller().createOwner({ token, ...owner() })).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect(await stores.db.select().from(users)).toEqual([]);
  });

  it('cannot be made twice from one link, even if the owner were gone', async () => {
    const token = await newLink();
    await caller().createOwner({ token, ...owner() });
    await stores.db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`);
      await tx.delete(users);
    });
    expect(await caller().get()).toMatchObject({ setup: true });
    await expect(caller().createOwner({ token, ...owner() })).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
  });

  it('can be made up to the last second', async () => {
    const token = await newLink();
    stores.clock.advance(BOOTSTRAP_LIFE_MS - 1);
    await caller().createOwner({ token, ...owner() });
  });

  it('is the only one: no second link, and an older link is dead', async () => {
    const [first, second] = [await newLink(), await newLink()];
    await caller().createOwner({ token: first, ...owner() });
    expect(await createBootstrapToken(testCtx(stores))).toBeNull();
    await expect(caller().createOwner({ token: second, ...owner({ email: 'eve@example.com' }) })).rejects.toMatchObject(
      { code: 'CONFLICT' },
    );
  });

  it('is one person when 20 browsers race with one link', async () => {
    const token = await newLink();
    const racers = Array.from({ length: 20 }, (_, i) =>
      caller().createOwner({ token, ...owner({ email: `racer${i}@example.com` }) }),
    );
    await expectOneOwner(racers);
  });

  it('is one person when 20 browsers race with a link each', async () => {
    const tokens: string[] = [];
    for (let i = 0; i < 20; i += 1) tokens.push(await newLink());
    const racers = tokens.map((token, i) =>
      caller().createOwner({ token, ...owner({ email: `racer${i}@example.com` }) }),
    );
    await expectOneOwner(racers);
  });

  async function expectOneOwner(racers: Promise<unknown>[]): Promise<void> {
    const results = await Promise.allSettled(racers);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect(await stores.db.select().from(users)).toHaveLength(1);
    expect(await stores.db.select().from(grants).where(eq(grants.role, 'owner'))).toHaveLength(1);
    expect(await stores.db.select().from(sessions)).toHaveLength(1);
  }

  it('takes no address somebody has, and the link survives', async () => {
    const input = { name: 'Ada', email: 'ada@example.com', password: testPassword, role: null, platform: '*' };
    await createUser(testCtx(stores), deps, input);
    const token = await newLink();
    await expect(caller().createOwner({ token, ...owner({ email: 'ADA@example.com' }) })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await caller().createOwner({ token, ...owner({ email: 'ada2@example.com' }) });
  });

  it('may still come while only the demo has owners', async () => {
    const demo = {
      name: 'Demo',
      email: 'owner@demo.quarterdeck.test',
      password: testPassword,
      role: 'owner' as const,
      platform: '*',
    };
    await createUser(testCtx(stores), deps, demo, { isDemo: true });
    expect(await caller().get()).toMatchObject({ setup: true, demoAccounts: true });
    await caller().createOwner({ token: await newLink(), ...owner() });
    expect(await caller().get()).toMatchObject({ setup: false });
  });

  it('needs a real password and a plain name', async () => {
    const token = await newLink();
    for (const change of [
      { password: 'short' },
      { email: 'a\u202e@b.c' },
      { name: '' },
      { token: 'x' },
      { isAdmin: true },
    ]) {
      await expect(caller().createOwner({ token, ...owner(), ...change })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      });
    }
  });
});
