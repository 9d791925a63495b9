import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../test/acting-as.ts';
import { addPeople } from '../test/directory.ts';
import { emptyPeople } from '../test/empty-people.ts';
import { fakeHttpCall } from '../test/fake-http-call.ts';
import { quickUsersDeps, testPassword } from '../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../test/stores.ts';
import { createFakeKeeping } from './adapters/audit-keeping/fake.ts';
import { approvableActs } from './approvable-acts.ts';
import { grants, users } from './db/schema/index.ts';
import { decideApproval } from './features/approvals/service/decide.ts';
import { executeApproval } from './features/approvals/service/execute.ts';
import { getApproval } from './features/approvals/service/read.ts';
import { giveRole } from './features/roles/service/give.ts';
import { createImportsDeps } from './features/users/service/imports/deps.ts';
import { applyResetLink, sendResetLink } from './features/users/service/invitations/reset-links.ts';
import { anonymous } from './platform/request-context.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const audit = { keeping: createFakeKeeping(), sealing: deps.sealing };
const acts = approvableActs({ users: deps, imports: createImportsDeps(), audit });
const ids: Record<string, string> = {};
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await add({ Root: 'owner', Second: 'owner', Boss: 'admin', Ada: null });
});

async function add(people: Record<string, string | null>): Promise<void> {
  const named = Object.entries(people).map(([name, role]) => ({ name, roles: role === null ? [] : [role] }));
  const made = await addPeople(stores.db, named);
  named.forEach(({ name }, i) => (ids[name] = made[i] ?? ''));
  // The database keeps an owner who can sign in.
  await stores.db.update(users).set({ passwordHash: '$argon2id$test' });
}
const id = (name: string): string => ids[name] ?? '';
const as = (name: string) => actingAs(stores, id(name));
/** Asks for Ada to be given a role; gives the id of the request. */
async function ask(by = 'Root', role = 'owner'): Promise<string> {
  const gift = { userId: id('Ada'), role, platform: '*', reason: 'is needed', expiresAt: null };
  const { approval } = await giveRole(await as(by), gift);
  if (approval === null) throw new Error('nothing was asked for');
  return approval.id;
}
const decide = async (by: string, request: string, decision: 'approve' | 'reject' = 'approve') =>
  decideApproval(await as(by), { id: request, decision, reason: 'looks right' });
const execute = async (by: string, request: string) => executeApproval(await as(by), acts, request);
const refusedWith = (code: string) => ({ name: 'DomainError', code });
const minutes = (n: number) => n * 60_000;

describe('a request of who helped others in', () => {
  it('is not decided for a day by who came back in by a link of the requester, who may hold their password', async () => {
    const { sealing, passwords } = deps;
    const request = await ask();
    const link = await sendResetLink(
      await as('Root'),
      { sealing, canMail: false },
      { id: id('Second'), kind: 'password', reason: 'lost it' },
    );
    const token = link.path?.split('#')[1] ?? '';
    const anybody = testCtx(stores, { actor: anonymous('203.0.113.9') });
    await applyResetLink(anybody, { passwords }, { token, password: testPassword }, fakeHttpCall());
    await expect(decide('Second', request)).rejects.toMatchObject(refusedWith('forbidden'));
    // They may still stop it.
    expect(await getApproval(await as('Second'), request)).toMatchObject({ may: { approve: false, reject: true } });
    // There is still somebody who may: the request does not ripen by itself.
    stores.clock.advance(minutes(20));
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
    stores.clock.advance(minutes(23 * 60 + 39));
    await expect(decide('Second', request)).rejects.toMatchObject(refusedWith('forbidden'));
    stores.clock.advance(minutes(2));
    const later = await ask('Root', 'admin');
    expect(await decide('Second', later)).toMatchObject({ phase: 'ready' });
  });

  it('is not decided for a day by whom the requester gave a role, nor left to the requester because of that', async () => {
    const given = { reason: 'test', grantedBy: id('Root'), createdAt: stores.clock.now() };
    await stores.db
      .insert(grants)
      .values({ id: 'grt_given', userId: id('Second'), role: 'stakeholder', platform: '*', ...given });
    const request = await ask();
    await expect(decide('Second', request)).rejects.toMatchObject(refusedWith('forbidden'));
    expect(await getApproval(await as('Second'), request)).toMatchObject({ coolsOffAt: null, may: { approve: false } });
    stores.clock.advance(minutes(24 * 60 + 1));
    expect(await decide('Second', await ask('Root', 'admin'))).toMatchObject({ phase: 'ready' });
  });

  it('ripens where nobody was there before the requester let them in, and they may stop it', async () => {
    await stores.db.delete(grants).where(inArray(grants.userId, [id('Second'), id('Boss')]));
    const at = stores.clock.now();
    await add({ Puppet: 'owner' });
    await stores.db
      .update(users)
      .set({ createdAt: at })
      .where(eq(users.id, id('Puppet')));
    await stores.db
      .update(grants)
      .set({ grantedBy: id('Root'), createdAt: at })
      .where(eq(grants.userId, id('Puppet')));
    const request = await ask();
    await expect(decide('Puppet', request)).rejects.toMatchObject(refusedWith('forbidden'));
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
    expect((await getApproval(await as('Root'), request)).askable[0]?.people).toEqual([]);
    expect(await decide('Puppet', request, 'reject')).toMatchObject({ phase: 'rejected' });
  });
});
