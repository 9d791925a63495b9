import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { DomainError } from '@qd/shared/errors';
import { drizzle } from 'drizzle-orm/pglite';
import type { Logger } from 'pino';
import type { Db } from './client.ts';
import { lockFolder } from './folder-lock.ts';
import { PING_TIMEOUT_MS, type DatabaseHandle } from './handle.ts';
import { startPglite, type PgliteClient } from './pglite-client.ts';
import { initialiseCluster } from './pglite-initialise.ts';
import type { WorkerStart } from './pglite-protocol.ts';
import * as schema from './schema/index.ts';
import { createTransactionScope } from './transaction-scope.ts';

/** The embedded Postgres can also write itself to a file. */
export interface EmbeddedHandle extends DatabaseHandle {
  /** Writes the whole cluster as a tar that `openInMemory` accepts. */
  dump(file: string): Promise<void>;
}

/**
 * Opens the embedded Postgres of a data folder, and keeps the folder to this process until it is closed.
 * Throws DomainError `precondition` when the folder cannot be written, is in use, or its database does not open.
 */
export async function openEmbedded(dataDir: string, log: Logger): Promise<EmbeddedHandle> {
  const folder = resolve(dataDir);
  prepareFolder(folder);
  const lock = lockFolder(folder);
  try {
    const cluster = join(folder, 'pg');
    if (!existsSync(join(cluster, 'PG_VERSION'))) await initialise(folder, log);
    const client = await startCluster({ dataDir: cluster, templateFile: null });
    return handleOf(client, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens an embedded Postgres that lives in memory, from a tar file made by `dump` or empty. For tests and drills. */
export async function openInMemory(templateFile: string | null): Promise<EmbeddedHandle> {
  return handleOf(await startCluster({ dataDir: null, templateFile }), () => undefined);
}

function handleOf(client: PgliteClient, onClosed: () => void): EmbeddedHandle {
  const db = drizzleOver(client);
  let closing: Promise<void> | null = null;
  return {
    kind: 'embedded',
    db,
    dedicated: (fn) => fn(db),
    ping: async () => {
      const startedMs = performance.now();
      await Promise.race([client.query('SELECT 1'), busyAfter(PING_TIMEOUT_MS)]);
      return performance.now() - startedMs;
    },
    tidy: () => client.exec('VACUUM (ANALYZE)'),
    dump: (file) => client.dump(file),
    close: () => {
      closing ??= client.close().finally(onClosed);
      return closing;
    },
  };
}

/** Drizzle's PGlite session calls only `query` and `transaction`; the client has both with the same meaning. */
function drizzleOver(client: PgliteClient): Db {
  return drizzle(client as unknown as PGlite, { schema, casing: 'snake_case' });
}

async function busyAfter(ms: number): Promise<never> {
  await delay(ms, undefined, { ref: false });
  throw new DomainError('upstream', `The embedded database has been busy for ${ms / 1000} s; wait for it, or restart.`);
}

async function startCluster(start: WorkerStart): Promise<PgliteClient> {
  return startPglite(start, createTransactionScope()).catch((error: unknown) =>
    refuseToOpen(start.dataDir ?? 'memory', error),
  );
}

function refuseToOpen(place: string, cause: unknown): never {
  throw new DomainError(
    'precondition',
    `The embedded database in ${place} does not open (${reasonOf(cause)}); check that this user may read and write every file of it and that the disk has room, or restore a backup.`,
    { cause },
  );
}

async function initialise(folder: string, log: Logger): Promise<void> {
  const cluster = join(folder, 'pg');
  if (existsSync(cluster)) {
    throw new DomainError(
      'precondition',
      `${cluster} exists but holds no database; move it away, or choose another folder with QD_DATA_DIR.`,
    );
  }
  log.info({ folder }, 'creating the embedded database, which takes a few seconds once');
  await initialiseCluster(folder).catch((error: unknown) => refuseToOpen(cluster, error));
}

function prepareFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DomainError(
      'precondition',
      `The data folder ${folder} cannot be written (${reasonOf(error)}); give this user write access, or choose another folder with QD_DATA_DIR.`,
      { cause: error },
    );
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message.slice(0, 300);
}
