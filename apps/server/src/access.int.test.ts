import { builtInRoles, rolePermissions, type Permission } from '@qd/shared/permissions';
import { eq } from 'drizzle-orm';
import type { Router } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPeople, addPlatforms } from '../test/directory.ts';
import { startConsole, type RunningConsole } from '../test/running-console.ts';
import { createAppRouter } from './app-router.ts';
import { approvableActs } from './approvable-acts.ts';
import { selectLiveGrants } from './db/queries/grants.ts';
import { auditEvents, roles, users } from './db/schema/index.ts';
import { createDoors } from './doors.ts';
import { createKey } from './features/api-keys/service/create/create.ts';
import { healthDeps } from './health-deps.ts';
import { createSession } from './platform/session.ts';
import { assertEveryProcedureGuarded, type ProcedureAccess } from './platform/trpc.ts';

/** Ways in, and what they show before anybody is known; every other procedure asks for somebody. */
const open = [
  'apiKeys.claims.look',
  'apiKeys.claims.take',
  'apiKeys.rotation.acknowledgement.confirm',
  'apiKeys.rotation.acknowledgement.look',
  'session.acceptInvite',
  'session.acceptInviteThrough',
  'session.createOwner',
  'session.get',
  'session.invitation',
  'session.passkeyOptions',
  'session.providers',
  'session.resetLink',
  'session.secondFactor',
  'session.signIn',
  'session.signInWithPasskey',
  'session.signOut',
  'session.useResetLink',
];

/** Acts on the console as a whole: who holds their permission on single platforms only is refused by the verb itself. */
const onAllPlatformsOnly = new Set([
  'settings.removeDemo',
  'slo.alerts.channels',
  'users.factorCoverage',
  'users.factorPolicies',
]);

interface Caller {
  name: string;
  id: string | null;
  token: string | null;
  permissions: readonly Permission[];
  isScoped: boolean;
}

let running: RunningConsole;
let rules: ProcedureAccess[];
let callers: Caller[];

beforeAll(async () => {
  running = await startConsole();
  const { container, services } = running;
  rules = assertEveryProcedureGuarded(
    createAppRouter({
      session: { ...services.users, version: '0', embedded: true },
      health: healthDeps(container, services),
      slo: services.slo,
      imports: services.imports,
      audit: services.audit,
      apiKeys: services.apiKeys,
      acts: approvableActs(services),
    }),
  );
  const { db } = container.database;
  await addPlatforms(db, ['hashinsight', 'web3-audit']);
  const now = new Date();
  const single = { titleKey: 'single', description: '', createdAt: now, updatedAt: now };
  await db.insert(roles).values({ id: 'role_single', title: 'Single', permissions: ['roles:read'], ...single });
  callers = await addCallers();
}, 120_000);
afterAll(() => running.stop());

async function addCallers(): Promise<Caller[]> {
  const people = [
    ...builtInRoles.map((role) => ({ name: role, roles: [role], permissions: rolePermissions[role] })),
    ...(['owner', 'support', 'stakeholder'] as const).map((role) => ({
      name: `${role} there`,
      roles: [`${role}@web3-audit`],
      permissions: rolePermissions[role],
    })),
    { name: 'single', roles: ['role_single'], permissions: ['roles:read' as const] },
    { name: 'nobody', roles: [], permissions: [] },
    { name: 'suspended', roles: ['owner'], permissions: [] },
  ];
  const { database, hub } = running.container;
  const ids = await addPeople(database.db, people);
  await database.db.update(users).set({ passwordHash: '$argon2id$test' });
  const found: Caller[] = [{ name: 'a stranger', id: null, token: null, permissions: [], isScoped: false }];
  for (const [i, { name, permissions }] of people.entries()) {
    const userId = ids[i] ?? '';
    const token = await database.db.transaction(async (tx) => {
      const now = new Date();
      const grants = await selectLiveGrants(tx, userId, now);
      return (await createSession(tx, { userId, grants }, { now, address: '127.0.0.1', userAgent: 'test' })).token;
    });
    found.push({ name, id: userId, token, permissions, isScoped: name.endsWith(' there') });
  }
  await database.db.update(users).set({ state: 'suspended' }).where(eq(users.name, 'suspended'));
  hub.publish('users');
  return found;
}

const isKnown = ({ token, name }: Caller): boolean => token !== null && name !== 'suspended';
const headersOf = ({ token }: Caller): Record<string, string> => ({
  'content-type': 'application/json',
  'x-qd': '1',
  ...(token === null ? {} : { cookie: `qd=${token}` }),
});

const BATCH = 20;

/**
 * Calls procedures with an input that fits nothing: what the guard says comes first, and nothing is changed. Gives the code of
 * each refusal or fault by path, null for a call that went well.
 */
async function callAll(called: readonly ProcedureAccess[], caller: Caller): Promise<Map<string, string | null>> {
  const codes = new Map<string, string | null>();
  for (const type of ['query', 'mutation'] as const) {
    const paths = called.filter((rule) => rule.type === type).map((rule) => rule.path);
    for (let from = 0; from < paths.length; from += BATCH) {
      const batch = paths.slice(from, from + BATCH);
      const answers = await callBatch(batch, type, caller);
      batch.forEach((path, i) => codes.set(path, codeOf(answers[i])));
    }
  }
  return codes;
}

type Answer = { error?: { data?: { domainCode?: string | null } } } | undefined;

async function callBatch(batch: readonly string[], type: 'query' | 'mutation', caller: Caller): Promise<Answer[]> {
  const input = JSON.stringify(Object.fromEntries(batch.map((_, i) => [i, { nothing: 'fits' }])));
  const address = running.at(`/trpc/${batch.join(',')}?batch=1`);
  const headers = headersOf(caller);
  const response = await (type === 'query'
    ? fetch(`${address}&input=${encodeURIComponent(input)}`, { headers })
    : fetch(address, { method: 'POST', headers, body: input }));
  return (await response.json()) as Answer[];
}

function codeOf(answer: Answer): string | null {
  if (answer === undefined) return 'no answer';
  return answer.error === undefined ? null : (answer.error.data?.domainCode ?? 'internal');
}

/** What the catalog says of a call: the code of the refusal, `step_up`, or null for let in. */
function expected({ path, access, stepUp }: ProcedureAccess, caller: Caller): string | null {
  if (access === 'open') return null;
  if (!isKnown(caller)) return 'unauthenticated';
  if (access !== 'signed_in' && !caller.permissions.includes(access)) return 'forbidden';
  if (caller.isScoped && onAllPlatformsOnly.has(path)) return 'forbidden';
  return stepUp ? 'step_up' : null;
}

const refusals = new Set<string | null>(['unauthenticated', 'forbidden', 'step_up', 'internal', 'no answer']);

describe('every procedure', () => {
  it('carries a rule, and only the ways in are open', () => {
    expect(rules.length).toBeGreaterThan(80);
    expect(rules.filter((rule) => rule.access === 'open').map((rule) => rule.path)).toEqual(open);
  });

  it('that changes who may do what asks its caller to prove themselves', () => {
    const proved = rules.filter((rule) => rule.stepUp).map((rule) => rule.path);
    expect(proved).toEqual(
      expect.arrayContaining([
        'approvals.decide',
        'approvals.execute',
        'audit.archive',
        'audit.prune',
        'roles.archive',
        'roles.create',
        'roles.grant',
        'roles.revoke',
        'roles.update',
        'users.bulk',
        'users.commitImport',
        'users.endSessions',
        'users.offboard',
        'users.removeOidcProvider',
        'users.saveOidcProvider',
        'users.setFactorPolicy',
      ]),
    );
  });

  it('lets in whom the catalog lets in, refuses everybody else, and the log keeps each refusal', async () => {
    const wrong: string[] = [];
    const refused: string[] = [];
    for (const caller of callers) {
      // A way in called by who is in already would sign them out.
      const called = rules.filter((rule) => rule.access !== 'open' || caller.token === null);
      const codes = await callAll(called, caller);
      for (const rule of called) {
        const code = codes.get(rule.path) ?? null;
        const wanted = expected(rule, caller);
        const isRight = wanted === null ? !refusals.has(code) : code === wanted;
        if (!isRight) wrong.push(`${rule.path} by ${caller.name}: ${code}, not ${wanted ?? 'let in'}`);
        if (code === 'forbidden' && caller.id !== null) refused.push(`${caller.id} ${rule.path}`);
      }
    }
    expect(wrong).toEqual([]);
    const { db } = running.container.database;
    const log = await db.select().from(auditEvents).where(eq(auditEvents.status, 'denied'));
    const kept = new Set(log.map((row) => `${row.userId} ${row.action}`));
    expect(refused.filter((one) => !kept.has(one))).toEqual([]);
    expect(refused.length).toBeGreaterThan(100);
  }, 300_000);
});

/** Who may come through a route: machines by key, people by session, either, or anybody. */
type Door = 'key' | 'session' | 'either' | 'open';

/** Every route outside tRPC. A new one is found by reflection and must be entered here. */
const routes: Readonly<Record<string, { door: Door; permission: Permission | null }>> = {
  'GET /health': { door: 'open', permission: null },
  'GET /health/live': { door: 'open', permission: null },
  'GET /health/ready': { door: 'open', permission: null },
  'GET /health/detailed': { door: 'either', permission: 'health:read' },
  'GET /api/openapi.json': { door: 'open', permission: null },
  'POST /api/v1/sli': { door: 'key', permission: 'sli:write' },
  'GET /api/v1/slos': { door: 'key', permission: 'slo:read' },
  'GET /api/v1/slos/:id': { door: 'key', permission: 'slo:read' },
  'GET /api/v1/slos/:id/history': { door: 'key', permission: 'slo:read' },
  'GET /api/v1/slos/:id/gate': { door: 'key', permission: 'slo:read' },
  'GET /api/slo/status': { door: 'key', permission: 'slo:read' },
  'POST /api/v1/deploys': { door: 'key', permission: 'changes:write' },
  'POST /api/v1/authorize': { door: 'key', permission: 'users:authorize' },
  'POST /api/v1/keys/verify': { door: 'key', permission: 'keys:verify' },
  'GET /audit/export': { door: 'session', permission: 'audit:export' },
  'GET /keys/calendar.ics': { door: 'either', permission: 'api-keys:read' },
  'GET /keys/export': { door: 'either', permission: 'api-keys:read' },
  'GET /keys/secrets/export': { door: 'either', permission: 'secrets:read' },
  'GET /slos/exclusions/export': { door: 'either', permission: 'slo:read' },
  'GET /slos/alerts/export': { door: 'either', permission: 'slo:read' },
  'POST /keys/leaks/file': { door: 'session', permission: 'api-keys:rotate' },
  'POST /users/import': { door: 'session', permission: 'users:import' },
  'GET /users/import/:id/report': { door: 'session', permission: 'users:import' },
  'GET /users/export': { door: 'session', permission: 'users:export' },
  'GET /auth/oidc/callback': { door: 'open', permission: null },
  'GET /auth/oidc/:id/start': { door: 'open', permission: null },
};

/** Files of people, and of what they did, are sensitive reads: let in, one is asked to prove oneself. */
const asksForProof = new Set(['GET /users/export', 'GET /audit/export']);

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** What is mounted, read from the routers themselves. */
function mounted(): string[] {
  const { container, services } = running;
  const reflect = { requestDeps: { trustProxy: [], publicUrl: null }, ready: () => true } as never;
  const doors = createDoors({
    ...(reflect as object),
    container,
    services,
    health: healthDeps(container, services),
  } as never);
  const routesOf = (router: Router, prefix: string): string[] =>
    (router.stack as unknown as Layer[]).flatMap(({ route }) =>
      route === undefined
        ? []
        : Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${prefix}${route.path}`),
    );
  return [
    ...routesOf(doors.health, ''),
    ...doors.rest.flatMap((router) => routesOf(router, '/api')),
    ...doors.downloads.flatMap((router) => routesOf(router, '')),
  ];
}

async function request(route: string, headers: Record<string, string>): Promise<number> {
  const [method = 'GET', path = '/'] = route.split(' ');
  const init = method === 'POST' ? { method, headers, body: '{"nothing":"fits"}' } : { method, headers };
  const response = await fetch(running.at(path.replace(':id', 'nosuch')), { ...init, redirect: 'manual' });
  await response.arrayBuffer();
  return response.status;
}

async function keyWith(scopes: Permission[]): Promise<string> {
  const { container, services } = running;
  const input = {
    name: 'proof',
    platform: '*',
    environment: 'test' as const,
    scopes,
    ownerId: null,
    lifeDays: 1,
    prefix: 'qdp',
  };
  return (await createKey(container.ctx('cli'), services.apiKeys, input)).text;
}

describe('every route', () => {
  it('is entered in the table, and the table names no other', () => {
    expect(mounted().toSorted()).toEqual(Object.keys(routes).toSorted());
  });

  it('lets in the people the catalog lets in, and refuses everybody else', async () => {
    const wrong: string[] = [];
    for (const [route, { door, permission }] of Object.entries(routes)) {
      if (permission === null) continue;
      for (const caller of callers) {
        const status = await request(route, headersOf(caller));
        const isPersonsDoor = door !== 'key';
        const wanted = !isPersonsDoor || !isKnown(caller) ? 401 : caller.permissions.includes(permission) ? null : 403;
        const isLetIn = asksForProof.has(route) ? status === 401 : status !== 401 && status !== 403 && status < 500;
        if (wanted === null ? !isLetIn : status !== wanted) wrong.push(`${route} by ${caller.name}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('lets in keys with the scope, and no others', async () => {
    const wrong: string[] = [];
    for (const [route, { door, permission }] of Object.entries(routes)) {
      if (permission === null) continue;
      const other: Permission = permission === 'metrics:read' ? 'slo:read' : 'metrics:read';
      for (const [scopes, hasScope] of [
        [[permission], true],
        [[other], false],
      ] as const) {
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${await keyWith([...scopes])}` };
        const status = await request(route, headers);
        const isLetIn = door !== 'session' && hasScope;
        const isRight = isLetIn ? ![401, 403].includes(status) && status < 500 : status === 403;
        if (!isRight) wrong.push(`${route} with ${scopes.join()}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('that is open says nothing to strangers but what it is for', async () => {
    const openRoutes = Object.entries(routes).filter(([, { door }]) => door === 'open');
    for (const [route] of openRoutes) expect([route, await request(route, {})]).not.toEqual([route, 500]);
    expect(await request('GET /events?topics=users', {})).toBe(401);
  });
});
