import { createServer } from 'node:net';
import { DomainError } from '@qd/shared/errors';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, dropDatabase, realPostgresWanted } from '../../test/postgres-template.ts';
import { silentLog } from '../../test/silent-log.ts';
import type { DatabaseHandle } from './handle.ts';
import { openDatabase } from './open.ts';
import { facts } from './schema/index.ts';

const open = (url: string) => openDatabase({ url, dataDir: '', log: silentLog });

async function refusalOf(url: string): Promise<DomainError> {
  const error: unknown = await open(url).catch((reason: unknown) => reason);
  if (!(error instanceof DomainError)) throw new Error(`not refused as expected: ${String(error)}`);
  expect(error.message).not.toContain('hunter2');
  return error;
}

describe('a Postgres that cannot be reached is named in one sentence', () => {
  test('nothing listens there', async () => {
    const port = await listenBriefly();
    const error = await refusalOf(`postgres://ada:hunter2@127.0.0.1:${port}/console`);
    expect(error.code).toBe('upstream');
    expect(error.message).toMatch(
      new RegExp(`^Postgres at 127.0.0.1:${port}/console lets nobody in \\(ECONNREFUSED.*\\); start it, or correct`),
    );
  });

  test('something listens and never answers', { timeout: 20_000 }, async () => {
    const server = createServer(() => undefined);
    const port = await listen(server);
    const error = await refusalOf(`postgres://ada:hunter2@127.0.0.1:${port}/console`);
    expect(error).toMatchObject({ code: 'upstream', message: expect.stringContaining('timeout') });
    server.close();
  });

  test.each(['mysql://ada:hunter2@db/console', 'db.example.test:5432', ''])('“%s” is no Postgres URL', async (url) => {
    const error = await refusalOf(url);
    expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('postgres://user:password@') });
  });
});

if (!realPostgresWanted()) {
  test('a real Postgres was NOT RUN, because neither QD_TEST_STORES=real nor TEST_DATABASE_URL asks for it', () => {
    process.stderr.write('Opening was not run on Postgres; set TEST_DATABASE_URL.\n');
  });
} else {
  describe('a real Postgres', () => {
    let url: string;
    let handle: DatabaseHandle;
    beforeAll(async () => {
      url = await createDatabase();
      handle = await open(url);
    });
    afterAll(async () => {
      await handle.close();
      await dropDatabase(url);
    });

    test('a database that does not exist is named', async () => {
      const missing = new URL(url);
      missing.pathname = '/qd_nowhere';
      const error = await refusalOf(missing.href);
      expect(error.message).toContain('/qd_nowhere lets nobody in (3D000');
    });

    test('connections that an administrator ends are replaced', async () => {
      await handle.ping();
      const other = await open(url);
      await other.db.execute(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      );
      await expect.poll(() => handle.ping().catch(() => null)).toBeGreaterThan(0);
      await other.close();
    });

    test('one that is ended between two statements of a transaction fails that one alone', async () => {
      const other = await open(url);
      const cut = handle.db.transaction(async (tx) => {
        const [own] = await tx.select({ pid: sql<number>`pg_backend_pid()` }).from(sql`(VALUES (1)) AS one`);
        const isThere = async (): Promise<boolean> => {
          const activity = sql`pg_stat_activity`;
          const found = await other.db
            .select({ pid: sql<number>`pid` })
            .from(activity)
            .where(sql`pid = ${own?.pid}`);
          return found.length > 0;
        };
        await other.db.execute(sql`select pg_terminate_backend(${own?.pid})`);
        await expect.poll(isThere).toBe(false);
        await tx.execute(sql`select 1`);
      });
      await expect(cut).rejects.toThrow();
      await expect(handle.ping()).resolves.toBeGreaterThan(0);
      await other.close();
    });

    test('the pool limits statements, a dedicated connection does not', async () => {
      const limit = async (db: DatabaseHandle['db']): Promise<unknown> => {
        const [row] = await db
          .select({ limit: sql<string>`current_setting('statement_timeout')` })
          .from(sql`(VALUES (1)) AS one`);
        return row?.limit;
      };
      expect(await limit(handle.db)).toBe('30s');
      expect(await handle.dedicated(limit)).toBe('0');
    });

    test('statements that come back are prepared once, and answer as before', async () => {
      const answers: unknown[] = [];
      for (let n = 0; n < 6; n += 1) {
        const rows = await handle.db.select({ n: sql<number>`${n}::int` }).from(sql`(VALUES (1)) AS one`);
        answers.push(rows[0]?.n);
      }
      expect(answers).toEqual([0, 1, 2, 3, 4, 5]);
      const prepared = await handle.db
        .select({ text: sql<string>`statement` })
        .from(sql`pg_prepared_statements`)
        .where(sql`name like 'qd\_%'`);
      expect(prepared).toEqual([{ text: expect.stringContaining('$1::int') }]);
    });

    test('while it is down queries fail at once with the cause, instead of waiting in line', async () => {
      const lost = await createDatabase();
      const cut = await open(lost);
      await dropDatabase(lost);
      for (let attempt = 0; attempt < 10; attempt += 1) {
        const failure: unknown = await cut.db
          .select()
          .from(facts)
          .catch((error: unknown) => error);
        expect(failure).toMatchObject({ cause: { message: expect.any(String) } });
      }
      const failure: unknown = await cut.db
        .select()
        .from(facts)
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({
        cause: { code: 'upstream', message: expect.stringContaining('breaker is open') },
      });
      await cut.close();
    });
  });
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no port'));
      else resolve(address.port);
    });
  });
}

/** A port that was free a moment ago. */
async function listenBriefly(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
