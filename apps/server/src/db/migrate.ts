import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DomainError } from '@qd/shared/errors';
import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import { bigint, pgSchema, text } from 'drizzle-orm/pg-core';
import type { Db } from './client.ts';
import type { DatabaseHandle } from './handle.ts';
import type * as schema from './schema/index.ts';

/** Any constant will do, as long as every replica uses the same: "qdmg" in hexadecimal. */
const MIGRATION_LOCK = 0x7164_6d67;

export interface MigrateOptions {
  /** How long to wait for another starter that migrates. */
  lockTimeoutMs?: number;
  /** Folder of the migrations; found from this file's place by default. */
  folder?: string;
}

/**
 * Brings the database to this version's tables; does nothing when it is there already. Several servers may start at
 * once: one migrates, the others wait. Throws DomainError `precondition` when the database belongs to another version
 * of the code, or another starter holds the lock too long.
 */
export async function migrate(handle: DatabaseHandle, options: MigrateOptions = {}): Promise<void> {
  const folder = options.folder ?? migrationsFolder();
  await handle.dedicated(async (db) => {
    // The embedded database belongs to one process and is locked as a folder.
    if (handle.kind === 'postgres') await waitForLock(db, options.lockTimeoutMs ?? 120_000);
    await refuseForeignHistory(db, folder);
    // The migrator works on any driver's session; only its type is narrower.
    await applyMigrations(db as NodePgDatabase<typeof schema>, { migrationsFolder: folder });
  });
}

/** The table the migrator keeps; its layout is the library's. */
const applied = pgSchema('drizzle').table('__drizzle_migrations', {
  hash: text('hash').notNull(),
  createdAt: bigint('created_at', { mode: 'number' }).notNull(),
});

/** Held by the session and let go with it. */
async function waitForLock(db: Db, timeoutMs: number): Promise<void> {
  await db.execute(sql.raw(`SET lock_timeout = ${Math.round(timeoutMs)}`));
  try {
    await db.execute(sql`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
  } catch (error) {
    throw new DomainError(
      'precondition',
      `Another server has been changing the tables for over ${Math.round(timeoutMs / 1000)} s; let it finish (or end it), then start again.`,
      { cause: error },
    );
  }
}

async function refuseForeignHistory(db: Db, folder: string): Promise<void> {
  const [table] = await db
    .select({ name: sql<string | null>`to_regclass('drizzle.__drizzle_migrations')::text` })
    .from(sql`(VALUES (1)) AS one`);
  if (!table?.name) return;
  const known = readMigrationFiles({ migrationsFolder: folder });
  const newestKnown = Math.max(...known.map((migration) => migration.folderMillis));
  const foreign = (await db.select().from(applied)).filter(
    (row) => !known.some((migration) => migration.folderMillis === row.createdAt && migration.hash === row.hash),
  );
  if (foreign.length === 0) return;
  const isNewer = foreign.every((row) => row.createdAt > newestKnown);
  throw new DomainError(
    'precondition',
    isNewer
      ? 'This database was used by a newer version of Quarterdeck; start that version again, or restore a backup from before it.'
      : 'The tables of this database were made by another build of Quarterdeck; start that build, or begin with an empty database.',
  );
}

/** Walks up from this file: the depth differs between source and bundle. */
function migrationsFolder(): string {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    if (existsSync(join(at, 'drizzle/meta/_journal.json'))) return join(at, 'drizzle');
    if (at === dirname(at)) throw new Error('The installation is incomplete: no folder drizzle/ beside the server.');
  }
}
