import { randomBytes } from 'node:crypto';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import { describe, expect, test, vi } from 'vitest';
import { testRedisUrl } from '../../../test/redis-url.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { inbox } from './contract.ts';
import type { Kv } from './port.ts';
import { createRedisKv } from './redis.ts';

test('a URL that is none is refused with the remedy', async () => {
  await expect(createRedisKv('http://localhost', silentLog)).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('redis://'),
  });
});

test('it starts without Redis, says since when and why, and fails at once', async () => {
  const port = await freePort();
  const since = new Date('2026-05-01T00:00:00Z');
  const kv = await createRedisKv(`redis://user:secret@127.0.0.1:${port}`, silentLog, { now: () => since });
  const state = kv.state();
  expect(state).toMatchObject({ connected: false, outages: 0, since });
  const failure = await kv.get('x').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DomainError);
  expect(failure).toMatchObject({ code: 'upstream', message: expect.stringContaining(`127.0.0.1:${port}`) });
  expect(JSON.stringify([state, String(failure)])).not.toContain('secret');
  // Subscribing while it is down must not hold up a start.
  await kv.subscribe('news', () => undefined);
  await kv.close();
});

const url = testRedisUrl();
if (url === null) {
  test('reconnecting to Redis was NOT RUN, because neither QD_TEST_STORES=real nor TEST_REDIS_URL asks for it', () => {
    process.stderr.write('Reconnecting was not run on Redis; set TEST_REDIS_URL.\n');
  });
} else {
  describe(`reconnecting to Redis at ${new URL(url).host}`, () => {
    test('a broken connection is counted, and comes back with its subscriptions', async () => {
      const relay = await openRelay(url);
      const prefix = `qd-test-${randomBytes(6).toString('hex')}:`;
      const kv = await createRedisKv(relay.url, silentLog, { prefix });
      const direct = await createRedisKv(url, silentLog, { prefix });
      const box = inbox(2);
      await kv.subscribe('news', box.put);
      await direct.publish('news', 'before');
      await vi.waitFor(() => expect(box.got).toEqual(['before']));

      await relay.cut();
      await vi.waitFor(() => expect(kv.state()).toMatchObject({ connected: false }));
      await expect(kv.set('k', 'v', 1_000)).rejects.toMatchObject({ code: 'upstream' });
      await direct.publish('news', 'lost');

      await relay.mend();
      await connected(kv);
      expect(kv.state().outages).toBeGreaterThanOrEqual(1);
      await direct.publish('news', 'after');
      expect(await box.full).toEqual(['before', 'after']);

      await Promise.all([kv.close(), direct.close()]);
      await relay.close();
    });

    test('a connection that falls silent fails in time instead of hanging', async () => {
      const relay = await openRelay(url);
      const kv = await createRedisKv(relay.url, silentLog);
      relay.silence();
      await expect(kv.ping()).rejects.toMatchObject({ code: 'upstream' });
      await kv.close();
      await relay.close();
    });

    test('a channel subscribed while it was down is heard once it is up', async () => {
      const relay = await openRelay(url);
      const prefix = `qd-test-${randomBytes(6).toString('hex')}:`;
      await relay.cut();
      const kv = await createRedisKv(relay.url, silentLog, { prefix });
      const box = inbox(1);
      await kv.subscribe('late', box.put);
      await relay.mend();
      await connected(kv);
      await kv.publish('late', 'heard');
      expect(await box.full).toEqual(['heard']);
      await kv.close();
      await relay.close();
    });
  });
}

async function connected(kv: Kv): Promise<void> {
  await vi.waitFor(() => expect(kv.state().connected).toBe(true), { timeout: 10_000 });
}

/** A wire to Redis that can be cut, mended and muted. */
async function openRelay(to: string) {
  const { hostname, port, pathname } = new URL(to);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server: Server = createServer((near) => {
    const far = connect(Number(port || 6379), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => [near, far].forEach((end) => end.destroy()));
    }
    near.on('data', (data) => far.write(data));
    far.on('data', (data) => isSilent || near.write(data));
  });
  const listenOn = (at: number): Promise<void> =>
    new Promise((resolve) => {
      server.listen(at, '127.0.0.1', resolve);
    });
  await listenOn(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    });
  return {
    url: `redis://127.0.0.1:${address.port}${pathname}`,
    cut,
    mend: () => listenOn(address.port),
    silence: () => {
      isSilent = true;
    },
    close: cut,
  };
}

async function freePort(): Promise<number> {
  const relay = await openRelay('redis://127.0.0.1:1');
  await relay.close();
  return Number(new URL(relay.url).port);
}
