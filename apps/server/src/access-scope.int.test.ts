import { DomainError } from '@qd/shared/errors';
import { HOUR_MS } from '@qd/shared/time';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actingAs } from '../test/acting-as.ts';
import { keySamples, plantKey } from '../test/api-keys-samples.ts';
import { createClock } from '../test/clock.ts';
import { addPeople, addPlatforms } from '../test/directory.ts';
import { makingSamples, plantMaking } from '../test/key-making-samples.ts';
import { plantSlot, slotSamples } from '../test/oncall-samples.ts';
import { startConsole, type RunningConsole } from '../test/running-console.ts';
import { plantSecret, secretSamples } from '../test/secrets-samples.ts';
import { crossedSloSamples, plantSlo, sloSamples, type PlantedSlo, type Sample } from '../test/slo-samples.ts';
import { createAppRouter } from './app-router.ts';
import { approvableActs } from './approvable-acts.ts';
import { approvals, invitations, platforms, roles, sessions, users } from './db/schema/index.ts';
import { refreshSummaries } from './features/slo/service/refresh-summaries.ts';
import { healthDeps } from './health-deps.ts';
import { approvalHash } from './platform/approvals.ts';
import {
  assertEveryProcedureGuarded,
  createCallerFactory,
  type ProcedureAccess,
  type TrpcCtx,
} from './platform/trpc.ts';

/** Stands in every name of the platform the callers have nothing to do with. */
const MARK = 'zanzibar';
const HERE = 'web3-audit';
const THERE = 'hashinsight';
const reason = 'because of the test';

let running: RunningConsole;
let router: ReturnType<typeof createAppRouter>;
let rules: ProcedureAccess[];
let samples: readonly Sample[];
let here: PlantedSlo;
let there: PlantedSlo;
let local: TrpcCtx;
let owner: TrpcCtx;

beforeAll(async () => {
  running = await startConsole();
  const { container, services } = running;
  router = createAppRouter({
    session: { ...services.users, version: '0', embedded: true },
    health: healthDeps(container, services),
    slo: services.slo,
    imports: services.imports,
    audit: services.audit,
    apiKeys: services.apiKeys,
    acts: approvableActs(services),
  });
  rules = assertEveryProcedureGuarded(router);
  const { db } = container.database;
  await addPlatforms(db, [HERE, THERE]);
  const now = new Date();
  await db.insert(roles).values({
    id: 'role_there',
    title: 'Held there',
    titleKey: 'heldthere',
    description: '',
    permissions: ['slo:read'],
    createdAt: now,
    updatedAt: now,
  });
  const ids = await addPeople(db, [
    { name: 'Local', roles: [`owner@${HERE}`] },
    { name: 'Root', roles: ['owner'] },
    { name: `${MARK} Person`, roles: [`operator@${THERE}`, `role_there@${THERE}`], accounts: [`owner@${THERE}`] },
    { name: `${MARK} Guest`, state: 'invited' },
  ]);
  const [localId = '', rootId = '', person = '', guest = ''] = ids;
  await db.update(users).set({ passwordHash: '$argon2id$test' });
  await plant({ person, guest, rootId, now });
  await db.update(platforms).set({ name: MARK }).where(eq(platforms.id, THERE));
  here = await plantSlo(db, { platform: HERE, mark: 'ours', now });
  there = await plantSlo(db, { platform: THERE, mark: MARK, now });
  const secretThere = await plantSecret(db, { platform: THERE, mark: MARK, now });
  const slotThere = await plantSlot(db, { platform: THERE, person, now });
  const keyThere = await plantKey(db, { platform: THERE, mark: MARK, now });
  await plantMaking(db, { ...keyThere, mark: MARK, now });
  samples = [
    ...Object.entries(samplesFor({ person, guest })),
    ...sloSamples(there),
    ...secretSamples(secretThere),
    ...slotSamples(slotThere),
    ...keySamples(keyThere),
    ...makingSamples({ ...keyThere, person }),
  ];
  const stores = {
    kind: 'embedded' as const,
    db,
    kv: container.kv,
    clock: createClock(now),
    close: () => Promise.resolve(),
  };
  local = await actingAs(stores, localId);
  owner = await actingAs(stores, rootId);
  await refreshSummaries(owner, services.slo.memory, [here.sliId, there.sliId]);
  // For the log.
  await call(owner, ['slo.definitions.override', { id: there.slo, reason: MARK, until: there.atMs + HOUR_MS }]);
}, 120_000);
afterAll(() => running.stop());

async function plant(of: { person: string; guest: string; rootId: string; now: Date }): Promise<void> {
  const { db } = running.container.database;
  const { person, guest, rootId, now } = of;
  const later = new Date(now.getTime() + 3_600_000);
  const bytes = (n: number) => new Uint8Array(32).fill(n);
  await db.insert(sessions).values({
    id: 'ses_there',
    userId: person,
    tokenHash: bytes(1),
    createdAt: now,
    lastSeenAt: now,
    idleExpiresAt: later,
    expiresAt: later,
    userAgent: MARK,
    address: '192.0.2.1',
  });
  await db.insert(invitations).values({
    id: 'inv_there',
    userId: guest,
    tokenHash: bytes(2),
    role: 'operator',
    platform: THERE,
    reason: MARK,
    invitedBy: rootId,
    createdAt: now,
    expiresAt: later,
  });
  const params = { role: 'operator', platform: THERE, what: MARK };
  await db.insert(approvals).values({
    id: 'apr_there',
    kind: 'roles.grant',
    params,
    paramsHash: approvalHash({ kind: 'roles.grant', params }),
    summary: MARK,
    platform: THERE,
    rules: [{ permission: 'approvals:decide', approvals: 1, holds: [], ownersOnly: false }],
    reason,
    requestedBy: rootId,
    requestedAt: now,
    expiresAt: later,
    state: 'pending',
  });
}

/** One input for each procedure, valid and about something on the other platform. */
function samplesFor(of: { person: string; guest: string }): Record<string, object | undefined> {
  const { person, guest } = of;
  const account = { id: person, platform: THERE, seenAt: null, reason };
  return {
    'approvals.decide': { id: 'apr_there', decision: 'approve', reason },
    'approvals.list': {},
    'audit.list': {},
    'health.sources': undefined,
    'platforms.list': undefined,
    'roles.archive': { id: 'role_there', version: 1, reason },
    'roles.effective': { userId: person },
    'roles.explain': { userId: person, permission: 'slo:read', platform: THERE },
    'roles.grant': { userId: person, role: 'operator', platform: THERE, reason },
    'roles.holders': { permission: 'slo:read', platform: THERE },
    'roles.previewChange': { id: 'role_there', permissions: ['slo:write'] },
    'roles.revoke': { userId: person, role: 'operator', platform: THERE, reason },
    'roles.update': {
      id: 'role_there',
      version: 1,
      title: 'Mine',
      description: '',
      permissions: ['slo:write'],
      reason,
    },
    'users.assignMembership': { ...account, role: 'client' },
    'users.blastRadius': { id: person },
    'users.bulk': { act: 'suspend', ids: [person], reason },
    'users.counts': undefined,
    'users.endSession': { id: person, sessionId: 'ses_there', reason },
    'users.endSessions': { id: person, reason },
    'users.get': { id: person },
    'users.invite': { name: 'New', email: 'new@example.com', role: 'operator', platform: THERE, reason },
    'users.list': {},
    'users.offboard': { id: person, reason },
    'users.previewInvite': { role: 'operator', platform: THERE },
    'users.reinstate': { id: person, reason },
    'users.removeMembership': account,
    'users.resendInvite': { id: guest },
    'users.revokeInvite': { id: guest, reason },
    'users.sendResetLink': { id: person, kind: 'password', reason },
    'users.sessions': { id: person },
    'users.suspend': { id: person, reason },
    'users.suspendMembership': { ...account, state: 'suspended' },
    'users.updateProfile': { id: person, version: 1, name: 'Taken over', email: 'mine@example.com' },
  };
}

/** Not about one platform or one person: the console as a whole, one's own, or a thing that names no platform. */
const ofNoPlatform = new Set([
  'audit.archive',
  'audit.checkpoints',
  'audit.prune',
  'audit.segments',
  'audit.verify',
  'roles.create',
  'roles.get',
  'roles.list',
  'roles.matrix',
  'settings.removeDemo',
  'slo.alerts.channels',
  'slo.alerts.testChannel',
  'users.commitImport',
  'users.factorCoverage',
  'users.factorPolicies',
  'users.import',
  'users.importRows',
  'users.imports',
  'users.oidcProviders',
  'users.removeOidcProvider',
  'users.rollbackImport',
  'users.saveOidcProvider',
  'users.setFactorPolicy',
]);

/** Answers made of figures alone. */
const withoutNames = new Set([
  'apiKeys.leaks.patterns',
  'apiKeys.ledger',
  'apiKeys.peppers',
  'apiKeys.revocation',
  'apiKeys.limitsPreview',
  'users.counts',
  'users.sessions',
]);

type Call = (input: unknown) => Promise<unknown>;

async function call(ctx: TrpcCtx, [path, input]: Sample): Promise<{ code: string | null; text: string }> {
  const caller: unknown = createCallerFactory(router)(ctx);
  const procedure = path.split('.').reduce((node, name) => (node as Record<string, unknown>)[name], caller) as Call;
  try {
    return { code: null, text: JSON.stringify((await procedure(input)) ?? null) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return { code: cause instanceof DomainError ? cause.code : 'internal', text: String(error) };
  }
}

const typeOf = (path: string) => rules.find((rule) => rule.path === path)?.type;
const samplesOf = (type: 'query' | 'mutation') => samples.filter(([path]) => typeOf(path) === type);

/** What of the calls tells of the other platform or is answered by a fault. */
async function toldBy(ctx: TrpcCtx, asked: readonly Sample[]): Promise<string[]> {
  const told: string[] = [];
  for (const sample of asked) {
    const { code, text } = await call(ctx, sample);
    const words = `${JSON.stringify(sample)}: ${code} ${text.slice(0, 300)}`;
    if (code === 'invalid' || code === 'internal') told.push(words);
    else if (text.toLowerCase().includes(MARK)) told.push(words);
  }
  return told;
}

describe('who holds everything on one platform', () => {
  it('is tried against every procedure about a platform or a person', () => {
    const asked = rules.filter((rule) => rule.access.includes(':'));
    const sampled = new Set(samples.map(([path]) => path));
    expect(asked.map((rule) => rule.path).filter((path) => !sampled.has(path) && !ofNoPlatform.has(path))).toEqual([]);
    expect([...sampled].filter((path) => typeOf(path) === undefined || ofNoPlatform.has(path))).toEqual([]);
  });

  it('reads nothing of another', async () => {
    expect(await toldBy(local, samplesOf('query'))).toEqual([]);
  });

  it('is told the same of what is there as of what is nowhere', async () => {
    const nowhere = { ...there, slo: 'slo_nowhere', exclusion: 'exc_nowhere', override: 'ovr_nowhere' };
    const names = (text: string) => text.replaceAll(/slo_\w+|exc_\w+|ovr_\w+/g, 'id');
    const told: string[] = [];
    const invented = sloSamples(nowhere);
    for (const [i, sample] of sloSamples(there).entries()) {
      const [found, lost] = [await call(local, sample), await call(local, invented[i] ?? sample)];
      const isQuiet = found.code === lost.code && (found.code === null || names(found.text) === names(lost.text));
      if (!isQuiet) told.push(`${JSON.stringify(sample)}: ${found.text.slice(0, 200)} / ${lost.text.slice(0, 200)}`);
    }
    expect(told).toEqual([]);
  });

  it('changes nothing of another, and the tables stay as they are', async () => {
    const before = await snapshot();
    const done: string[] = [];
    for (const sample of samplesOf('mutation')) {
      const { code, text } = await call(local, sample);
      const isRefused = code === 'forbidden' || code === 'not_found';
      // Of a bulk act each person or key is judged alone.
      const isNamed = nothingDone.get(sample[0])?.test(text) === true;
      if (!isRefused && !isNamed) done.push(`${JSON.stringify(sample)}: ${code ?? 'done'} ${text.slice(0, 200)}`);
    }
    expect(done).toEqual([]);
    expect(await snapshot()).toEqual(before);
  });

  it('draws nothing of another into what is theirs, as they may with what is here', async () => {
    const before = await snapshot();
    const done: string[] = [];
    for (const sample of crossedSloSamples(here, there)) {
      const { code, text } = await call(local, sample);
      const isRefused = code === 'invalid' || code === 'forbidden' || code === 'not_found';
      if (!isRefused) done.push(`${JSON.stringify(sample)}: ${code ?? 'done'} ${text.slice(0, 200)}`);
    }
    expect(done).toEqual([]);
    expect(await snapshot()).toEqual(before);
    const refused: string[] = [];
    const fair = new Map(crossedSloSamples(here, here).map((sample) => [JSON.stringify(sample), sample]));
    for (const sample of fair.values()) {
      const { code, text } = await call(local, sample);
      if (code !== null) refused.push(`${JSON.stringify(sample)}: ${code} ${text.slice(0, 200)}`);
    }
    expect(refused).toEqual([]);
  });

  it('is refused for the platform alone: the same questions are answered for who holds it everywhere', async () => {
    const refused: string[] = [];
    for (const sample of samplesOf('query')) {
      const { code, text } = await call(owner, sample);
      const isNamed = text.toLowerCase().includes(MARK) || withoutNames.has(sample[0]);
      if (code !== null || !isNamed) refused.push(`${JSON.stringify(sample)}: ${code} ${text.slice(0, 300)}`);
    }
    expect(refused).toEqual([]);
  });
});

/** How bulk acts say that nothing was done. */
const nothingDone = new Map([
  ['users.bulk', /"done":false/],
  ['apiKeys.ending.lookUp', /"verdict":"not_found","isCertain":false/],
  ['apiKeys.ending.revokeMany', /"isEnded":false/],
  ['apiKeys.leaks.report', /"hits":\[\]/],
  ['apiKeys.rotation.remindMany', /"reminded":\[\],"fault":"There is no such key/],
  ['apiKeys.rotation.previewMany', /"refusal":"There is no such key/],
  ['apiKeys.rotation.startMany', /"isStarted":false,"message":"There is no such key/],
]);

/** What jobs write beside people. */
const measured = [
  'last_error',
  'last_ok_at',
  'last_tried_at',
  'latency_ms',
  'measured_since_minute',
  'read_until_minute',
  'server_version',
];

async function snapshot(): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const table of [
    'users',
    'grants',
    'memberships',
    'sessions',
    'invitations',
    'reset_links',
    'roles',
    'approvals',
    'approval_votes',
    'platforms',
    'sources',
    'slos',
    'slo_revisions',
    'slo_overrides',
    'exclusions',
    'exclusion_versions',
    'secrets',
    'secret_rotations',
    'oncall_slots',
  ]) {
    const rowsOf = `select to_jsonb(t) - '{${measured.join(',')}}'::text[] as said from ${table} t`;
    const query = sql.raw(
      `select md5(coalesce(string_agg(said::text, '|' order by said::text), '')) as digest from (${rowsOf}) r`,
    );
    const { rows } = (await running.container.database.db.execute(query)) as unknown as { rows: { digest: string }[] };
    found.push([table, rows[0]?.digest]);
  }
  return found;
}
