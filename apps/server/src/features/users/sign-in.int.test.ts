import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fakeHttpCall, type FakeHttpCall } from '../../../test/fake-http-call.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, sessions, signInFailures, users } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { anonymous } from '../../platform/request-context.ts';
import { lookupSession } from '../../platform/session.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { createSessionRouter } from './router.ts';
import type { UsersDeps } from './service/deps.ts';
import { personIdOf } from './service/directory/reset.ts';
import { suspendPerson } from './service/directory/state.ts';
import { createUser, setPassword } from './service/people.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const ada = { email: 'ada@example.com', password: testPassword };
beforeAll(async () => {
  stores = await openTestStores();
  await createUser(testCtx(stores), deps, { name: 'Ada', ...ada, role: 'operator', platform: 'hashinsight' });
  await createUser(testCtx(stores), deps, {
    name: 'Gone',
    email: 'gone@example.com',
    password: testPassword,
    role: null,
    platform: '*',
  });
  await suspendPerson(testCtx(stores), { id: await personIdOf(stores, 'gone@example.com'), reason: 'left' });
});
afterAll(() => stores.close());
beforeEach(() => stores.db.delete(signInFailures));

const caller = (http: FakeHttpCall, options: { actor?: Actor; deps?: UsersDeps } = {}) =>
  createCallerFactory(createSessionRouter({ ...(options.deps ?? deps), version: '1', embedded: true }))({
    ...testCtx(stores, { actor: options.actor ?? anonymous(http.address) }),
    http,
  });
const signIn = async (input: { email: string; password: string }, http = fakeHttpCall()) => {
  await caller(http).signIn(input);
  return http.cookie ?? '';
};
const refusal = async (input: { email: string; password: string }) => {
  const http = fakeHttpCall();
  const error: unknown = await caller(http)
    .signIn(input)
    .then(
      () => null,
      (e: unknown) => e,
    );
  expect(http.cookie).toBeUndefined();
  return error as { code: string; message: string; cause: unknown };
};
const lastEvent = async () => (await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1))[0];

describe('signing in', () => {
  it('gives a session, in any case of the address', async () => {
    const token = await signIn({ ...ada, email: ' ADA@Example.com ' });
    const found = await lookupSession(testCtx(stores), token);
    expect(found?.actor).toMatchObject({ email: 'ada@example.com', role: 'operator', name: 'Ada' });
    expect(found?.actor.grants.map((g) => g.platform)).toEqual(['hashinsight']);
    expect(await lastEvent()).toMatchObject({
      action: 'users.signed_in',
      status: 'success',
      userEmail: 'ada@example.com',
      ipAddress: '127.0.0.1',
    });
  });

  it('never uses a token the browser brought along, and ends the session it had', async () => {
    const former = await signIn(ada);
    const found = await lookupSession(testCtx(stores), former);
    const http = fakeHttpCall({ sessionToken: former });
    await caller(http, found ? { actor: found.actor } : {}).signIn(ada);
    expect(http.cookie).not.toBe(former);
    expect(await lookupSession(testCtx(stores), former)).toBeNull();
    expect(await lookupSession(testCtx(stores), http.cookie ?? '')).not.toBeNull();
  });

  it('looks the same for an unknown address, a wrong password and a suspended person', async () => {
    const refusals = [
      await refusal({ email: 'nobody@example.com', password: testPassword }),
      await refusal({ email: ada.email, password: 'wrong' }),
      await refusal({ email: 'gone@example.com', password: testPassword }),
      await refusal({ email: 'gone@example.com', password: 'wrong' }),
    ];
    for (const error of refusals) {
      expect({ code: error.code, message: error.message }).toEqual({
        code: 'UNAUTHORIZED',
        message: 'The address or the password is wrong.',
      });
    }
  });

  it('does the same work for each of them', async () => {
    const checked: (string | null)[] = [];
    const passwords = {
      ...deps.passwords,
      verify: (phc: string | null, password: string) => {
        checked.push(phc === null ? null : 'stored');
        return deps.passwords.verify(phc, password);
      },
    };
    for (const email of ['nobody@example.com', ada.email, 'gone@example.com']) {
      await caller(fakeHttpCall(), { deps: { ...deps, passwords } })
        .signIn({ email, password: 'wrong' })
        .catch(() => undefined);
    }
    expect(checked).toEqual([null, 'stored', 'stored']);
  });

  it('records why it was refused, without the password', async () => {
    for (const [email, reason] of [
      ['nobody@example.com', 'unknown address'],
      [ada.email, 'wrong password'],
      ['gone@example.com', 'wrong password'],
    ] as const) {
      await refusal({ email, password: 'my secret guess' });
      expect(await lastEvent()).toMatchObject({
        action: 'users.signed_in',
        status: 'denied',
        userEmail: email,
        actorKind: 'anonymous',
        details: { reason },
      });
    }
    expect(JSON.stringify(await stores.db.select().from(auditEvents))).not.toContain('my secret guess');
  });

  it('does not reach someone whose password changed while it was being checked', async () => {
    const email = 'mover@example.com';
    await createUser(testCtx(stores), deps, {
      name: 'Mover',
      email,
      password: testPassword,
      role: null,
      platform: '*',
    });
    const passwords = {
      ...deps.passwords,
      verify: async (phc: string | null, password: string) => {
        const fits = await deps.passwords.verify(phc, password);
        await setPassword(testCtx(stores), deps, { email, password: 'another long password' });
        return fits;
      },
    };
    const http = fakeHttpCall();
    const racing = caller(http, { deps: { ...deps, passwords } }).signIn({ email, password: testPassword });
    await expect(racing).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(http.cookie).toBeUndefined();
  });

  it('renews a hash made with other settings', async () => {
    const email = 'old@example.com';
    await createUser(testCtx(stores), deps, { name: 'Old', email, password: testPassword, role: null, platform: '*' });
    const stored = async () =>
      (await stores.db.select().from(users).where(eq(users.email, email)))[0]?.passwordHash ?? '';
    const outdated = (await stored()).replace('m=19456', 'm=12288');
    await stores.db.update(users).set({ passwordHash: outdated }).where(eq(users.email, email));
    await signIn({ email, password: testPassword });
    expect(await stored()).toContain('m=19456');
  });

  it('does not count an attempt whose password could not be checked', async () => {
    const passwords = { ...deps.passwords, verify: () => Promise.reject(new Error('no memory')) };
    for (let i = 0; i < 12; i += 1) {
      const failing = caller(fakeHttpCall(), { deps: { ...deps, passwords } }).signIn(ada);
      await expect(failing).rejects.toMatchObject({
        code: 'INTERNAL_SERVER_ERROR',
        message: expect.not.stringContaining('memory'),
      });
    }
    await signIn(ada);
  });
});

describe('signing out', () => {
  it('ends the session for good and removes the cookie', async () => {
    const token = await signIn(ada);
    const found = await lookupSession(testCtx(stores), token);
    const http = fakeHttpCall({ sessionToken: token });
    await caller(http, found ? { actor: found.actor } : {}).signOut();
    expect(http.cookie).toBeNull();
    expect(await lookupSession(testCtx(stores), token)).toBeNull();
    expect(await lastEvent()).toMatchObject({ action: 'users.signed_out', userEmail: 'ada@example.com' });
  });

  it('is harmless without a session', async () => {
    const http = fakeHttpCall();
    expect(await caller(http).signOut()).toEqual({ ok: true });
    expect(http.cookie).toBeNull();
  });
});

describe('losing access', () => {
  it('ends every session at once on suspension', async () => {
    const email = 'leaver@example.com';
    const person = { name: 'Leaver', email, password: testPassword, role: 'admin' as const, platform: '*' };
    await createUser(testCtx(stores), deps, person);
    const tokens = [
      await signIn({ email, password: testPassword }),
      await signIn({ email, password: testPassword }, fakeHttpCall({ address: '10.1.1.1' })),
    ];
    const ctx = testCtx(stores);
    await suspendPerson(ctx, { id: await personIdOf(stores, email), reason: 'left' });
    for (const token of tokens) expect(await lookupSession(testCtx(stores), token)).toBeNull();
    expect(ctx.hub.published).toContain('users');
    expect(await lastEvent()).toMatchObject({
      action: 'users.suspended',
      details: { endedSessions: 2, reason: 'left' },
    });
  });

  it('ends every session on a new password', async () => {
    const token = await signIn(ada);
    const { endedSessions } = await setPassword(testCtx(stores), deps, {
      email: ada.email,
      password: 'a new long password',
    });
    expect(endedSessions).toBeGreaterThan(0);
    expect(await lookupSession(testCtx(stores), token)).toBeNull();
    await signIn({ email: ada.email, password: 'a new long password' });
    await setPassword(testCtx(stores), deps, ada);
  });

  it('leaves nothing that signs in: only hashes of tokens are stored', async () => {
    const token = await signIn(ada);
    expect(JSON.stringify(await stores.db.select().from(sessions))).not.toContain(token);
  });
});
