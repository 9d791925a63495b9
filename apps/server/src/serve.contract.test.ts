import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emergencyRotationInput } from '@qd/shared/api-keys';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClock } from '../test/clock.ts';
import { plantKey } from '../test/keys.ts';
import { readConfig, type Config } from './config.ts';
import { keyUsage, platforms } from './db/schema/index.ts';
import { revokeKey } from './features/api-keys/service/ending/revoke.ts';
import { rotateAtOnce } from './features/api-keys/service/rotation/start.ts';
import { openApiDocument } from './openapi.ts';
import { serve, type Console } from './serve.ts';

let folder: string;
let running: Console;
let said: string[];

function configOf(env: Record<string, string>): Config {
  const read = readConfig({ QD_DEMO: '0', PORT: '0', LOG_LEVEL: 'silent', ...env });
  if ('faults' in read) throw new Error('the test configuration has faults');
  return read.config;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qd-serve-'));
  said = [];
  running = await serve(configOf({ QD_DATA_DIR: folder, PROMETHEUS_PORT: '0' }), (words) => said.push(words));
}, 180_000);

afterAll(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});

const at = (path: string) => `http://127.0.0.1:${running.port}${path}`;

describe('a console that has started', () => {
  it('says where it is and how to become its owner', () => {
    expect(said).toContain(`Quarterdeck is ready at http://localhost:${running.port}`);
    expect(said.some((w) => /\/welcome#[\w-]{43}$/.test(w))).toBe(true);
  });

  it('answers health as the manual words it', async () => {
    const health = await fetch(at('/health'));
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({
      status: 'healthy',
      database: 'connected',
      cache: 'available',
      version: '0.1.0',
    });
    expect((await fetch(at('/health/live'))).status).toBe(200);
    expect((await fetch(at('/health/ready'))).status).toBe(200);
  });

  it('keeps its insides from strangers', async () => {
    expect((await fetch(at('/health/detailed'))).status).toBe(401);
    expect((await fetch(at('/events?topics=slo'))).status).toBe(401);
    const list = await fetch(at(`/trpc/slo.list?input=${encodeURIComponent('{}')}`));
    expect(list.status).toBe(401);
    expect(await list.json()).toMatchObject({ error: { data: { domainCode: 'unauthenticated' } } });
  });

  it('cuts off requests that are too large, and says so', async () => {
    const body = JSON.stringify({ email: 'x'.repeat(10_000_000), password: 'y' });
    const headers = { 'content-type': 'application/json', 'x-qd': '1' };
    const answer = await fetch(at('/trpc/session.signIn'), { method: 'POST', headers, body });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('The request is too large; send less at once.');
  });

  it('reads no more than forms need of whoever may not send files', async () => {
    const headers = { 'content-type': 'application/json', 'x-qd': '1' };
    const send = (path: string) =>
      fetch(at(`/trpc/${path}`), {
        method: 'POST',
        headers,
        body: JSON.stringify({ 0: { text: 'x'.repeat(600_000) } }),
      });
    const tooLarge = 'The request is too large';
    expect(await (await send('session.signIn')).text()).toContain(tooLarge);
    expect(await (await send('session.signIn,slo.exchange.inspect?batch=1')).text()).toContain(tooLarge);
    // Strangers are turned away before their file is read.
    expect((await send('slo.exchange.inspect')).status).toBe(401);
  });

  it('serves its own metrics to this machine, and not through a proxy', async () => {
    expect(await (await fetch(at('/metrics'))).text()).toContain('quarterdeck_requests_total');
    expect((await fetch(at('/metrics'), { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(401);
  });

  it('sends the headers that keep foreign code out', async () => {
    const { headers } = await fetch(at('/health'));
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers unknown addresses with a problem, never with a page', async () => {
    const missing = await fetch(at('/api/v1/nothing'));
    expect(missing.status).toBe(404);
    expect(missing.headers.get('content-type')).toContain('application/problem+json');
    expect((await fetch(at('/assets/nothing.js'))).status).toBe(404);
  });

  it('repeats nothing of an address nobody knows', async () => {
    const secret = 'xK9mQ2vT7pL4wR8nZ3cB';
    const paths = [
      `/api/v1/${secret}`,
      `/api/${secret}/%E0%A4%A`,
      `/trpc/${secret}`,
      `/trpc/slo.list,${secret}?batch=1`,
    ];
    for (const path of paths) {
      const answer = await fetch(at(path));
      expect([path, (await answer.text()).includes(secret)]).toEqual([path, false]);
    }
    const unknown = await (await fetch(at(`/trpc/${secret}`))).text();
    expect(unknown).toContain('There is no procedure of this name.');
  });

  it('puts a key into the ledger as soon as it ends, in whichever way', async () => {
    const { container, services } = running;
    const { db } = container.database;
    await db.insert(platforms).values({ id: 'hashinsight', name: 'HashInsight', createdAt: new Date() });
    const { peppers, tombstones } = services.apiKeys;
    const { id } = await plantKey({ db, clock: createClock() }, {}, { peppers });
    const ctx = { ...container.ctx('system'), now: () => services.keys.now() };
    const wanted = emergencyRotationInput.parse({ keyId: id, reason: 'found in a chat' });
    const { newKeyId } = await rotateAtOnce(ctx, services.apiKeys, wanted);
    await expect.poll(() => tombstones.findById(id), { timeout: 20_000 }).toMatchObject({ kind: 'ended' });
    await revokeKey(ctx, services.apiKeys, { key: newKeyId, reason: 'found as well' });
    expect(await tombstones.findById(newKeyId)).toMatchObject({ kind: 'revoked' });
  });

  it('has a door behind every path its OpenAPI document names', async () => {
    const { paths } = openApiDocument() as { paths: Record<string, Record<string, unknown>> };
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const res = await fetch(at(path.replace('{id}', 'x')), { method: method.toUpperCase() });
        expect([path, method, res.status]).toEqual([path, method, 401]);
      }
    }
    expect((await fetch(at('/api/openapi.json'))).status).toBe(200);
  });

  it('watches itself: its own objectives exist from the first start', async () => {
    const { objectives } = await import('./features/slo/queries/objectives.ts');
    const rows = await objectives(running.container.database.db);
    expect(rows.map((r) => r.platformId)).toEqual(['quarterdeck', 'quarterdeck']);
    expect(rows.every((r) => r.source.kind === 'self')).toBe(true);
  });
});

/** How many keys a console has found valid. */
async function passed({ container }: Console): Promise<number> {
  const { values } = await container.telemetry.keyVerifications.get();
  return values.find(({ labels }) => labels.outcome === 'ok')?.value ?? 0;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

describe('a console that stops', () => {
  it('stores how keys were used by calls that were still under way', async () => {
    const config = configOf({ QD_DATA_DIR: join(folder, 'stops') });
    const stopping = await serve(config, () => undefined);
    const { db } = stopping.container.database;
    await db.insert(platforms).values({ id: 'hashinsight', name: 'HashInsight', createdAt: new Date() });
    const { peppers } = stopping.services.apiKeys;
    const plant = (scopes: string[]) => plantKey({ db, clock: createClock(new Date()) }, { scopes }, { peppers });
    const asker = await plant(['keys:verify']);
    // Used before, for the first use of a key is stored at once.
    const asked = await plant(['miners:read']);
    const body = JSON.stringify({ key: asked.text });
    const headers = { authorization: `Bearer ${asker.text}`, 'content-type': 'application/json' };
    const url = `http://127.0.0.1:${stopping.port}/api/v1/keys/verify`;
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);

    const call = request(url, { method: 'POST', headers: { ...headers, 'content-length': String(body.length) } });
    const answered = once(call, 'response');
    call.write(body.slice(0, 10));
    // The asker of the second call was let in; whom it asks about is still on the way.
    await expect.poll(() => passed(stopping), { timeout: 30_000 }).toBe(3);
    const stopped = stopping.stop();
    await expect.poll(() => isListening(stopping.port), { timeout: 30_000 }).toBe(false);
    call.end(body.slice(10));
    const [answer] = (await answered) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(200);
    await stopped;

    const again = await serve(config, () => undefined);
    const rows = await again.container.database.db.select().from(keyUsage).where(eq(keyUsage.keyId, asked.id));
    expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(2);
    await again.stop();
  });
});
