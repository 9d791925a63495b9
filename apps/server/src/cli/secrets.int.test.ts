import { afterAll, beforeAll, expect, it } from 'vitest';
import { addPlatforms } from '../../test/directory.ts';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { auditEvents } from '../db/schema/index.ts';
import { buildProgram, runProgram } from './program.ts';
import type { CliConsole } from './tools.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['stellarescrow']);
});
afterAll(() => stores.close());

async function qd(...argv: string[]) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: () => Promise.resolve(''),
  };
  const now = new Date('2026-10-03T14:47:30Z');
  const ctx = testCtx(stores, { actor: { ...testCtx(stores).actor, kind: 'cli' }, now });
  const open = () => Promise.resolve({ ctx } as unknown as CliConsole);
  return { code: await runProgram(buildProgram({ io, open }), argv, io), out, err };
}

const entry = ['--platform', 'stellarescrow', '--cadence', 'quarterly'];

it('enters a secret, lists it as due, and records its rotation', async () => {
  expect((await qd('secrets', 'list')).out).toBe('Nothing there.\n');
  const added = await qd('secrets', 'add', 'ADMIN_KEYS', ...entry, '--rotated-at', '2026-07-01', '--json');
  expect(added.code).toBe(0);
  const { id } = JSON.parse(added.out) as { id: string };
  expect((await qd('secrets', 'list', '--state', 'overdue')).out).toMatch(
    /ADMIN_KEYS +overdue +2026-07-01 +2026-10-01 +-/,
  );
  expect(await qd('secrets', 'rotated', id, '--evidence', 'Ticket OPS-12', '--at', '2026-10-02')).toMatchObject({
    code: 0,
    out: 'The rotation of ADMIN_KEYS is recorded. It is due on 2027-01-01.\n',
  });
  const rows = await stores.db.select().from(auditEvents).orderBy(auditEvents.seq);
  expect(rows.map((row) => [row.action, row.actorKind])).toEqual([
    ['secrets.created', 'cli'],
    ['secrets.rotated', 'cli'],
  ]);
});

it('refuses values, dates that are none and evidence that is missing, and repeats no value', async () => {
  const value = 'q7Zp0Lw2Xv9Rk3TnB5';
  const refused = await qd('secrets', 'add', `REDIS_PASSWORD=${value}`, ...entry);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('never its value') as string });
  expect(refused.err + refused.out).not.toContain(value);
  expect(await qd('secrets', 'add', 'X', ...entry, '--rotated-at', 'yesterday')).toMatchObject({
    code: 1,
    err: expect.stringContaining('lastRotatedAt') as string,
  });
  expect(await qd('secrets', 'rotated', 'sec_1')).toMatchObject({ code: 2 });
});
