import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStores, systemActor, testCtx, type TestStores } from '../../test/stores.ts';
import { createFileKeeping } from '../adapters/audit-keeping/file.ts';
import { notifications, users } from '../db/schema/index.ts';
import { archiveAudit } from '../features/audit/keeping/archive.ts';
import { signChain } from '../features/audit/keeping/checkpoints.ts';
import { createImportsDeps } from '../features/users/service/imports/deps.ts';
import { createSealing } from '../platform/sealing.ts';
import { isFileVerification } from './audit.ts';
import { packFile } from './packed-file.ts';
import { buildProgram, runProgram } from './program.ts';
import type { CliConsole } from './tools.ts';

let stores: TestStores;
let folder: string;
let services: { imports: ReturnType<typeof createImportsDeps>; audit: Parameters<typeof signChain>[1] };

beforeAll(async () => {
  stores = await openTestStores();
  folder = await mkdtemp(join(tmpdir(), 'qd-files-'));
  const sealing = createSealing('a password of at least 32 characters');
  services = { imports: createImportsDeps({ sealing }), audit: { keeping: createFileKeeping(folder), sealing } };
});
afterAll(async () => {
  await stores.close();
  await rm(folder, { recursive: true, force: true });
});

async function qd(argv: string[], files: Record<string, string> = {}) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: (path: string) => Promise.resolve(files[path] ?? ''),
  };
  const ctx = testCtx(stores, { actor: { ...systemActor, kind: 'cli' } });
  // These commands use no other part of a console.
  const open = () => Promise.resolve({ ctx, services } as unknown as CliConsole);
  const code = await runProgram(buildProgram({ io, open }), argv, io);
  return { code, out, err };
}

describe('qd users import', () => {
  const good = packFile(Buffer.from('email;name\nada@example.test;Ada\n', 'utf16le'));
  const mixed = packFile(Buffer.from('email,name\neve@example.test,Eve\nnobody,N\n'));

  it('checks a file in any encoding and changes nobody, then commits it', async () => {
    expect(await qd(['users', 'import', 'a.csv'], { 'a.csv': good })).toMatchObject({ code: 0, err: '' });
    const done = await qd(['users', 'import', 'a.csv', '--commit', 'all', '--json'], { 'a.csv': good });
    expect(JSON.parse(done.out)).toMatchObject({ import: { state: 'committed', createCount: 1 }, wrong: [] });
    const again = await qd(['users', 'import', 'a.csv'], { 'a.csv': good });
    expect(again.out).toContain('0 new, 0 changed, 1 as they are, 0 wrong');
  });

  it('names wrong rows, and leaves them out only when told to', async () => {
    const refused = await qd(['users', 'import', 'm.csv', '--commit', 'all'], { 'm.csv': mixed });
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.out).toContain('line 3 nobody: email');
    expect(refused.err).toContain('nobody was changed');
    const valid = await qd(['users', 'import', 'm.csv', '--commit', 'valid'], { 'm.csv': mixed });
    expect(valid).toMatchObject({ code: 0 });
    expect(valid.out).toContain('Imported 2 rows');
    expect((await qd(['users', 'import', 'm.csv', '--commit', 'some'], { 'm.csv': mixed })).code).toBe(1);
  });
});

describe('qd users import --invite', () => {
  const file = packFile(Buffer.from('email,name\nnew1@example.test,One\nnew2@example.test,Two\n'));
  const mails = async () =>
    (await stores.db.select().from(notifications)).map((row) => `${row.channel} ${row.body.topic}`);

  it('says how many mails would go out, and sends them with the commit', async () => {
    const dry = await qd(['users', 'import', 'n.csv', '--invite'], { 'n.csv': file });
    expect(dry.out).toContain('With --commit, 2 invitations would go out by mail.');
    expect(await mails()).toEqual([]);
    const done = await qd(['users', 'import', 'n.csv', '--commit', 'all', '--invite'], { 'n.csv': file });
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('2 invitations on the way by mail.') });
    expect((await mails()).toSorted()).toEqual([
      'email:new1@example.test users.invited',
      'email:new2@example.test users.invited',
    ]);
  });

  it('changes nobody where there is no mail server', async () => {
    const bytes = packFile(Buffer.from('email,name\nnew3@example.test,Three\n'));
    const { imports } = services;
    services.imports = createImportsDeps();
    const refused = await qd(['users', 'import', 'n.csv', '--commit', 'all', '--invite'], { 'n.csv': bytes });
    services.imports = imports;
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('No mail server is configured') });
    expect(await stores.db.select().from(users).where(eq(users.emailKey, 'new3@example.test'))).toEqual([]);
  });
});

describe('qd audit verify FILE', () => {
  it('proves an archive with nothing but the key and the checkpoints, and finds what was done to it', async () => {
    stores.clock.advance(60_000);
    const ctx = testCtx(stores);
    await signChain(ctx, services.audit);
    const { segments } = await archiveAudit(ctx, services.audit, { before: stores.clock.now().getTime() + 1 });
    const archive = join(folder, 'archive', segments[0]?.place ?? '');
    const key = (await readFile(join(folder, 'key.pub'), 'utf8')).trim();
    const proof = ['--key', key, '--checkpoints', folder];
    expect(await qd(['audit', 'verify', archive, ...proof])).toMatchObject({ code: 0 });

    let text = '';
    for await (const line of services.audit.keeping.readArchive(segments[0]?.place ?? '')) text += `${line}\n`;
    const spoilt = async (change: (lines: string[]) => string[]) => {
      const path = join(folder, 'spoilt.jsonl');
      await writeFile(path, change(text.split('\n').slice(0, -1)).join('\n'));
      return path;
    };
    const cut = await spoilt((lines) => lines.slice(0, -1));
    expect((await qd(['audit', 'verify', cut, ...proof])).out).toContain('rows were cut off');
    expect(await qd(['audit', 'verify', cut, ...proof, '--partial'])).toMatchObject({ code: 0 });
    const forged = await spoilt((lines) => lines.map((line) => line.replace('users.imported', 'users.deleted')));
    expect((await qd(['audit', 'verify', forged])).out).toContain('was changed after it was written');
    const thinned = await spoilt((lines) => lines.filter((_, i) => i !== 1));
    expect((await qd(['audit', 'verify', thinned])).out).toContain('Row 2 is missing');
    expect((await qd(['audit', 'verify', thinned, '--partial'])).out).toContain('1 gaps in between');
    const nonsense = await spoilt(() => ['{"seq":1}', 'x']);
    expect((await qd(['audit', 'verify', nonsense])).out).toContain('Line 1 is not a row');
    expect(await qd(['audit', 'verify', cut, '--checkpoints', folder])).toMatchObject({ code: 1 });
    expect(await qd(['audit', 'verify', join(folder, 'none.jsonl')])).toMatchObject({ code: 1 });
  });

  it('is told from verifying the console', () => {
    expect(isFileVerification(['audit', 'verify', 'x.jsonl'])).toBe(true);
    expect(isFileVerification(['audit', 'verify', '--json'])).toBe(false);
    expect(isFileVerification(['audit', 'list'])).toBe(false);
  });
});
