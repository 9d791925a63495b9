import { createSecretKey } from 'node:crypto';
import { DomainError } from '@qd/shared/errors';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../test/empty-people.ts';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { signInFailures, users } from '../db/schema/index.ts';
import { createSession } from './session.ts';
import { createThrottle, pruneSignInFailures, waitMs, type Reservation } from './throttle.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const throttle = createThrottle(createSecretKey(Buffer.alloc(32, 1)));
const home = '198.51.100.7';
const tryFrom = (address: string, emailKey = 'ada@example.com') =>
  throttle.reserve(testCtx(stores), { emailKey, address });
/** Seconds to wait, or 0 when the attempt was let through (and stays counted as failed). */
const waitOf = (address: string, emailKey?: string) =>
  tryFrom(address, emailKey).then(
    () => 0,
    (error: unknown) =>
      error instanceof DomainError && error.code === 'rate_limited' ? (error.retryAfterSeconds ?? -1) : -1,
  );
const succeed = (reservation: Reservation) => stores.db.transaction((tx) => throttle.succeed(tx, reservation));
/** Fails until refused; gives how many attempts were let through. */
async function failUntilRefused(address: string, emailKey?: string): Promise<number> {
  for (let tries = 0; ; tries += 1) if ((await waitOf(address, emailKey)) !== 0) return tries;
}
async function signInAt(address: string): Promise<void> {
  const now = stores.clock.now();
  await stores.db.insert(users).values({
    id: 'usr_1',
    email: 'ada@example.com',
    emailKey: 'ada@example.com',
    name: 'Ada',
    state: 'active',
    createdAt: now,
  });
  await stores.db.transaction((tx) =>
    createSession(tx, { userId: 'usr_1', grants: [] }, { now, address, userAgent: '' }),
  );
}

describe('waits', () => {
  it('begin after the free failures, double and end at the most', () => {
    const policy = { freeFailures: 2, firstMs: 1_000, mostMs: 5_000 };
    expect([0, 1, 2, 3, 4, 5, 6, 1_000_000].map((n) => waitMs(n, policy))).toEqual([
      0, 0, 0, 1_000, 2_000, 4_000, 5_000, 5_000,
    ]);
  });
});

describe('guessing one account from one network', () => {
  it('is slowed down more and more, up to a quarter of an hour', async () => {
    expect(await failUntilRefused(home)).toBe(9);
    const waits: number[] = [];
    for (let i = 0; i < 12; i += 1) {
      const wait = await waitOf(home);
      waits.push(wait);
      stores.clock.advance(wait * SECOND_MS);
      expect(await waitOf(home)).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it('cannot be hurried by sending all guesses at once', async () => {
    const results = await Promise.all(Array.from({ length: 40 }, () => waitOf(home)));
    expect(results.filter((w) => w === 0)).toHaveLength(9);
  });

  it('is not prolonged by attempts during the wait', async () => {
    await failUntilRefused(home);
    for (let i = 0; i < 50; i += 1) await waitOf(home);
    stores.clock.advance(SECOND_MS);
    expect(await waitOf(home)).toBe(0);
  });

  it('counts an IPv6 network as one', async () => {
    let let_through = 0;
    for (let i = 0; i < 20; i += 1) if ((await waitOf(`2001:db8::${i}`)) === 0) let_through += 1;
    expect(let_through).toBe(9);
  });

  it('is forgotten an hour after the last wait', async () => {
    await failUntilRefused(home);
    stores.clock.advance(SECOND_MS + HOUR_MS);
    expect(await failUntilRefused(home)).toBe(9);
  });

  it('is forgotten when the right password came', async () => {
    for (let i = 0; i < 7; i += 1) await tryFrom(home);
    await succeed(await tryFrom(home));
    expect(await failUntilRefused(home)).toBe(9);
  });

  it('is the same for accounts that do not exist', async () => {
    await signInAt('203.0.113.1');
    expect(await failUntilRefused(home, 'ada@example.com')).toBe(
      await failUntilRefused('198.51.100.8', 'nobody@example.com'),
    );
  });
});

describe('guessing one password on all accounts', () => {
  it('is slowed down by network, and signing in to an own account does not help', async () => {
    let let_through = 0;
    for (let i = 0; i < 80; i += 1) {
      if ((await waitOf(home, `victim${i}@example.com`)) === 0) let_through += 1;
      if (i % 5 === 0 && i < 40) await succeed(await tryFrom(home, 'mallory@example.com'));
    }
    expect(let_through).toBe(51);
    expect(await waitOf('198.51.100.8', 'victim1@example.com')).toBe(0);
  });
});

describe('nobody is locked out by others', () => {
  /** Strangers from everywhere fail until the account counts as attacked. */
  const attack = async () => {
    for (let i = 0; i < 40; i += 1) await waitOf(`203.0.113.${i}`);
  };

  it('the right password from a new place works at the first try, whatever strangers do', async () => {
    await attack();
    const reservation = await tryFrom(home);
    await succeed(reservation);
    expect(await waitOf('203.0.113.77')).toBe(0);
  });

  it('while strange places get two tries instead of nine', async () => {
    await attack();
    expect(await failUntilRefused('203.0.113.200')).toBe(3);
    expect(await waitOf('203.0.113.200')).toBe(60);
  });

  it('where the account is signed in, nothing changes under attack', async () => {
    await signInAt(home);
    await attack();
    expect(await failUntilRefused(home)).toBe(9);
  });

  it('where the account is signed in, a neighbour costs it a minute at most', async () => {
    await signInAt(home);
    for (let i = 0; i < 40; i += 1) stores.clock.advance((await waitOf(home)) * SECOND_MS);
    await failUntilRefused(home);
    expect(await waitOf(home)).toBe(60);
    stores.clock.advance(MINUTE_MS);
    await succeed(await tryFrom(home));
  });

  it('where the account is signed in, other accounts’ failures do not count', async () => {
    await signInAt(home);
    for (let i = 0; i < 80; i += 1) await waitOf(home, `victim${i}@example.com`);
    expect(await waitOf(home, 'someone@example.com')).toBeGreaterThan(0);
    expect(await waitOf(home, 'ada@example.com')).toBe(0);
  });
});

describe('the table', () => {
  it('tells neither addresses nor accounts', async () => {
    await tryFrom(home);
    const text = JSON.stringify(await stores.db.select().from(signInFailures));
    expect(text).not.toMatch(/ada|example|198\.51/);
  });

  it('forgets what no longer counts, and nothing else', async () => {
    await failUntilRefused(home);
    stores.clock.advance(HOUR_MS - MINUTE_MS);
    await tryFrom('198.51.100.9', 'late@example.com');
    await pruneSignInFailures(testCtx(stores));
    expect(await stores.db.select().from(signInFailures)).toHaveLength(6);
    stores.clock.advance(2 * MINUTE_MS);
    await pruneSignInFailures(testCtx(stores));
    expect(await stores.db.select().from(signInFailures)).toHaveLength(3);
  });

  it('takes back an attempt that was not checked', async () => {
    for (let i = 0; i < 30; i += 1) await throttle.giveBack(testCtx(stores), await tryFrom(home));
    expect(await failUntilRefused(home)).toBe(9);
  });
});
