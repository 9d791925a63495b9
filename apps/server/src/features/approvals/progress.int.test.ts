import { randomBytes } from 'node:crypto';
import { rulesFor, type ApprovalRule } from '@qd/shared/approvals';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { approvals, roles, users } from '../../db/schema/index.ts';
import { approvalHash } from '../../platform/approvals.ts';
import { decideApproval } from './service/decide.ts';
import { countApprovals, getApproval, listApprovals } from './service/read.ts';

let stores: TestStores;
const ids: Record<string, string> = {};
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3-audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  for (const name of Object.keys(ids)) delete ids[name];
  await add({ Root: 'owner', Second: 'owner', Third: 'owner', Boss: 'admin', Chief: 'admin' });
});

async function add(people: Record<string, string>): Promise<void> {
  const made = await addPeople(
    stores.db,
    Object.entries(people).map(([name, role]) => ({ name, roles: [role] })),
  );
  Object.keys(people).forEach((name, i) => (ids[name] = made[i] ?? ''));
  // The database keeps an owner who can sign in.
  await stores.db.update(users).set({ passwordHash: '$argon2id$test' });
}
const id = (name: string): string => ids[name] ?? '';
const as = (name: string) => actingAs(stores, id(name));
const agree = async (name: string, request: string, decision: 'approve' | 'reject' = 'approve') =>
  decideApproval(await as(name), { id: request, decision, reason: 'looks right' });
const refusedWith = (code: string) => ({ name: 'DomainError', code });

const somebody: ApprovalRule = { permission: 'approvals:decide', approvals: 1, holds: [], ownersOnly: false };
const prune = rulesFor([{ kind: 'prunes_audit' }]);

/** Stores a request as an act would, a second after the last one; gives its id. */
async function ask(
  by: string,
  change: Partial<typeof approvals.$inferInsert> & { rules: ApprovalRule[] },
): Promise<string> {
  stores.clock.advance(1_000);
  const now = stores.clock.now();
  const act = { kind: 'audit.prune', params: { n: randomBytes(4).toString('hex') } };
  const request = `apr_${randomBytes(6).toString('hex')}`;
  await stores.db.insert(approvals).values({
    id: request,
    ...act,
    paramsHash: approvalHash(act),
    summary: 'Something risky',
    platform: null,
    reason: 'test',
    requestedBy: id(by),
    requestedAt: now,
    expiresAt: new Date(now.getTime() + 86_400_000),
    state: 'pending',
    ...change,
  });
  return request;
}

describe('a request with two rules', () => {
  it('says which rule is open, who met the other, and whether the reader can meet it', async () => {
    const request = await ask('Root', { rules: prune });
    expect(await getApproval(await as('Boss'), request)).toMatchObject({
      rules: [
        { ownersOnly: true, metBy: [], missing: 1, byMe: false },
        { permission: 'audit:verify', metBy: [], missing: 1, byMe: true },
      ],
      may: { approve: true, reject: true },
    });
    await agree('Boss', request);
    const open = [
      { ownersOnly: true, metBy: [], missing: 1 },
      { permission: 'audit:verify', metBy: [{ name: 'Boss' }], missing: 0, byMe: false },
    ];
    const forChief = await getApproval(await as('Chief'), request);
    expect(forChief).toMatchObject({ rules: open, may: { approve: false, reject: true } });
    expect(forChief.askable).toEqual([
      {
        people: [
          { id: id('Second'), name: 'Second' },
          { id: id('Third'), name: 'Third' },
        ],
        more: 0,
      },
      { people: [], more: 0 },
    ]);
    await expect(agree('Chief', request)).rejects.toMatchObject(refusedWith('conflict'));
    const forSecond = await getApproval(await as('Second'), request);
    expect(forSecond).toMatchObject({ rules: [{ byMe: true }, { byMe: false }], may: { approve: true } });
    expect(forSecond.askable[0]?.people).toEqual([{ id: id('Third'), name: 'Third' }]);
    expect(await agree('Second', request)).toMatchObject({ phase: 'ready' });
    expect((await getApproval(await as('Root'), request)).rules).toMatchObject([
      { metBy: [{ name: 'Second' }], missing: 0 },
      { metBy: [{ name: 'Boss' }], missing: 0 },
    ]);
  });

  it('opens again when somebody who agreed may no longer', async () => {
    const request = await ask('Root', { rules: prune });
    await agree('Boss', request);
    await stores.db
      .update(users)
      .set({ state: 'suspended' })
      .where(eq(users.id, id('Boss')));
    expect(await getApproval(await as('Chief'), request)).toMatchObject({
      rules: [{ missing: 1 }, { metBy: [], missing: 1, byMe: true }],
      may: { approve: true },
    });
    await agree('Chief', request);
    expect(await agree('Second', request)).toMatchObject({ phase: 'ready' });
  });

  it('says nothing of what people hold once it is settled', async () => {
    const request = await ask('Root', { rules: prune });
    await agree('Boss', request);
    await agree('Chief', request, 'reject');
    const settled = await getApproval(await as('Second'), request);
    expect(settled.rules.map(({ metBy, missing, byMe }) => ({ metBy, missing, byMe }))).toEqual([
      { metBy: [], missing: null, byMe: false },
      { metBy: [], missing: null, byMe: false },
    ]);
    expect(settled.askable).toEqual([
      { people: [], more: 0 },
      { people: [], more: 0 },
    ]);
  });
});

describe('what waits for somebody', () => {
  it('is what the store gives, for each reader and each kind of request', async () => {
    await add({
      Local: 'admin@hashinsight',
      Far: 'admin@web3-audit',
      Watch: 'commander',
      Reads: 'auditor',
      Sample: 'owner',
    });
    await stores.db
      .update(users)
      .set({ isDemo: true })
      .where(eq(users.id, id('Sample')));
    const gives = (permission: 'settings:write' | 'users:policy' | 'audit:retention', platform: string) => ({
      ...somebody,
      holds: [{ platform, permissions: [permission] }],
    });
    const now = stores.clock.now().getTime();
    const at = (ms: number) => new Date(now + ms);
    const asked = [
      await ask('Root', { rules: [somebody] }),
      await ask('Boss', { rules: [somebody], platform: 'hashinsight' }),
      await ask('Boss', { rules: [{ ...somebody, ownersOnly: true }] }),
      await ask('Local', { rules: [gives('settings:write', 'hashinsight')], platform: 'hashinsight' }),
      await ask('Local', { rules: [gives('users:policy', '*')], platform: 'hashinsight' }),
      await ask('Far', { rules: [gives('audit:retention', 'web3-audit')], platform: 'web3-audit' }),
      await ask('Sample', { rules: [somebody] }),
      await ask('Root', { rules: [{ ...somebody, approvals: 2 }] }),
      await ask('Root', { rules: prune }),
      await ask('Boss', { rules: [somebody], state: 'approved', executeBefore: at(600_000) }),
      await ask('Boss', { rules: [somebody], coolsOffAt: at(600_000), executeBefore: at(900_000) }),
      await ask('Chief', { rules: [somebody], coolsOffAt: at(10), executeBefore: at(900_000) }),
      await ask('Root', { rules: [somebody], expiresAt: at(10) }),
      await ask('Root', { rules: [somebody], state: 'rejected' }),
    ];
    await agree('Chief', asked[8] ?? '');
    await agree('Second', asked[7] ?? '');
    let waiting = 0;
    for (const name of Object.keys(ids)) {
      const ctx = await as(name);
      const all = (await listApprovals(ctx, { limit: 50 })).rows;
      const wanted = all.filter(({ may }) => may.approve || may.execute).map((row) => row.id);
      const given = (await listApprovals(ctx, { limit: 50, waiting: true })).rows.map((row) => row.id);
      expect([name, given]).toEqual([name, wanted]);
      waiting += given.length;
      // What is offered is what the verb grants, and nothing else.
      for (const row of all.filter((one) => !one.may.approve)) {
        await expect(agree(name, row.id)).rejects.toMatchObject({ name: 'DomainError' });
      }
      expect(await countApprovals(ctx)).toMatchObject({
        toApprove: all.filter(({ may }) => may.approve).length,
        toExecute: all.filter(({ may }) => may.execute).length,
        isCut: false,
        open: all.filter((row) => ['pending', 'cooling', 'ready'].includes(row.phase)).length,
      });
    }
    expect(waiting).toBeGreaterThan(20);
  });

  it('comes page by page', async () => {
    const asked = [];
    for (let n = 0; n < 5; n += 1) asked.unshift(await ask('Root', { rules: [somebody] }));
    const boss = await as('Boss');
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listApprovals(boss, { limit: 2, waiting: true, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...page.rows.map((row) => row.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(asked);
    expect((await listApprovals(testCtx(stores), { limit: 9, waiting: true })).rows).toEqual([]);
  });
});

describe('who may ask and not read what others ask for', () => {
  it('lists their own, and nobody else’s', async () => {
    const now = stores.clock.now();
    const role = { id: 'role_desk', title: 'Desk', titleKey: 'desk', description: '', createdAt: now, updatedAt: now };
    await stores.db.insert(roles).values({ ...role, permissions: ['users:suspend'] });
    await add({ Desk: 'role_desk' });
    const own = await ask('Desk', { rules: [somebody] });
    const others = await ask('Root', { rules: [somebody] });
    const desk = await as('Desk');
    expect((await listApprovals(desk, { limit: 9 })).rows.map((row) => row.id)).toEqual([own]);
    expect((await listApprovals(desk, { limit: 9, waiting: true })).rows).toEqual([]);
    expect(await countApprovals(desk)).toEqual({ toApprove: 0, toExecute: 0, isCut: false, open: 1 });
    await expect(getApproval(desk, others)).rejects.toMatchObject(refusedWith('not_found'));
    await agree('Boss', own);
    expect(await countApprovals(desk)).toMatchObject({ toExecute: 1 });
    expect((await listApprovals(desk, { limit: 9, waiting: true })).rows.map((row) => row.id)).toEqual([own]);
  });
});
