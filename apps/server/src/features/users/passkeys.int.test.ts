import { PASSKEY_LIFE_MS } from '@qd/shared/users';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demandedAct, openBrowser, type Browser } from '../../../test/browser.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { createSoftPasskey, type Claim, type SoftPasskey } from '../../../test/soft-passkey.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, notifications, passkeys, users } from '../../db/schema/index.ts';
import { createUser, setPassword } from './service/people.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const ada = { email: 'ada@example.com', password: testPassword };
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

let home: Browser;
let key: SoftPasskey;
beforeEach(async () => {
  await emptyPeople(stores);
  await createUser(testCtx(stores), deps, { name: 'Ada', ...ada, role: 'admin', platform: '*' });
  home = openBrowser(stores, deps);
  await home.call((c) => c.session.signIn(ada));
  key = createSoftPasskey();
});

const byPassword = () => ({ method: 'password' as const, password: testPassword });
const start = (browser = home) => browser.proving((c) => c.account.startPasskey(), byPassword);
const byKey = (with_: SoftPasskey) => async (act: string) => {
  const options = await home.call((c) => c.session.stepUpOptions({ act }));
  return { method: 'passkey' as const, response: with_.use({ challenge: options.passkey?.challenge ?? '' }) };
};
/** Gives Ada the passkey; `change` falsifies what the authenticator says. */
async function register(change: Partial<Claim> = {}) {
  const { ticket, options } = await start();
  const response = key.create({ challenge: options.challenge, ...change });
  return home.call((c) => c.account.finishPasskey({ ticket, label: 'Laptop', response }));
}
async function signIn(browser: Browser, change: Partial<Claim> = {}) {
  const { ticket, options } = await browser.call((c) => c.session.passkeyOptions());
  const response = key.use({ challenge: options.challenge, ...change });
  return browser.call((c) => c.session.signInWithPasskey({ ticket, response }));
}
const refused = {
  code: 'UNAUTHORIZED',
  message: 'This passkey is not known here, or was refused; sign in with your password.',
};
const lastEvent = async () => (await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1))[0];

describe('adding a passkey', () => {
  it('asks for one that verifies its person, gives recovery codes, and raises the session', async () => {
    const { options } = await start();
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'Quarterdeck' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const before = home.token;
    const added = await register();
    expect(added).toMatchObject({ id: key.id });
    expect(added.recoveryCodes).toHaveLength(10);
    expect(home.token).not.toBe(before);
    expect(await home.call((c) => c.session.get())).toMatchObject({ user: { assurance: 2 } });
    expect(await home.call((c) => c.account.get())).toMatchObject({
      passkeys: [{ id: key.id, label: 'Laptop', isSynced: false, lastUsedAt: null }],
      recoveryCodesLeft: 10,
      passkeyObstacle: null,
    });
    const mail = await stores.db.select().from(notifications);
    expect(mail.map((m) => m.body.topic)).toContain('users.factor_added');
  });

  it.each<[string, Partial<Claim>]>([
    ['another challenge', { challenge: 'AAAA' }],
    ['another site', { origin: 'http://localhost.evil.test' }],
    ['another port', { origin: 'http://localhost:9999' }],
    ['another relying party', { rpId: 'evil.test' }],
    ['a person who was not verified', { isVerified: false }],
  ])('refuses an answer for %s', async (_name, change) => {
    await expect(register(change)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await stores.db.select().from(passkeys)).toEqual([]);
  });

  it('takes a ticket once, within five minutes, in the session that asked', async () => {
    const other = openBrowser(stores, deps);
    await other.call((c) => c.session.signIn(ada));
    const { ticket, options } = await start();
    const response = key.create({ challenge: options.challenge });
    const finish = (browser: Browser) =>
      browser.call((c) => c.account.finishPasskey({ ticket, label: 'Key', response }));
    await expect(finish(other)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    await finish(home);
    await expect(finish(home)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    const late = await home.proving((c) => c.account.startPasskey(), byKey(key));
    key = createSoftPasskey();
    stores.clock.advance(PASSKEY_LIFE_MS);
    const tooLate = home.call((c) =>
      c.account.finishPasskey({
        ticket: late.ticket,
        label: 'Key',
        response: key.create({ challenge: late.options.challenge }),
      }),
    );
    await expect(tooLate).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
  });

  it('says why it cannot be done at a number instead of a name', async () => {
    const numbered = openBrowser(stores, deps, { origin: 'http://127.0.0.1:5080' });
    await numbered.call((c) => c.session.signIn(ada));
    await expect(start(numbered)).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      message: expect.stringContaining('open http://localhost:5080') as string,
    });
    await expect(numbered.call((c) => c.session.passkeyOptions())).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
    const away = openBrowser(stores, deps, { origin: 'https://[2001:db8::1]' });
    await expect(away.call((c) => c.session.passkeyOptions())).rejects.toThrow('set PUBLIC_URL');
  });
});

describe('signing in with a passkey', () => {
  beforeEach(async () => {
    await register();
  });

  it('needs nothing else and counts two factors', async () => {
    const browser = openBrowser(stores, deps);
    expect(await signIn(browser)).toEqual({ ok: true });
    expect(await browser.call((c) => c.session.get())).toMatchObject({ user: { name: 'Ada', assurance: 2 } });
    expect(await lastEvent()).toMatchObject({ action: 'users.signed_in', details: { method: 'passkey' } });
  });

  it('is offered after a password too, which alone does not do any more', async () => {
    const browser = openBrowser(stores, deps);
    const answer = await browser.call((c) => c.session.signIn(ada));
    expect(answer).toMatchObject({ next: 'second_factor', methods: ['passkey', 'recovery'] });
    await signIn(browser);
    expect(browser.token).not.toBeNull();
  });

  it.each<[string, Partial<Claim>]>([
    ['another challenge', { challenge: 'AAAA' }],
    ['another site', { origin: 'https://evil.test' }],
    ['another relying party', { rpId: 'evil.test' }],
    ['a person who was not verified', { isVerified: false }],
  ])('refuses an answer for %s', async (_name, change) => {
    const browser = openBrowser(stores, deps);
    await expect(signIn(browser, change)).rejects.toMatchObject(refused);
    expect(browser.token).toBeNull();
    expect(await lastEvent()).toMatchObject({ action: 'users.signed_in', status: 'denied' });
  });

  it('looks the same for an unknown passkey, another key and a suspended person', async () => {
    const known = key;
    key = createSoftPasskey();
    await expect(signIn(openBrowser(stores, deps))).rejects.toMatchObject(refused);
    const forger = createSoftPasskey();
    const browser = openBrowser(stores, deps);
    const { ticket, options } = await browser.call((c) => c.session.passkeyOptions());
    const forged = { ...forger.use({ challenge: options.challenge }), id: known.id, rawId: known.id };
    await expect(browser.call((c) => c.session.signInWithPasskey({ ticket, response: forged }))).rejects.toMatchObject(
      refused,
    );
    key = known;
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.email, ada.email));
    await expect(signIn(browser)).rejects.toMatchObject(refused);
  });

  it('takes each ticket once, and only in time', async () => {
    const browser = openBrowser(stores, deps);
    const { ticket, options } = await browser.call((c) => c.session.passkeyOptions());
    const response = key.use({ challenge: options.challenge });
    await browser.call((c) => c.session.signInWithPasskey({ ticket, response }));
    const thief = openBrowser(stores, deps);
    const again = { ticket, response: key.use({ challenge: options.challenge }) };
    await expect(thief.call((c) => c.session.signInWithPasskey(again))).rejects.toMatchObject(refused);
    const late = await thief.call((c) => c.session.passkeyOptions());
    stores.clock.advance(PASSKEY_LIFE_MS);
    const tooLate = { ticket: late.ticket, response: key.use({ challenge: late.options.challenge }) };
    await expect(thief.call((c) => c.session.signInWithPasskey(tooLate))).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
    const invented = { ticket: 'A'.repeat(100), response: tooLate.response };
    await expect(thief.call((c) => c.session.signInWithPasskey(invented))).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
  });

  it('refuses a copy, whose counter went back, and raises the alarm', async () => {
    await signIn(openBrowser(stores, deps), { counter: 40 });
    for (const counter of [40, 39, 1]) {
      await expect(signIn(openBrowser(stores, deps), { counter })).rejects.toMatchObject(refused);
      expect(await lastEvent()).toMatchObject({ action: 'users.passkey_refused', level: 'critical', status: 'denied' });
    }
    const mail = await stores.db.select().from(notifications);
    expect(mail.map((m) => m.body.topic)).toContain('users.passkey_refused');
    await signIn(openBrowser(stores, deps), { counter: 41 });
  });

  it('works with keys that do not count', async () => {
    await stores.db.update(passkeys).set({ counter: 0 });
    for (let i = 0; i < 3; i += 1)
      expect(await signIn(openBrowser(stores, deps), { counter: 0 })).toEqual({ ok: true });
  });

  it('still works after a new password', async () => {
    await setPassword(testCtx(stores), deps, { email: ada.email, password: 'another long password' });
    expect(await signIn(openBrowser(stores, deps))).toEqual({ ok: true });
  });
});

describe('proving oneself by a passkey', () => {
  const dangerous = (browser: Browser) => browser.call((c) => c.probe.dangerous(1));

  it('lets the act pass, and answers each question once', async () => {
    await register();
    const act = await demandedAct(() => dangerous(home));
    const options = await home.call((c) => c.session.stepUpOptions({ act }));
    expect(options).toMatchObject({
      methods: ['passkey', 'recovery'],
      passkey: { userVerification: 'required', allowCredentials: [{ id: key.id }] },
    });
    const response = key.use({ challenge: options.passkey?.challenge ?? '' });
    const proof = { method: 'passkey' as const, response };
    const { token } = await home.call((c) => c.session.stepUp({ act, proof }));
    expect(await home.call((c) => c.probe.dangerous(1), token)).toBe(1);
    await demandedAct(() => dangerous(home));
    await expect(home.call((c) => c.session.stepUp({ act, proof }))).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
  });

  it('is not done by somebody else’s', async () => {
    await register();
    const own = key;
    const eve = { email: 'eve@example.com', password: testPassword };
    await createUser(testCtx(stores), deps, { name: 'Eve', ...eve, role: 'admin', platform: '*' });
    const hers = home;
    home = openBrowser(stores, deps);
    await home.call((c) => c.session.signIn(eve));
    key = createSoftPasskey();
    await register();
    const act = await demandedAct(() => dangerous(hers));
    const options = await hers.call((c) => c.session.stepUpOptions({ act }));
    const response = key.use({ challenge: options.passkey?.challenge ?? '' });
    await expect(
      hers.call((c) => c.session.stepUp({ act, proof: { method: 'passkey', response } })),
    ).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(own.id).not.toBe(key.id);
  });
});
