import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { home } from '../fixtures/databases.ts';
import { askAbout, gatewayKey } from '../fixtures/keys.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack();
const NAME = 'Night export';

test.describe.configure({ mode: 'serial' });

interface Made {
  id: string;
  key: string;
}

let first: Made;
let second: Made;

/** What a command prints with `--json`. */
async function json<T>(...argv: string[]): Promise<T> {
  const result = await stack.qd(...argv, '--json');
  expect(result, result.err).toMatchObject({ code: 0 });
  return JSON.parse(result.out) as T;
}

/** Expects a command to be refused with these words. */
async function refused(argv: string[], words: string | RegExp): Promise<void> {
  const result = await stack.qd(...argv);
  expect(result.code, result.out).toBe(1);
  expect(result.err).toMatch(words);
}

/** A key is asked about on the standard input: what is typed stays in the history of the shell. */
const verify = (key: string, ...options: string[]) => stack.qdReading(key, 'keys', 'verify', '-', ...options);

/** Expects a key to be refused with these words. */
async function refusedKey(key: string, words: string | RegExp, ...options: string[]): Promise<void> {
  const result = await verify(key, ...options);
  expect(result.code, result.out).toBe(1);
  expect(result.err).toMatch(words);
}

async function fileOf(name: string, content: string): Promise<string> {
  const file = path.join(home(), `${stack.stores}-${name}`);
  await writeFile(file, content);
  return file;
}

/** Another letter in a place of the secret. */
const mistyped = (key: string): string => `${key.slice(0, -10)}${key.at(-10) === 'x' ? 'y' : 'x'}${key.slice(-9)}`;

test('a key is made, and its secret is in no list', async () => {
  const where = ['--platform', 'hashinsight', '--scope', 'slo:read', '--scope', 'miners:read'];
  first = await json<Made>('keys', 'create', NAME, ...where);
  expect(first.key).toMatch(/^hsi_prod_key_[0-9A-Za-z]{46}$/);
  const listed = await stack.qd('keys', 'list', '--json');
  expect(listed.out).toContain(first.id);
  expect(listed.out).not.toContain(first.key.slice(-40));
});

test('verify says that it is valid, and of every other text what is wrong with it', async () => {
  const answer = await verify(first.key, '--permission', 'miners:read', '--json');
  expect(JSON.parse(answer.out)).toMatchObject({ valid: true, id: first.id, platform: 'hashinsight' });
  const valid = await verify(`${first.key}\n`);
  expect(valid, valid.err).toMatchObject({ code: 0 });
  expect(valid.out).toContain(NAME);
  await refused(['keys', 'verify', first.key], 'The history of the shell would keep it');
  await refusedKey(mistyped(first.key), /Not a key/);
  await refusedKey(first.key, 'it may not do this', '--permission', 'users:write');
  await refusedKey(first.key, 'it is for another environment', '--environment', 'dev');
  await refusedKey(first.key, 'it is for another platform', '--platform', 'stellarescrow');
});

test('rotate makes a successor, both work, and closing the old one leaves the new', async () => {
  const clocks = ['--overlap', '7d', '--grace', '24h'];
  second = await json<Made>('keys', 'rotate', first.id, ...clocks, '--reason', 'the quarter ends');
  for (const { key } of [first, second]) {
    expect(await verify(key)).toMatchObject({ code: 0 });
  }
  expect((await stack.qd('keys', 'rotate', first.id, '--status')).out).toContain('the old key ends on');
  await refused(['keys', 'rotate', first.id], 'is being rotated already');
  expect((await stack.qd('keys', 'rotate', first.id, '--close', '--force', NAME)).out).toBe('The old key has ended.\n');
  await refusedKey(first.key, 'it was replaced, and its overlap is over');
  expect(await verify(second.key)).toMatchObject({ code: 0 });
});

test('scan finds a key in a file, also behind percent signs and in base64, and contains it when told', async () => {
  const disguised = [...second.key].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
  const log = await fileOf('access.log', `GET /\nGET /miners?auth=${disguised} 200\nGET /health\n`);
  const clean = await fileOf('clean.log', 'GET /\nGET /health\n');
  expect((await stack.qd('keys', 'scan', clean)).out).toContain('No key in 1 file.');
  const offline = await stack.qd('keys', 'scan', clean, log, '--offline');
  expect(offline.code).toBe(1);
  expect(offline.out).toContain(`${log} (escaped)`);
  const packed = Buffer.from(`token=${second.key}`).toString('base64');
  const piped = await stack.qdReading(packed, 'keys', 'scan', '-');
  expect(piped.code).toBe(1);
  expect(piped.out).toContain(second.id);

  const gateway = await gatewayKey(stack);
  const status = async () => (await askAbout(stack.url, gateway, { key: second.key })).status;
  expect(await status()).toBe(200);
  const reported = await stack.qd('keys', 'scan', log, '--report', '--place', 'access log of the gateway');
  expect(reported.code).toBe(1);
  expect(reported.out).toContain(`“${NAME}”: quarantined, it opens nothing`);
  expect(reported.out + reported.err).not.toContain(second.key);
  expect(await status()).toBe(401);
  await refusedKey(second.key, 'it is quarantined');
  expect((await stack.qd('keys', 'release', second.id, '--reason', 'a test log')).out).toBe('The key works again.\n');
  expect(await status()).toBe(200);
});

test('a revoked key is refused for ever, and known for ever', async () => {
  expect((await stack.qd('keys', 'revoke', second.id, '--reason', 'no longer needed')).out).toContain('is revoked');
  await refusedKey(second.key, 'it is revoked');
  const found = await stack.qdReading(second.key, 'keys', 'lookup', '-');
  expect(found.out).toMatch(new RegExp(`${second.id} .*revoked`));
  await refused(['keys', 'rotate', second.id], 'is revoked');
  await refused(['keys', 'release', second.id], /./);
  expect(await json<{ ok: boolean }>('audit', 'verify')).toMatchObject({ ok: true });
});
