import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rolePermissions, type BuiltInRole } from '@qd/shared/permissions';
import express from 'express';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMemoryKv } from '../adapters/kv/memory.ts';
import { createHub } from './hub-memory.ts';
import { createSse } from './sse.ts';
import { createTelemetry } from './telemetry.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
  vi.useRealTimers();
});

/** A console whose only person has the role, or what `becomes` makes of it later; null: is not signed in. */
async function start(role: BuiltInRole | null) {
  let now = role;
  const hub = await createHub(
    createMemoryKv(() => new Date(0)),
    pino({ level: 'silent' }),
  );
  const telemetry = createTelemetry();
  const sse = createSse({
    hub,
    telemetry,
    authenticate: () =>
      Promise.resolve(
        now === null ? null : { id: 'usr_1', grants: [{ platform: 'a', permissions: rolePermissions[now] }] },
      ),
  });
  const app = express();
  app.get('/events', (req, res, next) => {
    sse.handle(req, res).catch(next);
  });
  const server: Server = app.listen(0, '127.0.0.1');
  await new Promise((done) => {
    server.once('listening', done);
  });
  closers.push(() => {
    sse.close();
    server.close();
  });
  const becomes = (then: BuiltInRole | null): void => {
    now = then;
    hub.publish('users');
  };
  const expires = (): void => {
    now = null;
  };
  return { hub, sse, becomes, expires, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events` };
}

/** Opens a stream and gives what arrives, frame by frame. */
async function listen(url: string, headers: Record<string, string> = {}) {
  const abort = new AbortController();
  closers.push(() => abort.abort());
  const res = await fetch(url, { headers, signal: abort.signal });
  const reader = (res.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<string> => {
    while (!text.includes('\n\n')) {
      const { value, done } = await reader.read();
      if (done) return 'closed';
      text += value;
    }
    const end = text.indexOf('\n\n');
    const frame = text.slice(0, end);
    text = text.slice(end + 2);
    return frame;
  };
  expect(await next()).toBe('retry: 2000');
  return { next };
}

const idOf = (frame: string): string => /^id: (.+)$/m.exec(frame)?.[1] ?? '';

describe('the event stream', () => {
  it('carries the topics asked for, and no others', async () => {
    const { hub, url } = await start('admin');
    const { next } = await listen(`${url}?topics=slo,changes`);
    hub.publish('users');
    hub.publish('slo');
    const frame = await next();
    expect(frame).toContain('event: change');
    expect(JSON.parse(/^data: (.+)$/m.exec(frame)?.[1] ?? '')).toEqual({ topic: 'slo', version: 1 });
  });

  it('keeps topics from people who may not read them', async () => {
    const { hub, url } = await start('stakeholder');
    const { next } = await listen(`${url}?topics=audit,users,slo`);
    hub.publish('audit');
    hub.publish('users');
    hub.publish('slo');
    expect(await next()).toContain('"topic":"slo"');
  });

  it('refuses people who are not signed in', async () => {
    const { url } = await start(null);
    expect((await fetch(`${url}?topics=slo`)).status).toBe(401);
  });

  it('resumes after the last event seen', async () => {
    const { hub, url } = await start('admin');
    const first = await listen(`${url}?topics=slo`);
    hub.publish('slo');
    const last = idOf(await first.next());
    hub.publish('slo');
    hub.publish('slo');
    const again = await listen(`${url}?topics=slo`, { 'last-event-id': last });
    expect(await again.next()).toContain('"version":2');
    expect(await again.next()).toContain('"version":3');
  });

  it('tells a client with an unknown id to refetch everything', async () => {
    const { url } = await start('admin');
    const { next } = await listen(`${url}?topics=slo`, { 'last-event-id': 'another-console-7' });
    expect(await next()).toContain('event: reset');
  });

  it.each<[string, BuiltInRole | null]>([
    ['signed out or suspended', null],
    ['demoted', 'stakeholder'],
  ])('ends soon for who was %s, long before the next heartbeat', async (_name, then) => {
    // Without it only what follows the change of people can end the stream.
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const { url, becomes } = await start('admin');
    const { next } = await listen(`${url}?topics=audit,slo`);
    becomes(then);
    expect(await next()).toBe('closed');
  });

  it('stays for who keeps every right it carries, whatever else changes', async () => {
    const { hub, url, becomes } = await start('admin');
    const { next } = await listen(`${url}?topics=slo`);
    becomes('stakeholder');
    hub.publish('slo');
    expect(await next()).toContain('"version":1');
    hub.publish('slo');
    expect(await next()).toContain('"version":2');
  });

  it('is looked at again at every heartbeat, for rights that end by the clock', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    const { url, expires } = await start('admin');
    const { next } = await listen(`${url}?topics=slo`);
    expires();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await next()).toContain('still here');
    expect(await next()).toBe('closed');
  });

  it('bounds the streams of one person', async () => {
    const { url, sse } = await start('admin');
    await Promise.all(Array.from({ length: 30 }, () => listen(`${url}?topics=slo`)));
    expect((await fetch(`${url}?topics=slo`)).status).toBe(429);
    expect(sse.size()).toBe(30);
  });

  it('ends every stream when it closes', async () => {
    const { url, sse } = await start('admin');
    const { next } = await listen(`${url}?topics=slo`);
    sse.close();
    expect(await next()).toBe('closed');
  });
});
