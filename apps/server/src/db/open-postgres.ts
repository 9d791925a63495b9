import { DomainError } from '@qd/shared/errors';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client, type QueryConfig } from 'pg';
import type { Logger } from 'pino';
import type { Db } from './client.ts';
import { PING_TIMEOUT_MS, type DatabaseHandle } from './handle.ts';
import { connectionSettings, createPool } from './postgres-pool.ts';
import * as schema from './schema/index.ts';
import { createTransactionScope, type TransactionScope } from './transaction-scope.ts';

/** Opens a pool on a Postgres URL and makes sure it answers. Throws DomainError `invalid` or `upstream`. */
export async function openPostgres(url: string, log: Logger): Promise<DatabaseHandle> {
  const place = placeOf(url);
  const scope = createTransactionScope();
  const warnOf = (error: Error): void => log.warn({ place, reason: error.message }, 'a database connection broke');
  const pool = createPool({ url, place, scope, onBroken: warnOf });
  let closing: Promise<void> | null = null;
  const handle: DatabaseHandle = {
    kind: 'postgres',
    db: guarded(drizzle({ client: pool, schema, casing: 'snake_case' }), scope),
    dedicated: (fn) => withDedicated(url, warnOf, fn),
    ping: async () => {
      const startedMs = performance.now();
      const question: QueryConfig & { query_timeout: number } = { text: 'SELECT 1', query_timeout: PING_TIMEOUT_MS };
      await pool.query(question);
      return performance.now() - startedMs;
    },
    tidy: () => Promise.resolve(),
    close: () => {
      closing ??= pool.end();
      return closing;
    },
  };
  try {
    await handle.ping();
  } catch (error) {
    await pool.end();
    throw error;
  }
  return handle;
}

/** Marks the inside of each transaction, so that the pool can refuse the outer database there. */
function guarded(db: Db, scope: TransactionScope): Db {
  const transaction = db.transaction.bind(db);
  return Object.assign(db, {
    transaction: ((fn, config) => transaction((tx) => scope.run(() => fn(tx)), config)) satisfies Db['transaction'],
  });
}

async function withDedicated<T>(url: string, onBroken: (error: Error) => void, fn: (db: Db) => Promise<T>): Promise<T> {
  const client = new Client({ ...connectionSettings, connectionString: url });
  client.on('error', onBroken);
  await client.connect();
  try {
    return await fn(drizzle({ client, schema, casing: 'snake_case' }));
  } finally {
    // Settings and session locks end with the connection.
    await client.end();
  }
}

/** `host:port/database` of a URL, never its user or password. */
function placeOf(url: string): string {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new DomainError(
      'invalid',
      'DATABASE_URL is no Postgres URL; write postgres://user:password@host:5432/database.',
    );
  }
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
}
