import { randomBytes } from 'node:crypto';
import { createMemoryKv } from '../src/adapters/kv/memory.ts';
import type { Kv } from '../src/adapters/kv/port.ts';
import { createRedisKv } from '../src/adapters/kv/redis.ts';
import type { Db } from '../src/db/client.ts';
import { openInMemory } from '../src/db/open-embedded.ts';
import { openDatabase } from '../src/db/open.ts';
import { createClock, type Clock } from './clock.ts';
import { embeddedTemplate } from './embedded-template.ts';
import { createDatabaseFromTemplate, dropDatabase } from './postgres-template.ts';
import { testRedisUrl } from './redis-url.ts';
import { silentLog } from './silent-log.ts';

/** Fresh, migrated stores of one test file. */
export interface TestStores {
  kind: 'postgres' | 'embedded';
  db: Db;
  kv: Kv;
  /** The clock of `kv` and of every `testCtx` made from these stores. */
  clock: Clock;
  close(): Promise<void>;
}

/** `QD_TEST_STORES`: embedded (default) or real, which needs Postgres and Redis. */
export function storesWanted(): 'embedded' | 'real' {
  return process.env['QD_TEST_STORES'] === 'real' ? 'real' : 'embedded';
}

/** Opens a database and a key-value store nobody else uses; call `close` in afterAll. */
export async function openTestStores(): Promise<TestStores> {
  return storesWanted() === 'real' ? openReal() : openEmbedded();
}

async function openEmbedded(): Promise<TestStores> {
  const clock = createClock();
  const database = await openInMemory(await embeddedTemplate());
  const kv = createMemoryKv(clock.now);
  return {
    kind: 'embedded',
    db: database.db,
    kv,
    clock,
    close: async () => {
      await kv.close();
      await database.close();
    },
  };
}

async function openReal(): Promise<TestStores> {
  const redisUrl = testRedisUrl();
  if (redisUrl === null) throw new Error('Real stores need a Redis; set TEST_REDIS_URL.');
  const clock = createClock();
  const url = await createDatabaseFromTemplate();
  const database = await openDatabase({ url, dataDir: '', log: silentLog });
  const kv = await createRedisKv(redisUrl, silentLog, { prefix: `qd-test-${randomBytes(6).toString('hex')}:` });
  return {
    kind: 'postgres',
    db: database.db,
    kv,
    clock,
    close: async () => {
      await kv.close();
      await database.close();
      await dropDatabase(url);
    },
  };
}

export { actorWith, createRecordingHub, systemActor, testCtx, type RecordingHub, type TestCtx } from './ctx.ts';
