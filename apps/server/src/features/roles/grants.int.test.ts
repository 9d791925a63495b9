import type { GiveRoleInput } from '@qd/shared/roles';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms, type Somebody } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { approvals, auditEvents, grants, notifications, users } from '../../db/schema/index.ts';
import { giveRole, takeRole } from './service/give.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3-audit']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const passwordHash = '$argon2id$test';
/** Stores people and gives their ids by first name. */
async function people<Name extends string>(given: Record<Name, string[]>): Promise<Record<Name, string>> {
  const named = Object.entries<string[]>(given).map(([name, roles]): Somebody => ({ name, roles }));
  const ids = await addPeople(stores.db, named);
  await stores.db.update(users).set({ passwordHash });
  return Object.fromEntries(named.map(({ name }, i) => [name, ids[i]])) as Record<Name, string>;
}
const gift = (userId: string, role: string, change: Partial<GiveRoleInput> = {}): GiveRoleInput => ({
  userId,
  role,
  platform: '*',
  reason: 'asked for',
  expiresAt: null,
  ...change,
});
const taken = (userId: string, role: string, platform = '*') => ({ userId, role, platform, reason: 'moved on' });
const refusedWith = (code: string) => ({ name: 'DomainError', code });
const inMs = (ms: number) => stores.clock.now().getTime() + ms;
const grantsOf = (userId: string) => stores.db.select().from(grants).where(eq(grants.userId, userId));

describe('giving a role', () => {
  it('is recorded with what was before, tells the person, and makes their rights stale', async () => {
    const { Root, Ada } = await people({ Root: ['owner'], Ada: [] });
    const root = await actingAs(stores, Root);
    const version = async () => (await stores.db.select().from(users).where(eq(users.id, Ada)))[0]?.authzVersion;
    expect(await giveRole(root, gift(Ada, 'operator', { platform: 'hashinsight' }))).toEqual({ approval: null });
    expect(await version()).toBe(2);
    const end = inMs(60_000);
    await giveRole(root, gift(Ada, 'operator', { platform: 'hashinsight', expiresAt: end }));
    await takeRole(root, taken(Ada, 'operator', 'hashinsight'));
    expect(await version()).toBe(4);
    expect(root.hub.published).toContain('users');
    const log = await stores.db.select().from(auditEvents).orderBy(auditEvents.seq);
    expect(log.map((row) => row.action)).toEqual(['roles.granted', 'roles.granted', 'roles.revoked']);
    expect(log[1]).toMatchObject({
      before: { role: 'operator', expiresAt: null },
      after: { role: 'operator', expiresAt: new Date(end).toISOString() },
      platform: 'hashinsight',
      userId: Root,
    });
    const mail = await stores.db.select().from(notifications).where(eq(notifications.channel, 'email:ada@example.com'));
    expect(mail.map((row) => row.body.title).toSorted()).toContain('You are no longer Operator on hashinsight');
  });

  it('counts until its end, which must be to come', async () => {
    const { Root, Ada } = await people({ Root: ['owner'], Ada: [] });
    const root = await actingAs(stores, Root);
    await giveRole(root, gift(Ada, 'operator', { expiresAt: inMs(60_000) }));
    expect((await actingAs(stores, Ada)).actor.grants).toHaveLength(1);
    await expect(giveRole(root, gift(Ada, 'support', { expiresAt: inMs(0) }))).rejects.toMatchObject({
      ...refusedWith('invalid'),
      fields: [{ field: 'expiresAt' }],
    });
    await expect(giveRole(root, gift(Ada, 'support', { expiresAt: 9e15 }))).rejects.toMatchObject(
      refusedWith('invalid'),
    );
    stores.clock.advance(60_000);
    expect((await actingAs(stores, Ada)).actor.grants).toEqual([]);
  });

  it('never gives what the giver lacks', async () => {
    const { Root, Boss, Local, Watcher, Eve } = await people({
      Root: ['owner'],
      Boss: ['admin'],
      Local: ['admin@hashinsight'],
      Watcher: ['auditor'],
      Eve: [],
    });
    const [boss, local, watcher] = [
      await actingAs(stores, Boss),
      await actingAs(stores, Local),
      await actingAs(stores, Watcher),
    ];
    await giveRole(boss, gift(Eve, 'operator'));
    await giveRole(local, gift(Eve, 'support', { platform: 'hashinsight' }));
    const forbidden = [
      () => giveRole(boss, gift(Eve, 'owner')),
      () => giveRole(boss, gift(Eve, 'owner', { platform: 'hashinsight' })),
      () => takeRole(boss, taken(Root, 'owner')),
      () => giveRole(local, gift(Eve, 'support')),
      () => giveRole(watcher, gift(Eve, 'auditor')),
      () => giveRole(testCtx(stores, { actor: { ...actorWith('owner'), id: 'usr_nobody' } }), gift(Eve, 'operator')),
      () => giveRole(testCtx(stores, { actor: { ...actorWith('owner'), kind: 'key' } }), gift(Eve, 'operator')),
    ];
    for (const attempt of forbidden) await expect(attempt()).rejects.toMatchObject(refusedWith('forbidden'));
    const elsewhere = giveRole(local, gift(Eve, 'support', { platform: 'web3-audit' }));
    await expect(elsewhere).rejects.toMatchObject(refusedWith('not_found'));
  });

  it('counts what the giver holds now, not what their session began with', async () => {
    const { Boss, Eve } = await people({ Boss: ['admin'], Eve: [] });
    const boss = await actingAs(stores, Boss);
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.id, Boss));
    await expect(giveRole(boss, gift(Eve, 'operator'))).rejects.toMatchObject(refusedWith('forbidden'));
  });

  it('is never for oneself', async () => {
    const { Root } = await people({ Root: ['owner'], Other: ['owner'] });
    const root = await actingAs(stores, Root);
    await expect(giveRole(root, gift(Root, 'auditor'))).rejects.toMatchObject(refusedWith('forbidden'));
    await expect(takeRole(root, taken(Root, 'owner'))).rejects.toMatchObject(refusedWith('forbidden'));
  });

  it('names a person, role and platform that are here', async () => {
    const { Root, Ada, Gone } = await people({ Root: ['owner'], Ada: [], Gone: [] });
    await stores.db.update(users).set({ state: 'offboarded' }).where(eq(users.id, Gone));
    const root = await actingAs(stores, Root);
    const nowhere = gift(Ada, 'operator', { platform: 'atlantis' });
    await expect(giveRole(root, nowhere)).rejects.toMatchObject({ fields: [{ field: 'platform' }] });
    await expect(giveRole(root, gift(Ada, 'role_nosuch'))).rejects.toMatchObject({ fields: [{ field: 'role' }] });
    await expect(giveRole(root, gift('usr_x', 'operator'))).rejects.toMatchObject(refusedWith('not_found'));
    await expect(giveRole(root, gift(Gone, 'operator'))).rejects.toMatchObject(refusedWith('precondition'));
    await expect(takeRole(root, taken(Ada, 'operator'))).rejects.toMatchObject(refusedWith('not_found'));
  });

  it('does not let the less powerful shorten what the more powerful hold', async () => {
    const { Boss, Root } = await people({ Boss: ['admin'], Root: ['owner', 'operator'] });
    const boss = await actingAs(stores, Boss);
    const shorter = gift(Root, 'operator', { expiresAt: inMs(60_000) });
    await expect(giveRole(boss, shorter)).rejects.toMatchObject(refusedWith('forbidden'));
    await expect(takeRole(boss, taken(Root, 'operator'))).rejects.toMatchObject(refusedWith('forbidden'));
    expect(await grantsOf(Root)).toHaveLength(2);
  });
});

describe('a risky grant', () => {
  it.each([
    ['an owner', 'owner', {}],
    ['who may give roles', 'admin', {}],
    ['who may give roles on one platform', 'admin', { platform: 'hashinsight' }],
  ] as const)('of %s becomes a request', async (_words, role, change) => {
    const { Root, Ada } = await people({ Root: ['owner'], Other: ['owner'], Ada: [] });
    const { approval } = await giveRole(await actingAs(stores, Root), gift(Ada, role, change));
    expect(approval).toMatchObject({
      phase: 'pending',
      coolsOffAt: null,
      summary: expect.stringContaining('Make Ada') as string,
    });
    expect(await grantsOf(Ada)).toEqual([]);
    expect(await stores.db.select().from(approvals)).toMatchObject([{ kind: 'roles.grant', state: 'pending' }]);
  });

  it('waits in sight where nobody else could agree', async () => {
    const { Root, Ada } = await people({ Root: ['owner'], Boss: ['admin'], Ada: [] });
    const { approval } = await giveRole(await actingAs(stores, Root), gift(Ada, 'owner'));
    expect(approval).toMatchObject({ phase: 'cooling', coolsOffAt: inMs(15 * 60_000) });
  });

  it('is one where it lasts longer than what is held, and none where it does not', async () => {
    const { Root, Ada } = await people({ Root: ['owner'], Other: ['owner'], Ada: [] });
    const root = await actingAs(stores, Root);
    const end = inMs(60 * 60_000);
    await giveRole(testCtx(stores), gift(Ada, 'admin', { expiresAt: end }));
    expect(await giveRole(root, gift(Ada, 'admin', { expiresAt: end - 1_000 }))).toEqual({ approval: null });
    expect((await giveRole(root, gift(Ada, 'admin'))).approval).not.toBeNull();
  });

  it('needs nobody else on the command line', async () => {
    const { Ada } = await people({ Root: ['owner'], Ada: [] });
    expect(await giveRole(testCtx(stores), gift(Ada, 'owner'))).toEqual({ approval: null });
  });
});

describe('the last owner', () => {
  it('cannot be demoted or given an end', async () => {
    const { Root } = await people({ Root: ['owner'] });
    const attempts = [
      () => takeRole(testCtx(stores), taken(Root, 'owner')),
      () => giveRole(testCtx(stores), gift(Root, 'owner', { expiresAt: inMs(60_000) })),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject(refusedWith('conflict'));
    expect(await grantsOf(Root)).toMatchObject([{ expiresAt: null }]);
  });

  it('is not replaced by a demo owner, an ending one or one of a single platform', async () => {
    const { Root, Demo, Guest } = await people({
      Root: ['owner'],
      Demo: ['owner'],
      Local: ['owner@hashinsight'],
      Guest: [],
      Second: [],
    });
    await stores.db.update(users).set({ isDemo: true }).where(eq(users.id, Demo));
    await giveRole(testCtx(stores), gift(Guest, 'owner', { expiresAt: inMs(60_000) }));
    await expect(takeRole(testCtx(stores), taken(Root, 'owner'))).rejects.toMatchObject(refusedWith('conflict'));
    await giveRole(testCtx(stores), gift(Guest, 'owner'));
    await takeRole(testCtx(stores), taken(Root, 'owner'));
    expect(await grantsOf(Root)).toEqual([]);
  });

  it('stays when two owners demote each other at once', async () => {
    const { Root, Second } = await people({ Root: ['owner'], Second: ['owner'] });
    const [root, second] = [await actingAs(stores, Root), await actingAs(stores, Second)];
    const results = await Promise.allSettled([
      takeRole(root, taken(Second, 'owner')),
      takeRole(second, taken(Root, 'owner')),
    ]);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect(await stores.db.select().from(grants).where(eq(grants.role, 'owner'))).toHaveLength(1);
  });

  it('decides: an owner demoted a moment ago demotes nobody', async () => {
    const { Root, Second, Third } = await people({ Root: ['owner'], Second: ['owner'], Third: ['owner'] });
    const second = await actingAs(stores, Second);
    await takeRole(await actingAs(stores, Root), taken(Second, 'owner'));
    await expect(takeRole(second, taken(Third, 'owner'))).rejects.toMatchObject(refusedWith('forbidden'));
  });
});
