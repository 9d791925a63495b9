import { TICKET_LIFE_MS } from '@qd/shared/users';
import { desc, eq } from 'drizzle-orm';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, type Browser } from '../../../test/browser.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import {
  auditEvents,
  authChallenges,
  notifications,
  recoveryCodes,
  sessions,
  totpFactors,
  users,
} from '../../db/schema/index.ts';
import { deleteFactors } from './queries/factors.ts';
import { createUser, setPassword } from './service/people.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const ada = { email: 'ada@example.com', password: testPassword };
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

/** What Ada holds: her app, and the codes she wrote down. */
let app: TOTP;
let codes: string[];
let home: Browser;
beforeEach(async () => {
  await emptyPeople(stores);
  await createUser(testCtx(stores), deps, { name: 'Ada', ...ada, role: 'admin', platform: '*' });
  home = openBrowser(stores, deps);
  await home.call((c) => c.session.signIn(ada));
  const started = await home.proving(
    (c) => c.account.startTotp({}),
    () => ({ method: 'password', password: testPassword }),
  );
  app = new TOTP({ secret: started.secret });
  const confirmed = await home.call((c) => c.account.confirmTotp({ id: started.id, code: code() }));
  codes = confirmed.recoveryCodes ?? [];
  nextStep();
});

const code = (offsetMs = 0) => app.generate({ timestamp: stores.clock.now().getTime() + offsetMs });
/** A code is good once; the next one comes with the next step. */
const nextStep = () => stores.clock.advance(30_000);
const wrongCode = () => (code() === '000000' ? '000001' : '000000');
const ticketFor = async (browser: Browser, who = ada) => {
  const answer = await browser.call((c) => c.session.signIn(who));
  if (!('ticket' in answer)) throw new Error('no second factor was asked for');
  return answer;
};
const refused = (code_: string) => ({ code: code_ });
const lastEvent = async () => (await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1))[0];

describe('a second factor', () => {
  it('is asked for after the right password, which alone opens nothing', async () => {
    const browser = openBrowser(stores, deps);
    const { ticket, methods } = await ticketFor(browser);
    expect(methods).toEqual(['totp', 'recovery']);
    expect(browser.token).toBeNull();
    expect(await browser.call((c) => c.session.secondFactor({ ticket, code: code() }))).toEqual({
      ok: true,
      recoveryCodesLeft: null,
    });
    expect(await browser.call((c) => c.session.get())).toMatchObject({ user: { name: 'Ada', assurance: 2 } });
    expect(await lastEvent()).toMatchObject({ action: 'users.signed_in', details: { secondFactor: 'totp' } });
  });

  it('says nothing of itself to someone with a wrong password', async () => {
    const wrong = openBrowser(stores, deps).call((c) => c.session.signIn({ ...ada, password: 'not this one at all' }));
    await expect(wrong).rejects.toMatchObject(refused('UNAUTHORIZED'));
    expect(await stores.db.select().from(authChallenges).where(eq(authChallenges.kind, 'second_factor'))).toEqual([]);
  });

  it('leaves no secret in any table', async () => {
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    await browser.call((c) => c.session.secondFactor({ ticket, recoveryCode: codes[0] ?? '' }));
    const rows = [
      await stores.db.select().from(totpFactors),
      await stores.db.select().from(recoveryCodes),
      await stores.db.select().from(authChallenges),
      await stores.db.select().from(sessions),
      await stores.db.select().from(auditEvents),
      await stores.db.select().from(notifications),
    ];
    const text = JSON.stringify(rows, (_k, v: unknown) => (v instanceof Uint8Array ? Buffer.from(v).toString() : v));
    for (const secret of [ticket, app.secret.base32, codes[0] ?? 'x', codes[1] ?? 'x', browser.token ?? 'x']) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('a code', () => {
  it('passes once, in a second sign-in too', async () => {
    const [first, second] = [openBrowser(stores, deps), openBrowser(stores, deps)];
    const used = code();
    const a = await ticketFor(first);
    await first.call((c) => c.session.secondFactor({ ticket: a.ticket, code: used }));
    const b = await ticketFor(second);
    const replay = second.call((c) => c.session.secondFactor({ ticket: b.ticket, code: used }));
    await expect(replay).rejects.toMatchObject(refused('UNAUTHORIZED'));
    expect(second.token).toBeNull();
    expect(await lastEvent()).toMatchObject({ action: 'users.signed_in', status: 'denied' });
  });

  it('of an earlier step is refused once a later one was taken', async () => {
    const earlier = code();
    nextStep();
    const [first, second] = [openBrowser(stores, deps), openBrowser(stores, deps)];
    const a = await ticketFor(first);
    await first.call((c) => c.session.secondFactor({ ticket: a.ticket, code: code() }));
    const b = await ticketFor(second);
    await expect(second.call((c) => c.session.secondFactor({ ticket: b.ticket, code: earlier }))).rejects.toMatchObject(
      refused('UNAUTHORIZED'),
    );
  });

  it('may be one step off, and no more', async () => {
    nextStep();
    nextStep();
    for (const [offsetMs, passes] of [
      [-60_000, false],
      [60_000, false],
      [-30_000, true],
      [30_000, true],
    ] as const) {
      const browser = openBrowser(stores, deps);
      const { ticket } = await ticketFor(browser);
      const shown = browser.call((c) => c.session.secondFactor({ ticket, code: code(offsetMs) }));
      const outcome = await shown.then(
        () => true,
        () => false,
      );
      expect(outcome, `${offsetMs} ms`).toBe(passes);
    }
  });

  it('signs in one of ten browsers that show it at once', async () => {
    const browsers = Array.from({ length: 10 }, () => openBrowser(stores, deps));
    const tickets: string[] = [];
    for (const browser of browsers) tickets.push((await ticketFor(browser)).ticket);
    const shown = code();
    await Promise.allSettled(
      browsers.map((b, i) => b.call((c) => c.session.secondFactor({ ticket: tickets[i] ?? '', code: shown }))),
    );
    expect(browsers.filter((b) => b.token !== null)).toHaveLength(1);
  });
});

describe('a ticket', () => {
  it('allows five tries', async () => {
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    for (let i = 0; i < 5; i += 1) {
      const guess = browser.call((c) => c.session.secondFactor({ ticket, code: wrongCode() }));
      await expect(guess).rejects.toMatchObject(refused('UNAUTHORIZED'));
    }
    const right = browser.call((c) => c.session.secondFactor({ ticket, code: code() }));
    await expect(right).rejects.toMatchObject(refused('PRECONDITION_FAILED'));
  });

  it('allows five tries to guesses sent at once', async () => {
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    await Promise.allSettled(
      Array.from({ length: 8 }, () => browser.call((c) => c.session.secondFactor({ ticket, code: wrongCode() }))),
    );
    const [row] = await stores.db.select().from(authChallenges).where(eq(authChallenges.kind, 'second_factor'));
    expect(row?.tries).toBeLessThanOrEqual(5);
    expect(row?.usedAt).toBeNull();
  });

  it('of another sign-in does not help: guesses are counted over all of them, and from everywhere', async () => {
    let checked = 0;
    for (let i = 0; i < 30; i += 1) {
      const browser = openBrowser(stores, deps, { address: `203.0.113.${i}` });
      const { ticket } = await ticketFor(browser);
      const outcome = await browser
        .call((c) => c.session.secondFactor({ ticket, code: wrongCode() }))
        .catch((error: { code: string }) => error.code);
      if (outcome === 'UNAUTHORIZED') checked += 1;
    }
    expect(checked).toBeLessThan(12);
  });

  it('lives five minutes', async () => {
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    stores.clock.advance(TICKET_LIFE_MS);
    await expect(browser.call((c) => c.session.secondFactor({ ticket, code: code() }))).rejects.toMatchObject(
      refused('PRECONDITION_FAILED'),
    );
  });

  it('is used up by the sign-in', async () => {
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    await browser.call((c) => c.session.secondFactor({ ticket, code: code() }));
    nextStep();
    await expect(browser.call((c) => c.session.secondFactor({ ticket, code: code() }))).rejects.toMatchObject(
      refused('PRECONDITION_FAILED'),
    );
  });

  it('of one person takes no code of another', async () => {
    const eve = { email: 'eve@example.com', password: testPassword };
    await createUser(testCtx(stores), deps, { name: 'Eve', ...eve, role: null, platform: '*' });
    const evil = openBrowser(stores, deps);
    await evil.call((c) => c.session.signIn(eve));
    const started = await evil.proving(
      (c) => c.account.startTotp({}),
      () => ({ method: 'password', password: testPassword }),
    );
    const evilApp = new TOTP({ secret: started.secret });
    const now = () => evilApp.generate({ timestamp: stores.clock.now().getTime() });
    const own = await evil.call((c) => c.account.confirmTotp({ id: started.id, code: now() }));
    nextStep();
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    for (const proof of [{ code: now() }, { recoveryCode: own.recoveryCodes?.[0] ?? '' }]) {
      await expect(browser.call((c) => c.session.secondFactor({ ticket, ...proof }))).rejects.toMatchObject(
        refused('UNAUTHORIZED'),
      );
    }
  });

  const takeTheFactorOff = async () => {
    const [row] = await stores.db.select().from(totpFactors);
    await stores.db.transaction((tx) => deleteFactors(tx, row?.userId ?? ''));
  };
  it.each([
    [
      'a new password',
      () => setPassword(testCtx(stores), deps, { email: ada.email, password: 'another long password' }),
    ],
    ['a suspension', () => stores.db.update(users).set({ state: 'suspended' }).where(eq(users.email, ada.email))],
    ['the factor was taken off', takeTheFactorOff],
  ])('opens nothing after %s', async (_name, change) => {
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    await change();
    for (const proof of [{ code: code() }, { recoveryCode: codes[0] ?? '' }]) {
      await expect(browser.call((c) => c.session.secondFactor({ ticket, ...proof }))).rejects.toThrow(/again|wrong/);
    }
    expect(browser.token).toBeNull();
  });
});

describe('recovery codes', () => {
  it('are ten, each good once, and the person is told', async () => {
    expect(new Set(codes).size).toBe(10);
    for (const one of codes) expect(one).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}$/);
    const first = openBrowser(stores, deps);
    const a = await ticketFor(first);
    const typed = ` ${(codes[3] ?? '').toUpperCase().replaceAll('-', ' ')} `;
    const answer = await first.call((c) => c.session.secondFactor({ ticket: a.ticket, recoveryCode: typed }));
    expect(answer).toEqual({ ok: true, recoveryCodesLeft: 9 });
    const second = openBrowser(stores, deps);
    const b = await ticketFor(second);
    const again = second.call((c) => c.session.secondFactor({ ticket: b.ticket, recoveryCode: codes[3] ?? '' }));
    await expect(again).rejects.toMatchObject(refused('UNAUTHORIZED'));
    const mail = await stores.db.select().from(notifications);
    expect(mail.map((m) => m.body.topic)).toContain('users.recovery_code_used');
  });

  it('sign in one of ten browsers that show the same at once', async () => {
    const browsers = Array.from({ length: 10 }, () => openBrowser(stores, deps));
    const tickets: string[] = [];
    for (const browser of browsers) tickets.push((await ticketFor(browser)).ticket);
    await Promise.allSettled(
      browsers.map((b, i) =>
        b.call((c) => c.session.secondFactor({ ticket: tickets[i] ?? '', recoveryCode: codes[0] ?? '' })),
      ),
    );
    expect(browsers.filter((b) => b.token !== null)).toHaveLength(1);
  });

  it('are replaced by new ones', async () => {
    const fresh = await home.proving(
      (c) => c.account.newRecoveryCodes(),
      () => ({ method: 'totp', code: code() }),
    );
    expect(fresh.codes).toHaveLength(10);
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    const old = browser.call((c) => c.session.secondFactor({ ticket, recoveryCode: codes[0] ?? '' }));
    await expect(old).rejects.toMatchObject(refused('UNAUTHORIZED'));
    await browser.call((c) => c.session.secondFactor({ ticket, recoveryCode: fresh.codes[0] ?? '' }));
    expect(browser.token).not.toBeNull();
  });
});

describe('a session', () => {
  it('gets a new token when a factor is added, and the old one is dead', async () => {
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    await browser.call((c) => c.session.secondFactor({ ticket, code: code() }));
    nextStep();
    const before = browser.token;
    const started = await browser.proving(
      (c) => c.account.startTotp({ label: 'Second phone' }),
      () => ({ method: 'totp', code: code() }),
    );
    const second = new TOTP({ secret: started.secret });
    const first = second.generate({ timestamp: stores.clock.now().getTime() });
    const added = await browser.call((c) => c.account.confirmTotp({ id: started.id, code: first }));
    expect(added.recoveryCodes).toBeNull();
    expect(browser.token).not.toBe(before);
    const thief = openBrowser(stores, deps);
    thief.token = before;
    expect(await thief.call((c) => c.session.get())).toMatchObject({ user: null });
  });

  it('never keeps a token the browser brought along', async () => {
    const browser = openBrowser(stores, deps);
    browser.token = 'A'.repeat(43);
    const { ticket } = await ticketFor(browser);
    expect(browser.token).toBe('A'.repeat(43));
    await browser.call((c) => c.session.secondFactor({ ticket, code: code() }));
    expect(browser.token).not.toBe('A'.repeat(43));
    const former = browser.token;
    nextStep();
    const again = await ticketFor(browser);
    await browser.call((c) => c.session.secondFactor({ ticket: again.ticket, code: code() }));
    const thief = openBrowser(stores, deps);
    thief.token = former;
    expect(await thief.call((c) => c.session.get())).toMatchObject({ user: null });
  });
});

describe('a started app', () => {
  it('opens nothing before its first code, and belongs to who started it', async () => {
    const started = await home.proving(
      (c) => c.account.startTotp({ label: 'Tablet' }),
      () => ({ method: 'totp', code: code() }),
    );
    nextStep();
    const unconfirmed = new TOTP({ secret: started.secret });
    const at = () => unconfirmed.generate({ timestamp: stores.clock.now().getTime() });
    const browser = openBrowser(stores, deps);
    const { ticket } = await ticketFor(browser);
    await expect(browser.call((c) => c.session.secondFactor({ ticket, code: at() }))).rejects.toMatchObject(
      refused('UNAUTHORIZED'),
    );
    const eve = { email: 'eve@example.com', password: testPassword };
    await createUser(testCtx(stores), deps, { name: 'Eve', ...eve, role: null, platform: '*' });
    const evil = openBrowser(stores, deps);
    await evil.call((c) => c.session.signIn(eve));
    await expect(evil.call((c) => c.account.confirmTotp({ id: started.id, code: at() }))).rejects.toMatchObject(
      refused('NOT_FOUND'),
    );
    const [row] = await stores.db.select().from(totpFactors).where(eq(totpFactors.id, started.id));
    expect(row?.confirmedAt).toBeNull();
  });
});
