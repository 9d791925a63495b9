import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import express from 'express';
import ipaddr from 'ipaddr.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, users } from '../../db/schema/index.ts';
import type { Cidr } from '../../platform/client-address.ts';
import { createDenialLog } from '../../platform/denials.ts';
import { proveAct } from '../../platform/step-up.ts';
import { createTrpcContext, guarded, router } from '../../platform/trpc.ts';
import { createAccountRouter, createSessionRouter } from './router.ts';
import { createBootstrapToken } from './service/bootstrap.ts';
import { createUser } from './service/people.ts';

let stores: TestStores;
let server: Server;
let base: string;
const trustProxy: Cidr[] = [];
const deps = quickUsersDeps();
const ada = { email: 'ada@example.com', password: testPassword };

beforeAll(async () => {
  stores = await openTestStores();
  const { db, hub, now } = testCtx(stores);
  const describe_ = () => ({ requestId: 'req_http', log: silentLog });
  const shared = { db, hub, now, publicUrl: null, trustProxy, describe: describe_ };
  const app = express();
  app.use(
    '/trpc',
    createExpressMiddleware({
      router: router({
        session: createSessionRouter({ ...deps, version: '1', embedded: true }),
        account: createAccountRouter(deps),
        secret: router({ read: guarded('settings:write').query(() => 'secret') }),
      }),
      createContext: createTrpcContext({ ...shared, onDenied: createDenialLog(), proveAct }),
    }),
  );
  server = app.listen(0, '127.0.0.1');
  await new Promise<void>((done) => void server.once('listening', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trpc`;
});
afterAll(async () => {
  await new Promise((done) => void server.close(done));
  await stores.close();
});
beforeEach(async () => {
  trustProxy.length = 0;
  await emptyPeople(stores);
  await createUser(testCtx(stores), deps, { name: 'Ada', ...ada, role: 'stakeholder', platform: '*' });
});

const own = { 'content-type': 'application/json', 'x-qd': '1' };
const post = (path: string, body: unknown, headers: Record<string, string> = own) =>
  fetch(`${base}/${path}`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const signIn = (input: object = ada, headers: Record<string, string> = {}) =>
  post('session.signIn', input, { ...own, ...headers });
const cookieOf = (response: Response) => response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
const get = async (path: string, cookie = '') =>
  (await fetch(`${base}/${path}`, { headers: { cookie } })).json() as Promise<never>;

describe('over HTTP', () => {
  it('a cookie carries the session, and its removal ends it', async () => {
    const response = await signIn();
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^qd=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/^qd-device=[\w-]{43}; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Lax$/),
    ]);
    expect(await response.text()).toBe('{"result":{"data":{"ok":true}}}');
    const cookie = cookieOf(response);
    expect(await get('session.get', cookie)).toMatchObject({ result: { data: { user: { name: 'Ada' } } } });
    const out = await post('session.signOut', {}, { ...own, cookie });
    expect(out.headers.getSetCookie()[0]).toMatch(/^qd=; .*Max-Age=0/);
    expect(await get('session.get', cookie)).toMatchObject({ result: { data: { user: null } } });
  });

  it('proof of an act goes along as a header, also with a call that has no body', async () => {
    const cookie = cookieOf(await signIn());
    const bare = (headers: Record<string, string> = {}) =>
      fetch(`${base}/account.startPasskey`, { method: 'POST', headers: { ...own, cookie, ...headers } });
    const refused = await bare();
    expect(refused.status).toBe(401);
    const { error } = (await refused.json()) as {
      error: { data: { domainCode: string; stepUp: { act: string; methods: string[] } } };
    };
    expect(error.data).toMatchObject({ domainCode: 'step_up', stepUp: { methods: ['password'] } });
    const proof = { act: error.data.stepUp.act, proof: { method: 'password', password: testPassword } };
    const proved = await post('session.stepUp', proof, { ...own, cookie });
    const { result } = (await proved.json()) as { result: { data: { token: string } } };
    // At 127.0.0.1 no passkey can be made, which is said once the act has passed.
    expect((await bare({ 'x-qd-step-up': result.data.token })).status).toBe(412);
    expect((await bare({ 'x-qd-step-up': result.data.token })).status).toBe(401);
  });

  it('the proof for one act of a batch lets that act alone pass', async () => {
    const cookie = cookieOf(await signIn());
    const both = 'account.startTotp,account.startTotp?batch=1';
    const input = { 0: { label: 'Phone' }, 1: { label: 'Tablet' } };
    type Answers = { error?: { data: { stepUp: { act: string } } } }[];
    const [first] = (await (await post(both, input, { ...own, cookie })).json()) as Answers;
    const proof = { method: 'password', password: testPassword };
    const proved = await post('session.stepUp', { act: first?.error?.data.stepUp.act, proof }, { ...own, cookie });
    const { result } = (await proved.json()) as { result: { data: { token: string } } };
    const headers = { ...own, cookie, 'x-qd-step-up': result.data.token };
    const answers = (await (await post(both, input, headers)).json()) as Answers;
    expect(answers.map((answer) => answer.error === undefined)).toEqual([true, false]);
  });

  it('a batch of a mutation and a query gets the cookie too', async () => {
    const response = await post('session.signIn,session.signOut?batch=1', { 0: ada, 1: {} });
    expect(response.headers.getSetCookie().length).toBeGreaterThan(0);
  });

  it('unknown accounts and wrong passwords get the same bytes and headers', async () => {
    const answers = [];
    for (const input of [
      { ...ada, password: 'wrong' },
      { ...ada, email: 'nobody@example.com' },
    ]) {
      const response = await signIn(input);
      const headers = [...response.headers.keys()].filter((h) => h !== 'date');
      answers.push({ status: response.status, headers, body: await response.text() });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status).toBe(401);
    expect(answers[0]?.body).not.toContain('stack');
  });

  it('guessing is slowed down although the forwarding header changes each time', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 25; i += 1) {
      statuses.push(
        (
          await signIn(
            { ...ada, password: `guess ${i}` },
            { 'x-forwarded-for': `203.0.113.${i}`, forwarded: `for=203.0.113.${i}` },
          )
        ).status,
      );
    }
    expect(statuses.filter((s) => s === 401)).toHaveLength(9);
    expect(statuses.filter((s) => s === 429)).toHaveLength(16);
    const blocked = await signIn();
    expect(blocked.status).toBe(429);
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('behind a trusted proxy each client is counted by itself', async () => {
    trustProxy.push(ipaddr.parseCIDR('127.0.0.0/8'));
    for (let i = 0; i < 12; i += 1) await signIn({ ...ada, password: 'wrong' }, { 'x-forwarded-for': '203.0.113.1' });
    expect((await signIn(ada, { 'x-forwarded-for': '203.0.113.1' })).status).toBe(429);
    expect((await signIn(ada, { 'x-forwarded-for': '203.0.113.2' })).status).toBe(200);
  });

  it('the first owner cannot be made through a proxy', async () => {
    const token = await createBootstrapToken(testCtx(stores));
    const input = { token, name: 'Eve', email: 'eve@example.com', password: testPassword };
    expect((await post('session.createOwner', input, { ...own, 'x-forwarded-for': '127.0.0.1' })).status).toBe(403);
    expect((await post('session.createOwner', input)).status).toBe(200);
    expect(await stores.db.select().from(users)).toHaveLength(2);
  });
});

describe('another site', () => {
  const signOutWith = async (headers: Record<string, string>, body: string | FormData = '{}') => {
    const cookie = cookieOf(await signIn());
    const response = await fetch(`${base}/session.signOut`, { method: 'POST', headers: { cookie, ...headers }, body });
    const session: { result: { data: { user: unknown } } } = await get('session.get', cookie);
    return { status: response.status, stillSignedIn: session.result.data.user !== null };
  };
  const boundary = { 'content-type': 'multipart/form-data; boundary=x' };

  it.each([
    [
      'a multipart form, which tRPC alone would run',
      boundary,
      '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n',
    ],
    ['bytes, which tRPC alone would run', { 'content-type': 'application/octet-stream' }, 'x'],
    ['a plain form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1'],
    ['text', { 'content-type': 'text/plain' }, '{}'],
    ['JSON without our header', { 'content-type': 'application/json' }, '{}'],
    ['JSON and our header from another site', { ...own, 'sec-fetch-site': 'cross-site' }, '{}'],
    ['JSON and our header from another origin', { ...own, origin: 'https://evil.example' }, '{}'],
    ['a sibling of the site', { ...own, 'sec-fetch-site': 'same-site' }, '{}'],
  ])('cannot make the browser act by %s', async (_name, headers, body) => {
    const { status, stillSignedIn } = await signOutWith(headers as Record<string, string>, body);
    expect(stillSignedIn).toBe(true);
    // tRPC itself turns the two text types away.
    expect([403, 415]).toContain(status);
  });

  it('is told apart from the console’s own pages', async () => {
    expect(await signOutWith({ ...own, 'sec-fetch-site': 'same-origin' })).toEqual({
      status: 200,
      stillSignedIn: false,
    });
  });

  it('cannot change anything by GET', async () => {
    const cookie = cookieOf(await signIn());
    expect((await fetch(`${base}/session.signOut`, { headers: { cookie } })).status).toBe(405);
    expect(
      (await fetch(`${base}/session.signOut?_method=POST`, { headers: { cookie, 'x-http-method-override': 'POST' } }))
        .status,
    ).toBe(405);
  });
});

describe('rubbish', () => {
  it.each([
    ['an invented token', 'qd=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['quotes', `qd=' or 1=1 --`],
    ['many cookies', Array.from({ length: 200 }, (_, i) => `c${i}=x`).join('; ')],
    ['the secure name', '__Host-qd=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
  ])('in the cookie is nobody: %s', async (_name, cookie) => {
    expect(await get('session.get', cookie)).toMatchObject({ result: { data: { user: null } } });
  });

  it('in the body is named, never stored and never run', async () => {
    expect((await post('session.signIn', '{"email":')).status).toBe(400);
    expect((await signIn({ ...ada, isAdmin: true })).status).toBe(400);
    expect((await signIn({ ...ada, password: { $ne: null } })).status).toBe(400);
    expect(
      (await post('session.signIn', '{"__proto__":{"a":1},"email":"a@b.co","password":"x"}')).status,
    ).toBeGreaterThanOrEqual(400);
    expect(({} as { a?: number }).a).toBeUndefined();
    expect((await signIn({ ...ada, password: 'x'.repeat(50_000) })).status).toBe(400);
  });
});

describe('refusals', () => {
  it('are in the audit log once a minute, with their number', async () => {
    const cookie = cookieOf(await signIn());
    const refused = async () => (await stores.db.select().from(auditEvents)).filter((r) => r.action === 'secret.read');
    for (let i = 0; i < 5; i += 1)
      expect((await fetch(`${base}/secret.read`, { headers: { cookie } })).status).toBe(403);
    expect(await refused()).toMatchObject([
      { status: 'denied', level: 'warning', userEmail: 'ada@example.com', details: { permission: 'settings:write' } },
    ]);
    stores.clock.advance(60_000);
    await fetch(`${base}/secret.read`, { headers: { cookie } });
    expect((await refused())[1]).toMatchObject({ details: { repeats: 4 } });
  });
});
