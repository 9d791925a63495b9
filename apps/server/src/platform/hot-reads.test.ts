import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { createHotReads, type HotProcedure } from './hot-reads.ts';
import type { Hub } from './hub.ts';
import { createTelemetry } from './telemetry.ts';

let server: Server | undefined;
afterEach(() => server?.close());

interface Setup {
  version?: () => string | null;
  scope?: (user: string) => string;
  procedure?: Partial<HotProcedure>;
}

/** A server whose answers count how often they were computed; the caller names itself in a header. */
async function start(setup: Setup = {}) {
  let computed = 0;
  const telemetry = createTelemetry();
  const app = express();
  const hub = { version: setup.version ?? (() => 'v1') } as unknown as Hub;
  app.use(
    createHotReads({
      hub,
      telemetry,
      clock: () => 0,
      resolve: (req, path) =>
        Promise.resolve(
          path !== 'slo.list' || req.headers['x-user'] === undefined
            ? null
            : {
                scope: (setup.scope ?? ((u) => u))(String(req.headers['x-user'])),
                procedure: {
                  topics: ['slo'],
                  call: (input) => Promise.resolve({ n: ++computed, input, who: req.headers['x-user'] }),
                  ...setup.procedure,
                },
              },
        ),
    }),
  );
  app.use((_req, res) => res.status(418).end('passed on'));
  const listening = app.listen(0, '127.0.0.1');
  server = listening;
  await new Promise((done) => {
    listening.once('listening', done);
  });
  const base = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  const get = (path: string, headers: Record<string, string> = { 'x-user': 'ann' }) =>
    fetch(`${base}${path}`, { headers });
  return { get, base, telemetry, computed: () => computed };
}

describe('hot reads', () => {
  it('compute once per version and answer in the wire format of tRPC', async () => {
    const { get, computed } = await start();
    const first = await get('/trpc/slo.list?input=%7B%22platform%22%3A%22a%22%7D');
    expect(await first.json()).toEqual({ result: { data: { n: 1, input: { platform: 'a' }, who: 'ann' } } });
    await get('/trpc/slo.list?input=%7B%22platform%22%3A%22a%22%7D');
    expect(computed()).toBe(1);
  });

  it('compute again once the version has changed, for another input, and for other rights', async () => {
    let version = 'v1';
    const { get, computed } = await start({ version: () => version });
    await get('/trpc/slo.list');
    version = 'v2';
    await get('/trpc/slo.list');
    expect(computed()).toBe(2);
    await get('/trpc/slo.list?input=%7B%7D');
    const other = await get('/trpc/slo.list', { 'x-user': 'bob' });
    expect(computed()).toBe(4);
    expect(await other.json()).toMatchObject({ result: { data: { who: 'bob' } } });
  });

  it('answer 304 to whoever has the answer already, and 200 once it changed', async () => {
    let version = 'v1';
    const { get } = await start({ version: () => version });
    const etag = (await get('/trpc/slo.list')).headers.get('etag') ?? '';
    expect((await get('/trpc/slo.list', { 'x-user': 'ann', 'if-none-match': etag })).status).toBe(304);
    version = 'v2';
    expect((await get('/trpc/slo.list', { 'x-user': 'ann', 'if-none-match': etag })).status).toBe(200);
  });

  it('share one computation among callers at the same time', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((done) => {
      release = done;
    });
    let calls = 0;
    const { get } = await start({ procedure: { call: () => gate.then(() => ++calls) } });
    const all = Promise.all(Array.from({ length: 20 }, () => get('/trpc/slo.list')));
    release();
    expect((await all).every((r) => r.status === 200)).toBe(true);
    expect(calls).toBe(1);
  });

  it('keep nothing while the bus is down', async () => {
    const { get, computed } = await start({ version: () => null });
    expect((await get('/trpc/slo.list')).status).toBe(418);
    expect(computed()).toBe(0);
  });

  it('leave everything else to tRPC: other procedures, batches, strangers, POST, rubbish input and failures', async () => {
    const { get, base } = await start({ procedure: { call: () => Promise.reject(new Error('no')) } });
    expect((await get('/trpc/slo.get')).status).toBe(418);
    expect((await get('/trpc/slo.list?batch=1')).status).toBe(418);
    expect((await get('/trpc/slo.list', {})).status).toBe(418);
    expect((await get('/trpc/slo.list?input=%7Bnope')).status).toBe(418);
    expect((await get('/trpc/slo.list')).status).toBe(418);
    expect((await fetch(`${base}/trpc/slo.list`, { method: 'POST', headers: { 'x-user': 'ann' } })).status).toBe(418);
  });

  it('are measured by outcome', async () => {
    const { get, telemetry } = await start();
    await get('/trpc/slo.list');
    await get('/trpc/slo.list');
    const text = await telemetry.registry.metrics();
    expect(text).toContain('quarterdeck_hot_reads_total{outcome="miss"} 1');
    expect(text).toContain('quarterdeck_hot_reads_total{outcome="hit"} 1');
    expect(text).toContain('quarterdeck_requests_total{method="GET",endpoint="/trpc/slo.list",status="200"} 2');
  });
});
