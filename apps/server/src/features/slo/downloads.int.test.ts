import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import { type AlertDetails, type AlertEvent, exclusionInput } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import type { Actor } from '../../platform/context.ts';
import { sendProblem } from '../../platform/problem.ts';
import { ingest } from '../../platform/write.ts';
import { createSloDownloads } from './http.ts';
import { insertAlertEvents } from './queries/alerts.ts';
import { insertExclusion } from './queries/exclusions.ts';
import { createSloDeps } from './service/deps.ts';
import { withdrawExclusion } from './service/exclusions/change.ts';

const EXCLUSIONS = 520;
const EVENTS = 1_010;

let stores: TestStores;
let server: Server;
let url: string;
let checkout: StoredObjective;
const now = new Date('2026-05-20T12:30:10Z');
const deps = createSloDeps({ openSource: () => null });

const people: Record<string, Actor> = {
  owner: actorWith('owner'),
  banker: actorWith('operator', 'bank'),
  pusher: { ...actorWith('owner'), kind: 'key', grants: [{ platform: '*', permissions: ['sli:write'] }] },
};

beforeAll(async () => {
  stores = await openTestStores();
  checkout = await addObjective(stores.db, { platform: 'shop', slug: 'checkout' });
  const login = await addObjective(stores.db, { platform: 'bank', slug: 'login' });
  const ctx = testCtx(stores, { actor: actorWith('owner'), now });
  const input = exclusionInput.parse({
    platformId: 'shop',
    category: 'maintenance',
    reason: '=HYPERLINK("disks", swapped)',
    startsAt: Date.parse('2026-05-19T10:00:00Z'),
    durationMs: 90 * MINUTE_MS,
  });
  await ingest(ctx, async (tx) => {
    for (let i = 0; i < EXCLUSIONS; i += 1) {
      // Many are made at the same instant: pages must not lose any of them.
      const at = new Date(now.getTime() - Math.floor(i / 40) * MINUTE_MS);
      await insertExclusion(tx, input, { id: `exc_${i}`, by: 'somebody', at });
    }
    await insertExclusion(tx, { ...input, platformId: 'bank' }, { id: 'exc_bank', by: 'somebody', at: now });
  });
  await withdrawExclusion(ctx, deps, { id: 'exc_7', reason: 'it was not needed' });
  const events = Array.from({ length: EVENTS }, (_, i): { event: AlertEvent; details: AlertDetails } => ({
    event: {
      id: `evt_${i}`,
      sloId: i < 10 ? login.id : checkout.id,
      sloName: '',
      platformId: i < 10 ? 'bank' : 'shop',
      kind: 'burn',
      transition: i % 2 === 0 ? 'fired' : 'resolved',
      severity: 'page',
      tier: 'fast',
      at: now.getTime() - Math.floor(i / 30) * MINUTE_MS,
      firedAt: now.getTime() - Math.floor(i / 30) * MINUTE_MS - 5 * MINUTE_MS,
      summary: `event ${i}`,
      isDemo: false,
    },
    details: {},
  }));
  await ingest(ctx, (tx) => insertAlertEvents(tx, events));
  const app = express();
  app.set('query parser', 'simple');
  app.use(
    createSloDownloads({
      async authenticate(req) {
        const actor = people[req.header('x-person') ?? ''];
        if (actor === undefined) throw new DomainError('unauthenticated', 'Sign in.');
        return actor;
      },
      ctx: (_req, actor) => testCtx(stores, { actor, now }),
    }),
  );
  app.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    sendProblem(res, error, silentLog),
  );
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slos`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stores.close();
});

async function get(path: string, person = 'owner') {
  const response = await fetch(`${url}${path}`, { headers: { 'x-person': person } });
  const lines = (await response.text()).split('\r\n').slice(0, -1);
  return { status: response.status, name: response.headers.get('content-disposition'), lines };
}

describe('GET /slos/exclusions/export', () => {
  it('holds every exclusion of the filter, however many pages that are', async () => {
    const standing = await get('/exclusions/export?platform=shop');
    expect(standing.name).toBe('attachment; filename="exclusions-shop-2026-05-20.csv"');
    expect(standing.lines).toHaveLength(1 + EXCLUSIONS - 1);
    const ids = standing.lines.slice(1).map((line) => line.split(',')[0]);
    expect(new Set(ids).size).toBe(EXCLUSIONS - 1);
    expect(ids).not.toContain('exc_7');
    const all = await get('/exclusions/export?show=all');
    expect(all.lines).toHaveLength(1 + EXCLUSIONS + 1);
    expect(all.lines.find((line) => line.startsWith('exc_7,'))).toMatch(
      /^exc_7,withdrawn,.*2026-05-20T12:30:10\.000Z$/,
    );
  });

  it('writes units into its heads and nothing a spreadsheet would run', async () => {
    const { lines } = await get('/exclusions/export?platform=bank');
    expect(lines[0]).toContain('First start (UTC),Length (min),Recurrence (RRULE)');
    expect(lines[1]).toContain(
      `exc_bank,past,"'=HYPERLINK(""disks"", swapped)",maintenance,bank,,2026-05-19T10:00:00.000Z,90,`,
    );
  });

  it('shows what the caller may see, and refuses who may see nothing', async () => {
    expect((await get('/exclusions/export', 'banker')).lines).toHaveLength(2);
    expect((await get('/exclusions/export?platform=shop', 'banker')).lines).toHaveLength(1);
    expect((await get('/exclusions/export', 'pusher')).status).toBe(403);
    expect((await get('/exclusions/export', 'nobody')).status).toBe(401);
    expect((await get('/exclusions/export?show=some')).status).toBe(422);
    expect((await get('/exclusions/export?limit=1')).status).toBe(422);
  });
});

describe('GET /slos/alerts/export', () => {
  it('holds everything that happened, newest first', async () => {
    const { lines, name } = await get(`/alerts/export?slo=${checkout.id}`);
    expect(name).toBe(`attachment; filename="alert-history-${checkout.id}-2026-05-20.csv"`);
    expect(lines).toHaveLength(1 + EVENTS - 10);
    expect(new Set(lines).size).toBe(lines.length);
    const instants = lines.slice(1).map((line) => line.split(',')[0] ?? '');
    expect(instants).toEqual(instants.toSorted().toReversed());
    expect(lines.find((line) => line.includes('event 11'))).toContain(',page,burn,fast,shop,checkout,');
    expect(lines.find((line) => line.endsWith(',event 11,evt_11'))).toContain(',5,event 11');
  });

  it('shows what the caller may see', async () => {
    expect((await get('/alerts/export', 'banker')).lines).toHaveLength(11);
    expect((await get(`/alerts/export?slo=${checkout.id}`, 'banker')).lines).toHaveLength(1);
    expect((await get('/alerts/export', 'pusher')).status).toBe(403);
  });
});
