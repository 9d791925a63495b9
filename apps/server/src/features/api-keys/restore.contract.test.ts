import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { closeRotationInput } from '@qd/shared/api-keys';
import { inArray } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock } from '../../../test/clock.ts';
import { plantKey } from '../../../test/keys.ts';
import {
  createDatabase,
  createDatabaseFromTemplate,
  dropDatabase,
  realPostgresWanted,
} from '../../../test/postgres-template.ts';
import { testRedisUrl } from '../../../test/redis-url.ts';
import { rotate } from '../../../test/rotations.ts';
import { silentLog } from '../../../test/silent-log.ts';
import { readConfig } from '../../config.ts';
import { openDatabase } from '../../db/open.ts';
import { apiKeys, platforms } from '../../db/schema/index.ts';
import { serve, type Console } from '../../serve.ts';
import { quarantineKey, releaseKey } from './service/ending/quarantine.ts';
import { revokeKey } from './service/ending/revoke.ts';
import { closeRotation } from './service/rotation/change.ts';

const run = promisify(execFile);
const reason = 'found in a chat';

if (!realPostgresWanted() || testRedisUrl() === null) {
  test('restoring a dump was NOT RUN, because nothing asks for a real Postgres and a real Redis', () => {
    process.stderr.write('Restoring a dump was not run; set TEST_DATABASE_URL and TEST_REDIS_URL.\n');
  });
} else {
  describe('a dump from before keys ended, restored beside the ledger', () => {
    let folder: string;
    const databases: string[] = [];
    const consoles: Console[] = [];
    const secret = randomBytes(24).toString('hex');
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'qd-restore-'));
    });
    afterAll(async () => {
      for (const running of consoles) await running.stop();
      for (const url of databases) await dropDatabase(url);
      await rm(folder, { recursive: true, force: true });
    });

    /** A console over a database. All of them share a data folder, where the ledger lies, and their secrets. */
    async function start(url: string): Promise<Console> {
      const read = readConfig({
        QD_DATA_DIR: join(folder, 'data'),
        QD_DEMO: '0',
        PORT: '0',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'silent',
        DATABASE_URL: url,
        REDIS_URL: testRedisUrl() ?? '',
        SESSION_SECRET: secret,
        ENCRYPTION_PASSWORD: secret,
      });
      if ('faults' in read) throw new Error(JSON.stringify(read.faults));
      const running = await serve(read.config, () => undefined);
      consoles.push(running);
      return running;
    }
    const ctxOf = ({ container, services }: Console) => ({
      ...container.ctx('system'),
      now: () => services.keys.now(),
    });
    async function accepts(running: Console, asker: string, key: string): Promise<number> {
      const response = await fetch(`http://127.0.0.1:${running.port}/api/v1/keys/verify`, {
        method: 'POST',
        headers: { authorization: `Bearer ${asker}`, 'content-type': 'application/json' },
        body: JSON.stringify({ key }),
      });
      await response.text();
      return response.status;
    }

    test('lets none of them work again, and all others as before', async () => {
      const first = await createDatabaseFromTemplate();
      databases.push(first);
      const before = await start(first);
      const { db } = before.container.database;
      await db.insert(platforms).values({ id: 'hashinsight', name: 'HashInsight', createdAt: new Date() });
      const plant = (row: Parameters<typeof plantKey>[1] = {}) =>
        plantKey({ db, clock: createClock() }, row, { peppers: before.services.apiKeys.peppers });
      const asker = await plant({ scopes: ['keys:verify'] });
      const [revoked, rotated, quarantined, kept] = [await plant(), await plant(), await plant(), await plant()];
      await rotate(ctxOf(before), rotated.id);

      const dump = join(folder, 'dump.sql');
      await run('pg_dump', [`--dbname=${first}`, `--file=${dump}`]);

      await revokeKey(ctxOf(before), before.services.apiKeys, { key: revoked.id, reason });
      await closeRotation(ctxOf(before), closeRotationInput.parse({ keyId: rotated.id, reason }));
      await quarantineKey(ctxOf(before), before.services.apiKeys, { id: quarantined.id, reason });
      const ended = [revoked, rotated, quarantined];
      for (const { text } of ended) expect(await accepts(before, asker.text, text)).toBe(401);
      await before.stop();

      const second = await createDatabase();
      databases.push(second);
      await run('psql', [`--dbname=${second}`, `--file=${dump}`, '--quiet', '--set=ON_ERROR_STOP=1']);
      // By the tables alone every one of them would work.
      const handle = await openDatabase({ url: second, dataDir: '', log: silentLog });
      const { id, revokedAt, quarantinedAt, endsAt } = apiKeys;
      const rows = await handle.db
        .select({ revokedAt, quarantinedAt, endsAt })
        .from(apiKeys)
        .where(
          inArray(
            id,
            ended.map((key) => key.id),
          ),
        );
      expect(rows).toHaveLength(3);
      for (const row of rows) {
        expect([row.revokedAt, row.quarantinedAt]).toEqual([null, null]);
        expect(row.endsAt === null || row.endsAt.getTime() > Date.now()).toBe(true);
      }
      await handle.close();

      const after = await start(second);
      for (const { text } of ended) expect(await accepts(after, asker.text, text)).toBe(401);
      expect(await accepts(after, asker.text, kept.text)).toBe(200);
      await releaseKey(ctxOf(after), after.services.apiKeys, { id: quarantined.id, reason });
      expect(await accepts(after, asker.text, quarantined.text)).toBe(200);
    });
  });
}
