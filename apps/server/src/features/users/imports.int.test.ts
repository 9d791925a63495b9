import type { CommitImportInput, ImportView } from '@qd/shared/users';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestStores, systemActor, testCtx, type TestStores } from '../../../test/stores.ts';
import {
  approvals,
  auditEvents,
  grants,
  memberships,
  platforms,
  userImportRows,
  userImports,
  users,
} from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { grantScopes } from '../../platform/session.ts';
import { checkImport } from './service/imports/check.ts';
import { commitImport } from './service/imports/commit.ts';
import { createImportsDeps } from './service/imports/deps.ts';
import { rollbackImport } from './service/imports/rollback.ts';
import { tidyImports } from './service/imports/tidy.ts';
import { listImportRows, listImports, viewImport } from './service/imports/views.ts';

let stores: TestStores;
const deps = createImportsDeps();

beforeAll(async () => {
  stores = await openTestStores();
  const createdAt = stores.clock.now();
  await stores.db.insert(platforms).values([
    { id: 'hashinsight', name: 'HashInsight', createdAt },
    { id: 'web3audit', name: 'Web3 Audit', createdAt },
  ]);
  // A real owner, so that the rule about the last one is met.
  await person('usr_owner', 'owner@example.test', [['owner', '*']], { passwordHash: 'x' });
});
afterAll(() => stores.close());

beforeEach(async () => {
  for (const table of [userImportRows, userImports]) await stores.db.delete(table);
});

async function person(
  id: string,
  email: string,
  held: readonly (readonly [role: string, platform: string])[] = [],
  more: Partial<typeof users.$inferInsert> = {},
): Promise<void> {
  const createdAt = stores.clock.now();
  const row = { id, email, emailKey: email.toLowerCase(), name: `Name of ${id}`, state: 'active' as const, createdAt };
  await stores.db.insert(users).values({ ...row, ...more });
  for (const [role, platform] of held) {
    const grant = { id: `grt_${id}_${role}_${platform}`, userId: id, role, platform, reason: 'Test', createdAt };
    await stores.db.insert(grants).values(grant);
  }
}

/** A stored person as the one who acts. */
async function acting(id: string): Promise<Actor> {
  const [user] = await stores.db.select().from(users).where(eq(users.id, id));
  const held = await stores.db.select().from(grants).where(eq(grants.userId, id));
  const scopes = grantScopes(held.map((g) => ({ ...g, permissions: null })));
  return { ...systemActor, kind: 'user', id, email: user?.email ?? null, name: user?.name ?? '', grants: scopes };
}

const owner = () => acting('usr_owner');
const ctxOf = async (actor?: Actor) => testCtx(stores, { actor: actor ?? (await owner()) });
const csv = (...lines: string[]): Uint8Array => Buffer.from(lines.join('\n'));

async function* inPieces(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function check(bytes: Uint8Array, actor?: Actor): Promise<ImportView> {
  return checkImport(await ctxOf(actor), deps, { fileName: 'users.csv', bytes: inPieces(bytes) });
}

async function rowsOf(view: ImportView, actor?: Actor) {
  const { rows } = await listImportRows(await ctxOf(actor), { id: view.id, limit: 200, faulty: false });
  return rows;
}

const commit = async (view: ImportView, mode: 'all' | 'valid' = 'all', actor?: Actor) =>
  commitImport(await ctxOf(actor), deps, commitOf(view, { mode }));
const commitOf = (view: ImportView, change: Partial<CommitImportInput> = {}): CommitImportInput => ({
  id: view.id,
  mode: 'all',
  reason: 'New customers',
  sendInvitations: false,
  ...change,
});
const takeBack = async (view: ImportView, actor?: Actor) =>
  rollbackImport(await ctxOf(actor), deps, { id: view.id, reason: 'Wrong file' });
const byEmail = async (email: string) => {
  const [user] = await stores.db.select().from(users).where(eq(users.emailKey, email));
  return user;
};
const actions = async () =>
  (await stores.db.select().from(auditEvents).orderBy(asc(auditEvents.seq))).map((e) => e.action);

describe('a dry run', () => {
  it('says of each row what it would do, and changes nobody', async () => {
    await person('usr_same', 'same@example.test', [['stakeholder', '*']]);
    await person('usr_gone', 'gone@example.test', [], { state: 'offboarded' });
    const before = await stores.db.select().from(users);
    const view = await check(
      csv(
        'Name;E-Mail;Role;Platform;Platform role',
        'New One;new1@example.test;operator;hashinsight;broker',
        'Name of usr_same;SAME@example.test;Stakeholder;*;',
        'Another Name;same2@example.test;;;',
        ';same@example.test;;;',
        'Bad;not an address;;;',
        'Twice;NEW1@example.test;;;',
        'Role;r@example.test;emperor;*;',
        'Where;w@example.test;operator;;',
        'Nowhere;n@example.test;operator;mars;',
        'Foreign role;f@example.test;;web3audit;broker',
        'Gone;gone@example.test;operator;*;',
        ';nameless@example.test;;;',
        'Me;owner@example.test;auditor;*;',
      ),
    );
    expect(view).toMatchObject({ state: 'checked', rowCount: 13, createCount: 2, sameCount: 1, fault: null });
    const rows = await rowsOf(view);
    const verdicts = rows.map((r) => [r.line, r.verdict, r.faults.map((f) => f.field).join()]);
    expect(verdicts).toEqual([
      [2, 'create', ''],
      [3, 'same', ''],
      [4, 'create', ''],
      [5, 'error', 'email'],
      [6, 'error', 'email'],
      [7, 'error', 'email'],
      [8, 'error', 'role'],
      [9, 'error', 'platform'],
      [10, 'error', 'platform'],
      [11, 'error', 'platform_role'],
      [12, 'error', 'email'],
      [13, 'error', 'name'],
      [14, 'error', 'email'],
    ]);
    expect(rows[0]).toMatchObject({ role: 'operator', platform: 'hashinsight', platformRole: 'broker', userId: null });
    expect(rows[3]?.faults[0]?.message).toContain('line 3');
    expect(await stores.db.select().from(users)).toEqual(before);
  });

  it('lists rows by a part of the address or the name, which is text and no pattern', async () => {
    const view = await check(
      csv('email,name', 'ada@example.test,Zoë 100%', 'bo@example.test,ADA_L', 'cy@example.test,Cy'),
    );
    const linesWith = async (search: string) =>
      (await listImportRows(await ctxOf(), { id: view.id, limit: 9, faulty: false, search })).rows.map((r) => r.line);
    expect(await linesWith('Ada')).toEqual([2, 3]);
    expect(await linesWith('zOË')).toEqual([2]);
    expect(await linesWith('%')).toEqual([2]);
    expect(await linesWith('a_l')).toEqual([3]);
    expect(await linesWith('')).toEqual([2, 3, 4]);
    expect(await linesWith('nobody')).toEqual([]);
  });

  it('refuses what the importer may not give and whom they may not touch', async () => {
    await person('usr_admin', 'admin@example.test', [['admin', 'hashinsight']]);
    await person('usr_strong', 'strong@example.test', [['admin', '*']]);
    const admin = await acting('usr_admin');
    const view = await check(
      csv(
        'email,name,role,platform',
        'a@example.test,A,operator,hashinsight',
        'b@example.test,B,operator,*',
        'c@example.test,C,owner,hashinsight',
        'strong@example.test,Renamed,,',
        'd@example.test,D,operator,web3audit',
      ),
      admin,
    );
    const rows = await rowsOf(view, admin);
    expect(rows.map((r) => r.verdict)).toEqual(['create', 'error', 'error', 'error', 'error']);
    expect(rows[2]?.faults[0]).toMatchObject({ field: 'role' });
    expect(rows[3]?.faults[0]).toMatchObject({ field: 'email' });
  });

  it.each([
    ['nothing at all', Buffer.alloc(0), 'is empty'],
    ['no header', csv('a@example.test,A'), 'is not a column'],
    ['an unknown column', csv('email,name,planet', 'a@example.test,A,mars'), '"planet" is not a column'],
    ['names of prototypes', csv('email,name,__proto__,constructor', 'a@example.test,A,1,2'), '"__proto__"'],
    ['a column twice', csv('email,name,mail', 'a@example.test,A,b'), 'twice'],
    ['an open quote', csv('email,name', '"a@example.test,A', 'b@example.test,B'), 'never closed'],
    ['bytes that are no text', Buffer.from([0x65, 0x6d, 0xff, 0xfe, 0x80]), 'not text'],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004rest'), 'spreadsheet'],
    ['a line without end', Buffer.concat([csv('email,name', ''), Buffer.alloc(100_000, 'x')]), 'longer than'],
  ])('of %s fails, says why, and keeps nothing', async (_name, bytes, words) => {
    await expect(check(bytes)).rejects.toThrow(words);
    const { rows } = await listImports(await ctxOf(), deps, { limit: 5 });
    expect(rows[0]).toMatchObject({ state: 'failed' });
    expect(rows[0]?.fault).toContain(words);
    expect(await stores.db.select().from(userImportRows)).toEqual([]);
    expect(await actions()).toContain('users.import_checked');
  });

  it('that is broken off is failed, and the next one may begin', async () => {
    async function* torn(): AsyncGenerator<Uint8Array> {
      yield csv('email,name', 'a@example.test,A', '');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    }
    const ctx = await ctxOf();
    await expect(checkImport(ctx, deps, { fileName: 'torn.csv', bytes: torn() })).rejects.toThrow('aborted');
    const { rows } = await listImports(ctx, deps, { limit: 1 });
    expect(rows[0]).toMatchObject({ state: 'failed', fileName: 'torn.csv' });
    expect(await check(csv('email,name', 'a@example.test,A'))).toMatchObject({ state: 'checked' });
  });

  it('runs once at a time for each person', async () => {
    const ctx = await ctxOf();
    let release = (): void => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    let begun = (): void => undefined;
    const started = new Promise<void>((done) => {
      begun = done;
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      begun();
      await held;
      yield csv('email,name', 'slow@example.test,Slow');
    }
    const first = checkImport(ctx, deps, { fileName: 'slow.csv', bytes: slow() });
    await started;
    await expect(check(csv('email,name'))).rejects.toMatchObject({ code: 'conflict' });
    release();
    expect(await first).toMatchObject({ state: 'checked', createCount: 1 });
  });

  it('left behind by a process that died is closed, and its rows are forgotten after a month', async () => {
    const view = await check(csv('email,name', 'a@example.test,A'));
    await stores.db.update(userImports).set({ state: 'reading' }).where(eq(userImports.id, view.id));
    await tidyImports(await ctxOf());
    expect(await viewImport(await ctxOf(), deps, view.id)).toMatchObject({ state: 'reading' });
    stores.clock.advance(31 * 60_000);
    await tidyImports(await ctxOf());
    expect(await viewImport(await ctxOf(), deps, view.id)).toMatchObject({ state: 'failed' });
    expect(await rowsOf(view)).toHaveLength(1);
    stores.clock.advance(30 * 24 * 3_600_000);
    await tidyImports(await ctxOf());
    expect(await rowsOf(view)).toEqual([]);
  });

  it('stops at the most rows there may be', async () => {
    const bytes = inPieces(csv('email,name', 'a@x.test,A', 'b@x.test,B', 'c@x.test,C'));
    await expect(checkImport(await ctxOf(), deps, { fileName: 'x.csv', bytes, maxRows: 2 })).rejects.toThrow(
      'more than 2 rows',
    );
  });
});

describe('a commit', () => {
  it('makes and changes people in one act, with their roles, and can be taken back', async () => {
    await person('usr_known', 'known@example.test', [['stakeholder', '*']]);
    await stores.db.insert(memberships).values({
      id: 'mem_known',
      userId: 'usr_known',
      platform: 'hashinsight',
      role: 'client',
      state: 'suspended',
      reason: 'Test',
      createdAt: stores.clock.now(),
      updatedAt: stores.clock.now(),
    });
    const view = await check(
      csv(
        'email,name,role,platform,platform_role',
        'Fresh@example.test,Fresh Person,operator,hashinsight,broker',
        'known@example.test,New Name,support,hashinsight,broker',
      ),
    );
    expect(await commit(view)).toMatchObject({
      approval: null,
      import: { state: 'committed', createCount: 1, updateCount: 1 },
    });
    expect(await byEmail('fresh@example.test')).toMatchObject({
      state: 'invited',
      origin: 'import',
      email: 'Fresh@example.test',
    });
    expect(await byEmail('known@example.test')).toMatchObject({ name: 'New Name', version: 2, authzVersion: 2 });
    const held = async () =>
      (await stores.db.select().from(grants).where(eq(grants.userId, 'usr_known')).orderBy(grants.role)).map(
        (g) => g.role,
      );
    expect(await held()).toEqual(['stakeholder', 'support']);
    expect((await actions()).at(-1)).toBe('users.imported');
    await expect(commit(view)).rejects.toMatchObject({ code: 'conflict' });

    expect(await takeBack(view)).toMatchObject({ restored: 2, kept: 0, import: { state: 'rolled_back' } });
    expect(await byEmail('fresh@example.test')).toBeUndefined();
    expect(await byEmail('known@example.test')).toMatchObject({ name: 'Name of usr_known' });
    expect(await held()).toEqual(['stakeholder']);
    const [membership] = await stores.db.select().from(memberships).where(eq(memberships.userId, 'usr_known'));
    expect(membership).toMatchObject({ role: 'client', state: 'suspended', reason: 'Test', importId: null });
    await expect(takeBack(view)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('does nothing when a row is wrong, or leaves the wrong ones out', async () => {
    const file = csv('email,name', 'good@example.test,Good', 'bad,Bad');
    const view = await check(file);
    await expect(commit(view, 'all')).rejects.toThrow('1 of 2 rows are wrong');
    expect(await byEmail('good@example.test')).toBeUndefined();
    expect(await commit(view, 'valid')).toMatchObject({ import: { createCount: 1, errorCount: 1 } });
    expect(await byEmail('good@example.test')).toMatchObject({ name: 'Good' });
  });

  it('judges again: an address taken meanwhile is not made twice', async () => {
    const view = await check(
      csv('email,name,role,platform', 'late@example.test,Late,operator,*', 'other@example.test,O,,'),
    );
    await person('usr_late', 'late@example.test', [], { state: 'offboarded' });
    await expect(commit(view, 'all')).rejects.toThrow('Line 2 is wrong by now');
    expect(await commit(view, 'valid')).toMatchObject({ import: { createCount: 1, errorCount: 1 } });
    expect(await stores.db.select().from(grants).where(eq(grants.userId, 'usr_late'))).toEqual([]);
  });

  it('judges again: who lost the right meanwhile gives nothing', async () => {
    await person('usr_fading', 'fading@example.test', [['admin', '*']]);
    const fading = await acting('usr_fading');
    const view = await check(csv('email,name,role,platform', 'x1@example.test,X,operator,*'), fading);
    await stores.db.delete(grants).where(eq(grants.userId, 'usr_fading'));
    await expect(commit(view, 'all', fading)).rejects.toThrow('wrong by now');
    expect(await byEmail('x1@example.test')).toBeUndefined();
  });

  it('of many roles, of owners and of first roles of platforms asks a second person', async () => {
    const many = Array.from({ length: 26 }, (_, i) => `many${i}@example.test,M ${i},stakeholder,*,`);
    const header = 'email,name,role,platform,platform_role';
    for (const lines of [many, ['boss@example.test,Boss,owner,*,'], ['top@example.test,Top,,hashinsight,owner']]) {
      const view = await check(csv(header, ...lines));
      const answer = await commit(view);
      expect(answer.approval).toMatchObject({ phase: expect.stringMatching(/^(pending|cooling)$/) });
      expect(answer.import.state).toBe('checked');
      const [row] = await stores.db
        .select()
        .from(approvals)
        .where(eq(approvals.id, answer.approval?.id ?? ''));
      expect(row).toMatchObject({ kind: 'users.import', params: { id: view.id, sha256: view.sha256 } });
    }
    expect(await byEmail('boss@example.test')).toBeUndefined();
  });

  it('that is taken back leaves alone who was changed or came in since', async () => {
    const view = await check(
      csv('email,name', 'kept1@example.test,K1', 'kept2@example.test,K2', 'undone@example.test,U'),
    );
    await commit(view);
    await stores.db
      .update(users)
      .set({ state: 'active', passwordHash: 'x' })
      .where(eq(users.emailKey, 'kept1@example.test'));
    await stores.db.update(users).set({ version: 2 }).where(eq(users.emailKey, 'kept2@example.test'));
    expect(await takeBack(view)).toMatchObject({ restored: 1, kept: 2 });
    expect(await byEmail('kept1@example.test')).toBeDefined();
    expect(await byEmail('undone@example.test')).toBeUndefined();
    const { rows } = await listImportRows(await ctxOf(), { id: view.id, limit: 50, faulty: true });
    expect(rows.map((r) => [r.line, r.faults[0]?.field])).toEqual([
      [2, 'rollback'],
      [3, 'rollback'],
    ]);
  });

  it('happens once, whoever asks at the same time in whichever replica', async () => {
    const view = await check(csv('email,name', 'once@example.test,Once'));
    const asked = await Promise.allSettled(
      Array.from({ length: 5 }, async () => commitImport(await ctxOf(), createImportsDeps(), commitOf(view))),
    );
    expect(asked.filter((a) => a.status === 'fulfilled')).toHaveLength(1);
    expect((await actions()).filter((a) => a === 'users.imported').length).toBeGreaterThan(0);
    expect(await stores.db.select().from(users).where(eq(users.emailKey, 'once@example.test'))).toHaveLength(1);
  });

  it('gives one of two files with the same new person to one of them', async () => {
    await person('usr_other_owner', 'other.owner@example.test', [['owner', '*']]);
    const other = await acting('usr_other_owner');
    const file = csv('email,name,role,platform', 'both@example.test,Both,stakeholder,*');
    const [first, second] = [await check(file), await check(file, other)];
    const done = await Promise.allSettled([commit(first, 'valid'), commit(second, 'valid', other)]);
    expect(done.map((d) => d.status)).toEqual(['fulfilled', 'fulfilled']);
    const [made] = await stores.db.select().from(users).where(eq(users.emailKey, 'both@example.test'));
    const held = await stores.db
      .select()
      .from(grants)
      .where(eq(grants.userId, made?.id ?? ''));
    expect(held).toHaveLength(1);
  });

  it('cannot be taken back after a day', async () => {
    const view = await check(csv('email,name', 'old@example.test,Old'));
    await commit(view);
    stores.clock.advance(24 * 3_600_000);
    expect(await viewImport(await ctxOf(), deps, view.id)).toMatchObject({ rollbackUntil: null });
    await expect(takeBack(view)).rejects.toThrow('more than a day ago');
  });

  it('is hidden from others who may not import everywhere', async () => {
    await person('usr_local', 'local@example.test', [['admin', 'web3audit']]);
    const view = await check(csv('email,name', 'hidden@example.test,Hidden'));
    const local = await acting('usr_local');
    await expect(rowsOf(view, local)).rejects.toMatchObject({ code: 'not_found' });
    await expect(commit(view, 'all', local)).rejects.toMatchObject({ code: 'not_found' });
    expect((await listImports(await ctxOf(local), deps, { limit: 10 })).rows).toEqual([]);
  });
});
