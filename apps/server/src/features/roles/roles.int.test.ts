import type { Permission } from '@qd/shared/permissions';
import { createRoleInput, explainInput, holdersInput, updateRoleInput, type RoleSummary } from '@qd/shared/roles';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { approvals, auditEvents, grants, notifications, users } from '../../db/schema/index.ts';
import { archiveRole, changeRole, createRole } from './service/change.ts';
import { effectiveRights, explain } from './service/explain.ts';
import { giveRole, takeRole } from './service/give.ts';
import { listHolders } from './service/holders.ts';
import { previewChange } from './service/preview.ts';
import { getRole, listRoles, roleMatrix } from './service/read.ts';

let stores: TestStores;
let Boss: string;
let Local: string;
let Ada: string;
let Bob: string;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3-audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  [, Boss = '', Local = '', Ada = '', Bob = ''] = await addPeople(stores.db, [
    { name: 'Root', roles: ['owner'] },
    { name: 'Boss', roles: ['admin'] },
    { name: 'Local', roles: ['admin@hashinsight'] },
    { name: 'Ada' },
    { name: 'Bob' },
  ]);
  await stores.db.update(users).set({ passwordHash: '$argon2id$test' });
});

const wish = (title: string, permissions: Permission[] = ['slo:read']) =>
  createRoleInput.parse({ title, permissions, reason: 'for the night shift' });
const create = async (title = 'Night watch', permissions?: Permission[]) =>
  createRole(testCtx(stores), wish(title, permissions));
const edit = (role: RoleSummary, permissions: Permission[], change: { title?: string; version?: number } = {}) =>
  updateRoleInput.parse({
    id: role.id,
    version: role.version,
    title: role.title,
    description: role.description,
    permissions,
    reason: 'more is needed',
    ...change,
  });
const give = (userId: string, role: string, platform = '*') =>
  giveRole(testCtx(stores), { userId, role, platform, reason: 'shift work', expiresAt: null });
const refusedWith = (code: string) => ({ name: 'DomainError', code });

describe('a role', () => {
  it('is made, listed behind the built-in ones and shown with its sentences', async () => {
    const role = await createRole(await actingAs(stores, Boss), wish('Night watch', ['slo:exclude', 'slo:read']));
    await give(Ada, role.id);
    const boss = await actingAs(stores, Boss);
    const list = await listRoles(boss);
    expect(list.slice(0, 2).map((r) => [r.id, r.isBuiltIn, r.holders])).toEqual([
      ['owner', true, 1],
      ['admin', true, 2],
    ]);
    expect(list.at(-1)).toMatchObject({ title: 'Night watch', holders: 1, permissions: ['slo:read', 'slo:exclude'] });
    expect(await getRole(boss, role.id)).toMatchObject({
      createdBy: { id: Boss, name: 'Boss' },
      sentences: [{ permission: 'slo:read' }, { permission: 'slo:exclude' }],
      may: { edit: true, archive: false },
    });
    expect(await getRole(boss, 'owner')).toMatchObject({ may: { edit: false, archive: false } });
    await expect(getRole(boss, 'role_nosuch')).rejects.toMatchObject(refusedWith('not_found'));
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'roles.created'));
    expect(log).toMatchObject([{ after: { title: 'Night watch' }, userId: Boss }]);
  });

  it('counts for who holds it, and no longer when it is archived', async () => {
    const role = await create('Night watch', ['slo:read', 'slo:exclude']);
    await give(Ada, role.id, 'hashinsight');
    expect((await actingAs(stores, Ada)).actor.grants).toEqual([
      { platform: 'hashinsight', permissions: ['slo:read', 'slo:exclude'] },
    ]);
    const held = archiveRole(testCtx(stores), { id: role.id, version: 1, reason: 'no longer used' });
    await expect(held).rejects.toMatchObject({
      ...refusedWith('conflict'),
      message: expect.stringContaining('1 person') as string,
    });
    await takeRole(testCtx(stores), { userId: Ada, role: role.id, platform: 'hashinsight', reason: 'done' });
    await archiveRole(testCtx(stores), { id: role.id, version: 1, reason: 'no longer used' });
    await expect(give(Ada, role.id)).rejects.toMatchObject(refusedWith('invalid'));
    await create('Night watch');
    expect(
      (await listRoles(testCtx(stores))).filter((r) => r.title === 'Night watch').map((r) => r.isArchived),
    ).toEqual([false, true]);
  });

  it('has a title of its own, to the eye too', async () => {
    await create('Night watch');
    for (const twin of ['night  WATCH', 'Night-Watch', 'Nіght watch']) {
      await expect(create(twin)).rejects.toMatchObject({ ...refusedWith('conflict'), fields: [{ field: 'title' }] });
    }
    const other = await create('Day watch');
    const rename = changeRole(testCtx(stores), edit(other, ['slo:read'], { title: 'NIGHT WATCH' }));
    await expect(rename).rejects.toMatchObject(refusedWith('conflict'));
  });

  it('names only what its author holds somewhere', async () => {
    const local = await actingAs(stores, Local);
    await createRole(local, wish('Local help', ['users:suspend']));
    await expect(createRole(local, wish('Pruner', ['audit:retention']))).rejects.toMatchObject(
      refusedWith('forbidden'),
    );
  });
});

describe('a change of a role', () => {
  it('reaches everybody who holds it, and says what it was', async () => {
    const role = await create();
    await give(Ada, role.id);
    const boss = await actingAs(stores, Boss);
    const { role: after } = await changeRole(boss, edit(role, ['slo:read', 'health:read']));
    expect(after).toMatchObject({ version: 2, permissions: ['slo:read', 'health:read'], holders: 1 });
    expect((await actingAs(stores, Ada)).actor.grants).toEqual([
      { platform: '*', permissions: ['slo:read', 'health:read'] },
    ]);
    const [ada] = await stores.db.select().from(users).where(eq(users.id, Ada));
    expect(ada?.authzVersion).toBe(3);
    expect(boss.hub.published).toContain('users');
    const mail = await stores.db.select().from(notifications).where(eq(notifications.channel, 'email:ada@example.com'));
    expect(mail.map((row) => row.body.title)).toContain('What you may do as Night watch has changed');
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'roles.changed'));
    expect(log).toMatchObject([
      { before: { permissions: ['slo:read'] }, details: { added: ['health:read'], holders: 1 } },
    ]);
  });

  it('that was not the last one seen is a conflict that names what the role is now', async () => {
    const role = await create();
    await changeRole(testCtx(stores), edit(role, ['health:read']));
    await expect(changeRole(testCtx(stores), edit(role, ['slo:read', 'slo:write']))).rejects.toMatchObject({
      ...refusedWith('conflict'),
      fields: expect.arrayContaining([{ field: 'version', message: 'is 2 now' }]) as unknown,
    });
  });

  it('takes what it adds and removes, on every platform somebody holds the role on', async () => {
    const role = await create('Night watch', ['slo:read']);
    await give(Ada, role.id, 'hashinsight');
    const local = await actingAs(stores, Local);
    await changeRole(local, edit(role, ['slo:read', 'health:read']));
    await give(Bob, role.id, 'web3-audit');
    const seen = { ...role, version: 2 };
    // On the second platform the editor holds nothing, so that it is not even named to them.
    await expect(changeRole(local, edit(seen, ['slo:read']))).rejects.toMatchObject(refusedWith('not_found'));
    await expect(changeRole(local, edit(seen, ['slo:read', 'slo:write']))).rejects.toMatchObject(
      refusedWith('not_found'),
    );
    const preview = await previewChange(local, { id: role.id, permissions: ['slo:read', 'slo:write'] });
    expect(preview).toMatchObject({ added: ['slo:write'], removed: ['health:read'], affectedCount: 2 });
    expect(preview.refusal).toContain('web3-audit');
    expect(preview.affected.map((h) => h.user.name)).toEqual(['Ada']);
  });

  it('is never of one’s own role', async () => {
    const role = await create('Night watch', ['slo:read']);
    await give(Boss, role.id);
    const boss = await actingAs(stores, Boss);
    await expect(changeRole(boss, edit(role, ['slo:read', 'slo:write']))).rejects.toMatchObject(
      refusedWith('forbidden'),
    );
    expect((await previewChange(boss, { id: role.id, permissions: ['slo:write'] })).refusal).toContain('yourself');
  });

  it('that gives critical permissions, or concerns many, becomes a request', async () => {
    const role = await create();
    await give(Ada, role.id);
    const boss = await actingAs(stores, Boss);
    const { approval } = await changeRole(boss, edit(role, ['slo:read', 'roles:grant']));
    expect(approval).toMatchObject({ phase: 'pending' });
    expect(await stores.db.select().from(approvals)).toMatchObject([{ kind: 'roles.update', platform: null }]);
    const crowd = await addPeople(
      stores.db,
      Array.from({ length: 26 }, (_, i) => ({ name: `Person ${i}` })),
    );
    const wide = await create('Wide');
    await stores.db.insert(grants).values(
      crowd.map((userId, i) => ({
        id: `grt_w${i}`,
        userId,
        role: wide.id,
        platform: '*',
        reason: 'x',
        createdAt: new Date(),
      })),
    );
    expect((await previewChange(boss, { id: wide.id, permissions: ['health:read'] })).needsApproval).toBe(true);
    expect((await changeRole(boss, edit(wide, ['health:read']))).approval).not.toBeNull();
    expect((await changeRole(boss, edit(wide, ['slo:read'], { title: 'Wider' }))).approval).toBeNull();
  });
});

describe('who can do what', () => {
  it('stands in a matrix, by feature', async () => {
    const role = await create('Night watch', ['slo:exclude']);
    await give(Ada, role.id, 'hashinsight');
    const { roles, groups } = await roleMatrix(testCtx(stores));
    const cell = (permission: string, roleId: string) =>
      groups
        .flatMap((g) => g.rows)
        .find((row) => row.permission === permission)
        ?.cells.at(roles.findIndex((r) => r.id === roleId));
    expect(cell('slo:exclude', role.id)).toBe('own_platform');
    expect(cell('slo:write', role.id)).toBe('none');
    expect(cell('slo:write', 'owner')).toBe('allowed');
    expect(cell('audit:retention', 'owner')).toBe('second_approver');
    expect(cell('sli:write', 'owner')).toBeUndefined();
    expect(groups.map((g) => g.feature)).toEqual([...new Set(groups.map((g) => g.feature))]);
  });

  it('is explained by the path of the grant, or by who could give it', async () => {
    await give(Ada, 'operator', 'hashinsight');
    const ask = (permission: Permission, platform: string) =>
      explain(testCtx(stores), explainInput.parse({ userId: Ada, permission, platform }));
    expect(await ask('changes:write', 'hashinsight')).toMatchObject({
      allowed: true,
      because: 'Ada is Operator on hashinsight.',
      paths: [{ role: 'operator', platform: 'hashinsight', reason: 'shift work', grantedBy: null }],
      couldBeGivenBy: [],
    });
    const elsewhere = await ask('changes:write', 'web3-audit');
    expect(elsewhere).toMatchObject({ allowed: false, paths: [] });
    expect(elsewhere.because).toContain('held elsewhere only: Operator on hashinsight');
    expect(elsewhere.couldBeGivenBy.map((p) => p.name)).toEqual(['Boss', 'Root']);
    expect(elsewhere.rolesThatGive.map((r) => r.id)).toEqual(['owner', 'admin', 'commander', 'operator']);
    expect((await ask('audit:retention', '*')).couldBeGivenBy.map((p) => p.name)).toEqual(['Root']);
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.id, Ada));
    expect(await ask('changes:write', 'hashinsight')).toMatchObject({
      allowed: false,
      because: 'Ada is suspended; no role counts until that ends.',
    });
  });

  it('is told only of people and platforms the reader may see', async () => {
    await give(Ada, 'operator', 'web3-audit');
    const local = await actingAs(stores, Local);
    const ask = (userId: string, platform: string) =>
      explain(local, explainInput.parse({ userId, permission: 'slo:read', platform }));
    await expect(ask(Ada, 'web3-audit')).rejects.toMatchObject(refusedWith('not_found'));
    await expect(ask(Ada, 'hashinsight')).rejects.toMatchObject(refusedWith('not_found'));
    await expect(ask(Ada, '*')).rejects.toMatchObject(refusedWith('forbidden'));
    await expect(effectiveRights(local, Ada)).rejects.toMatchObject(refusedWith('not_found'));
    expect((await effectiveRights(local, Local)).permissions.at(0)).toEqual({
      permission: 'slo:read',
      sentence: 'See objectives, budgets and burn rates',
      platforms: ['hashinsight'],
    });
  });

  it('is counted only where the reader may see roles', async () => {
    const role = await create();
    await give(Ada, role.id, 'web3-audit');
    await give(Bob, 'operator', 'hashinsight');
    await give(Bob, 'operator', 'web3-audit');
    await give(Ada, 'operator', 'web3-audit');
    const counts = async (userId: string) => {
      const reader = await actingAs(stores, userId);
      const held = new Map((await listRoles(reader)).map((one) => [one.id, one.holders]));
      const shown = (await getRole(reader, role.id)).holders;
      const matrix = await roleMatrix(reader);
      const column = matrix.roles.findIndex((one) => one.id === role.id);
      const cell = matrix.groups[0]?.rows.find((row) => row.permission === 'slo:read')?.cells[column];
      return [held.get('owner'), held.get('admin'), held.get('operator'), held.get(role.id), shown, cell];
    };
    expect(await counts(Boss)).toEqual([1, 2, 2, 1, 1, 'own_platform']);
    expect(await counts(Local)).toEqual([1, 2, 1, 0, 0, 'allowed']);
  });

  it('is listed page by page, by role and by permission', async () => {
    const role = await create('Night watch', ['slo:exclude']);
    for (const id of [Ada, Bob]) await give(id, role.id, 'hashinsight');
    const ask = (given: object) => listHolders(testCtx(stores), holdersInput.parse(given));
    const first = await ask({ role: role.id, limit: 1 });
    expect(first.rows.map((h) => [h.user.name, h.title])).toEqual([['Ada', 'Night watch']]);
    const second = await ask({ role: role.id, limit: 1, cursor: first.nextCursor ?? undefined });
    expect(second).toMatchObject({ rows: [{ user: { name: 'Bob' } }], nextCursor: null });
    const holders = await ask({ permission: 'slo:exclude', platform: 'hashinsight' });
    expect(holders.rows.map((h) => h.user.name)).toEqual(['Ada', 'Bob', 'Boss', 'Local', 'Root']);
    expect((await ask({ permission: 'slo:exclude', platform: '*' })).rows.map((h) => h.user.name)).toEqual([
      'Boss',
      'Root',
    ]);
    await expect(ask({ role: 'owner', cursor: 'nonsense' })).rejects.toMatchObject(refusedWith('invalid'));
  });
});
