import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from '../../../test/browser.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { invitationLink, peopleOf } from '../../../test/people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { users } from '../../db/schema/index.ts';
import { anonymous } from '../../platform/request-context.ts';
import { createBootstrapToken } from './service/bootstrap.ts';
import { resetPerson } from './service/directory/reset.ts';
import { acceptInvite } from './service/invitations/accept.ts';
import { inviteUser } from './service/invitations/invite.ts';
import { applyResetLink, sendResetLink } from './service/invitations/reset-links.ts';
import { createUser, setPassword } from './service/people.ts';

let stores: TestStores;
const deps = { ...quickUsersDeps(), canMail: false };
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const people = peopleOf(() => stores, deps);
const nobody = () => testCtx(stores, { actor: anonymous('127.0.0.1') });
const reason = 'because of the test';

/** Sets a password of Grace Hopper, `hopper@navy.example`, and does so again with the same link or session. */
type Way = () => Promise<(password: string) => Promise<unknown>>;

async function addGrace(): Promise<string> {
  const person = { name: 'Grace Hopper', email: 'hopper@navy.example', password: testPassword };
  return (await createUser(testCtx(stores), deps, { ...person, role: 'support', platform: '*' })).id;
}

const ways: Record<string, Way> = {
  'the first owner': async () => {
    const token = (await createBootstrapToken(testCtx(stores))) ?? '';
    const browser = openBrowser(stores, deps);
    const grace = { token, name: 'Grace Hopper', email: 'hopper@navy.example' };
    return (password) => browser.call((c) => c.session.createOwner({ ...grace, password }));
  },
  'an invitation': async () => {
    await people.add('root', 'owner');
    const wish = { email: 'hopper@navy.example', role: 'support', platform: '*', reason, lifeMs: 3_600_000 };
    const given = { ...wish, name: 'Somebody', grantExpiresAt: null, sendMail: false };
    const token = invitationLink((await inviteUser(await people.as('root'), deps, given)).link);
    return (password) => acceptInvite(nobody(), deps, { token, name: 'Grace Hopper', password }, fakeHttpCall());
  },
  'a link back in': async () => {
    await people.add('root', 'owner');
    const wish = { id: await addGrace(), kind: 'password' as const, reason };
    const token = invitationLink(await sendResetLink(await people.as('root'), deps, wish));
    return (password) => applyResetLink(nobody(), deps, { token, password }, fakeHttpCall());
  },
  'the account page': async () => {
    await addGrace();
    const browser = openBrowser(stores, deps);
    await browser.call((c) => c.session.signIn({ email: 'hopper@navy.example', password: testPassword }));
    const proof = { method: 'password', password: testPassword } as const;
    return (newPassword) =>
      browser.proving(
        (c) => c.account.changePassword({ password: testPassword, newPassword }),
        () => proof,
      );
  },
  'the command that creates': () => {
    const grace = { name: 'Grace Hopper', email: 'hopper@navy.example', role: null, platform: '*' as const };
    return Promise.resolve((password) => createUser(testCtx(stores), deps, { ...grace, password }));
  },
  'the command that sets': async () => {
    await addGrace();
    return (password) => setPassword(testCtx(stores), deps, { email: 'HOPPER@navy.example', password });
  },
  'the command that resets': async () => {
    const id = await addGrace();
    return (password) => resetPerson(testCtx(stores), deps, { id, password, factors: false });
  },
};

describe('a new password', () => {
  it.each(Object.entries(ways))('by %s is refused while it would be guessed soon', async (name, begin) => {
    const set = await begin();
    const before = await hashes();
    const field = name === 'the account page' ? 'newPassword' : 'password';
    for (const [password, words] of [
      ['qwertyuiop123456', 'is among the first that attackers try; use e.g. four words'],
      ['grace hopper 1906', 'is built on the name of the person'],
      ['hopper@navy.example', 'or on their address; use e.g. four words'],
    ] as const) {
      const refusal = await set(password).catch((error: unknown) => error);
      const cause: unknown = refusal instanceof Error && refusal.cause !== undefined ? refusal.cause : refusal;
      expect(cause).toMatchObject({ code: 'invalid', fields: [{ field }] });
      expect(String((cause as Error).message)).toContain(words);
    }
    expect(await hashes()).toEqual(before);
    await set('otter lantern gravel tuesday');
    expect(await hashes()).not.toEqual(before);
  });
});

async function hashes(): Promise<(string | null)[]> {
  return (await stores.db.select({ hash: users.passwordHash }).from(users).orderBy(users.id)).map((row) => row.hash);
}
