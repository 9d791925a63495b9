import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { keysOver, keyText, plantKey, testPeppers } from '../../../test/keys.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyUsage } from '../../db/schema/index.ts';
import { onlyPepper } from '../../features/api-keys/service/peppers.ts';
import { derivePepper } from '../../platform/pepper.ts';
import { buildProgram, runProgram } from '../program.ts';
import type { CliConsole } from '../tools.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
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
  const ctx = testCtx(stores);
  const keys = keysOver(stores, ctx);
  const services = { keys, apiKeys: { peppers: testPeppers } };
  const open = () => Promise.resolve({ ctx, services } as unknown as CliConsole);
  const code = await runProgram(buildProgram({ io, open }), ['keys', ...argv], io);
  await keys.flushUsage();
  return { code, out, err };
}

it('says what a key may do, and reads it from the standard input', async () => {
  const { id, text } = await plantKey(stores);
  const words = `Valid: ${id} “Miner ingest” (hashinsight, prod), until `;
  expect(await qd(['verify', '-'], text)).toMatchObject({
    code: 0,
    out: expect.stringContaining(words) as string,
    err: '',
  });
  const piped = await qd(['verify', '-', '--json'], `${text}\n`);
  expect(JSON.parse(piped.out)).toMatchObject({ valid: true, id, permissions: ['miners:read', 'slo:read'] });
  expect(piped.out + piped.err).not.toContain(text);
});

it('takes no whole key as a word of the command, which the history of the shell keeps', async () => {
  const { text } = await plantKey(stores);
  const short = 'hsi_prod_key_a1b2c3d4e5f6g7h8';
  for (const [verb, key] of [
    ['verify', text],
    ['verify', 'c0ffee00'],
    ['revoke', text],
    ['revoke', short],
    ['revoke', 'c0ffee00c0ffee00c0ffee00c0ffee00'],
    ['revoke', `${text.slice(0, -1)}_`],
  ] as const) {
    const refused = await qd([verb, key]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toBe(
      'Give the key on the standard input and - in its place. The history of the shell would keep it.\n',
    );
  }
  expect(await stores.db.select().from(apiKeys)).toMatchObject([{ revokedAt: null }]);
});

it('says by its form what is wrong with a text, before anything is opened', async () => {
  const text = keyText();
  const typed = await qd(['verify', '-'], text.replace('hsi', 'hsı'));
  expect(typed).toEqual({
    code: 1,
    out: '',
    err: 'Not a key: Look-alike character at position 3: U+0131 stands where "i" belongs.\n',
  });
  const short = await qd(['verify', '-', '--json'], text.slice(0, -1));
  expect(short.code).toBe(1);
  expect(JSON.parse(short.out)).toMatchObject({
    valid: false,
    message: expect.stringContaining('1 missing') as string,
  });
});

it('says why the console refuses a key, and leaves no trace of having asked', async () => {
  const { text } = await plantKey(stores, { ipAllow: ['192.0.2.0/24'], rateLimitPerMin: 1 });
  const refused = async (...options: string[]) => (await qd(['verify', '-', ...options], text)).err;
  expect(await refused('--environment', 'dev')).toBe('Refused: it is for another environment.\n');
  expect(await refused('--address', '198.51.100.1')).toBe('Refused: it may not be used from this address.\n');
  expect(await refused('--permission', 'miners:delete')).toBe('Refused: it may not do this.\n');
  expect(await refused('--address', '192.0.2.1')).toBe('');
  expect(await refused()).toBe('');
  expect((await qd(['verify', '-'], keyText())).err).toBe('Refused: it is no key of this console.\n');
  await stores.db.update(apiKeys).set({ quarantinedAt: stores.clock.now() });
  const { out, code } = await qd(['verify', '-', '--json'], text);
  expect([code, JSON.parse(out)]).toEqual([1, { valid: false, reason: 'quarantined' }]);
  expect(await stores.db.select().from(keyUsage)).toEqual([]);
  expect(await stores.db.select().from(auditEvents)).toEqual([]);
});

it('tells how many keys are left under an older pepper', async () => {
  await plantKey(stores);
  expect((await qd(['pepper'])).out).toBe('1 of 1 keys on pepper v1.\nAPI_KEY_PEPPER_PREVIOUS is not needed.\n');
  const older = onlyPepper(derivePepper('a former password of 32 characters!'), 7);
  const { id } = await plantKey(stores, { name: 'Nightly import' }, { peppers: older });
  expect((await qd(['pepper'])).out).toBe(
    `1 of 2 keys on pepper v1.\nNot used since:\n  ${id} “Nightly import” (hashinsight), pepper v7, never used\n`,
  );
  expect(JSON.parse((await qd(['pepper', '--json'])).out)).toMatchObject({ current: 1, keys: 2, moved: 1 });
});
