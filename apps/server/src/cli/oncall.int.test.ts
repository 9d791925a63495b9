import { afterAll, beforeAll, expect, it } from 'vitest';
import { addPeople, addPlatforms } from '../../test/directory.ts';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { auditEvents } from '../db/schema/index.ts';
import { buildProgram, runProgram } from './program.ts';
import type { CliConsole } from './tools.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['shop']);
  await addPeople(stores.db, [{ name: 'Ada', roles: ['operator'] }]);
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
  const now = new Date('2026-10-03T14:00:00Z');
  const ctx = testCtx(stores, { actor: { ...testCtx(stores).actor, kind: 'cli' }, now });
  const open = () => Promise.resolve({ ctx } as unknown as CliConsole);
  return { code: await runProgram(buildProgram({ io, open }), ['oncall', ...argv], io), out, err };
}

const slot = ['--platform', 'shop', '--person', 'Ada@example.com', '--to', '2026-10-03T22:00Z'];

it('puts somebody on call, says who is, and ends it', async () => {
  expect((await qd('now')).out).toMatch(/shop +- +- +- +- +-\n$/);
  expect((await qd('list')).out).toBe('Nothing there.\n');
  const added = await qd('add', ...slot, '--json');
  expect(added, added.err).toMatchObject({ code: 0 });
  const { id } = JSON.parse(added.out) as { id: string };
  expect((await qd('now')).out).toMatch(/shop +Ada +2026-10-03T22:00Z +- +- +-\n$/);
  expect((await qd('list', '--person', 'ada@example.com')).out).toMatch(/primary +Ada +2026-10-03T14:00Z.*running/);
  expect((await qd('add', ...slot)).err).toContain('Nothing was stored: Ada is primary');
  expect(await qd('end', id, '--reason', 'on leave')).toMatchObject({
    code: 0,
    out: 'Ada is no longer primary for shop.\n',
  });
  expect(await qd('end', id, '--reason', 'on leave')).toMatchObject({ code: 1 });
  const rows = await stores.db.select().from(auditEvents).orderBy(auditEvents.seq);
  expect(rows.map((row) => [row.action, row.actorKind])).toEqual([
    ['oncall.created', 'cli'],
    ['oncall.ended', 'cli'],
  ]);
});

it('takes a length instead of an end', async () => {
  const added = await qd('add', '--platform', 'shop', '--person', 'ada@example.com', '--for', '12h', '--json');
  expect(added, added.err).toMatchObject({ code: 0 });
  const { startsAt, endsAt, id } = JSON.parse(added.out) as { startsAt: number; endsAt: number; id: string };
  expect(endsAt - startsAt).toBe(12 * 3_600_000);
  expect(await qd('end', id, '--reason', 'tried out')).toMatchObject({ code: 0 });
});

it('says what does not fit, by its name', async () => {
  const short = ['--platform', 'shop', '--person', 'ada@example.com', '--to'];
  expect((await qd('add', ...short, 'tomorrow')).err).toContain('endsAt');
  expect((await qd('add', ...short, '2026-10-03T14:10Z')).err).toContain('endsAt: must be at least 15 minutes');
  expect((await qd('add', ...short, '2026-10-04T14:00Z', '--role', 'third')).err).toContain('role');
  expect((await qd('add', ...short.slice(0, -1))).err).toContain('Say how long with --for, or when it ends with --to.');
  expect((await qd('add', ...short, '2026-10-03T22:00Z', '--for', '8h')).err).toContain('Say how long with --for');
  expect((await qd('add', ...short.slice(0, -1), '--for', 'long')).code).toBe(1);
  const nobody = ['--platform', 'shop', '--person', 'nobody@example.com', '--to', '2026-10-03T22:00Z'];
  expect((await qd('add', ...nobody)).err).toContain('Nobody here has the address nobody@example.com.');
  expect((await qd('end', 'slo_1', '--reason', 'on leave')).err).toContain('names no slot');
  expect(await qd('end', 'ocs_nowhere', '--reason', 'on leave')).toMatchObject({ code: 1 });
  expect(await qd('end', 'ocs_nowhere')).toMatchObject({ code: 2 });
});
