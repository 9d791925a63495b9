import { PROOF_LIFE_MS } from '@qd/shared/users';
import { eq } from 'drizzle-orm';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demandedAct, openBrowser, type Browser } from '../../../test/browser.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, users } from '../../db/schema/index.ts';
import { createUser } from './service/people.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const ada = { email: 'ada@example.com', password: testPassword };
const byPassword = { method: 'password' as const, password: testPassword };
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

let browser: Browser;
beforeEach(async () => {
  await emptyPeople(stores);
  await createUser(testCtx(stores), deps, { name: 'Ada', ...ada, role: 'admin', platform: '*' });
  browser = await signedIn();
});

async function signedIn(who = ada): Promise<Browser> {
  const fresh = openBrowser(stores, deps);
  await fresh.call((c) => c.session.signIn(who));
  return fresh;
}

const act = (input: unknown) => (c: Parameters<Parameters<Browser['call']>[0]>[0]) => c.probe.dangerous(input);
const demand = (input: unknown, from = browser) => demandedAct(() => from.call(act(input)));
const prove = async (hash: string, from = browser) =>
  (await from.call((c) => c.session.stepUp({ act: hash, proof: byPassword }))).token;
const asksAgain = { cause: { code: 'step_up' } };

/** Gives Ada an app, and what reads its codes. */
async function enrol(): Promise<() => string> {
  const started = await browser.proving(
    (c) => c.account.startTotp({}),
    () => byPassword,
  );
  const app = new TOTP({ secret: started.secret });
  const code = () => app.generate({ timestamp: stores.clock.now().getTime() });
  await browser.call((c) => c.account.confirmTotp({ id: started.id, code: code() }));
  stores.clock.advance(30_000);
  return code;
}

describe('a dangerous act', () => {
  it('passes once for the proof of exactly that act', async () => {
    const token = await prove(await demand({ id: 'usr_1' }));
    expect(await browser.call(act({ id: 'usr_1' }), token)).toEqual({ id: 'usr_1' });
    await expect(browser.call(act({ id: 'usr_1' }), token)).rejects.toMatchObject(asksAgain);
  });

  it('passes whatever the order of its keys', async () => {
    const token = await prove(await demand({ id: 'usr_1', reason: 'left' }));
    expect(await browser.call(act({ reason: 'left', id: 'usr_1' }), token)).toMatchObject({ id: 'usr_1' });
  });

  it.each([
    ['another value', { id: 'usr_2' }],
    ['a value more', { id: 'usr_1', role: 'owner' }],
    ['a list instead', [{ id: 'usr_1' }]],
    ['nothing', undefined],
  ])('does not pass with %s', async (_name, changed) => {
    const token = await prove(await demand({ id: 'usr_1' }));
    await expect(browser.call(act(changed), token)).rejects.toMatchObject(asksAgain);
    expect(await browser.call(act({ id: 'usr_1' }), token)).toEqual({ id: 'usr_1' });
  });

  it('does not pass by the proof of another procedure with the same input', async () => {
    const token = await prove(await demand({ label: 'x' }));
    await expect(browser.call((c) => c.account.startTotp({ label: 'x' }), token)).rejects.toMatchObject(asksAgain);
  });

  it('does not pass in another session, of the same person or of another', async () => {
    const token = await prove(await demand({ id: 'usr_1' }));
    const eve = { email: 'eve@example.com', password: testPassword };
    await createUser(testCtx(stores), deps, { name: 'Eve', ...eve, role: 'admin', platform: '*' });
    for (const other of [await signedIn(), await signedIn(eve)]) {
      await expect(other.call(act({ id: 'usr_1' }), token)).rejects.toMatchObject(asksAgain);
    }
  });

  it('passes one of ten calls that bring the same proof at once', async () => {
    const token = await prove(await demand({ id: 'usr_1' }));
    const calls = await Promise.allSettled(Array.from({ length: 10 }, () => browser.call(act({ id: 'usr_1' }), token)));
    expect(calls.filter((c) => c.status === 'fulfilled')).toHaveLength(1);
  });

  it('passes within two minutes of the proof', async () => {
    const token = await prove(await demand(1));
    stores.clock.advance(PROOF_LIFE_MS - 1);
    expect(await browser.call(act(1), token)).toBe(1);
    const late = await prove(await demand(2));
    stores.clock.advance(PROOF_LIFE_MS);
    await expect(browser.call(act(2), late)).rejects.toMatchObject(asksAgain);
  });

  it('asks for the permission first, and says nothing of proof to those who lack it', async () => {
    const eve = { email: 'eve@example.com', password: testPassword };
    await createUser(testCtx(stores), deps, { name: 'Eve', ...eve, role: 'stakeholder', platform: '*' });
    const evil = await signedIn(eve);
    await expect(evil.call(act(1))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('does not fall over an absurdly nested input', async () => {
    let nested: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) nested = [nested];
    await expect(browser.call(act(nested))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('a proof', () => {
  it('is for an act that was refused in this session', async () => {
    const invented = 'a'.repeat(64);
    await expect(prove(invented)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    const hash = await demand(1);
    await expect(prove(hash, await signedIn())).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    await prove(hash);
    await expect(prove(hash)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
  });

  it('is recorded with the act it was for, and a wrong one too', async () => {
    const hash = await demand(1);
    const wrong = browser.call((c) =>
      c.session.stepUp({ act: hash, proof: { method: 'password', password: 'not this one' } }),
    );
    await expect(wrong).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await prove(hash);
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'users.step_up_proved'));
    expect(log.map((r) => [r.status, r.details])).toEqual([
      ['denied', { method: 'password', act: 'probe.dangerous' }],
      ['success', { method: 'password', act: 'probe.dangerous' }],
    ]);
  });

  it('by password is for people without a factor only', async () => {
    const code = await enrol();
    const hash = await demand(1);
    const options = await browser.call((c) => c.session.stepUpOptions({ act: hash }));
    expect(options).toEqual({ methods: ['totp', 'recovery'], passkey: null });
    await expect(prove(hash)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const proof = { method: 'totp' as const, code: code() };
    const { token } = await browser.call((c) => c.session.stepUp({ act: hash, proof }));
    expect(await browser.call(act(1), token)).toBe(1);
    const next = await demand(2);
    const replayed = browser.call((c) => c.session.stepUp({ act: next, proof }));
    await expect(replayed).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('by password does not do where a role requires a factor, except for setting one up', async () => {
    const policy = { role: 'admin', isRequired: true, graceMs: 86_400_000, version: 0 };
    await browser.proving(
      (c) => c.users.setFactorPolicy(policy),
      () => byPassword,
    );
    await expect(browser.call(act(1))).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    const code = await enrol();
    const done = await browser.proving(act(1), () => ({ method: 'totp', code: code() }));
    expect(done).toBe(1);
  });

  it('cannot be guessed', async () => {
    await enrol();
    const hash = await demand(1);
    const codes: string[] = [];
    for (let i = 0; i < 30; i += 1) {
      const proof = { method: 'totp' as const, code: String(i).padStart(6, '0') };
      const outcome = await browser
        .call((c) => c.session.stepUp({ act: hash, proof }))
        .then(
          () => 'passed',
          (error: { code: string }) => error.code,
        );
      codes.push(outcome);
    }
    expect(codes.filter((c) => c === 'UNAUTHORIZED').length).toBeLessThan(12);
    expect(codes.at(-1)).toBe('TOO_MANY_REQUESTS');
  });

  it('ends with the person’s access', async () => {
    const token = await prove(await demand(1));
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.email, ada.email));
    await expect(browser.call(act(1), token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('raises a session that a password alone had opened, by a new token', async () => {
    const other = await signedIn();
    const code = await enrol();
    expect(await other.call((c) => c.session.get())).toMatchObject({ user: { assurance: 1 } });
    const before = other.token;
    await other.proving(act(1), () => ({ method: 'totp', code: code() }));
    expect(other.token).not.toBe(before);
    expect(await other.call((c) => c.session.get())).toMatchObject({ user: { assurance: 2 } });
  });
});
