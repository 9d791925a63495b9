import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import { eq } from 'drizzle-orm';
import express from 'express';
import ipaddr from 'ipaddr.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { invitationLink, peopleOf, secretsOf } from '../../../test/people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeOidc, type FakeOidc } from '../../adapters/oidc/fake.ts';
import {
  auditEvents,
  authChallenges,
  notifications,
  oidcIdentities,
  oidcProviders,
  totpFactors,
  users,
} from '../../db/schema/index.ts';
import { requestContext } from '../../platform/request-context.ts';
import { createTrpcContext, router } from '../../platform/trpc.ts';
import { createOidcHttp } from './oidc-http.ts';
import { createAccountRouter, createSessionRouter } from './router.ts';
import { inviteUser } from './service/invitations/invite.ts';
import { saveProvider } from './service/oidc/providers.ts';

let stores: TestStores;
let server: Server;
let base: string;
let fake: FakeOidc;
let provider: string;
let bob: string;
const known = { issuer: 'https://id.example', clientId: 'quarterdeck' };
const deps = { ...quickUsersDeps(), canMail: false };
const people = peopleOf(() => stores, deps);

beforeAll(async () => {
  stores = await openTestStores();
  const { db, hub, now } = testCtx(stores);
  const describe_ = () => ({ requestId: 'req_http', log: silentLog });
  const shared = { db, hub, now, publicUrl: null, trustProxy: [ipaddr.parseCIDR('127.0.0.0/8')], describe: describe_ };
  const app = express();
  const live = { ...deps, oidc: later(() => fake) };
  app.use(createOidcHttp({ ...live, context: (req, res) => requestContext(shared, req, res) }));
  const trpc = router({
    session: createSessionRouter({ ...live, version: '1', embedded: true }),
    account: createAccountRouter(live),
  });
  app.use('/trpc', createExpressMiddleware({ router: trpc, createContext: createTrpcContext(shared) }));
  server = app.listen(0, '127.0.0.1');
  await new Promise<void>((done) => void server.once('listening', done));
  base = `http://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((done) => void server.close(done));
  await stores.close();
});
beforeEach(async () => {
  fake = createFakeOidc(known);
  await emptyPeople(stores);
  for (const table of [oidcIdentities, oidcProviders, authChallenges, notifications]) await stores.db.delete(table);
  await people.add('root', 'owner');
  bob = await people.add('bob', 'stakeholder');
  const given = { id: null, version: 0, name: 'Example ID', ...known, clientSecret: 'secret of the client' };
  const saving = { ...deps, oidc: fake };
  provider = (await saveProvider(testCtx(stores), saving, { ...given, isEnabled: true }, base)).id;
  await link(bob, 'bob-at-id');
});

/** A port whose implementation each test makes anew. */
function later(current: () => FakeOidc): FakeOidc {
  return {
    check: (client) => current().check(client),
    authorizationUrl: (client, request) => current().authorizationUrl(client, request),
    identify: (client, query, sent) => current().identify(client, query, sent),
    close: () => undefined,
    signInAt: (url, subject) => current().signInAt(url, subject),
    setDown: (isDown) => current().setDown(isDown),
  };
}

const link = (userId: string, subject: string) =>
  stores.db.insert(oidcIdentities).values({ issuer: known.issuer, subject, userId, linkedAt: stores.clock.now() });

let browsers = 0;
/** A browser in a network of its own: keeps cookies, follows nothing by itself. */
function browser() {
  browsers += 1;
  const address = `10.${browsers >> 8}.${browsers & 255}.1`;
  const jar = new Map<string, string>();
  const visit = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(new URL(path, base), {
      redirect: 'manual',
      ...init,
      headers: { ...(init.headers as Record<string, string>), cookie, 'x-forwarded-for': address },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1);
      const at = pair.indexOf('=');
      if (line.includes('Max-Age=0')) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  };
  const call = async (
    path: string,
    input: unknown,
  ): Promise<{ result?: { data: never }; error?: { message: string } }> => {
    const headers = { 'content-type': 'application/json', 'x-qd': '1' };
    const answer = await visit(`/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input) });
    return answer.json() as Promise<never>;
  };
  const whoAmI = async (): Promise<string | null> => {
    const answer = await visit('/trpc/session.get');
    const body = (await answer.json()) as { result: { data: { user: { name: string } | null } } };
    return body.result.data.user?.name ?? null;
  };
  return { jar, visit, call, whoAmI };
}
interface Answer {
  result?: { data: { ok?: true; url?: string } };
  error?: { message: string };
}
const urlOf = ({ result }: Answer): URL => new URL(result?.data.url ?? '');
type Browser = ReturnType<typeof browser>;

const locationOf = (answer: Response): string => answer.headers.get('location') ?? '';
const start = async (at: Browser, returnTo = '/slos'): Promise<URL> =>
  new URL(locationOf(await at.visit(`/auth/oidc/${provider}/start?return=${encodeURIComponent(returnTo)}`)));
const comeBack = async (at: Browser, query: URLSearchParams): Promise<string> =>
  locationOf(await at.visit(`/auth/oidc/callback?${query.toString()}`));
/** A whole journey; gives where it ends. */
async function travel(at: Browser, subject: string, returnTo = '/slos'): Promise<string> {
  return comeBack(at, fake.signInAt(await start(at, returnTo), subject));
}
const denied = async () => (await stores.db.select().from(auditEvents)).filter((row) => row.status === 'denied');

describe('signing in through a provider', () => {
  it('lets in who is linked, and leads back to the page', async () => {
    const ada = browser();
    expect(await travel(ada, 'bob-at-id', '/slos/slo_1?range=7d')).toBe('/slos/slo_1?range=7d');
    expect(await ada.whoAmI()).toBe('bob');
    expect([...ada.jar.keys()].toSorted()).toEqual(['qd', 'qd-device']);
    const log = (await stores.db.select().from(auditEvents)).at(-1);
    expect(log).toMatchObject({ action: 'users.signed_in', userId: bob, details: { method: 'oidc', assurance: 1 } });
  });

  it('refuses an identity nobody is linked to, whatever address it shows', async () => {
    const eve = browser();
    await stores.db.update(users).set({ email: 'eve@id.example' }).where(eq(users.id, bob));
    expect(await travel(eve, 'eve')).toBe('/sign-in?refused=unknown_person');
    expect(await eve.whoAmI()).toBeNull();
    expect(await denied()).toMatchObject([{ details: { method: 'oidc', subject: 'eve' } }]);
  });

  it.each(['suspended', 'offboarded', 'invited'] as const)('refuses somebody who is %s', async (state) => {
    await stores.db.update(users).set({ state }).where(eq(users.id, bob));
    const at = browser();
    expect(await travel(at, 'bob-at-id')).toBe('/sign-in?refused=refused_person');
    expect(await at.whoAmI()).toBeNull();
  });

  it('still asks for the second factor of who has one', async () => {
    const createdAt = stores.clock.now();
    const sealedSecret = new Uint8Array(40);
    const factor = { id: 'totp_1', userId: bob, label: 'Phone', sealedSecret, createdAt, confirmedAt: createdAt };
    await stores.db.insert(totpFactors).values(factor);
    const at = browser();
    expect(await travel(at, 'bob-at-id')).toMatch(/^\/sign-in\?return=%2Fslos#ticket=[\w-]{43}&methods=totp$/);
    expect(await at.whoAmI()).toBeNull();
  });

  it('says so when the provider turns the person away, or does not answer', async () => {
    const at = browser();
    const there = await start(at);
    const query = { error: 'access_denied', state: there.searchParams.get('state') ?? '', iss: known.issuer };
    expect(await comeBack(at, new URLSearchParams(query))).toBe('/sign-in?refused=cancelled');
    fake.setDown(true);
    expect(locationOf(await at.visit(`/auth/oidc/${provider}/start`))).toBe('/sign-in?refused=unavailable');
  });
});

describe('an answer', () => {
  it('counts once', async () => {
    const at = browser();
    const query = fake.signInAt(await start(at), 'bob-at-id');
    const flow = at.jar.get('qd-flow') ?? '';
    expect(await comeBack(at, query)).toBe('/slos');
    at.jar.set('qd-flow', flow);
    expect(await comeBack(at, query)).toBe('/sign-in?refused=stale');
  });

  it('counts only in the browser it was begun in', async () => {
    const eve = browser();
    const query = fake.signInAt(await start(eve), 'bob-at-id');
    const victim = browser();
    expect(await comeBack(victim, query)).toBe('/sign-in?refused=stale');
    await start(victim);
    expect(await comeBack(victim, query)).toBe('/sign-in?refused=stale');
    expect(await victim.whoAmI()).toBeNull();
  });

  it.each([
    ['another state', (q: URLSearchParams) => q.set('state', 'x'.repeat(43)), 'stale'],
    ['no state', (q: URLSearchParams) => q.delete('state'), 'stale'],
    ['another issuer', (q: URLSearchParams) => q.set('iss', 'https://evil.example'), 'failed'],
    ['a code somebody made up', (q: URLSearchParams) => q.set('code', 'guess'), 'failed'],
  ])('with %s is refused', async (_name, change, refusal) => {
    const at = browser();
    const query = fake.signInAt(await start(at), 'bob-at-id');
    change(query);
    expect(await comeBack(at, query)).toBe(`/sign-in?refused=${refusal}`);
    expect(await at.whoAmI()).toBeNull();
  });

  it('is over after ten minutes', async () => {
    const at = browser();
    const query = fake.signInAt(await start(at), 'bob-at-id');
    stores.clock.advance(600_000);
    expect(await comeBack(at, query)).toBe('/sign-in?refused=stale');
  });

  it('used twenty times at once lets one in', async () => {
    const at = browser();
    const query = fake.signInAt(await start(at), 'bob-at-id');
    const flow = at.jar.get('qd-flow') ?? '';
    const ends = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const tab = browser();
        tab.jar.set('qd-flow', flow);
        return comeBack(tab, query);
      }),
    );
    expect(ends.filter((end) => end === '/slos')).toHaveLength(1);
    expect(new Set(ends)).toEqual(new Set(['/slos', '/sign-in?refused=stale']));
  });

  it('of a provider that was switched off meanwhile counts no more', async () => {
    const at = browser();
    const query = fake.signInAt(await start(at), 'bob-at-id');
    await stores.db.update(oidcProviders).set({ isEnabled: false });
    expect(await comeBack(at, query)).toBe('/sign-in?refused=failed');
    expect(locationOf(await at.visit(`/auth/oidc/${provider}/start`))).toBe('/sign-in?refused=failed');
  });

  it('leaves neither verifier nor client secret in the database', async () => {
    const at = browser();
    await start(at);
    const flow = at.jar.get('qd-flow') ?? '';
    expect(flow).toHaveLength(43);
    const stored = await secretsOf(stores);
    expect(stored).not.toContain(flow);
    expect(stored).not.toContain('secret of the client');
  });
});

describe('the way back', () => {
  it.each(['//evil.example', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)', '/a/..//evil.example'])(
    'never leads to %s',
    async (to) => expect(await travel(browser(), 'bob-at-id', to)).toBe('/'),
  );
});

describe('beginning', () => {
  it('is not for other sites’ pages, and not without end', async () => {
    const at = browser();
    const foreign = { headers: { 'sec-fetch-site': 'cross-site' } };
    expect(locationOf(await at.visit(`/auth/oidc/${provider}/start`, foreign))).toBe('/sign-in');
    expect(locationOf(await at.visit('/auth/oidc/idp_nothing/start'))).toBe('/sign-in?refused=failed');
    const ends = new Set<string>();
    for (let i = 0; i < 40; i += 1) {
      ends.add(
        new URL(locationOf(await at.visit(`/auth/oidc/${provider}/start`)), base).searchParams.get('refused') ??
          'let go',
      );
    }
    expect(ends).toEqual(new Set(['let go', 'too_many']));
  });

  it('tells strangers the names of providers and nothing else', async () => {
    const answer = await browser().visit('/trpc/session.providers');
    expect(await answer.json()).toMatchObject({ result: { data: [{ id: provider, name: 'Example ID' }] } });
  });
});

describe('linking', () => {
  async function signedIn(name: string): Promise<Browser> {
    const at = browser();
    await at.call('session.signIn', { email: `${name}@example.com`, password: testPassword });
    expect(await at.whoAmI()).toBe(name);
    return at;
  }
  const begin = async (at: Browser): Promise<URL> => {
    return urlOf(await at.call('account.linkOidc', { id: provider }));
  };

  it('is asked for in the account, told to the person, and then signs them in', async () => {
    const root = await signedIn('root');
    expect(await comeBack(root, fake.signInAt(await begin(root), 'root-at-id'))).toBe('/account');
    const told = (await stores.db.select().from(notifications)).map((row) => [row.channel, row.body.topic]);
    expect(told).toContainEqual(['email:root@example.com', 'users.identity_linked']);
    const elsewhere = browser();
    await travel(elsewhere, 'root-at-id');
    expect(await elsewhere.whoAmI()).toBe('root');
  });

  it('takes nobody’s identity away', async () => {
    const root = await signedIn('root');
    expect(await comeBack(root, fake.signInAt(await begin(root), 'bob-at-id'))).toBe('/account?refused=already_linked');
    expect(await stores.db.select().from(oidcIdentities)).toMatchObject([{ userId: bob }]);
  });

  it('counts only in the session that asked', async () => {
    const root = await signedIn('root');
    const query = fake.signInAt(await begin(root), 'eve');
    const flow = root.jar.get('qd-flow') ?? '';
    const other = await signedIn('bob');
    other.jar.set('qd-flow', flow);
    expect(await comeBack(other, query)).toBe('/account?refused=stale');
    expect(await stores.db.select().from(oidcIdentities)).toHaveLength(1);
  });

  it('never happens by signing in', async () => {
    const root = await signedIn('root');
    expect(await travel(root, 'eve')).toBe('/sign-in?refused=unknown_person');
    expect(await root.whoAmI()).toBe('root');
  });

  it('can be undone, but not when it is the only way in', async () => {
    const at = browser();
    await travel(at, 'bob-at-id');
    await stores.db.update(users).set({ passwordHash: null }).where(eq(users.id, bob));
    const identity = { issuer: known.issuer, subject: 'bob-at-id' };
    expect((await at.call('account.unlinkOidc', identity)).error?.message).toContain('only way to sign in');
    await stores.db.update(users).set({ passwordHash: '$argon2id$' }).where(eq(users.id, bob));
    expect((await at.call('account.unlinkOidc', identity)).result).toEqual({ data: { ok: true } });
    expect(await stores.db.select().from(oidcIdentities)).toEqual([]);
  });

  it('undoes nobody else’s', async () => {
    const root = await signedIn('root');
    const identity = { issuer: known.issuer, subject: 'bob-at-id' };
    expect((await root.call('account.unlinkOidc', identity)).error?.message).toContain('not linked to your account');
  });
});

describe('an invitation', () => {
  const input = { name: 'Cleo', email: 'cleo@example.com', role: 'support', platform: '*', reason: 'joins the team' };
  async function invited(): Promise<string> {
    const more = { lifeMs: 86_400_000, grantExpiresAt: null, sendMail: false };
    return invitationLink((await inviteUser(await people.as('root'), deps, { ...input, ...more })).link);
  }
  async function begin(at: Browser, token: string): Promise<URL> {
    return urlOf(await at.call('session.acceptInviteThrough', { token, name: 'Cleo C', provider }));
  }

  it('can be accepted through a provider, without a password', async () => {
    const at = browser();
    expect(await comeBack(at, fake.signInAt(await begin(at, await invited()), 'cleo-at-id'))).toBe('/');
    expect(await at.whoAmI()).toBe('Cleo C');
    const again = browser();
    await travel(again, 'cleo-at-id');
    expect(await again.whoAmI()).toBe('Cleo C');
  });

  it('is not used up by an identity somebody has already', async () => {
    const at = browser();
    const token = await invited();
    expect(await comeBack(at, fake.signInAt(await begin(at, token), 'bob-at-id'))).toBe(
      '/sign-in?refused=already_linked',
    );
    const second = browser();
    expect(await comeBack(second, fake.signInAt(await begin(second, token), 'cleo-at-id'))).toBe('/');
  });

  it('that ran out meanwhile lets nobody in', async () => {
    const at = browser();
    const query = fake.signInAt(await begin(at, await invited()), 'cleo-at-id');
    await stores.db.update(users).set({ state: 'offboarded' }).where(eq(users.email, 'cleo@example.com'));
    expect(await comeBack(at, query)).toBe('/sign-in?refused=invitation_over');
    expect(await at.whoAmI()).toBeNull();
  });
});
