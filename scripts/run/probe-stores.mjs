/**
 * Which real stores answer here: run by the packaged Node, prints one line of JSON
 * `{ database: { url, version } | null, redis: { url, version } | null }`. A store that was named by TEST_DATABASE_URL or
 * TEST_REDIS_URL and does not answer is an error, never a silent absence.
 */
import { createRequire } from 'node:module';
import net from 'node:net';
import { userInfo } from 'node:os';
import { at } from './places.mjs';

const TIMEOUT_MS = 2_000;
const pg = createRequire(at('apps/server/package.json'))('pg');

/** Version of the Postgres behind a URL; throws when it does not answer or the user may not create databases. */
async function askPostgres(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: TIMEOUT_MS });
  await client.connect();
  try {
    const sql = `select current_setting('server_version') as version, rolsuper or rolcreatedb as creates
      from pg_roles where rolname = current_user`;
    const [row] = (await client.query(sql)).rows;
    if (!row.creates) throw new Error('this user may not create databases, and each test file needs its own');
    return row.version;
  } finally {
    await client.end();
  }
}

/** Version of the Redis behind a URL, asked without a client library. */
function askRedis(url) {
  const { hostname, port, username, password } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: hostname, port: Number(port || 6379), timeout: TIMEOUT_MS });
    const end = (error) => {
      socket.destroy();
      reject(error);
    };
    let answer = '';
    socket.on('connect', () => {
      const words = [username, password].filter(Boolean).map(decodeURIComponent);
      socket.write(`${password ? `AUTH ${words.join(' ')}\r\n` : ''}INFO server\r\n`);
    });
    socket.on('timeout', () => end(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    socket.on('error', end);
    socket.on('data', (chunk) => {
      answer += chunk;
      const version = /redis_version:(\S+)/.exec(answer)?.[1];
      if (/^-/m.test(answer)) end(new Error(answer.trim()));
      if (!version) return;
      socket.destroy();
      resolve(version);
    });
  });
}

/** The first URL that answers, with its version; null when none does. A URL given by name must answer. */
async function firstAnswer(name, ask, candidates) {
  const given = process.env[name];
  for (const url of given ? [given] : candidates) {
    try {
      return { url, version: await ask(url) };
    } catch (error) {
      if (given)
        throw new Error(`${name} is set and cannot be used: ${error.message || error.code}.`, { cause: error });
    }
  }
  return null;
}

const users = [...new Set([userInfo().username, 'postgres', 'root'])];
const databases = (user) => [...new Set([user, 'postgres', 'test'])];
const postgresUrls = users.flatMap((user) => databases(user).map((db) => `postgres://${user}@127.0.0.1:5432/${db}`));

try {
  const database = await firstAnswer('TEST_DATABASE_URL', askPostgres, postgresUrls);
  const redis = await firstAnswer('TEST_REDIS_URL', askRedis, ['redis://127.0.0.1:6379']);
  console.log(JSON.stringify({ database, redis }));
} catch (error) {
  console.log(error.message);
  process.exit(1);
}
