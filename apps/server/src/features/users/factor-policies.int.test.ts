import { DAY_MS } from '@qd/shared/time';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type Browser } from '../../../test/browser.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createUser } from './service/people.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const byPassword = () => ({ method: 'password' as const, password: testPassword });
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

let owner: Browser;
let operator: Browser;
beforeEach(async () => {
  await emptyPeople(stores);
  owner = await person('owner');
  operator = await person('operator');
});

async function person(role: 'owner' | 'operator' | 'support', platform = '*', name: string = role): Promise<Browser> {
  const email = `${name}@example.com`;
  await createUser(testCtx(stores), deps, { name, email, password: testPassword, role, platform });
  const browser = openBrowser(stores, deps);
  await browser.call((c) => c.session.signIn({ email, password: testPassword }));
  return browser;
}
const set = (change: { graceMs?: number; isRequired?: boolean; version?: number; role?: string }) =>
  owner.proving(
    (c) => c.users.setFactorPolicy({ role: 'operator', isRequired: true, graceMs: DAY_MS, version: 0, ...change }),
    byPassword,
  );
async function enrol(browser: Browser) {
  const started = await browser.proving((c) => c.account.startTotp({}), byPassword);
  const app = new TOTP({ secret: started.secret });
  const code = () => app.generate({ timestamp: stores.clock.now().getTime() });
  await browser.call((c) => c.account.confirmTotp({ id: started.id, code: code() }));
  stores.clock.advance(30_000);
  return { id: started.id, code };
}
const seen = (browser: Browser) => browser.call((c) => c.probe.plain());
/** Signs in anew: sessions end sooner than days of grace. */
const again = async (name: string) => {
  const browser = openBrowser(stores, deps);
  await browser.call((c) => c.session.signIn({ email: `${name}@example.com`, password: testPassword }));
  return browser;
};

describe('a required factor', () => {
  it('leaves time of grace, to the millisecond', async () => {
    await set({ graceMs: 60_000 });
    const { user } = await operator.call((c) => c.session.get());
    expect(user).toMatchObject({ enrolBy: stores.clock.now().getTime() + 60_000, mustEnrol: false });
    stores.clock.advance(59_999);
    expect(await seen(operator)).toBe('seen');
    stores.clock.advance(1);
    await expect(seen(operator)).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      message: expect.stringContaining('second factor') as string,
    });
    expect(await operator.call((c) => c.session.get())).toMatchObject({ user: { mustEnrol: true, grants: [] } });
  });

  it('leaves those who are late nothing but setting one up, which opens everything again', async () => {
    await set({ graceMs: 0 });
    await expect(seen(operator)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    const fresh = await again('operator');
    await expect(seen(fresh)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    expect(await fresh.call((c) => c.account.get())).toMatchObject({ isFactorRequired: true });
    await enrol(fresh);
    expect(await seen(fresh)).toBe('seen');
  });

  it('runs from the grant where that is later than the rule', async () => {
    await set({ graceMs: DAY_MS });
    stores.clock.advance(10 * DAY_MS);
    const newcomer = await person('operator', '*', 'newcomer');
    expect(await seen(newcomer)).toBe('seen');
    await expect(seen(await again('operator'))).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
  });

  it('cannot be removed while it is the last', async () => {
    const { id, code } = await enrol(operator);
    await set({});
    const remove = (target: string) =>
      operator.proving(
        (c) => c.account.removeTotp({ id: target }),
        () => ({ method: 'totp', code: code() }),
      );
    await expect(remove(id)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await operator.call((c) => c.account.get())).toMatchObject({ totp: [{ id }] });
  });

  it('is nobody’s concern whose role does not ask for it', async () => {
    await set({ graceMs: 0 });
    expect(await seen(owner)).toBe('seen');
  });
});

describe('the rules', () => {
  it('are listed for every role, and changed on the version that was seen', async () => {
    const before = await owner.call((c) => c.users.factorPolicies());
    expect(before).toContainEqual({
      role: 'operator',
      title: 'Operator',
      isRequired: false,
      graceMs: 0,
      since: null,
      version: 0,
    });
    const changed = await set({});
    expect(changed).toMatchObject({ isRequired: true, graceMs: DAY_MS, version: 1 });
    await expect(set({ graceMs: 5 })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(set({ role: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(set({ graceMs: 91 * DAY_MS, version: 1 })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('that ask for more begin anew, others keep their beginning', async () => {
    const first = await set({ graceMs: 10 * DAY_MS });
    stores.clock.advance(60_000);
    const looser = await set({ graceMs: 20 * DAY_MS, version: 1 });
    expect(looser.since).toBe(first.since);
    stores.clock.advance(60_000);
    const stricter = await set({ graceMs: DAY_MS, version: 2 });
    expect(stricter.since).toBe(stores.clock.now().getTime());
  });

  it('are set by those alone who may, on all platforms, and with proof', async () => {
    const policy = { role: 'operator', isRequired: true, graceMs: 0, version: 0 };
    await expect(operator.call((c) => c.users.setFactorPolicy(policy))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(owner.call((c) => c.users.setFactorPolicy(policy))).rejects.toMatchObject({
      cause: { code: 'step_up' },
    });
    const support = await person('support', 'hashinsight');
    await expect(support.call((c) => c.users.factorPolicies())).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(support.call((c) => c.users.factorCoverage())).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('coverage', () => {
  it('counts the people of each role by how far they have come', async () => {
    await person('operator', 'hashinsight', 'second');
    const third = await person('operator', '*', 'third');
    await enrol(third);
    await set({ graceMs: 60_000 });
    const of = async () => (await owner.call((c) => c.users.factorCoverage())).find((row) => row.role === 'operator');
    expect(await of()).toEqual({
      role: 'operator',
      title: 'Operator',
      isRequired: true,
      people: 3,
      withFactor: 1,
      inGrace: 2,
      overdue: 0,
    });
    stores.clock.advance(60_000);
    expect(await of()).toMatchObject({ people: 3, withFactor: 1, inGrace: 0, overdue: 2 });
  });
});
