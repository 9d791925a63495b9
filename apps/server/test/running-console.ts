import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { serve, type Console } from '../src/serve.ts';
import { createDatabaseFromTemplate, dropDatabase } from './postgres-template.ts';
import { testRedisUrl } from './redis-url.ts';
import { storesWanted } from './stores.ts';

/** A whole console on a free port, without the demo, over stores nobody else uses. */
export interface RunningConsole extends Console {
  /** Address of a path of the console. */
  at(path: string): string;
}

/** Starts one, embedded or over real stores as the run asks for; call `stop` in afterAll. */
export async function startConsole(): Promise<RunningConsole> {
  const folder = await mkdtemp(join(tmpdir(), 'qd-console-'));
  const isReal = storesWanted() === 'real';
  const databaseUrl = isReal ? await createDatabaseFromTemplate() : null;
  const secret = () => randomBytes(24).toString('hex');
  const real = {
    DATABASE_URL: databaseUrl ?? '',
    REDIS_URL: testRedisUrl() ?? '',
    SESSION_SECRET: secret(),
    ENCRYPTION_PASSWORD: secret(),
    HOST: '127.0.0.1',
  };
  const base = { QD_DATA_DIR: folder, QD_DEMO: '0', PORT: '0', LOG_LEVEL: 'silent' };
  const read = readConfig(isReal ? { ...base, ...real } : base);
  if ('faults' in read) throw new Error(`the test configuration has faults: ${JSON.stringify(read.faults)}`);
  const running = await serve(read.config, () => undefined);
  return {
    ...running,
    at: (path) => `http://127.0.0.1:${running.port}${path}`,
    stop: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
      if (databaseUrl !== null) await dropDatabase(databaseUrl);
    },
  };
}
