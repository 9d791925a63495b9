import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { makingDeps } from '../../../test/key-making.ts';
import { endingDeps } from '../../../test/keys.ts';
import { openTestStores, systemActor, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, keyConsumers } from '../../db/schema/index.ts';
import { buildProgram, runProgram } from '../program.ts';
import type { CliConsole } from '../tools.ts';
import { openOutFile } from './out-file.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

async function qd(argv: string[], stdin = '') {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: (path: string) => Promise.resolve(path === '-' ? stdin : ''),
  };
  const ctx = testCtx(stores, { actor: { ...systemActor, kind: 'cli' } });
  const { tombstones } = endingDeps();
  const services = { apiKeys: { ...makingDeps, tombstones } };
  const open = () => Promise.resolve({ ctx, services, url: 'http://localhost:5080' } as unknown as CliConsole);
  const code = await runProgram(buildProgram({ io, open }), ['keys', ...argv], io);
  return { code, out, err };
}

const usual = ['--platform', 'hashinsight', '--scope', 'miners:read', '--environment', 'dev'];
const made = async (...argv: string[]) =>
  JSON.parse((await qd(['create', ...argv, '--json'])).out) as { id: string; key: string; link: string };

it('makes a key with an owner, limits and consumers, and one like it', async () => {
  await addPeople(stores.db, [{ name: 'Broker', accounts: ['broker@hashinsight'] }]);
  const limits = ['--ip', '203.0.113.0/24', '--rate', '60', '--owner', 'BROKER@example.com'];
  const first = await made('Miner ingest', ...usual, ...limits, '--consumer', 'edge,Edge team,email,edge@example.com');
  expect(first.key).toMatch(/_dev_key_[0-9A-Za-z]{46}$/);
  await made('Like it', '--copy-from', first.id, '--environment', 'dev');
  const rows = await stores.db.select().from(apiKeys).orderBy(apiKeys.name);
  expect(rows).toMatchObject([
    { name: 'Like it', ownerId: null, scopes: ['miners:read'], ipAllow: ['203.0.113.0/24'], rateLimitPerMin: 60 },
    { name: 'Miner ingest', scopes: ['miners:read'], ipAllow: ['203.0.113.0/24'], rateLimitPerMin: 60 },
  ]);
  expect(rows[1]?.ownerId).toMatch(/^usr_/);
  expect((await stores.db.select().from(keyConsumers)).map((row) => row.name)).toEqual(['edge', 'edge']);
});

it('makes a link instead, for whoever is to use the key', async () => {
  const { link, key } = await made('Partner', ...usual, '--claim', 'pat@partner.example');
  expect(link).toMatch(/^http:\/\/localhost:5080\/claim#[A-Za-z0-9_-]{43}$/);
  expect(key).toBeUndefined();
  expect(await stores.db.select().from(apiKeys)).toMatchObject([{ hash: null }]);
});

it('takes in a key made elsewhere, from the standard input alone', async () => {
  const text = 'made-elsewhere-0123456789';
  expect((await qd(['create', 'Partner', ...usual, '--import', '-'], `${text}\n`)).out).toContain('It must be rotated');
  expect((await qd(['create', 'Again', ...usual, '--import', '-'], text)).err).toContain('is a key here already');
  expect((await qd(['create', 'Typed', ...usual, '--import', text])).err).toContain('on the standard input');
});

it('says what is wrong', async () => {
  expect((await qd(['create', 'X y', '--platform', 'hashinsight'])).err).toContain('give at least one scope');
  expect((await qd(['create', 'X y', ...usual, '--owner', 'nobody@example.com'])).err).toContain('Nobody here has');
  expect((await qd(['create', 'X y', ...usual, '--consumer', 'edge,Team,pigeon,coop'])).err).toContain('email, slack');
  expect((await qd(['list', '--state', 'gone'])).err).toContain('There is no state gone');
});

it('lists keys by platform, environment, state and owner', async () => {
  await addPeople(stores.db, [{ name: 'Broker', accounts: ['broker@hashinsight'] }]);
  await made('First', ...usual, '--owner', 'broker@example.com');
  await made('Second', '--platform', 'web3audit', '--scope', 'reports:read');
  await made('Third', ...usual, '--claim', 'pat@partner.example');
  const names = async (...filters: string[]) => {
    const rows = JSON.parse((await qd(['list', '--json', ...filters])).out) as { name: string }[];
    return rows.map((row) => row.name).toSorted();
  };
  expect(await names()).toEqual(['First', 'Second', 'Third']);
  expect(await names('--platform', 'hashinsight')).toEqual(['First', 'Third']);
  expect(await names('--environment', 'prod')).toEqual(['Second']);
  expect(await names('--state', 'pending')).toEqual(['Third']);
  expect(await names('--owner', 'Broker@example.com')).toEqual(['First']);
});

it('writes to a new file only its owner may read, and leaves none behind that is empty', () => {
  const folder = mkdtempSync(join(tmpdir(), 'qd-out-'));
  const path = join(folder, 'key');
  const argv = ['keys', 'create', 'X y', '--out', path];
  const file = openOutFile(argv);
  file?.write('a key\n');
  file?.close();
  expect(readFileSync(path, 'utf8')).toBe('a key\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(() => openOutFile(argv)).toThrow('is there already');
  const unused = join(folder, 'unused');
  openOutFile(['keys', 'create', 'X y', `--out=${unused}`])?.close();
  expect(() => statSync(unused)).toThrow('ENOENT');
  writeFileSync(unused, '');
  expect(openOutFile(['keys', 'list', '--out', unused])).toBeNull();
});
