import fs, { mkdtempSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { afterEach, expect, test, vi } from 'vitest';
import { pgliteOptions } from './pglite-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'qd-fsync-'));
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'a commit reaches the disk before it is acknowledged, a read does not trouble it',
  { timeout: 60_000 },
  async () => {
    const synced = vi.spyOn(fs, 'fsyncSync');
    syncBuiltinESMExports();
    const pg = await PGlite.create(await pgliteOptions({ dataDir: join(folder, 'pg'), templateFile: null }));
    await pg.exec('CREATE TABLE t (n int)');
    for (let n = 1; n <= 3; n += 1) {
      const before = synced.mock.calls.length;
      await pg.query('INSERT INTO t VALUES ($1)', [n]);
      expect(synced.mock.calls.length).toBeGreaterThan(before);
    }
    const before = synced.mock.calls.length;
    await pg.query('SELECT * FROM t');
    expect(synced.mock.calls.length).toBe(before);
    await pg.exec('CHECKPOINT');
    expect(synced.mock.calls.length).toBeGreaterThan(before + 3);
    await pg.close();
  },
);
