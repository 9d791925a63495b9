import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { createRedisKv } from '../../apps/server/src/adapters/kv/redis.ts';
import type { DatabaseHandle } from '../../apps/server/src/db/handle.ts';
import { apiKeys } from '../../apps/server/src/db/schema/index.ts';
import { createHub } from '../../apps/server/src/platform/hub-memory.ts';
import type { Store } from '../console/stores.ts';
import { isLetIn, storeKey, verifierOver } from './ours.ts';

const log = pino({ level: 'silent' });
const PREFIX = `qd-bench-${process.pid}:`;
const GIVE_UP_MS = 35_000;

/** A way to Redis that can be cut. */
async function openWay(redisUrl: string) {
  const { hostname, port } = new URL(redisUrl);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port || 6_379), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const at = typeof address === 'object' && address !== null ? address.port : 0;
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `redis://127.0.0.1:${at}`, cut };
}

async function openReplica(store: Store, redisUrl: string) {
  const handle = await store.open();
  const kv = await createRedisKv(redisUrl, log, { prefix: PREFIX });
  const hub = await createHub(kv, log);
  const keys = verifierOver({ db: handle.db, hub, now: () => new Date(), log });
  const close = async (): Promise<void> => {
    await hub.close();
    await kv.close();
    await handle.close();
  };
  return { handle, hub, kv, keys, close };
}

/** How long a replica still lets a key in after another one revoked it: ms for each of `times`, with the bus up, then down. */
export async function revocationLatencies(
  store: Store,
  redisUrl: string,
  times: number,
): Promise<{ up: number[]; down: number[] }> {
  const way = await openWay(redisUrl);
  const [revoking, watching] = [await openReplica(store, redisUrl), await openReplica(store, way.url)];
  try {
    const measure = async (): Promise<number> => {
      const { id, text } = await storeKey(revoking.handle.db, new Date());
      // Remembered by now, where it may be.
      if (!(await isLetIn(watching.keys, text))) throw new Error('a fresh key was refused');
      await revoke(revoking.handle, id);
      const committedMs = performance.now();
      revoking.hub.publish('api-keys');
      while (await isLetIn(watching.keys, text)) {
        if (performance.now() - committedMs > GIVE_UP_MS) return Number.POSITIVE_INFINITY;
        await breathe();
      }
      return performance.now() - committedMs;
    };
    const up: number[] = [];
    for (let i = 0; i < times; i += 1) up.push(await measure());
    way.cut();
    while (watching.kv.state().connected) await sleep(5);
    const down: number[] = [];
    for (let i = 0; i < times; i += 1) down.push(await measure());
    return { up, down };
  } finally {
    way.cut();
    await Promise.all([revoking.close(), watching.close()]);
  }
}

async function revoke({ db }: DatabaseHandle, id: string): Promise<void> {
  await db.update(apiKeys).set({ revokedAt: new Date() }).where(eq(apiKeys.id, id));
}
