import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import type { InviteInput } from '@qd/shared/users';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { invitationLink, peopleOf, secretsOf } from '../../../test/people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { approvals, auditEvents, grants, invitations, notifications, users } from '../../db/schema/index.ts';
import { anonymous } from '../../platform/request-context.ts';
import { lookupSession } from '../../platform/session.ts';
import { acceptInvite, describeInvitation } from './service/invitations/accept.ts';
import { inviteUser, resendInvite, revokeInvite } from './service/invitations/invite.ts';
import { previewInvite } from './service/invitations/preview.ts';
import { signIn } from './service/sign-in.ts';

let stores: TestStores;
const deps = { ...quickUsersDeps(), canMail: false };
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(notifications);
  await people.add('root', 'owner');
});

const people = peopleOf(() => stores, deps);
const nobody = () => testCtx(stores, { actor: anonymous('203.0.113.9') });
const given = (change: Partial<InviteInput> = {}): InviteInput => ({
  name: 'Bob',
  email: 'bob@example.com',
  role: 'support',
  platform: '*',
  reason: 'joins the team',
  lifeMs: 3 * DAY_MS,
  grantExpiresAt: null,
  sendMail: true,
  ...change,
});
/** Invites as the person of that name and gives the token of the link. */
async function invite(as: string, change: Partial<InviteInput> = {}) {
  const { link } = await inviteUser(await people.as(as), deps, given(change));
  return { userId: link?.userId ?? '', token: invitationLink(link) };
}
const accept = (token: string, http = fakeHttpCall()) =>
  acceptInvite(nobody(), deps, { token, name: 'Bob B', password: testPassword }, http);
const over = {
  code: 'precondition',
  message: 'This invitation was used, withdrawn or has run out; ask for a new one.',
};
const log = async (action: string) =>
  (await stores.db.select().from(auditEvents)).filter((row) => row.action === action);

describe('an invitation', () => {
  it('lets somebody in with the role, once, and signs them in', async () => {
    const { userId, token } = await invite('root');
    expect(await describeInvitation(nobody(), token)).toMatchObject({
      invitedBy: 'root',
      email: 'bob@example.com',
      title: 'Support',
    });
    const http = fakeHttpCall();
    await accept(token, http);
    const found = await lookupSession(nobody(), http.cookie ?? '');
    expect(found?.actor).toMatchObject({ id: userId, name: 'Bob B', role: 'support' });
    await expect(accept(token)).rejects.toMatchObject(over);
    await expect(describeInvitation(nobody(), token)).rejects.toMatchObject(over);
    const signedIn = fakeHttpCall();
    await signIn(nobody(), deps, { email: 'bob@example.com', password: testPassword }, signedIn);
    expect(signedIn.cookie).toBeTruthy();
    const [grant] = await stores.db.select().from(grants).where(eq(grants.userId, userId));
    expect(grant).toMatchObject({ role: 'support', origin: 'invitation', reason: 'joins the team' });
    expect(await log('users.invited')).toHaveLength(1);
    expect(await log('users.invitation_accepted')).toMatchObject([
      { userId, before: { state: 'invited' }, after: { state: 'active', role: 'support' } },
    ]);
  });

  it('tells the inviter and the person', async () => {
    const { token } = await invite('root');
    await accept(token);
    const told = (await stores.db.select().from(notifications)).map(({ channel, body }) => [channel, body.topic]);
    expect(told).toContainEqual(['email:bob@example.com', 'users.welcomed']);
    expect(told).toContainEqual(['email:root@example.com', 'users.invitation_accepted']);
  });

  it('goes to the person alone where there is mail, and the inviter never sees the link', async () => {
    const { link } = await inviteUser(await people.as('root'), { ...deps, canMail: true }, given());
    expect(link?.path).toBeNull();
    expect(await stores.db.select().from(notifications)).toMatchObject([
      { channel: 'email:bob@example.com', body: { topic: 'users.invited', url: null } },
    ]);
  });

  it('leaves its token nowhere in the database', async () => {
    const { token } = await invite('root');
    await accept(token);
    expect(await secretsOf(stores)).not.toContain(token);
  });

  it.each([
    ['used up by the clock', 3 * DAY_MS],
    ['long over', 30 * DAY_MS],
  ])('%s is dead', async (_name, ms) => {
    const { token } = await invite('root');
    stores.clock.advance(ms);
    await expect(accept(token)).rejects.toMatchObject(over);
    await expect(describeInvitation(nobody(), token)).rejects.toMatchObject(over);
  });

  it('is alive until the last moment', async () => {
    const { token } = await invite('root', { lifeMs: HOUR_MS });
    stores.clock.advance(HOUR_MS - 1);
    await accept(token);
  });

  it('answers the same for a link nobody ever made', async () => {
    await expect(accept('a'.repeat(43))).rejects.toMatchObject(over);
  });

  it('used twenty times at once lets one in', async () => {
    const { userId, token } = await invite('root');
    const calls = Array.from({ length: 20 }, () => fakeHttpCall());
    const results = await Promise.allSettled(calls.map((http) => accept(token, http)));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect(calls.filter((http) => http.cookie !== undefined)).toHaveLength(1);
    expect(await stores.db.select().from(grants).where(eq(grants.userId, userId))).toHaveLength(1);
  });

  it('in the browser of somebody else ends their session there', async () => {
    await people.add('eve', 'stakeholder');
    const eve = await people.as('eve');
    const { token } = await invite('root');
    await acceptInvite(eve, deps, { token, name: 'Bob', password: testPassword }, fakeHttpCall());
    expect(await people.isSignedIn(eve)).toBe(false);
  });
});

describe('who may invite', () => {
  it('whoever holds all of the role there, and nobody else', async () => {
    await people.add('sam', 'support');
    await people.add('col', 'commander');
    await people.add('adm', 'admin', 'hashinsight');
    await invite('sam', { role: 'support', email: 'a@example.com' });
    for (const [as, change] of [
      ['sam', { role: 'operator' }],
      ['sam', { role: 'owner' }],
      ['col', { role: 'stakeholder' }],
      ['adm', { role: 'support', platform: '*' }],
      ['adm', { role: 'owner', platform: 'hashinsight' }],
    ] as const) {
      await expect(invite(as, change)).rejects.toMatchObject({
        code: expect.stringMatching(/forbidden|invalid/) as string,
      });
    }
    expect(await stores.db.select().from(users).where(eq(users.email, 'bob@example.com'))).toEqual([]);
  });

  it('of a role with critical rights or an owner waits for somebody else', async () => {
    await people.add('second', 'owner');
    const { link, approval } = await inviteUser(await people.as('root'), deps, given({ role: 'owner' }));
    expect(link).toBeNull();
    expect(approval).toMatchObject({ phase: 'pending' });
    expect(await stores.db.select().from(users).where(eq(users.email, 'bob@example.com'))).toEqual([]);
    expect(await stores.db.select().from(approvals)).toMatchObject([{ kind: 'users.invite' }]);
  });

  it('is asked again when it is accepted', async () => {
    await people.add('ada', 'admin');
    const { token, userId } = await invite('ada');
    await stores.db.delete(grants).where(eq(grants.role, 'admin'));
    const refusal = { code: 'precondition', message: expect.stringContaining('ask for a new invitation') as string };
    await expect(accept(token)).rejects.toMatchObject(refusal);
    expect(await stores.db.select().from(users).where(eq(users.id, userId))).toMatchObject([{ state: 'invited' }]);
    expect((await log('users.invitation_accepted')).map((row) => row.status)).toEqual(['denied']);
  });

  it('does not outlive the inviter being suspended', async () => {
    await people.add('ada', 'admin');
    const { token } = await invite('ada');
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.email, 'ada@example.com'));
    await expect(accept(token)).rejects.toMatchObject({ code: 'precondition' });
  });

  it('is nobody when the inviter is gone altogether', async () => {
    await people.add('ada', 'admin');
    const { token } = await invite('ada');
    await stores.db.update(invitations).set({ invitedBy: null });
    await expect(accept(token)).rejects.toMatchObject({ code: 'precondition' });
  });

  it('the command line may always', async () => {
    const { link } = await inviteUser(testCtx(stores), deps, given({ role: 'owner' }));
    await accept(invitationLink(link));
    expect(await stores.db.select().from(grants).where(eq(grants.role, 'owner'))).toHaveLength(2);
  });
});

describe('bad invitations', () => {
  it('are named', async () => {
    await people.add('bob', null);
    await expect(invite('root')).rejects.toMatchObject({ code: 'conflict', fields: [{ field: 'email' }] });
    const free = { email: 'free@example.com' };
    await expect(invite('root', { ...free, email: 'BOB@EXAMPLE.COM' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(invite('root', { ...free, platform: 'nowhere' })).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ field: 'platform' }],
    });
    await expect(invite('root', { ...free, role: 'role_gone' })).rejects.toMatchObject({ code: 'invalid' });
    const past = stores.clock.now().getTime() - 1;
    await expect(invite('root', { ...free, grantExpiresAt: past })).rejects.toMatchObject({
      fields: [{ field: 'grantExpiresAt' }],
    });
  });

  it('of one address at once make one person', async () => {
    const tries = Array.from({ length: 5 }, () => invite('root'));
    const results = await Promise.allSettled(tries);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('an invitation sent again', () => {
  it('works, and the one before does not', async () => {
    const first = await invite('root');
    const again = await resendInvite(await people.as('root'), deps, { ...given(), id: first.userId });
    await expect(accept(first.token)).rejects.toMatchObject(over);
    await accept(invitationLink(again));
    await expect(resendInvite(await people.as('root'), deps, { ...given(), id: first.userId })).rejects.toMatchObject({
      code: 'precondition',
    });
  });

  it('takes the rights of whoever sends it', async () => {
    await people.add('sam', 'support');
    const { userId } = await invite('root', { role: 'commander' });
    await expect(resendInvite(await people.as('sam'), deps, { ...given(), id: userId })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(revokeInvite(await people.as('sam'), { id: userId, reason: 'no' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('lets in who has their roles from elsewhere, such as a file, and brings none', async () => {
    await people.add('sam', 'support');
    const createdAt = stores.clock.now();
    const email = 'file@example.com';
    const row = {
      id: 'usr_file',
      email,
      emailKey: email,
      name: 'File',
      state: 'invited' as const,
      origin: 'import' as const,
    };
    await stores.db.insert(users).values({ ...row, createdAt });
    await people.give(row.id, 'stakeholder');
    const link = await resendInvite(await people.as('sam'), deps, { ...given(), id: row.id });
    expect(await describeInvitation(nobody(), invitationLink(link))).toMatchObject({ role: '', permissions: [] });
    const http = fakeHttpCall();
    await accept(invitationLink(link), http);
    expect((await lookupSession(nobody(), http.cookie ?? ''))?.actor).toMatchObject({
      id: row.id,
      role: 'stakeholder',
    });
    expect(await stores.db.select().from(users).where(eq(users.id, row.id))).toMatchObject([{ origin: 'import' }]);
  });

  it('from the command line, then by somebody who is gone, lets nobody in', async () => {
    const { link } = await inviteUser(testCtx(stores), deps, given({ role: 'owner' }));
    const ada = await people.add('ada', 'owner').then(() => people.as('ada'));
    const again = await resendInvite(ada, deps, { ...given(), id: link?.userId ?? '' });
    await stores.db.update(invitations).set({ invitedBy: null });
    await expect(accept(invitationLink(again))).rejects.toMatchObject({ code: 'precondition' });
  });

  it('does not hand over somebody who was given more meanwhile', async () => {
    await people.add('sam', 'support');
    const { userId } = await invite('sam');
    await people.give(userId, 'admin');
    await expect(resendInvite(await people.as('sam'), deps, { ...given(), id: userId })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('an invitation withdrawn', () => {
  it('is dead, and the person who never came in is gone', async () => {
    const { userId, token } = await invite('root');
    expect(await revokeInvite(await people.as('root'), { id: userId, reason: 'wrong address' })).toEqual({
      removed: true,
    });
    await expect(accept(token)).rejects.toMatchObject(over);
    expect(await stores.db.select().from(users).where(eq(users.id, userId))).toEqual([]);
    expect(await log('users.invitation_revoked')).toMatchObject([{ before: { email: 'bob@example.com' } }]);
  });

  it('leaves somebody of whom more is known', async () => {
    const { userId, token } = await invite('root');
    await people.give(userId, 'auditor');
    expect(await revokeInvite(await people.as('root'), { id: userId, reason: 'later' })).toEqual({ removed: false });
    await expect(accept(token)).rejects.toMatchObject(over);
    expect(await stores.db.select().from(users).where(eq(users.id, userId))).toMatchObject([{ state: 'invited' }]);
  });

  it('never removes somebody who came in', async () => {
    const { userId, token } = await invite('root');
    await accept(token);
    await expect(revokeInvite(await people.as('root'), { id: userId, reason: 'late' })).rejects.toMatchObject({
      code: 'precondition',
    });
  });
});

describe('a preview', () => {
  it('shows what they will be able to do, and why the caller may not invite to it', async () => {
    await people.add('sam', 'support');
    const mine = await previewInvite(await people.as('sam'), { role: 'stakeholder', platform: '*' });
    expect(mine).toMatchObject({ title: 'Stakeholder', refusal: null, needsApproval: false });
    expect(mine.permissions).toContainEqual({ permission: 'platforms:read', sentence: 'See which platforms exist' });
    const beyond = await previewInvite(await people.as('sam'), { role: 'admin', platform: '*' });
    expect(beyond.refusal).toContain('Nobody gives what they lack');
    expect(beyond.needsApproval).toBe(true);
    const admin = await people.add('adm', 'admin').then(() => people.as('adm'));
    expect((await previewInvite(admin, { role: 'owner', platform: '*' })).refusal).not.toBeNull();
  });

  it('names only platforms the caller may see', async () => {
    await addPlatforms(stores.db, ['hashinsight', 'web3-audit']);
    await people.add('local', 'support', 'hashinsight');
    const local = await people.as('local');
    const ask = (platform: string) => previewInvite(local, { role: 'stakeholder', platform });
    expect(await ask('hashinsight')).toMatchObject({ platforms: ['The hashinsight'], refusal: null });
    expect(await ask('*')).toMatchObject({ platforms: ['The hashinsight'] });
    expect((await ask('*')).refusal).toContain('may not invite people there');
    for (const platform of ['web3-audit', 'nowhere']) {
      await expect(ask(platform)).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});
