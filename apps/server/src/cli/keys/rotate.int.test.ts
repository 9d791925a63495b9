import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { makingDeps } from '../../../test/key-making.ts';
import { plantKey } from '../../../test/keys.ts';
import { addCalls, addConsumer } from '../../../test/rotations.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, keyRotations } from '../../db/schema/index.ts';
import { buildProgram, runProgram } from '../program.ts';
import type { CliConsole } from '../tools.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  canMail = true;
  await emptyPeople(stores);
});

let canMail = true;

async function qd(...argv: string[]) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: () => Promise.resolve(''),
  };
  const open = () =>
    Promise.resolve({
      ctx: testCtx(stores),
      services: { apiKeys: { ...makingDeps, canMail }, keys: stores.clock },
    } as unknown as CliConsole);
  const code = await runProgram(buildProgram({ io, open }), ['keys', 'rotate', ...argv], io);
  return { code, out, err };
}

it('prints the new key once and says when the old one ends', async () => {
  const { id } = await plantKey(stores);
  const done = await qd(id, '--overlap', '3d', '--grace', '24h', '--reason', 'the quarter ends', '--json');
  const made = JSON.parse(done.out) as { id: string; key: string; oldKeyEndsAt: string };
  expect(made.key).toMatch(/^hsi_prod_key_[0-9A-Za-z]{46}$/);
  expect(Date.parse(made.oldKeyEndsAt) - stores.clock.now().getTime()).toBe(3 * 86_400_000);
  expect(await stores.db.select().from(keyRotations)).toMatchObject([{ graceMs: 86_400_000, newKeyId: made.id }]);
  expect((await qd(id)).err).toContain('is being rotated already');
});

it('takes the overlap from the policy, and says and changes where a rotation stands', async () => {
  const { id } = await plantKey(stores);
  expect((await qd(id, '--status')).out).toBe('This key was never rotated.\n');
  expect((await qd(id)).out).toContain('This is the only time it is shown.');
  expect((await qd(id, '--status')).out).toContain('Safe to close.');
  expect((await qd(id, '--extend', '2')).out).toMatch(/^The old key ends on \d{4}-/);
  await addCalls(stores, id, { address: '192.0.2.1' });
  expect(await qd(id, '--close')).toMatchObject({
    code: 1,
    err: expect.stringContaining('1 unknown caller') as string,
  });
  expect((await qd(id, '--close', '--force', 'Miner ingest')).out).toBe('The old key has ended.\n');
});

it('calls a rotation off, and rotates at once', async () => {
  const { id } = await plantKey(stores);
  await qd(id);
  expect((await qd(id, '--cancel')).out).toContain('is revoked');
  expect((await qd(id, '--emergency')).out).toContain('The old key ends on');
  expect((await stores.db.select().from(apiKeys)).filter(({ endsAt }) => endsAt !== null)).toMatchObject([{ id }]);
});

it('does one thing at a time, and reads days and hours as they are written', async () => {
  const { id } = await plantKey(stores);
  for (const wrong of [
    ['--cancel', '--close'],
    ['--overlap', '7w'],
    ['--overlap', '31d'],
    ['--grace', '1d'],
  ]) {
    expect((await qd(id, ...wrong)).code).toBe(1);
  }
  expect(await stores.db.select().from(keyRotations)).toEqual([]);
});

it('rotates several keys by links that are mailed, and says of each what became of it', async () => {
  const [one, two, alone] = [await plantKey(stores), await plantKey(stores), await plantKey(stores, { name: 'Alone' })];
  await addConsumer(stores, one.id, 'edge');
  await addConsumer(stores, two.id, 'core');
  expect((await qd(one.id, alone.id, '--preview')).out).toMatch(/edge@example\.com.*\n.*names no consumer/);
  expect(await stores.db.select().from(keyRotations)).toEqual([]);
  const done = await qd(one.id, two.id, '--overlap', '3d', '--json');
  expect(done.code).toBe(0);
  const endsAt = new Date(stores.clock.now().getTime() + 3 * 86_400_000).toISOString();
  expect(JSON.parse(done.out)).toMatchObject([
    { keyId: one.id, isStarted: true, sentTo: 'edge@example.com', endsAt },
    { keyId: two.id, isStarted: true, sentTo: 'core@example.com', endsAt },
  ]);
  expect(done.out).not.toMatch(/_key_|claim#/);
  expect(await qd(one.id, alone.id)).toMatchObject({
    code: 1,
    out: expect.stringMatching(/is being rotated already.*\n.*names no consumer/) as string,
    err: expect.stringContaining('2 of 2 keys were not rotated') as string,
  });
});

it('rotates every key that is due, of one platform if it is named', async () => {
  const long = new Date(stores.clock.now().getTime() - 100 * 86_400_000);
  const due = await plantKey(stores, { createdAt: long, activatedAt: long });
  await addConsumer(stores, due.id, 'edge');
  await plantKey(stores);
  expect((await qd('--all-due', '--platform', 'web3audit')).out).toBe('Nothing there.\n');
  const done = await qd('--all-due', '--platform', 'hashinsight', '--json');
  expect(JSON.parse(done.out)).toMatchObject([{ keyId: due.id, isStarted: true }]);
  expect((await qd('--all-due')).out).toBe('Nothing there.\n');
  canMail = false;
  const other = await plantKey(stores, { createdAt: long, activatedAt: long });
  expect((await qd('--all-due')).out).toContain('No mail is sent from here');
  expect((await qd(other.id)).out).toContain('This is the only time it is shown.');
});

it('says what it wants to know, and what does not go together', async () => {
  for (const [wrong, words] of [
    [[], 'Name a key or several'],
    [['aaaaaaaa', '--all-due'], 'not both'],
    [['--platform', 'hashinsight'], 'with --all-due'],
    [['aaaaaaaa', 'bbbbbbbb', '--grace', '24h'], '--overlap, --reason and --preview alone'],
    [['--all-due', '--emergency'], '--overlap, --reason and --preview alone'],
  ] as const) {
    expect(await qd(...wrong)).toMatchObject({ code: 1, err: expect.stringContaining(words) as string });
  }
});
