import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { endingDeps, keyText, plantKey } from '../../../test/keys.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, keyLeakReports } from '../../db/schema/index.ts';
import { buildProgram, runProgram } from '../program.ts';
import type { CliConsole } from '../tools.ts';
import { isOfflineScan, scannedFile } from './scan.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

async function qd(argv: string[], files: Record<string, string> = {}, open?: () => Promise<CliConsole>) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: (path: string) => Promise.resolve(files[path] ?? ''),
  };
  const { ledger: _ledger, ...deps } = endingDeps();
  const console = { ctx: testCtx(stores), services: { apiKeys: deps, keys: stores.clock } } as unknown as CliConsole;
  const opened = open ?? (() => Promise.resolve(console));
  const code = await runProgram(buildProgram({ io, open: opened }), ['keys', ...argv], io);
  return { code, out, err };
}
const state = async () => (await stores.db.select().from(apiKeys))[0];

it('names file, line and key, never the key itself, and ends with 1', async () => {
  const { id, text } = await plantKey(stores);
  const files = { 'a.env': `# keys\nKEY=${text}\n`, 'b.txt': 'nothing' };
  const found = await qd(['scan', 'a.env', 'b.txt'], files);
  expect(found).toEqual({ code: 1, out: `a.env:2  ${id}\n`, err: 'One key was found.\n' });
  expect(await qd(['scan', 'b.txt'], files)).toEqual({ code: 0, out: 'No key in 1 file.\n', err: '' });
  const json = await qd(['scan', '-', '--json'], { '-': Buffer.from(text).toString('base64') });
  expect(JSON.parse(json.out)).toEqual({ hits: [{ file: '-', line: null, form: 'base64', key: id }], reports: [] });
  expect(json.code).toBe(1);
  expect((await state())?.quarantinedAt).toBeNull();
  expect(found.out + json.out).not.toContain(text);
});

it('files what it finds as a leak when it is told to', async () => {
  const { text } = await plantKey(stores);
  const argv = ['scan', 'a.log', '--report', '--place', 'build 12', '--leaked-at', '2026-10-03T14:23Z'];
  const { code, out } = await qd(argv, { 'a.log': `x ${text} y` });
  expect(code).toBe(1);
  expect(out).toContain('“Miner ingest”: quarantined, it opens nothing');
  expect((await state())?.endReason).toBe('Found in a leak: build 12');
  expect(await stores.db.select().from(keyLeakReports)).toMatchObject([
    { source: 'cli', place: 'build 12', leakedAt: new Date('2026-10-03T14:23Z') },
  ]);
});

it('works by the form alone without a console', async () => {
  const noConsole = () => Promise.reject(new Error('no console'));
  const found = await qd(['scan', 'a', '--offline'], { a: `1\n2 ${keyText()}\n` }, noConsole);
  expect(found).toMatchObject({ code: 1, out: 'a:2  a key for prod, with a checksum that fits\n' });
  expect((await qd(['scan', 'a', '--offline'], { a: 'hsi_prod_key_' }, noConsole)).code).toBe(0);
  expect(isOfflineScan(['keys', 'scan', 'a', '--offline'])).toBe(true);
  const argv = ['keys', 'scan', 'a', '--place', 'b', '--json', '-'];
  expect(argv.map((_, i) => scannedFile(argv, i)).filter((file) => file !== undefined)).toEqual(['a']);
});

it('contains a key, lets it go, and says what a text was', async () => {
  const { id, text } = await plantKey(stores);
  expect(await qd(['quarantine', id, '--reason', 'in a ticket'])).toMatchObject({
    code: 0,
    out: 'The key is quarantined.\n',
  });
  expect((await qd(['quarantine', id])).code).toBe(1);
  expect((await qd(['lookup', '-'], { '-': `${text}\n` })).out).toMatch(
    new RegExp(`^It is a key of this console: ${id} “Miner ingest” \\(hashinsight, prod\\), quarantined since `),
  );
  expect(await qd(['release', id])).toMatchObject({ code: 0, out: 'The key works again.\n' });
  const lookedUp = await qd(['lookup', '-'], { '-': text.replace('hsi', 'hsı') });
  expect(lookedUp.out).toContain('Look-alike character at position 3');
  expect(await qd(['lookup', text])).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('Give the key on') as string,
  });
  expect(await state()).toMatchObject({ quarantinedAt: null });
});
