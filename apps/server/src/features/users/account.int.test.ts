import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type Browser } from '../../../test/browser.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, authChallenges, devices, notifications, totpFactors } from '../../db/schema/index.ts';
import { createUsersJobs } from './jobs.ts';
import { createUser } from './service/people.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const ada = { email: 'ada@example.com', password: testPassword };
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const byPassword = () => ({ method: 'password' as const, password: testPassword });
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

let home: Browser;
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(notifications);
  await createUser(testCtx(stores), deps, { name: 'Ada', ...ada, role: 'admin', platform: '*' });
  home = await signedIn({ userAgent: firefox });
});

async function signedIn(from: { userAgent?: string; address?: string } = {}): Promise<Browser> {
  const browser = openBrowser(stores, deps, from);
  await browser.call((c) => c.session.signIn(ada));
  return browser;
}
const isIn = async (browser: Browser) => (await browser.call((c) => c.session.get())).user !== null;
const topics = async () => (await stores.db.select().from(notifications)).map((m) => m.body.topic);
async function enrol(browser: Browser, prove: () => Parameters<Browser['proving']>[1] = () => byPassword) {
  const started = await browser.proving((c) => c.account.startTotp({ label: 'Phone' }), prove());
  const app = new TOTP({ secret: started.secret });
  const code = () => app.generate({ timestamp: stores.clock.now().getTime() });
  await browser.call((c) => c.account.confirmTotp({ id: started.id, code: code() }));
  stores.clock.advance(30_000);
  return { id: started.id, code };
}

describe('one’s own account', () => {
  it('is for people who are signed in', async () => {
    const stranger = openBrowser(stores, deps);
    await expect(stranger.call((c) => c.account.get())).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(stranger.call((c) => c.account.sessions({}))).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('shows and changes the name, and not over a change by another', async () => {
    expect(await home.call((c) => c.account.get())).toMatchObject({
      name: 'Ada',
      version: 1,
      hasPassword: true,
      totp: [],
      passkeys: [],
      recoveryCodesLeft: 0,
      isFactorRequired: false,
      enrolBy: null,
    });
    expect(await home.call((c) => c.account.updateProfile({ name: 'Ada L.', version: 1 }))).toEqual({ version: 2 });
    await expect(home.call((c) => c.account.updateProfile({ name: 'Eve', version: 1 }))).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await home.call((c) => c.session.get())).toMatchObject({ user: { name: 'Ada L.' } });
  });
});

describe('a new password', () => {
  const next = 'a completely new one';
  const change = (password = testPassword, newPassword = next) =>
    home.proving((c) => c.account.changePassword({ password, newPassword }), byPassword);

  it('ends the other sessions, renews this one, and the person is told', async () => {
    const other = await signedIn();
    const before = home.token;
    expect(await change()).toEqual({ endedSessions: 1 });
    expect([await isIn(other), await isIn(home)]).toEqual([false, true]);
    expect(home.token).not.toBe(before);
    await expect(openBrowser(stores, deps).call((c) => c.session.signIn(ada))).rejects.toThrow('wrong');
    await openBrowser(stores, deps).call((c) => c.session.signIn({ ...ada, password: next }));
    expect(await topics()).toContain('users.password_changed');
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'users.password_changed'));
    expect(log).toMatchObject([{ level: 'warning', details: { endedSessions: 1 } }]);
    expect(JSON.stringify(log)).not.toContain(next);
  });

  it('needs the old one, and a wrong one is on record', async () => {
    await expect(change('not the old one')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'users.password_changed'));
    expect(log).toMatchObject([{ status: 'denied', details: { reason: 'wrong password' } }]);
    await openBrowser(stores, deps).call((c) => c.session.signIn(ada));
  });

  it('must be new, and long enough', async () => {
    await expect(change(testPassword, testPassword)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(change(testPassword, 'short')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('sessions', () => {
  it('are listed in words, newest first, page by page', async () => {
    stores.clock.advance(1_000);
    await signedIn({ userAgent: 'curl/8', address: '203.0.113.9' });
    stores.clock.advance(1_000);
    await signedIn({ address: '192.168.1.7' });
    const first = await home.call((c) => c.account.sessions({ limit: 2 }));
    expect(first.rows).toMatchObject([
      { network: 'private network', address: '192.168.1.7', isCurrent: false },
      { device: 'curl', network: 'internet', isCurrent: false },
    ]);
    const second = await home.call((c) => c.account.sessions({ limit: 2, cursor: first.nextCursor ?? '' }));
    expect(second).toMatchObject({
      rows: [
        { device: 'Firefox on Linux', network: 'this machine', isCurrent: true, assurance: 1, method: 'password' },
      ],
      nextCursor: null,
    });
    await expect(home.call((c) => c.account.sessions({ cursor: 'x' }))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(JSON.stringify(first)).not.toMatch(/token|hash/i);
  });

  it('can be ended one by one, and only by their owner', async () => {
    const eve = { email: 'eve@example.com', password: testPassword };
    await createUser(testCtx(stores), deps, { name: 'Eve', ...eve, role: null, platform: '*' });
    const evil = openBrowser(stores, deps);
    await evil.call((c) => c.session.signIn(eve));
    const other = await signedIn();
    const { rows } = await home.call((c) => c.account.sessions({}));
    expect(rows).toHaveLength(2);
    const id = rows.find((row) => !row.isCurrent)?.id ?? '';
    await expect(evil.call((c) => c.account.endSession({ id }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await isIn(other)).toBe(true);
    await home.call((c) => c.account.endSession({ id }));
    expect([await isIn(other), await isIn(home)]).toEqual([false, true]);
    await expect(home.call((c) => c.account.endSession({ id }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('can all be ended but this one', async () => {
    const others = [await signedIn(), await signedIn()];
    expect(await home.call((c) => c.account.endOtherSessions())).toEqual({ ended: 2 });
    expect(await Promise.all(others.map(isIn))).toEqual([false, false]);
    expect(await isIn(home)).toBe(true);
  });
});

describe('browsers', () => {
  it('are told of when they are new, not the first one and not when they come back', async () => {
    expect(await topics()).toEqual([]);
    await home.call((c) => c.session.signOut());
    await home.call((c) => c.session.signIn(ada));
    expect(await topics()).toEqual([]);
    const other = await signedIn({ userAgent: 'curl/8', address: '203.0.113.9' });
    expect(await topics()).toEqual(['users.signed_in_on_new_device']);
    const [mail] = await stores.db.select().from(notifications);
    expect(mail).toMatchObject({ channel: 'email:ada@example.com' });
    expect(mail?.body.text).toContain('203.0.113.9');
    expect(await stores.db.select().from(devices)).toHaveLength(2);
    expect(JSON.stringify(await stores.db.select().from(devices))).not.toContain(other.device ?? 'x');
  });

  it('shared by two people tell neither of the other', async () => {
    const eve = { email: 'eve@example.com', password: testPassword };
    await createUser(testCtx(stores), deps, { name: 'Eve', ...eve, role: null, platform: '*' });
    await home.call((c) => c.session.signIn(eve));
    await home.call((c) => c.session.signIn(ada));
    expect(await topics()).toEqual([]);
  });
});

describe('factors', () => {
  it('can be removed with proof, take the recovery codes along, and the person is told', async () => {
    const { id, code } = await enrol(home);
    expect(await home.call((c) => c.account.get())).toMatchObject({ totp: [{ id, label: 'Phone' }] });
    await home.proving(
      (c) => c.account.removeTotp({ id }),
      () => ({ method: 'totp', code: code() }),
    );
    expect(await home.call((c) => c.account.get())).toMatchObject({ totp: [], recoveryCodesLeft: 0 });
    expect(await topics()).toEqual(['users.factor_added', 'users.factor_removed']);
    await expect(home.proving((c) => c.account.newRecoveryCodes(), byPassword)).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
    });
  });

  it('of others cannot be removed', async () => {
    const { id } = await enrol(home);
    const eve = { email: 'eve@example.com', password: testPassword };
    await createUser(testCtx(stores), deps, { name: 'Eve', ...eve, role: null, platform: '*' });
    const evil = openBrowser(stores, deps);
    await evil.call((c) => c.session.signIn(eve));
    await expect(evil.proving((c) => c.account.removeTotp({ id }), byPassword)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(evil.proving((c) => c.account.removePasskey({ id }), byPassword)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await stores.db.select().from(totpFactors)).toHaveLength(1);
  });

  it('are forgotten when never confirmed, and challenges when they ran out', async () => {
    await home.proving((c) => c.account.startTotp({}), byPassword);
    const prune = () =>
      createUsersJobs()
        .find((job) => job.name === 'users.prune')
        ?.run(testCtx(stores));
    await prune();
    expect(await stores.db.select().from(totpFactors)).toHaveLength(1);
    expect(await stores.db.select().from(authChallenges)).not.toEqual([]);
    stores.clock.advance(DAY_MS + HOUR_MS);
    await prune();
    expect(await stores.db.select().from(totpFactors)).toEqual([]);
    expect(await stores.db.select().from(authChallenges)).toEqual([]);
  });
});
