import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import type { Actor } from '../../platform/context.ts';
import type { MachineDoor } from '../../platform/machine-calls.ts';
import { sendProblem } from '../../platform/problem.ts';
import { createSloHttp } from './http.ts';
import { createSloDeps } from './service/deps.ts';
import { refreshSummaries } from './service/refresh-summaries.ts';

let stores: TestStores;
let server: Server;
let url: string;
let slo: StoredObjective;
const denied: string[] = [];
const now = new Date('2026-05-20T12:30:10Z');
const deps = createSloDeps({ openSource: () => null });

const machines: Record<string, Actor> = {
  pusher: { ...actorWith('owner'), kind: 'key', grants: [{ platform: 'shop', permissions: ['sli:write'] }] },
  reader: { ...actorWith('owner'), kind: 'key', grants: [{ platform: 'shop', permissions: ['slo:read'] }] },
  elsewhere: {
    ...actorWith('owner'),
    kind: 'key',
    grants: [{ platform: 'bank', permissions: ['slo:read', 'sli:write'] }],
  },
};

beforeAll(async () => {
  stores = await openTestStores();
  slo = await addObjective(stores.db, { platform: 'shop', slug: 'checkout' });
  for (const slug of ['search', 'login']) await addObjective(stores.db, { platform: 'shop', slug });
  const door: MachineDoor = {
    async authenticate(req) {
      const actor = machines[req.header('x-api-key') ?? ''];
      if (actor === undefined) throw new DomainError('unauthenticated', 'A valid API key is needed.');
      return actor;
    },
    ctx: (_req, actor) => testCtx(stores, { actor, now }),
    onDenied: async (_ctx, denial, action) => void denied.push(`${action} ${denial.permission}`),
  };
  const app = express();
  app.use('/api', createSloHttp(door, deps));
  app.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) =>
    sendProblem(res, error, silentLog),
  );
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stores.close();
});

async function call(path: string, key: string | null, body?: unknown) {
  const headers = { ...(key === null ? {} : { 'x-api-key': key }), 'content-type': 'application/json' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: text };
  const response = await fetch(`${url}${path}`, init);
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    type: response.headers.get('content-type'),
  };
}

const points = [{ at: '2026-05-20T12:28:00Z', good: 9, total: 10 }];

describe('POST /api/v1/sli', () => {
  it('stores points once, however often they are sent', async () => {
    const body = { slo: slo.id, points };
    expect(await call('/sli', 'pusher', body)).toMatchObject({ status: 200, body: { accepted: 1, duplicates: 0 } });
    expect(await call('/sli', 'pusher', body)).toMatchObject({ status: 200, body: { accepted: 0, duplicates: 1 } });
  });

  it('answers faults as problems with the field named', async () => {
    const faulty = await call('/sli', 'pusher', { slo: slo.id, points: [{ at: points[0]?.at, good: 3, total: 2 }] });
    expect(faulty).toMatchObject({ status: 422, body: { errors: [{ field: 'points[0].total' }] } });
    expect(faulty.type).toContain('application/problem+json');
    const changed = await call('/sli', 'pusher', { slo: slo.id, points: [{ ...points[0], good: 8 }] });
    expect(changed).toMatchObject({ status: 409, body: { errors: [{ field: 'points[0].good' }] } });
    expect(await call('/sli', 'pusher', { slo: 'slo_none', points })).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'slo' }] },
    });
    expect(await call('/sli', 'pusher', '{"slo":')).toMatchObject({ status: 422 });
    expect(await call('/sli', 'pusher', `{"slo":"${'x'.repeat(3_000_000)}"}`)).toMatchObject({ status: 422 });
    expect(await call('/sli', 'pusher', '[1,2]')).toMatchObject({ status: 422 });
  });

  it('lets in machines with the scope on that platform only, and notes the others', async () => {
    const body = { slo: slo.id, points };
    expect(await call('/sli', null, body)).toMatchObject({ status: 401 });
    expect(await call('/sli', 'reader', body)).toMatchObject({ status: 403 });
    expect(await call('/sli', 'elsewhere', body)).toMatchObject({ status: 404 });
    expect(denied).toEqual(['slo.points_pushed sli:write', 'slo.points_pushed sli:write']);
  });
});

describe('GET /api/v1/slos', () => {
  it('gives pages of what the machine may see, and one in full', async () => {
    const first = await call('/slos?limit=1', 'reader');
    expect(first).toMatchObject({ status: 200, body: { slos: [{ id: slo.id, budget: { totalEvents: 10 } }] } });
    // Only objectives that have a list row are on the list; the two others have not been summarised yet.
    expect(first.body['nextCursor']).toBeNull();
    expect(await call('/slos', 'elsewhere')).toMatchObject({ status: 200, body: { slos: [] } });
    expect(await call(`/slos/${slo.id}`, 'reader')).toMatchObject({
      status: 200,
      body: { id: slo.id, spend: [{ badEvents: 1 }] },
    });
    expect(await call(`/slos/${slo.id}`, 'elsewhere')).toMatchObject({ status: 404 });
    expect(await call('/slos', 'pusher')).toMatchObject({ status: 403 });
    expect(await call('/slos?limit=none', 'reader')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'limit' }] },
    });
    expect(await call('/slos?cursor=slo_none', 'reader')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'cursor' }] },
    });
    expect(await call('/slos?order=up', 'reader')).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'order' }] },
    });
  });
});

it.each(['%00', 'slo%00', '%ZZ', 'a'.repeat(2_000), '%ED%A0%80'])('knows no objective %s', async (id) => {
  for (const of of ['', '/history', '/gate']) {
    const answer = await fetch(`${url}/slos/${id}${of}`, { headers: { 'x-api-key': 'reader' } });
    expect(answer.status).toBe(404);
  }
});

describe('tables, gate and status', () => {
  const text = async (path: string, accept = '*/*') => {
    const response = await fetch(`${url}${path}`, { headers: { 'x-api-key': 'reader', accept } });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      lines: (await response.text()).split('\r\n'),
    };
  };

  it('gives the hours of a window, whose sums are the budget’s', async () => {
    const { status, type, lines } = await text(`/slos/${slo.id}/history`, 'text/csv');
    expect(status).toBe(200);
    expect(type).toContain('text/csv');
    expect(lines[0]).toBe('at,left_ratio,bad,total,coverage');
    const hours = lines.slice(1, -1).map((line) => line.split(','));
    const sum = (column: number): number => hours.reduce((total, hour) => total + Number(hour[column]), 0);
    expect([sum(2), sum(3)]).toEqual([1, 10]);
    expect(hours.at(-1)?.[0]).toBe('2026-05-20T12:30:00.000Z');
    const detail = await call(`/slos/${slo.id}`, 'reader');
    expect(Number(hours.at(-1)?.[1])).toBeCloseTo(
      (detail.body as { budget: { leftRatio: number } }).budget.leftRatio,
      9,
    );
    const json = await call(`/slos/${slo.id}/history`, 'reader');
    expect((json.body['hours'] as unknown[]).length).toBe(hours.length);
  });

  it('gives the list as a table when asked for one', async () => {
    const { lines } = await text('/slos?format=csv');
    expect(lines[0]).toContain('id,platform,name,target_percent,state');
    expect(lines[1]).toContain(`${slo.id},shop,checkout,99.9,`);
    expect((await text('/slos')).type).toContain('application/json');
    expect(await text('/slos?format=xml')).toMatchObject({ status: 422 });
  });

  it('names the next page of a table in a header, as a table has no place for it', async () => {
    await refreshSummaries(testCtx(stores, { now }), deps.memory);
    const pageAt = (path: string) => fetch(new URL(path, url), { headers: { 'x-api-key': 'reader' } });
    const idOf = async (page: Response) => (await page.text()).split('\r\n')[1]?.split(',')[0];
    const found: (string | undefined)[] = [];
    let path: string | undefined = '/api/v1/slos?format=csv&limit=2';
    for (let pages = 0; path !== undefined && pages < 3; pages += 1) {
      const page: Response = await pageAt(path);
      path = /^<(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
      found.push(await idOf(page));
    }
    expect([found.length, new Set(found).size, path]).toEqual([2, 2, undefined]);
  });

  it('answers pipelines with 200 whatever the verdict', async () => {
    const answer = await call(`/slos/${slo.id}/gate`, 'reader');
    const { state } = (await call(`/slos/${slo.id}`, 'reader')).body;
    const allow = state === 'on_course' || state === 'caution';
    expect(answer).toMatchObject({ status: 200, body: { slo: slo.id, state, allow, override: null } });
    expect(answer.body['message']).toEqual(expect.any(String));
    expect(await call(`/slos/${slo.id}/gate?unknown=allow`, 'reader')).toMatchObject({ status: 200 });
    expect(await call(`/slos/${slo.id}/gate?unknown=yes`, 'reader')).toMatchObject({ status: 422 });
    expect(await call(`/slos/${slo.id}/gate`, 'elsewhere')).toMatchObject({ status: 404 });
    expect(await call(`/slos/${slo.id}/gate`, 'pusher')).toMatchObject({ status: 403 });
  });

  it('tells how everything stands in few words', async () => {
    const response = await fetch(`${url.replace('/v1', '')}/slo/status`, { headers: { 'x-api-key': 'reader' } });
    expect(await response.json()).toMatchObject({
      slos: { [slo.id]: { platform: 'shop', target_percent: 99.9, current_percent: 90, stale: false } },
    });
  });
});
