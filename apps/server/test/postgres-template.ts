import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../src/db/migrate.ts';
import { openDatabase } from '../src/db/open.ts';
import { migrationsHash } from './migrations-hash.ts';
import { silentLog } from './silent-log.ts';

const PREFIX = 'qd_test_';
const LEFTOVER_AFTER_MS = 86_400_000;
/** "qdtp" in hexadecimal: one process at a time makes the template. */
const TEMPLATE_LOCK = 0x7164_7470;

const serverUrl = (): string => process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** True when something asks for a real Postgres: QD_TEST_STORES=real or TEST_DATABASE_URL does. */
export function realPostgresWanted(): boolean {
  return process.env['QD_TEST_STORES'] === 'real' || Boolean(process.env['TEST_DATABASE_URL']);
}

/** Creates a migrated database nobody else uses and returns its URL. */
export async function createDatabaseFromTemplate(): Promise<string> {
  const template = await postgresTemplate();
  return createDatabase(template);
}

/** Creates an empty database, or a copy of `template`, and returns its URL. */
export async function createDatabase(template = 'template0'): Promise<string> {
  const name = `${PREFIX}${Date.now()}_${randomBytes(4).toString('hex')}`;
  await withServer((server) => server.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return urlOf(name);
}

/** Drops a database made here, even when somebody is still connected. */
export async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  if (!name.startsWith(PREFIX)) throw new Error(`${name} was not made by a test and is left alone.`);
  await withServer((server) => server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

/** Name of a database migrated to the present tables; made once for each state of the migrations. */
export async function postgresTemplate(): Promise<string> {
  const ending = `_template_${migrationsHash()}`;
  return withServer(async (server) => {
    await server.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const names = await databaseNames(server);
    const ready = names.find((name) => name.endsWith(ending));
    if (ready !== undefined) return ready;
    for (const name of names.filter(isLeftover)) await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    return makeTemplate(server, ending);
  });
}

async function makeTemplate(server: Client, ending: string): Promise<string> {
  const unfinished = await createDatabase();
  const database = await openDatabase({ url: unfinished, dataDir: '', log: silentLog });
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
  const name = `${PREFIX}${Date.now()}${ending}`;
  await server.query(`ALTER DATABASE ${new URL(unfinished).pathname.slice(1)} RENAME TO ${name}`);
  return name;
}

async function databaseNames(server: Client): Promise<string[]> {
  const { rows } = await server.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `${PREFIX}%`,
  ]);
  return rows.map((row) => row.datname);
}

/** Made by a run that was killed, or from another state of the migrations. */
function isLeftover(name: string): boolean {
  return Date.now() - Number(/^qd_test_(\d{13})_/.exec(name)?.[1] ?? Number.NaN) > LEFTOVER_AFTER_MS;
}

async function withServer<T>(fn: (server: Client) => Promise<T>): Promise<T> {
  const server = new Client({ connectionString: serverUrl(), connectionTimeoutMillis: 5_000 });
  try {
    await server.connect();
  } catch (error) {
    throw new Error(
      'The real stores were asked for, but Postgres does not answer; start it or set TEST_DATABASE_URL.',
      {
        cause: error,
      },
    );
  }
  try {
    return await fn(server);
  } finally {
    await server.end();
  }
}

function urlOf(name: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return url.href;
}
