import { DAY_MS } from '@qd/shared/time';
import type { CommitImportInput, ImportView } from '@qd/shared/users';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { secretsOf } from '../../../test/people.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, systemActor, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, grants, invitations, notifications, roles, userImports, users } from '../../db/schema/index.ts';
import { openLink } from '../../platform/notices.ts';
import { anonymous } from '../../platform/request-context.ts';
import { checkImport } from './service/imports/check.ts';
import { commitImport } from './service/imports/commit.ts';
import { createImportsDeps } from './service/imports/deps.ts';
import { rollbackImport } from './service/imports/rollback.ts';
import { acceptInvite, describeInvitation } from './service/invitations/accept.ts';
import { resendInvite } from './service/invitations/invite.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const imports = createImportsDeps({ sealing: deps.sealing });
const ids: Record<string, string> = {};

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  for (const table of [notifications, invitations, userImports]) await stores.db.delete(table);
  const [root = '', local = ''] = await addPeople(stores.db, [
    { name: 'Root', roles: ['owner'] },
    { name: 'Local', roles: ['admin@hashinsight'] },
  ]);
  Object.assign(ids, { root, local });
  // A real owner, so that the rule about the last one is met.
  await stores.db.update(users).set({ passwordHash: '$argon2id$test' });
});

const as = (name: string) => actingAs(stores, ids[name] ?? '');
async function* file(...lines: string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.join('\n'));
}
const check = async (lines: string[], by = 'root') =>
  checkImport(await as(by), imports, { fileName: 'new.csv', bytes: file(...lines) });
const asked = (view: ImportView, change: Partial<CommitImportInput> = {}): CommitImportInput => ({
  id: view.id,
  mode: 'all',
  reason: 'New customers',
  sendInvitations: true,
  ...change,
});
const commit = async (view: ImportView, change: Partial<CommitImportInput> = {}, by = 'root') =>
  commitImport(await as(by), imports, asked(view, change));
const mails = () => stores.db.select().from(notifications).orderBy(asc(notifications.nextAttemptAt));
const nobody = () => testCtx(stores, { actor: anonymous('203.0.113.9') });
const header = 'email,name,role,platform';
const two = [header, 'Ada@example.test,Ada,stakeholder,hashinsight', 'bo@example.test,Bo,,'];

/** The token in the mail to an address. */
async function tokenFor(address: string): Promise<string> {
  const mail = (await mails()).find(({ channel }) => channel === `email:${address}`);
  return openLink(deps.sealing, mail?.body.sealedUrl ?? '', mail?.dedupKey ?? '').replace('/invite#', '');
}

describe('an import', () => {
  it('mails nobody unless it is told to', async () => {
    await commit(await check(two), { sendInvitations: false });
    expect(await mails()).toEqual([]);
    expect(await stores.db.select().from(invitations)).toEqual([]);
  });

  it('mails everybody it makes a link that lets them in once, and nobody else', async () => {
    await addPeople(stores.db, [{ name: 'Known' }, { name: 'Demo' }]);
    await stores.db.update(users).set({ isDemo: true, state: 'invited' }).where(eq(users.emailKey, 'demo@example.com'));
    const lines = [...two, 'known@example.com,Renamed,stakeholder,*', 'demo@example.com,Renamed too,stakeholder,*'];
    expect(await commit(await check(lines))).toMatchObject({
      import: { createCount: 2, updateCount: 2, canMail: true },
    });
    expect((await mails()).map(({ channel, body }) => [channel, body.topic, body.url])).toEqual([
      ['email:Ada@example.test', 'users.invited', null],
      ['email:bo@example.test', 'users.invited', null],
    ]);
    expect((await mails())[0]?.body.text).toContain('Root invites you as Stakeholder on hashinsight');
    const token = await tokenFor('Ada@example.test');
    expect(await secretsOf(stores)).not.toContain(token);
    expect(await describeInvitation(nobody(), token)).toMatchObject({ invitedBy: 'Root', email: 'Ada@example.test' });
    const come = () => acceptInvite(nobody(), deps, { token, name: 'Ada L', password: testPassword }, fakeHttpCall());
    await come();
    await expect(come()).rejects.toMatchObject({ code: 'precondition' });
    const [ada] = await stores.db.select().from(users).where(eq(users.emailKey, 'ada@example.test'));
    expect(ada).toMatchObject({ state: 'active', name: 'Ada L' });
    const held = await stores.db
      .select()
      .from(grants)
      .where(eq(grants.userId, ada?.id ?? ''));
    expect(held.map((g) => [g.role, g.platform])).toEqual([['stakeholder', 'hashinsight']]);
  });

  it('says in the log how many were invited, in the transaction of the import', async () => {
    const view = await check(two);
    await commit(view);
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'users.invited'));
    expect(log).toMatchObject([{ userId: ids['root'], targetId: view.id, details: { people: 2, isMailed: true } }]);
  });

  it('spreads its mails over time, so that an alert does not wait behind them', async () => {
    await commit(await check(['email,name', ...Array.from({ length: 12 }, (_, i) => `p${i}@example.test,P`)]));
    const start = stores.clock.now().getTime();
    const due = (await mails()).map(({ nextAttemptAt }) => (nextAttemptAt.getTime() - start) / 1_000);
    expect(due).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2]);
  });

  it('refuses to invite where there is no mail, and more people than mail is for', async () => {
    const view = await check(two);
    await expect(commitImport(await as('root'), createImportsDeps(), asked(view))).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('No mail server is configured'),
    });
    await stores.db.update(userImports).set({ createCount: 10_001 }).where(eq(userImports.id, view.id));
    await expect(commit(view)).rejects.toMatchObject({
      code: 'invalid',
      fields: [{ field: 'sendInvitations' }],
      message: expect.stringContaining('at most 10,000 people'),
    });
    expect(await stores.db.select().from(users).where(eq(users.emailKey, 'bo@example.test'))).toEqual([]);
  });

  it('of somebody who may import and not invite does nothing at all', async () => {
    const createdAt = stores.clock.now();
    const role = { id: 'role_importer', title: 'Importer', titleKey: 'importer', description: '', createdAt };
    await stores.db
      .insert(roles)
      .values({ ...role, permissions: ['users:read', 'users:import'], updatedAt: createdAt });
    await stores.db.delete(grants).where(eq(grants.userId, ids['local'] ?? ''));
    await stores.db.insert(grants).values({
      id: 'grt_importer',
      userId: ids['local'] ?? '',
      role: 'role_importer',
      platform: '*',
      reason: 'test',
      createdAt,
    });
    const view = await check(['email,name', 'cy@example.test,Cy'], 'local');
    expect(view).toMatchObject({ createCount: 1 });
    await expect(commit(view, {}, 'local')).rejects.toMatchObject({ code: 'forbidden' });
    expect(await stores.db.select().from(users).where(eq(users.emailKey, 'cy@example.test'))).toEqual([]);
    expect(await mails()).toEqual([]);
    expect(await commit(view, { sendInvitations: false }, 'local')).toMatchObject({ import: { state: 'committed' } });
  });

  it('of the command line makes links that work although nobody is their inviter', async () => {
    const ctx = testCtx(stores, { actor: { ...systemActor, kind: 'cli', name: 'Command line' } });
    const view = await checkImport(ctx, imports, { fileName: 'new.csv', bytes: file(...two) });
    await commitImport(ctx, imports, asked(view));
    const token = await tokenFor('bo@example.test');
    expect(await describeInvitation(nobody(), token)).toMatchObject({ invitedBy: 'Whoever runs this console' });
    await acceptInvite(nobody(), deps, { token, name: 'Bo', password: testPassword }, fakeHttpCall());
  });
});

describe('taking it back', () => {
  const takeBack = async (view: ImportView) =>
    rollbackImport(await as('root'), imports, { id: view.id, reason: 'Wrong file' });

  it('kills the links, stops mail on its way, and leaves alone who came in or was invited again', async () => {
    const people = ['in', 'again', 'gone'].map((name) => `${name}@example.test,${name}`);
    const view = await check(['email,name', ...people]);
    // Time passes while an import runs.
    const ctx = await as('root');
    let ticks = 0;
    await commitImport({ ...ctx, now: () => new Date(ctx.now().getTime() + (ticks += 7)) }, imports, asked(view));
    const [comeIn, dead] = [await tokenFor('in@example.test'), await tokenFor('gone@example.test')];
    await acceptInvite(nobody(), deps, { token: comeIn, name: 'In', password: testPassword }, fakeHttpCall());
    stores.clock.advance(60_000);
    const [again] = await stores.db.select().from(users).where(eq(users.emailKey, 'again@example.test'));
    await resendInvite(await as('root'), deps, { id: again?.id ?? '', lifeMs: DAY_MS, sendMail: true });
    expect(await takeBack(view)).toMatchObject({ restored: 1, kept: 2 });
    await expect(describeInvitation(nobody(), dead)).rejects.toMatchObject({ code: 'precondition' });
    const left = (await mails()).filter(({ body }) => body.topic === 'users.invited').map(({ channel }) => channel);
    expect(left.toSorted()).toEqual(['email:again@example.test', 'email:again@example.test', 'email:in@example.test']);
  });
});
