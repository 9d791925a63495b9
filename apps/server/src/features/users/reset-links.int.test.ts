import { MINUTE_MS } from '@qd/shared/time';
import type { ResetLinkKind } from '@qd/shared/users';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { invitationLink, peopleOf, secretsOf } from '../../../test/people.ts';
import { quickUsersDeps } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, notifications, passkeys, recoveryCodes, totpFactors, users } from '../../db/schema/index.ts';
import { anonymous } from '../../platform/request-context.ts';
import { applyResetLink, describeResetLink, sendResetLink } from './service/invitations/reset-links.ts';

let stores: TestStores;
const deps = { ...quickUsersDeps(), canMail: false };
const newPassword = 'another quite long password';
let bob: string;

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(notifications);
  await people.add('root', 'owner');
  await people.add('sam', 'support');
  bob = await people.add('bob', 'stakeholder');
});

const people = peopleOf(() => stores, deps);
const nobody = () => testCtx(stores, { actor: anonymous('203.0.113.9') });
async function link(as: string, kind: ResetLinkKind, id = bob): Promise<string> {
  return invitationLink(await sendResetLink(await people.as(as), deps, { id, kind, reason: 'locked out' }));
}
const use = (token: string, password?: string) =>
  applyResetLink(nobody(), deps, password === undefined ? { token } : { token, password }, fakeHttpCall());
const over = { code: 'precondition', message: 'This link was used, replaced or has run out; ask for a new one.' };
const hashOf = async (id: string) =>
  (await stores.db.select({ hash: users.passwordHash }).from(users).where(eq(users.id, id)))[0]?.hash;
const topics = async (email: string) =>
  (await stores.db.select().from(notifications))
    .filter((row) => row.channel === `email:${email}`)
    .map((row) => row.body.topic);

/** One factor of every kind. */
async function enrol(userId: string): Promise<void> {
  const createdAt = stores.clock.now();
  const bytes = new Uint8Array(32).fill(7);
  await stores.db
    .insert(totpFactors)
    .values({ id: `totp_${userId}`, userId, label: 'Phone', sealedSecret: bytes, createdAt, confirmedAt: createdAt });
  await stores.db.insert(passkeys).values({
    id: `key_${userId}`,
    userId,
    label: 'Laptop',
    publicKey: bytes,
    counter: 0,
    transports: [],
    deviceType: 'singleDevice',
    isBackedUp: false,
    createdAt,
  });
  await stores.db.insert(recoveryCodes).values({ id: `rcv_${userId}`, userId, hash: bytes, createdAt });
}
const factorsLeft = async () =>
  (await Promise.all([totpFactors, passkeys, recoveryCodes].map((table) => stores.db.select().from(table)))).flat();

describe('a link for a new password', () => {
  it('sets it, ends every session, and works once', async () => {
    const session = await people.as('bob');
    const before = await hashOf(bob);
    const token = await link('sam', 'password');
    expect(await describeResetLink(nobody(), token)).toMatchObject({ kind: 'password', name: 'bob' });
    expect(await use(token, newPassword)).toEqual({ kind: 'password' });
    expect(await hashOf(bob)).not.toBe(before);
    expect(await people.isSignedIn(session)).toBe(false);
    await expect(use(token, newPassword)).rejects.toMatchObject(over);
    await expect(describeResetLink(nobody(), token)).rejects.toMatchObject(over);
  });

  it('tells the person when it is made and when it is used', async () => {
    const token = await link('sam', 'password');
    expect(await topics('bob@example.com')).toEqual(['users.password_link_sent']);
    await use(token, newPassword);
    expect((await topics('bob@example.com')).toSorted()).toEqual(['users.password_link_sent', 'users.password_reset']);
  });

  it('goes to the person alone where there is mail', async () => {
    const input = { id: bob, kind: 'password' as const, reason: 'locked out' };
    expect(await sendResetLink(await people.as('sam'), { ...deps, canMail: true }, input)).toMatchObject({
      path: null,
    });
    expect(await stores.db.select().from(notifications)).toMatchObject([{ channel: 'email:bob@example.com' }]);
  });

  it('of an account of the demo, which has no mailbox, is shown to whoever made it', async () => {
    await stores.db.update(users).set({ isDemo: true }).where(eq(users.id, bob));
    const input = { id: bob, kind: 'password' as const, reason: 'locked out' };
    const made = await sendResetLink(await people.as('sam'), { ...deps, canMail: true }, input);
    expect(await use(invitationLink(made), newPassword)).toEqual({ kind: 'password' });
    expect(await stores.db.select().from(notifications)).toEqual([]);
  });

  it('is audited with its maker, and its token is nowhere in the database', async () => {
    const token = await link('sam', 'password');
    await use(token, newPassword);
    const log = (await stores.db.select().from(auditEvents)).filter((row) => row.targetId === bob);
    expect(log.map((row) => row.action)).toEqual(['users.created', 'users.reset_link_sent', 'users.password_reset']);
    expect(log[1]).toMatchObject({ details: { kind: 'password', reason: 'locked out' } });
    expect(await secretsOf(stores)).not.toMatch(new RegExp(`${token}|${newPassword}`));
  });

  it.each([
    ['half an hour', 30 * MINUTE_MS, false],
    ['a moment less', 30 * MINUTE_MS - 1, true],
  ])('after %s', async (_name, ms, works) => {
    const token = await link('sam', 'password');
    stores.clock.advance(ms);
    const used = use(token, newPassword);
    if (works) expect(await used).toEqual({ kind: 'password' });
    else await expect(used).rejects.toMatchObject(over);
  });

  it('is dead once there is a newer one', async () => {
    const first = await link('sam', 'password');
    const second = await link('sam', 'password');
    await expect(use(first, newPassword)).rejects.toMatchObject(over);
    await use(second, newPassword);
  });

  it('used twenty times at once sets one password', async () => {
    const token = await link('sam', 'password');
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => use(token, `${newPassword} number ${i}`)),
    );
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  });

  it('needs the password, and one of the other kind takes none', async () => {
    const missing = { code: 'invalid', fields: [{ field: 'password', message: 'is missing' }] };
    await expect(use(await link('sam', 'password'))).rejects.toMatchObject(missing);
    await expect(use(await link('sam', 'factors'), newPassword)).rejects.toMatchObject({ code: 'invalid' });
    expect(await hashOf(bob)).toContain('$argon2id$');
  });
});

describe('a link that takes second factors off', () => {
  it('takes them all, keeps the password, and ends every session', async () => {
    await enrol(bob);
    const session = await people.as('bob');
    const before = await hashOf(bob);
    expect(await use(await link('sam', 'factors'))).toEqual({ kind: 'factors' });
    expect(await factorsLeft()).toEqual([]);
    expect(await hashOf(bob)).toBe(before);
    expect(await people.isSignedIn(session)).toBe(false);
    expect((await topics('bob@example.com')).toSorted()).toEqual(['users.factors_link_sent', 'users.factors_reset']);
  });

  it('takes nobody else’s', async () => {
    const sam = (await people.as('sam')).actor.id ?? '';
    await enrol(sam);
    await use(await link('root', 'factors'));
    expect(await factorsLeft()).toHaveLength(3);
  });

  it('is refused for somebody it would lock out', async () => {
    await stores.db.update(users).set({ passwordHash: null }).where(eq(users.id, bob));
    await expect(link('sam', 'factors')).rejects.toMatchObject({ code: 'precondition' });
    await use(await link('sam', 'password'), newPassword);
    await use(await link('sam', 'factors'));
  });
});

describe('who may make one', () => {
  it('nobody for somebody who may do more, for oneself, or without the right', async () => {
    const root = (await people.as('root')).actor.id ?? '';
    const sam = (await people.as('sam')).actor.id ?? '';
    const ada = await people.add('ada', 'admin');
    await people.add('col', 'commander');
    for (const [as, id] of [
      ['sam', root],
      ['sam', ada],
      ['sam', sam],
      ['root', root],
      ['ada', root],
      ['col', bob],
    ] as const) {
      await expect(link(as, 'password', id)).rejects.toMatchObject({ code: 'forbidden' });
    }
    // Who may not even see people learns nothing of them.
    await expect(link('bob', 'password', sam)).rejects.toMatchObject({ code: 'not_found' });
    await expect(link('root', 'password', 'usr_nobody')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is asked again when it is used: who was given more meanwhile is out of reach', async () => {
    const token = await link('sam', 'password');
    await people.give(bob, 'admin');
    await expect(use(token, newPassword)).rejects.toMatchObject(over);
  });

  it('a link does not outlive its maker being suspended', async () => {
    const token = await link('sam', 'password');
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.email, 'sam@example.com'));
    await expect(use(token, newPassword)).rejects.toMatchObject(over);
  });

  it.each(['suspended', 'invited', 'offboarded'] as const)('not for people who are %s', async (state) => {
    const token = await link('sam', 'password');
    await stores.db.update(users).set({ state }).where(eq(users.id, bob));
    await expect(link('sam', 'password')).rejects.toMatchObject({ code: 'precondition' });
    await expect(use(token, newPassword)).rejects.toMatchObject(over);
  });
});
