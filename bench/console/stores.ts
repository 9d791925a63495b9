import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import type { DatabaseHandle } from '../../apps/server/src/db/handle.ts';
import { migrate } from '../../apps/server/src/db/migrate.ts';
import { openDatabase } from '../../apps/server/src/db/open.ts';
import { processCpuMs, type CpuClock } from '../measure/cpu.ts';

const log = pino({ level: 'silent' });

/** A database of our own, made for one bench and removed after it. */
export interface Store {
  kind: 'postgres' | 'embedded';
  /** What a console needs in its environment to use it. */
  env: Record<string, string>;
  /** Opens it in this process; the embedded one must be closed again before a console can use it. */
  open(): Promise<DatabaseHandle>;
  /** CPU of the backends that serve it; 0 where the database runs inside the console. */
  cpu: CpuClock;
  /** Counts rows for the planner, as autovacuum does some minutes after a load. */
  analyze(): Promise<void>;
  drop(): Promise<void>;
}

const serverUrl = (): string => process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** A new, migrated Postgres database; null when no Postgres answers at TEST_DATABASE_URL or on this machine. */
export async function postgresStore(): Promise<Store | null> {
  const server = new Client({ connectionString: serverUrl(), connectionTimeoutMillis: 3_000 });
  try {
    await server.connect();
  } catch {
    return null;
  }
  const name = `qd_bench_${randomBytes(6).toString('hex')}`;
  await server.query(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  const store: Store = {
    kind: 'postgres',
    env: { DATABASE_URL: url.href, SESSION_SECRET: secret(), ENCRYPTION_PASSWORD: secret() },
    open: () => openDatabase({ url: url.href, dataDir: '', log }),
    cpu: backendClock(server, name),
    analyze: async () => {
      const client = new Client({ connectionString: url.href });
      await client.connect();
      await client.query('VACUUM (ANALYZE)');
      await client.end();
    },
    drop: async () => {
      await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await server.end();
    },
  };
  await migrated(store);
  return store;
}

/** A new, migrated embedded database in a folder of its own. */
export async function embeddedStore(scratch: string): Promise<Store> {
  const dataDir = mkdtempSync(join(scratch, 'data-'));
  const store: Store = {
    kind: 'embedded',
    env: { QD_DATA_DIR: dataDir },
    open: () => openDatabase({ url: null, dataDir, log }),
    cpu: () => Promise.resolve(0),
    analyze: async () => {
      const handle = await store.open();
      await handle.tidy();
      await handle.close();
    },
    drop: () => Promise.resolve(rmSync(dataDir, { recursive: true, force: true })),
  };
  await migrated(store);
  return store;
}

async function migrated(store: Store): Promise<void> {
  const handle = await store.open();
  try {
    await migrate(handle);
  } finally {
    await handle.close();
  }
}

/** Sums what each backend of the database used since it was first seen; backends that came later count whole. */
function backendClock(server: Client, database: string): CpuClock {
  const seen = new Map<number, number>();
  return async () => {
    const { rows } = await server.query<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE datname = $1', [
      database,
    ]);
    for (const { pid } of rows) seen.set(pid, processCpuMs(pid));
    return [...seen.values()].reduce((sum, ms) => sum + ms, 0);
  };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
