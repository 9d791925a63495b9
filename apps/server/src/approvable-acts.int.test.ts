import { DomainError } from '@qd/shared/errors';
import type { BuiltInRole } from '@qd/shared/permissions';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../test/acting-as.ts';
import { addPeople, addPlatforms } from '../test/directory.ts';
import { emptyPeople } from '../test/empty-people.ts';
import { quickUsersDeps } from '../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../test/stores.ts';
import { createFakeKeeping } from './adapters/audit-keeping/fake.ts';
import { approvableActs } from './approvable-acts.ts';
import { approvals, auditEvents, grants, notifications, users } from './db/schema/index.ts';
import { createApprovalsJobs } from './features/approvals/jobs.ts';
import { cancelApproval, decideApproval } from './features/approvals/service/decide.ts';
import { executeApproval } from './features/approvals/service/execute.ts';
import { getApproval, listApprovals } from './features/approvals/service/read.ts';
import { changeRole, createRole } from './features/roles/service/change.ts';
import { giveRole } from './features/roles/service/give.ts';
import { bulk } from './features/users/service/directory/bulk.ts';
import { createImportsDeps } from './features/users/service/imports/deps.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const audit = { keeping: createFakeKeeping(), sealing: deps.sealing };
const acts = approvableActs({ users: deps, imports: createImportsDeps(), audit });
const ids: Record<string, string> = {};
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3-audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(notifications);
  await add({ Root: 'owner', Second: 'owner', Boss: 'admin', Chief: 'commander', Ada: null });
});

async function add(people: Record<string, BuiltInRole | `${BuiltInRole}@${string}` | null>): Promise<void> {
  const named = Object.entries(people).map(([name, role]) => ({ name, roles: role === null ? [] : [role] }));
  const made = await addPeople(stores.db, named);
  named.forEach(({ name }, i) => (ids[name] = made[i] ?? ''));
  await stores.db.update(users).set({ passwordHash: '$argon2id$test' });
}
const id = (name: string): string => ids[name] ?? '';
const as = (name: string) => actingAs(stores, id(name));
const gift = (role: string, change: { platform?: string; reason?: string } = {}) => ({
  userId: id('Ada'),
  role,
  platform: '*',
  reason: 'is needed',
  expiresAt: null,
  ...change,
});
/** Asks for Ada to be given a role; gives the id of the request. */
async function ask(by = 'Root', role = 'owner', change: { platform?: string } = {}): Promise<string> {
  const { approval } = await giveRole(await as(by), gift(role, change));
  if (approval === null) throw new Error('nothing was asked for');
  return approval.id;
}
/** Asks for 26 people with the role to be suspended; `but` gives single ones another role. */
async function askForMany(
  by: string,
  role: `${BuiltInRole}@${string}`,
  name = 'Crowd',
  but: Record<string, `${BuiltInRole}@${string}`> = {},
): Promise<string> {
  const names = Array.from({ length: 26 }, (_, i) => `${name} ${i}`);
  await add(Object.fromEntries(names.map((one) => [one, but[one] ?? role])));
  const { approval } = await bulk(await as(by), { act: 'suspend', ids: names.map(id), reason: 'left together' });
  if (approval === null) throw new Error('nothing was asked for');
  return approval.id;
}
const decide = async (by: string, request: string, decision: 'approve' | 'reject' = 'approve') =>
  decideApproval(await as(by), { id: request, decision, reason: 'looks right' });
const execute = async (by: string, request: string) => executeApproval(await as(by), acts, request);
const rolesOfAda = async () =>
  (
    await stores.db
      .select()
      .from(grants)
      .where(eq(grants.userId, id('Ada')))
  ).map((row) => row.role);
const stateOf = async (request: string) =>
  (await stores.db.select().from(approvals).where(eq(approvals.id, request)))[0]?.state;
const refusedWith = (code: string) => ({ name: 'DomainError', code });
const minutes = (n: number) => n * 60_000;

describe('a request', () => {
  it('is approved by another owner, carried out by who asked, and kept with all that was said', async () => {
    const request = await ask();
    expect(await decide('Second', request)).toMatchObject({ phase: 'ready' });
    expect(await execute('Root', request)).toEqual({ approval: null });
    expect(await rolesOfAda()).toEqual(['owner']);
    expect(await getApproval(await as('Boss'), request)).toMatchObject({
      phase: 'executed',
      params: { role: 'owner', platform: '*', userId: id('Ada') },
      votes: [{ by: { name: 'Second' }, decision: 'approve', reason: 'looks right' }],
      may: { approve: false, reject: false, cancel: false, execute: false },
    });
    const log = await stores.db.select().from(auditEvents).orderBy(auditEvents.seq);
    expect(log.map((row) => [row.action, row.userId])).toEqual([
      ['approvals.requested', id('Root')],
      ['approvals.decided', id('Second')],
      ['roles.granted', id('Root')],
      ['approvals.executed', id('Root')],
    ]);
    expect(log[2]).toMatchObject({ details: { approvalId: request } });
    const mail = (await stores.db.select().from(notifications)).map((row) => `${row.channel} ${row.body.title}`);
    expect(mail).toEqual(
      expect.arrayContaining([
        'email:second@example.com Your approval is asked for',
        'email:root@example.com Your request was approved',
        'email:ada@example.com You are now Owner on all platforms',
        'email:second@example.com An approved request was carried out',
      ]),
    );
    expect(mail.some((line) => line.startsWith('email:root@example.com Your approval'))).toBe(false);
  });

  it('is not decided by who asked, nor by who could not give it', async () => {
    const request = await ask();
    await expect(decide('Root', request)).rejects.toMatchObject(refusedWith('forbidden'));
    await expect(decide('Boss', request)).rejects.toMatchObject(refusedWith('forbidden'));
    await expect(decide('Ada', request)).rejects.toMatchObject(refusedWith('not_found'));
    expect(await stateOf(request)).toBe('pending');
    expect(await getApproval(await as('Boss'), request)).toMatchObject({ may: { approve: false } });
    expect(await getApproval(await as('Second'), request)).toMatchObject({ may: { approve: true } });
    // Who may not let it through may still stop it.
    expect(await decide('Boss', request, 'reject')).toMatchObject({ phase: 'rejected' });
  });

  it('has one voice a person, and ends with the first rejection', async () => {
    const request = await ask('Boss', 'admin');
    await decide('Root', request, 'reject');
    await expect(decide('Second', request)).rejects.toMatchObject(refusedWith('conflict'));
    await expect(execute('Boss', request)).rejects.toMatchObject(refusedWith('conflict'));
    expect(await rolesOfAda()).toEqual([]);
  });

  it('is withdrawn by who asked and by nobody else', async () => {
    const request = await ask();
    await expect(cancelApproval(await as('Second'), request)).rejects.toMatchObject(refusedWith('forbidden'));
    await cancelApproval(await as('Root'), request);
    await expect(decide('Second', request)).rejects.toMatchObject(refusedWith('conflict'));
  });

  it('is carried out by who asked and by nobody else, and once', async () => {
    const request = await ask();
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
    await decide('Second', request);
    await expect(execute('Second', request)).rejects.toMatchObject(refusedWith('forbidden'));
    await execute('Root', request);
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
  });

  it('is not asked for twice at a time', async () => {
    const request = await ask();
    await expect(ask()).rejects.toMatchObject({
      ...refusedWith('conflict'),
      message: expect.stringContaining(request) as string,
    });
    await cancelApproval(await as('Root'), request);
    await ask();
  });

  it('is seen on its own platform, and by who asked', async () => {
    await add({ Local: 'admin@hashinsight', Far: 'admin@web3-audit' });
    const request = await ask('Local', 'admin', { platform: 'hashinsight' });
    const seenBy = async (name: string) =>
      (await listApprovals(await as(name), { limit: 9 })).rows.map((row) => row.id);
    expect(await seenBy('Boss')).toEqual([request]);
    expect(await seenBy('Local')).toEqual([request]);
    expect(await seenBy('Far')).toEqual([]);
    await expect(decide('Far', request)).rejects.toMatchObject(refusedWith('not_found'));
    await expect(ask('Local', 'admin')).rejects.toMatchObject(refusedWith('forbidden'));
  });

  it('is listed by state and by who asked, page by page', async () => {
    const first = await ask();
    stores.clock.advance(1_000);
    const second = await ask('Boss', 'admin');
    await decide('Second', first, 'reject');
    const list = async (given: object) => listApprovals(await as('Root'), { limit: 9, ...given });
    expect((await list({ state: 'open' })).rows.map((row) => row.id)).toEqual([second]);
    expect((await list({ state: 'settled' })).rows.map((row) => row.id)).toEqual([first]);
    expect((await list({ mine: true })).rows.map((row) => row.id)).toEqual([first]);
    const page = await list({ limit: 1 });
    expect(page.rows.map((row) => row.id)).toEqual([second]);
    expect((await list({ limit: 1, cursor: page.nextCursor ?? '' })).rows.map((row) => row.id)).toEqual([first]);
    for (const cursor of ['x', '999999999999999.apr_aaaa']) {
      await expect(list({ cursor })).rejects.toMatchObject(refusedWith('invalid'));
    }
  });
});

describe('every risky act', () => {
  it('is carried out by its plain verb, as one transaction with the request', async () => {
    const crowd = Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`Person ${i}`, null]));
    await add(crowd);
    const input = { act: 'suspend' as const, ids: Object.keys(crowd).map(id), reason: 'left together' };
    const { approval } = await bulk(await as('Boss'), input);
    const request = approval?.id ?? '';
    await decide('Root', request);
    const boss = await as('Boss');
    const result = await executeApproval(boss, acts, request);
    expect(result).toMatchObject({
      approval: null,
      outcomes: expect.arrayContaining([{ id: input.ids[0], done: true, message: null }]) as unknown,
    });
    expect(await stores.db.select().from(users).where(eq(users.state, 'suspended'))).toHaveLength(26);
    expect(await stateOf(request)).toBe('executed');
    expect(boss.hub.published).toEqual(expect.arrayContaining(['users', 'approvals']));
  });

  it('on many people of one platform is agreed to there, and by nobody of another', async () => {
    await add({ Local: 'admin@hashinsight', Near: 'admin@hashinsight', Far: 'admin@web3-audit' });
    const request = await askForMany('Local', 'operator@hashinsight');
    expect(await getApproval(await as('Near'), request)).toMatchObject({ platform: 'hashinsight' });
    await expect(decide('Far', request)).rejects.toMatchObject(refusedWith('not_found'));
    expect(await decide('Near', request)).toMatchObject({ phase: 'ready' });
    await execute('Local', request);
    expect(await stores.db.select().from(users).where(eq(users.state, 'suspended'))).toHaveLength(26);
  });

  it('on many people takes somebody of all platforms as soon as one of them belongs elsewhere too', async () => {
    await add({ Local: 'admin@hashinsight', Near: 'admin@hashinsight' });
    const mixed = await askForMany('Boss', 'operator@hashinsight', 'Crowd A', { 'Crowd A 3': 'operator@web3-audit' });
    await expect(decide('Near', mixed)).rejects.toMatchObject(refusedWith('not_found'));
    const request = await askForMany('Local', 'operator@hashinsight', 'Crowd B');
    await decide('Near', request);
    const grown = { id: 'grt_elsewhere', userId: id('Crowd B 3'), role: 'operator', platform: 'web3-audit' };
    await stores.db.insert(grants).values({ ...grown, reason: 'test', createdAt: stores.clock.now() });
    await expect(execute('Local', request)).rejects.toBeInstanceOf(DomainError);
    expect(await stateOf(request)).toBe('failed');
    const alone = await askForMany('Boss', 'operator@hashinsight', 'Crowd C');
    await decide('Near', alone);
    await stores.db
      .insert(grants)
      .values({ ...grown, id: 'grt_too', userId: id('Crowd C 3'), reason: 'test', createdAt: stores.clock.now() });
    await expect(execute('Boss', alone)).rejects.toMatchObject(refusedWith('conflict'));
    expect(await stores.db.select().from(users).where(eq(users.state, 'suspended'))).toHaveLength(0);
  });

  it('is plugged in under the name it asks under', () => {
    expect(Object.keys(acts).toSorted()).toEqual([
      'audit.prune',
      'roles.grant',
      'roles.update',
      'users.assignMembership',
      'users.bulk',
      'users.import',
      'users.invite',
    ]);
  });
});

describe('time', () => {
  it('ends a request after a day, and an approval after half an hour', async () => {
    const late = await ask();
    stores.clock.advance(minutes(24 * 60));
    await expect(decide('Second', late)).rejects.toMatchObject(refusedWith('conflict'));
    const request = await ask();
    await decide('Second', request);
    stores.clock.advance(minutes(30));
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
    expect((await listApprovals(await as('Root'), { limit: 9, state: 'open' })).rows).toEqual([]);
    const [job] = createApprovalsJobs();
    await job?.run(testCtx(stores));
    await job?.run(testCtx(stores));
    expect([await stateOf(late), await stateOf(request)]).toEqual(['lapsed', 'lapsed']);
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'approvals.lapsed'));
    expect(log.map((row) => row.actorKind)).toEqual(['system', 'system']);
    expect(await rolesOfAda()).toEqual([]);
  });

  it('counts from the approval, not from the request', async () => {
    const request = await ask();
    stores.clock.advance(minutes(23 * 60));
    await decide('Second', request);
    stores.clock.advance(minutes(29));
    await execute('Root', request);
    expect(await rolesOfAda()).toEqual(['owner']);
  });

  it('passes in sight where nobody else could agree', async () => {
    await stores.db.delete(grants).where(eq(grants.userId, id('Second')));
    const request = await ask();
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
    stores.clock.advance(minutes(15));
    expect(await getApproval(await as('Root'), request)).toMatchObject({ phase: 'ready', may: { execute: true } });
    await execute('Root', request);
    expect(await rolesOfAda()).toEqual(['owner']);
  });

  it('does not help where somebody else can agree by then, or stops it', async () => {
    await stores.db.delete(grants).where(eq(grants.userId, id('Second')));
    const stopped = await ask();
    await decide('Boss', stopped, 'reject');
    const request = await ask();
    stores.clock.advance(minutes(16));
    await add({ Third: 'owner' });
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
    expect(await stateOf(request)).toBe('failed');
    expect(await rolesOfAda()).toEqual([]);
  });
});

describe('what changed between approval and act', () => {
  it.each<[string, () => Promise<unknown>]>([
    [
      'who asked was suspended',
      () =>
        stores.db
          .update(users)
          .set({ state: 'suspended' })
          .where(eq(users.id, id('Root'))),
    ],
    ['who asked lost the role', () => stores.db.delete(grants).where(eq(grants.userId, id('Root')))],
    [
      'who agreed was suspended',
      () =>
        stores.db
          .update(users)
          .set({ state: 'suspended' })
          .where(eq(users.id, id('Second'))),
    ],
    ['who agreed lost the role', () => stores.db.delete(grants).where(eq(grants.userId, id('Second')))],
    [
      'the person left',
      () =>
        stores.db
          .update(users)
          .set({ state: 'offboarded' })
          .where(eq(users.id, id('Ada'))),
    ],
  ])('counts: %s', async (_words, change) => {
    await add({ Spare: 'owner' });
    const request = await ask();
    await decide('Second', request);
    const root = await as('Root');
    await change();
    await expect(executeApproval(root, acts, request)).rejects.toBeInstanceOf(DomainError);
    expect(await stateOf(request)).toBe('failed');
    expect(await rolesOfAda()).toEqual([]);
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'approvals.executed'));
    expect(log.map((row) => row.status)).toEqual(['failure']);
  });

  it('counts: the role was edited', async () => {
    const made = {
      title: 'Keyholder',
      description: '',
      permissions: ['roles:grant' as const],
      base: null,
      reason: 'test',
    };
    const role = await createRole(testCtx(stores), made);
    const request = await ask('Boss', role.id);
    await decide('Root', request);
    const { title, description } = made;
    const edited = {
      id: role.id,
      version: 1,
      title,
      description,
      permissions: ['settings:write' as const],
      reason: 'test',
    };
    await changeRole(testCtx(stores), edited);
    await expect(execute('Boss', request)).rejects.toMatchObject(refusedWith('conflict'));
    expect(await rolesOfAda()).toEqual([]);
  });

  it('cannot be the request itself: the database keeps it', async () => {
    const request = await ask();
    const forged = stores.db
      .update(approvals)
      .set({ params: { ...gift('owner'), userId: id('Boss') } })
      .where(eq(approvals.id, request));
    await expect(forged).rejects.toThrow();
    await stores.db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`);
      await tx.update(approvals).set({ params: { ...gift('owner'), userId: id('Boss') } });
    });
    await decide('Second', request);
    await expect(execute('Root', request)).rejects.toMatchObject(refusedWith('conflict'));
    expect(await stores.db.select().from(grants).where(eq(grants.role, 'owner'))).toHaveLength(2);
  });
});

describe('at once', () => {
  it('20 people carry out one request once', async () => {
    const request = await ask();
    await decide('Second', request);
    const root = await as('Root');
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => executeApproval(root, acts, request)));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'roles.granted'));
    expect(log).toHaveLength(1);
  });

  it('one person has one voice', async () => {
    const request = await ask();
    const second = await as('Second');
    const voice = { id: request, decision: 'approve' as const, reason: 'looks right' };
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => decideApproval(second, voice)));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    for (const r of results) if (r.status === 'rejected') expect(r.reason).toMatchObject(refusedWith('conflict'));
  });

  it('approval and withdrawal leave one of the two', async () => {
    const request = await ask();
    const [root, second] = [await as('Root'), await as('Second')];
    await Promise.allSettled([
      cancelApproval(root, request),
      decideApproval(second, { id: request, decision: 'approve', reason: 'looks right' }),
    ]);
    expect(await stateOf(request)).toBe('cancelled');
    await expect(executeApproval(root, acts, request)).rejects.toMatchObject(refusedWith('conflict'));
  });

  it('a grant and an edit of its role never hand out what nobody there holds', async () => {
    await add({ Local: 'admin@hashinsight', Far: null });
    const wish = { title: 'Watch', description: '', permissions: ['slo:read' as const], base: null, reason: 'test' };
    const watch = await createRole(testCtx(stores), wish);
    const giver = await createRole(testCtx(stores), {
      ...wish,
      title: 'Giver',
      permissions: ['slo:read', 'roles:grant'],
    });
    const at = (userId: string, role: string, platform: string) => ({ ...gift(role, { platform }), userId });
    await giveRole(testCtx(stores), at(id('Chief'), watch.id, 'hashinsight'));
    await giveRole(testCtx(stores), at(id('Far'), giver.id, 'web3-audit'));
    const [local, far] = [await as('Local'), await as('Far')];
    const { title, description, reason } = wish;
    const edit = { id: watch.id, version: 1, title, description, reason, permissions: ['slo:write' as const] };
    const results = await Promise.allSettled([
      changeRole(local, edit),
      giveRole(far, gift(watch.id, { platform: 'web3-audit' })),
    ]);
    // Far holds no slo:write, and Local nothing on Far's platform: whoever comes second is refused.
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    for (const r of results) if (r.status === 'rejected') expect(r.reason).toBeInstanceOf(DomainError);
  });

  it('two requests, two approvals and two acts on one person come out one after the other', async () => {
    const requests = [await ask('Root', 'owner'), await ask('Boss', 'admin')];
    await Promise.all([decide('Second', requests[0] ?? ''), decide('Second', requests[1] ?? '')]);
    await Promise.all([execute('Root', requests[0] ?? ''), execute('Boss', requests[1] ?? '')]);
    expect((await rolesOfAda()).toSorted()).toEqual(['admin', 'owner']);
  });
});
