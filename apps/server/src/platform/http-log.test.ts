import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpLog, describeRequest } from './http-log.ts';
import { createLogger } from './logger.ts';
import { createTelemetry } from './telemetry.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A server behind the log, and the lines it wrote. */
async function start() {
  const lines: Record<string, unknown>[] = [];
  const log = createLogger('info', { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const telemetry = createTelemetry();
  const app = express();
  const note = createHttpLog(log, telemetry);
  app.use((req, res, next) => {
    note(req, res);
    next();
  });
  app.get('/told', (req, res) => {
    describeRequest(req).log.warn({ password: 'hunter2' }, 'something odd');
    res.end();
  });
  app.get('/broken', (_req, res) => void res.status(503).end());
  app.use((_req, res) => void res.end());
  const listening = app.listen(0, '127.0.0.1');
  server = listening;
  await new Promise((done) => {
    listening.once('listening', done);
  });
  const base = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  const get = async (path: string) => {
    const res = await fetch(`${base}${path}`);
    await res.text();
    // The line is written when the answer has left, which may be just after it arrived.
    await expect.poll(() => lines.at(-1)?.['msg'], { timeout: 5_000 }).toBe('answered');
    return res;
  };
  return { get, lines, telemetry };
}

describe('the log of requests', () => {
  it('writes one line with the id the answer carries, and never the query', async () => {
    const { get, lines } = await start();
    const res = await get('/page?password=hunter2');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      level: 'info',
      requestId: res.headers.get('x-request-id'),
      method: 'GET',
      path: '/page',
      status: 200,
    });
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('hides what is shaped like a key even where it stands in a path', async () => {
    const { get, lines } = await start();
    await get(`/sr_prod_key_abcdefgh${'1234567890'.repeat(3)}12abcdef`);
    await get('/sr_prod_key_abcdefgh12345678');
    // A short key has no public part: its first letters are secret as well.
    expect(lines.map((line) => line['path'])).toEqual(['/sr_prod_key_abcdefgh…', '/sr_prod_key_…']);
  });

  it('hides what may be a credential made elsewhere', async () => {
    const { get, lines } = await start();
    await get('/api/v1/slos/xK9mQ2vT7pL4wR8nZ3cB/gate');
    expect(lines[0]).toMatchObject({ path: '/api/v1/slos/…/gate' });
  });

  it('gives what a request logs of its own the same id, with secrets hidden', async () => {
    const { get, lines } = await start();
    await get('/told');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ requestId: lines[1]?.['requestId'], password: '[redacted]' });
  });

  it('writes failures of the console as errors', async () => {
    const { get, lines } = await start();
    await get('/broken');
    expect(lines[0]).toMatchObject({ level: 'error', status: 503 });
  });
});
