import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import { and, eq } from 'drizzle-orm';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { peopleOf } from '../../../test/people.ts';
import { quickUsersDeps } from '../../../test/quick-users.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { actorWith, openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { approvals, auditEvents, memberships, users } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { sendProblem } from '../../platform/problem.ts';
import { createAuthorizeHttp } from './authorize-http.ts';
import { assignMembership, removeMembership, suspendMembership } from './service/directory/memberships.ts';

let stores: TestStores;
let server: Server;
let url: string;
const people = peopleOf(() => stores, quickUsersDeps());
const { add, as } = people;
let root: TestCtx;
let helper: TestCtx;
const deniedCalls: string[] = [];

const machine = (platform: string, permission: 'users:authorize' | 'slo:read' = 'users:authorize'): Actor => ({
  ...actorWith('owner'),
  kind: 'key',
  grants: [{ platform, permissions: [permission] }],
});
const machines: Record<string, Actor> = {
  mining: machine('hashinsight'),
  audits: machine('web3audit'),
  everywhere: machine('*'),
  other: machine('hashinsight', 'slo:read'),
};

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit', 'shop']);
  await add('root', 'owner');
  await add('helper', 'support');
  await add('local', 'support', 'hashinsight');
  root = await as('root');
  helper = await as('helper');
  const app = express();
  app.use(
    '/api',
    createAuthorizeHttp({
      async authenticate(req) {
        const actor = machines[req.header('x-api-key') ?? ''];
        if (actor === undefined) throw new DomainError('unauthenticated', 'A valid API key is needed.');
        return actor;
      },
      ctx: (_req, actor) => testCtx(stores, { actor }),
      onDenied: async (_ctx, denial, action) => void deniedCalls.push(`${action} ${denial.platform ?? ''}`),
    }),
  );
  app.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    sendProblem(res, error, silentLog),
  );
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/authorize`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stores.close();
});

const reason = 'joins the desk';
const refused = (code: string) => ({ name: 'DomainError', code });
let counter = 0;
const somebody = async (...accounts: string[]): Promise<string> => {
  const [id = ''] = await addPeople(stores.db, [{ name: `Client ${(counter += 1)}`, accounts }]);
  return id;
};
const accountOf = async (id: string, platform = 'hashinsight') => {
  const [row] = await stores.db
    .select()
    .from(memberships)
    .where(and(eq(memberships.userId, id), eq(memberships.platform, platform)));
  return row ?? null;
};
const seen = async (id: string, platform = 'hashinsight') =>
  (await accountOf(id, platform))?.updatedAt.getTime() ?? null;
const assign = async (ctx: TestCtx, id: string, role: string, platform = 'hashinsight') =>
  assignMembership(ctx, { id, platform, role, reason, seenAt: await seen(id, platform) });

describe('an account on a platform', () => {
  it('is given, changed, suspended, let work again and taken away by support, each with a record', async () => {
    const id = await somebody();
    expect(await assign(helper, id, 'client')).toEqual({ approval: null });
    await assign(helper, id, 'broker');
    expect(await accountOf(id)).toMatchObject({ role: 'broker', state: 'active', grantedBy: helper.actor.id });
    const platform = 'hashinsight';
    await suspendMembership(helper, { id, platform, reason, state: 'suspended', seenAt: await seen(id) });
    await assign(helper, id, 'client');
    expect(await accountOf(id)).toMatchObject({ role: 'client', state: 'suspended' });
    await suspendMembership(helper, { id, platform, reason, state: 'active', seenAt: await seen(id) });
    await removeMembership(helper, { id, platform, reason, seenAt: await seen(id) });
    expect(await accountOf(id)).toBeNull();
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.targetId, id));
    expect(log.map((event) => event.action.replace('users.membership_', ''))).toEqual([
      'assigned',
      'assigned',
      'suspended',
      'assigned',
      'reinstated',
      'removed',
    ]);
    expect(log[1]).toMatchObject({
      platform,
      before: { role: 'client' },
      after: { role: 'broker' },
      details: { added: ['customers:read', 'customers:write'], removed: [] },
    });
  });

  it('changes for one of two who change it at once; the other is told what it is now', async () => {
    const id = await somebody('client@hashinsight');
    const seenAt = await seen(id);
    const input = { id, platform: 'hashinsight', reason, seenAt };
    const results = await Promise.allSettled([
      assignMembership(helper, { ...input, role: 'broker' }),
      assignMembership(root, { ...input, role: 'admin' }),
    ]);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    const now = (await accountOf(id))?.role;
    await expect(assignMembership(helper, { ...input, role: 'client' })).rejects.toMatchObject({
      ...refused('conflict'),
      message: expect.stringContaining(`is now ${now}`),
    });
    await expect(assignMembership(helper, { ...input, seenAt: null, role: 'client' })).rejects.toMatchObject(
      refused('conflict'),
    );
  });

  it('of the first role takes a second person, and who may only give lesser roles cannot unseat it', async () => {
    const id = await somebody();
    const { approval } = await assign(root, id, 'owner');
    expect(approval).toMatchObject({ summary: expect.stringContaining('Owner on hashinsight') });
    expect(await accountOf(id)).toBeNull();
    const [stored] = await stores.db
      .select()
      .from(approvals)
      .where(eq(approvals.id, approval?.id ?? ''));
    if (stored === undefined) throw new Error('the request was not stored');
    const input = { id, platform: 'hashinsight', role: 'owner', reason, seenAt: null };
    await expect(
      assignMembership({ ...root, approved: stored }, { ...input, reason: 'another' }),
    ).rejects.toMatchObject(refused('conflict'));
    expect(await assignMembership({ ...root, approved: stored }, input)).toEqual({ approval: null });
    expect((await accountOf(id))?.role).toBe('owner');
    await expect(assign(helper, id, 'client')).rejects.toMatchObject(refused('forbidden'));
    const of = { id, platform: 'hashinsight', reason, seenAt: await seen(id) };
    await expect(removeMembership(helper, of)).rejects.toMatchObject(refused('forbidden'));
    await expect(suspendMembership(helper, { ...of, state: 'suspended' })).rejects.toMatchObject(refused('forbidden'));
    await removeMembership(root, of);
  });

  it('is not given to oneself, to more powerful people, on platforms one does not see, or in roles there are not', async () => {
    const local = await as('local');
    const id = await somebody('client@hashinsight');
    const stranger = await somebody('viewer@web3audit');
    const rootId = root.actor.id ?? '';
    await expect(assign(helper, helper.actor.id ?? '', 'client')).rejects.toMatchObject(refused('forbidden'));
    await expect(assign(helper, rootId, 'client')).rejects.toMatchObject(refused('forbidden'));
    await expect(assign(local, id, 'viewer', 'web3audit')).rejects.toMatchObject(refused('not_found'));
    await expect(assign(local, stranger, 'client')).rejects.toMatchObject(refused('not_found'));
    await expect(assign(helper, id, 'auditor')).rejects.toMatchObject({
      ...refused('invalid'),
      fields: [{ field: 'role' }],
    });
    await expect(assign(helper, id, 'member', 'nowhere')).rejects.toMatchObject(refused('not_found'));
    await assign(local, id, 'broker');
    await expect(removeMembership(helper, { id, platform: 'web3audit', reason, seenAt: null })).rejects.toMatchObject(
      refused('not_found'),
    );
  });
});

describe('a platform asks', () => {
  const ask = async (key: string, body: unknown) => {
    const res = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key },
      body: JSON.stringify(body),
    });
    return { status: res.status, body: (await res.json()) as Record<string, unknown> };
  };
  const about = (user: string, permission: string, platform = 'hashinsight') => ({ user, permission, platform });
  let broker: string;
  let abroad: string;
  beforeAll(async () => {
    broker = await somebody('broker@hashinsight');
    abroad = await somebody('admin@web3audit');
  });
  const answer = async (...of: Parameters<typeof ask>) => (await ask(...of)).body;

  it('and is told what the roles there allow, by id or address in any case', async () => {
    const [row] = await stores.db.select().from(users).where(eq(users.id, broker));
    for (const user of [broker, row?.email ?? '', row?.email.toUpperCase() ?? '']) {
      expect(await answer('mining', about(user, 'miners:write'))).toMatchObject({ allow: true, reason: 'role' });
    }
    expect(await answer('mining', about(broker, 'miners:delete'))).toMatchObject({
      allow: false,
      reason: 'not_in_role',
    });
    expect(await answer('mining', about(broker, 'slo:read'))).toMatchObject({ allow: false, reason: 'not_in_role' });
    expect(await answer('mining', about('helper@example.com', 'users:read'))).toMatchObject({ allow: true });
    expect(await answer('mining', about('helper@example.com', 'miners:read'))).toMatchObject({ reason: 'not_in_role' });
    expect(await answer('everywhere', about(abroad, 'audits:submit', 'web3audit'))).toMatchObject({ allow: true });
  });

  it('and learns nothing of people who have nothing there', async () => {
    const nobody = await ask('mining', about('usr_nobody', 'miners:read'));
    expect(nobody).toEqual({ status: 200, body: expect.objectContaining({ allow: false, reason: 'no_account' }) });
    expect(await ask('mining', about(abroad, 'miners:read'))).toEqual(nobody);
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.id, abroad));
    expect(await ask('mining', about(abroad, 'miners:read'))).toEqual(nobody);
  });

  it('and is refused about other platforms, without the scope, without a key, and with nonsense', async () => {
    const elsewhere = about(broker, 'miners:read', 'web3audit');
    expect((await ask('mining', elsewhere)).status).toBe(404);
    expect((await ask('other', about(broker, 'miners:read'))).status).toBe(403);
    expect((await ask('nobodys', about(broker, 'miners:read'))).status).toBe(401);
    expect(deniedCalls).toEqual(expect.arrayContaining(['users.authorize web3audit']));
    for (const body of [
      {},
      about(broker, 'everything'),
      { ...about(broker, 'miners:read'), extra: 1 },
      about('x'.repeat(400), 'a:b'),
    ]) {
      expect((await ask('mining', body)).status).toBe(422);
    }
    expect((await ask('mining', { ...about(broker, 'a:b'), user: 'x'.repeat(9_000) })).status).toBe(422);
  });

  it('and hears at once of a suspended account or person', async () => {
    const allowed = () => answer('mining', about(broker, 'miners:read'));
    const state = (to: 'active' | 'suspended') =>
      stores.db.update(memberships).set({ state: to }).where(eq(memberships.userId, broker));
    expect(await allowed()).toMatchObject({ allow: true });
    await state('suspended');
    expect(await allowed()).toMatchObject({ allow: false, reason: 'suspended' });
    await state('active');
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.id, broker));
    expect(await allowed()).toMatchObject({ allow: false, reason: 'suspended' });
    await stores.db.update(users).set({ state: 'active' }).where(eq(users.id, broker));
    expect(await allowed()).toMatchObject({ allow: true });
  });
});
