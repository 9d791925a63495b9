import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../test/acting-as.ts';
import { addPeople, addPlatforms } from '../test/directory.ts';
import { emptyPeople } from '../test/empty-people.ts';
import { quickUsersDeps } from '../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../test/stores.ts';
import { createFakeKeeping } from './adapters/audit-keeping/fake.ts';
import { approvableActs } from './approvable-acts.ts';
import { approvals, auditEvents, grants, invitations, notifications, userImports, users } from './db/schema/index.ts';
import { decideApproval } from './features/approvals/service/decide.ts';
import { executeApproval } from './features/approvals/service/execute.ts';
import { checkImport } from './features/users/service/imports/check.ts';
import { commitImport } from './features/users/service/imports/commit.ts';
import { createImportsDeps } from './features/users/service/imports/deps.ts';
import { rollbackImport } from './features/users/service/imports/rollback.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const imports = createImportsDeps({ sealing: deps.sealing });
const acts = approvableActs({ users: deps, imports, audit: { keeping: createFakeKeeping(), sealing: deps.sealing } });
const ids: Record<string, string> = {};

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  for (const table of [notifications, invitations, userImports]) await stores.db.delete(table);
  const names = ['Root', 'Second', 'Third'];
  const made = await addPeople(
    stores.db,
    names.map((name) => ({ name, roles: ['owner'] })),
  );
  names.forEach((name, i) => (ids[name] = made[i] ?? ''));
  await stores.db.update(users).set({ passwordHash: '$argon2id$test' });
});

const as = (name: string) => actingAs(stores, ids[name] ?? '');
const header = 'email,name,role,platform';
const boss = [header, 'boss@example.test,Boss,owner,*', 'plain@example.test,Plain,,'];
async function* file(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(lines.join('\n'));
}

/** Sends a file in, asks to commit it, and gives the import and the request that waits for a second person. */
async function ask(lines: readonly string[], change: { sendInvitations?: boolean; mode?: 'all' | 'valid' } = {}) {
  const ctx = await as('Root');
  const view = await checkImport(ctx, imports, { fileName: 'new.csv', bytes: file(lines) });
  const given = { id: view.id, mode: 'all' as const, reason: 'New owners', sendInvitations: false, ...change };
  const { approval } = await commitImport(ctx, imports, given);
  if (approval === null) throw new Error('nobody was asked');
  return { view, request: approval.id };
}
const agree = async (request: string, by = 'Second') =>
  decideApproval(await as(by), { id: request, decision: 'approve', reason: 'looks right' });
const execute = async (request: string, by = 'Root') => executeApproval(await as(by), acts, request);
const byEmail = async (key: string) => (await stores.db.select().from(users).where(eq(users.emailKey, key)))[0];
const rolesOf = async (userId: string | undefined) =>
  (
    await stores.db
      .select()
      .from(grants)
      .where(eq(grants.userId, userId ?? ''))
  ).map((row) => `${row.role}@${row.platform}`);
const importState = async (id: string) =>
  (await stores.db.select().from(userImports).where(eq(userImports.id, id)))[0]?.state;
const requestOf = async (id: string) => (await stores.db.select().from(approvals).where(eq(approvals.id, id)))[0];

/** Nobody was made, the file waits as before, and the request is settled with the reason. */
async function expectNothingDone(of: { view: { id: string }; request: string }, outcome: RegExp): Promise<void> {
  expect(await byEmail('boss@example.test')).toBeUndefined();
  expect(await byEmail('plain@example.test')).toBeUndefined();
  expect(await importState(of.view.id)).toBe('checked');
  expect(await requestOf(of.request)).toMatchObject({ state: 'failed', outcome: expect.stringMatching(outcome) });
  expect(await stores.db.select().from(invitations)).toEqual([]);
}

describe('an import that needs a second person', () => {
  it('is carried out as it was asked for once another has agreed, and keeps who did what', async () => {
    const { view, request } = await ask(boss, { sendInvitations: true });
    expect(await byEmail('boss@example.test')).toBeUndefined();
    await expect(execute(request)).rejects.toMatchObject({ code: 'conflict' });
    await expect(agree(request, 'Root')).rejects.toMatchObject({ code: 'forbidden' });
    await agree(request);
    await expect(execute(request, 'Second')).rejects.toMatchObject({ code: 'forbidden' });
    expect(await execute(request)).toMatchObject({ approval: null, import: { state: 'committed', createCount: 2 } });

    const made = await byEmail('boss@example.test');
    expect(made).toMatchObject({ state: 'invited', importId: view.id });
    expect(await rolesOf(made?.id)).toEqual(['owner@*']);
    const [grant] = await stores.db
      .select()
      .from(grants)
      .where(eq(grants.userId, made?.id ?? ''));
    expect(grant).toMatchObject({ grantedBy: ids['Root'], origin: 'import', reason: 'New owners' });
    expect(await requestOf(request)).toMatchObject({ state: 'executed' });
    const log = await stores.db.select().from(auditEvents).orderBy(auditEvents.seq);
    expect(log.map((row) => [row.action, row.userId]).slice(-5)).toEqual([
      ['approvals.requested', ids['Root']],
      ['approvals.decided', ids['Second']],
      ['users.imported', ids['Root']],
      ['users.invited', ids['Root']],
      ['approvals.executed', ids['Root']],
    ]);
    const mails = (await stores.db.select().from(notifications)).filter((m) => m.body.topic === 'users.invited');
    expect(mails.map((m) => m.channel).toSorted()).toEqual(['email:boss@example.test', 'email:plain@example.test']);
    await expect(execute(request)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('binds the agreement to inviting as well', async () => {
    const { view, request } = await ask(boss);
    const row = await requestOf(request);
    expect(row?.params).toEqual({ id: view.id, mode: 'all', reason: 'New owners', sha256: view.sha256 });
    expect(row?.summary).not.toContain('invited by mail');
    const again = await ask(boss, { sendInvitations: true });
    expect(await requestOf(again.request)).toMatchObject({
      params: { sendInvitations: true },
      summary: expect.stringContaining('2 invited by mail'),
    });
  });

  it('is done with the rights its requester has by then, or not at all', async () => {
    const asked = await ask(boss);
    await agree(asked.request);
    await stores.db.delete(grants).where(eq(grants.userId, ids['Root'] ?? ''));
    await stores.db.insert(grants).values({
      id: 'grt_less',
      userId: ids['Root'] ?? '',
      role: 'admin',
      platform: '*',
      reason: 'less now',
      createdAt: stores.clock.now(),
    });
    await expect(execute(asked.request)).rejects.toMatchObject({ code: 'conflict' });
    await expectNothingDone(asked, /Line 2 is wrong by now: role/);
  });

  it('is refused when the file is not the one that was agreed to', async () => {
    const asked = await ask(boss);
    await agree(asked.request);
    await stores.db
      .update(userImports)
      .set({ sha256: 'f'.repeat(64) })
      .where(eq(userImports.id, asked.view.id));
    await expect(execute(asked.request)).rejects.toMatchObject({ code: 'conflict' });
    await expectNothingDone(asked, /not what was approved/);
  });

  it('is refused when what was asked for was changed where it is stored', async () => {
    const asked = await ask(boss);
    await agree(asked.request);
    await stores.db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`);
      await tx
        .update(approvals)
        .set({ params: sql`${approvals.params} || '{"sendInvitations": true}'` })
        .where(eq(approvals.id, asked.request));
    });
    await expect(execute(asked.request)).rejects.toMatchObject({ code: 'conflict' });
    await expectNothingDone(asked, /not what was asked for/);
  });

  it('is refused when who agreed no longer may', async () => {
    const asked = await ask(boss);
    await agree(asked.request);
    await stores.db.delete(grants).where(eq(grants.userId, ids['Second'] ?? ''));
    await expect(execute(asked.request)).rejects.toMatchObject({ code: 'conflict' });
    await expectNothingDone(asked, /may no longer/);
  });

  it('leaves nothing half done when a row has become wrong', async () => {
    const asked = await ask(boss);
    await agree(asked.request);
    await addPeople(stores.db, [{ name: 'Gone', email: 'plain@example.test', state: 'offboarded' }]);
    await expect(execute(asked.request)).rejects.toMatchObject({ code: 'conflict' });
    expect(await byEmail('boss@example.test')).toBeUndefined();
    expect(await importState(asked.view.id)).toBe('checked');
    expect(await requestOf(asked.request)).toMatchObject({ state: 'failed' });
  });

  it('that made the last owner cannot be taken back', async () => {
    const { view, request } = await ask(boss);
    await agree(request);
    await execute(request);
    const made = await byEmail('boss@example.test');
    // Somebody who came in by it and is all that is left; what follows would leave the console to nobody.
    await stores.db
      .update(users)
      .set({ state: 'active', passwordHash: 'x' })
      .where(eq(users.id, made?.id ?? ''));
    for (const name of ['Second', 'Third']) {
      await stores.db.delete(grants).where(eq(grants.userId, ids[name] ?? ''));
    }
    const ctx = testCtx(stores);
    expect(await rollbackImport(ctx, imports, { id: view.id, reason: 'Wrong file' })).toMatchObject({ kept: 1 });
    expect(await rolesOf(made?.id)).toEqual(['owner@*']);
  });
});
