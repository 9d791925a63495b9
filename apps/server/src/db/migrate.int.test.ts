import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@qd/shared/errors';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, dropDatabase } from '../../test/postgres-template.ts';
import { silentLog } from '../../test/silent-log.ts';
import { openTestStores, storesWanted, type TestStores } from '../../test/stores.ts';
import type { Db } from './client.ts';
import type { DatabaseHandle } from './handle.ts';
import { migrate } from './migrate.ts';
import { openInMemory } from './open-embedded.ts';
import { openDatabase } from './open.ts';

const real = storesWanted() === 'real';
const folder = join(import.meta.dirname, '../../drizzle');

/** An empty database, and a second way into it where there can be one. */
async function openEmpty(): Promise<{ handle: DatabaseHandle; url: string | null; close(): Promise<void> }> {
  if (!real) {
    const handle = await openInMemory(null);
    return { handle, url: null, close: () => handle.close() };
  }
  const url = await createDatabase();
  const handle = await openDatabase({ url, dataDir: '', log: silentLog });
  return {
    handle,
    url,
    close: async () => {
      await handle.close();
      await dropDatabase(url);
    },
  };
}

async function one<T>(db: Db, value: ReturnType<typeof sql<T>>): Promise<T | undefined> {
  const [row] = await db.select({ value }).from(sql`(VALUES (1)) AS one`);
  return row?.value;
}

const tables = sql<number>`(select count(*)::int from information_schema.tables where table_schema = 'public')`;
const applied = sql<number>`(select count(*)::int from drizzle.__drizzle_migrations)`;

describe('an empty database', () => {
  let empty: Awaited<ReturnType<typeof openEmpty>>;
  beforeAll(async () => {
    empty = await openEmpty();
  });
  afterAll(() => empty.close());

  test('gets all tables, and a second run changes nothing', async () => {
    await migrate(empty.handle);
    const journal: unknown = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8'));
    const count = await one(empty.handle.db, applied);
    expect(journal).toMatchObject({ entries: { length: count } });
    const before = await one(empty.handle.db, tables);
    expect(before).toBeGreaterThan(10);
    await migrate(empty.handle);
    expect(await one(empty.handle.db, applied)).toBe(count);
    expect(await one(empty.handle.db, tables)).toBe(before);
  });

  test('leaves the waiting times of the connection as they were', async () => {
    expect(await one(empty.handle.db, sql<string>`current_setting('lock_timeout')`)).toBe('0');
  });
});

describe('a database of another version', () => {
  let stores: TestStores;
  let handle: DatabaseHandle;
  const folders: string[] = [];
  beforeAll(async () => {
    stores = await openTestStores();
    handle = {
      kind: stores.kind,
      db: stores.db,
      dedicated: (fn) => fn(stores.db),
      ping: async () => 0,
      tidy: async () => undefined,
      close: async () => undefined,
    };
  });
  afterAll(() => stores.close());
  afterEach(() => folders.splice(0).forEach((path) => rmSync(path, { recursive: true })));

  /** A copy of the migrations, changed. */
  function migrationsWith(change: (path: string) => void): string {
    const path = mkdtempSync(join(tmpdir(), 'qd-migrations-'));
    folders.push(path);
    cpSync(folder, path, { recursive: true });
    change(path);
    return path;
  }

  const refusal = async (path: string): Promise<unknown> => migrate(handle, { folder: path }).catch((e: unknown) => e);

  test('a newer one is refused, and named so', async () => {
    const older = migrationsWith((path) => {
      const journal = join(path, 'meta/_journal.json');
      const { entries, ...rest }: { entries: unknown[] } = JSON.parse(readFileSync(journal, 'utf8'));
      writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, 1) }));
    });
    const error = await refusal(older);
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'precondition', message: expect.stringContaining('newer version') });
  });

  test('one made by changed migrations is refused', async () => {
    const changed = migrationsWith((path) => {
      const file = join(path, '0000_foundation.sql');
      writeFileSync(file, `${readFileSync(file, 'utf8')}\n-- changed afterwards`);
    });
    expect(await refusal(changed)).toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('another build'),
    });
  });

  test('a migration that fails leaves nothing of itself', async () => {
    const broken = migrationsWith((path) => {
      const journal = join(path, 'meta/_journal.json');
      const { entries, ...rest }: { entries: unknown[] } = JSON.parse(readFileSync(journal, 'utf8'));
      const entry = { idx: 99, version: '7', when: 4_000_000_000_000, tag: '0099_broken', breakpoints: true };
      writeFileSync(journal, JSON.stringify({ ...rest, entries: [...entries, entry] }));
      writeFileSync(
        join(path, '0099_broken.sql'),
        'CREATE TABLE half (id int);--> statement-breakpoint\nSELECT nonsense;',
      );
    });
    expect(await refusal(broken)).toMatchObject({ cause: { code: '42703' } });
    expect(await one(stores.db, sql<string | null>`to_regclass('half')::text`)).toBeNull();
    await migrate(handle);
  });
});

if (real) {
  describe('several servers that start at once', () => {
    test('all come up, and each migration ran once', async () => {
      const { handle, url, close } = await openEmpty();
      const others = await Promise.all([1, 2, 3].map(() => openDatabase({ url, dataDir: '', log: silentLog })));
      await Promise.all([handle, ...others].map((starter) => migrate(starter)));
      const tags = await one(
        handle.db,
        sql<number>`(select count(distinct hash)::int from drizzle.__drizzle_migrations)`,
      );
      expect(await one(handle.db, applied)).toBe(tags);
      await Promise.all(others.map((other) => other.close()));
      await close();
    });

    test('one that waits too long says so', async () => {
      const { handle, close } = await openEmpty();
      await handle.dedicated(async (holder) => {
        await holder.execute(sql`select pg_advisory_lock(${0x7164_6d67})`);
        await expect(migrate(handle, { lockTimeoutMs: 50 })).rejects.toMatchObject({
          code: 'precondition',
          message: expect.stringContaining('Another server'),
        });
      });
      await migrate(handle);
      await close();
    });
  });
}
