import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '@qd/shared/errors';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../../test/silent-log.ts';
import { startStoreProcess, type StoreProcess } from '../../test/store-process.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open.ts';
import { facts } from './schema/index.ts';

/** A folder with a migrated, empty database, copied instead of made anew. */
let model: string;
let dataDir: string;
let child: StoreProcess | null = null;

beforeAll(async () => {
  model = mkdtempSync(join(tmpdir(), 'qd-store-'));
  const database = await open(model);
  await migrate(database);
  await database.close();
}, 60_000);
afterAll(() => rmSync(model, { recursive: true, force: true }));
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'qd-store-'));
});
afterEach(async () => {
  await child?.kill();
  child = null;
  // The process that creates a cluster notices a moment later that nobody waits for it.
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

/** Clusters whose creation has not come to its end. */
const unfinished = () => readdirSync(dataDir).filter((name) => name.startsWith('pg.init-'));

const open = (folder = dataDir) => openDatabase({ url: null, dataDir: folder, log: silentLog });

async function keys(): Promise<string[]> {
  const database = await open();
  try {
    await migrate(database);
    return (await database.db.select({ key: facts.key }).from(facts)).map((row) => row.key);
  } finally {
    await database.close();
  }
}

describe('a folder with a database', () => {
  beforeEach(() => cpSync(join(model, 'pg'), join(dataDir, 'pg'), { recursive: true }));

  test('killed while writing, three times: every acknowledged row is there', { timeout: 120_000 }, async () => {
    let acknowledged = -1;
    for (let round = 1; round <= 3; round += 1) {
      child = startStoreProcess(dataDir, 'write');
      expect(await child.line(), child.complaints()).toBe('open');
      for (let written = 0; written < 60; written += 1) acknowledged = Number(await child.line());
      await child.kill();
      // What was said but not read yet was acknowledged as well.
      for (let line = await child.line(); line !== null; line = await child.line()) acknowledged = Number(line);
      const expected = Array.from({ length: acknowledged + 1 }, (_, n) => `row-${n}`);
      expect(await keys()).toEqual(expect.arrayContaining(expected));
    }
    expect(acknowledged).toBeGreaterThanOrEqual(60);
  });

  test('a second process is refused with its owner and the remedy, and may enter once the first is gone', async () => {
    child = startStoreProcess(dataDir, 'hold');
    expect(await child.line(), child.complaints()).toBe('open');
    const refusal = await open().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DomainError);
    expect(refusal).toMatchObject({ code: 'precondition' });
    expect(String(refusal)).toContain(`in use by another process (pid ${child.pid}); stop it first`);
    await child.kill();
    expect(await keys()).toEqual([]);
  });

  test('a second opening in the same process is refused too, and closing lets go', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'precondition' });
    await first.close();
    const second = await open();
    expect(await second.ping()).toBeGreaterThan(0);
    await second.close();
  });

  test('an owner file left by a kill, naming a process that lives, locks nobody out', async () => {
    writeFileSync(join(dataDir, 'pg.owner'), String(process.ppid));
    expect(await keys()).toEqual([]);
  });

  test('space of deleted rows is freed when tidied', async () => {
    const database = await open();
    await database.db.execute(sql`CREATE TABLE bulk AS SELECT repeat('x', 1000) AS t FROM generate_series(1, 5000)`);
    await database.db.execute(sql`DELETE FROM bulk`);
    const size = async (): Promise<number> => {
      const [row] = await database.db
        .select({ bytes: sql<number>`pg_relation_size('bulk')::int` })
        .from(sql`(VALUES (1)) AS one`);
      return row?.bytes ?? -1;
    };
    expect(await size()).toBeGreaterThan(1_000_000);
    await database.tidy();
    expect(await size()).toBe(0);
    await database.close();
  });

  test('a damaged one is named in one sentence', async () => {
    rmSync(join(dataDir, 'pg', 'global', 'pg_control'));
    await expect(open()).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('does not open'),
    });
  });
});

test('killed while being created: the next start creates it anew', { timeout: 180_000 }, async () => {
  child = startStoreProcess(dataDir, 'hold');
  await expect.poll(unfinished, { timeout: 60_000 }).toHaveLength(1);
  await child.kill();
  expect(existsSync(join(dataDir, 'pg'))).toBe(false);
  // As far as a kill can leave it: everything but the last file.
  cpSync(join(model, 'pg'), join(dataDir, 'pg.init-half'), { recursive: true });
  rmSync(join(dataDir, 'pg.init-half', 'PG_VERSION'));
  expect(await keys()).toEqual([]);
  expect(unfinished()).toEqual([]);
});

describe('a folder that cannot be used is named in one sentence', () => {
  test('its path runs through a file', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    await expect(open(join(file, 'data'))).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(/cannot be written \(ENOTDIR\); give this user write access/),
    });
  });

  test('pg/ holds something else, which is left alone', async () => {
    mkdirSync(join(dataDir, 'pg'));
    writeFileSync(join(dataDir, 'pg', 'thesis.txt'), 'years of work');
    await expect(open()).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringContaining('holds no database; move it away'),
    });
    expect(existsSync(join(dataDir, 'pg', 'thesis.txt'))).toBe(true);
  });
});
