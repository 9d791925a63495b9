import { afterAll, beforeAll, expect, it } from 'vitest';
import { actingAs } from '../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../test/directory.ts';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { auditEvents, grants } from '../db/schema/index.ts';
import { giveRole } from '../features/roles/service/give.ts';
import { buildProgram, runProgram } from './program.ts';
import type { CliConsole } from './tools.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
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
  const ctx = testCtx(stores, { actor: { ...testCtx(stores).actor, kind: 'cli' } });
  const open = () => Promise.resolve({ ctx } as unknown as CliConsole);
  return { code: await runProgram(buildProgram({ io, open }), argv, io), out, err };
}

it('gives and takes roles from the command line, and shows what waits for a second person', async () => {
  const [root = '', ada = ''] = await addPeople(stores.db, [{ name: 'Root', roles: ['owner'] }, { name: 'Ada' }]);
  const given = await qd('users', 'role', 'ada@example.com', 'owner', '--platform', 'hashinsight');
  expect(given).toMatchObject({ code: 0, out: 'ada@example.com is owner on hashinsight.\n' });
  expect(await stores.db.select().from(grants)).toHaveLength(2);
  const taken = await qd(
    'users',
    'role',
    'ada@example.com',
    'owner',
    '--platform',
    'hashinsight',
    '--remove',
    '--json',
  );
  expect(JSON.parse(taken.out)).toMatchObject({ email: 'ada@example.com', removed: true });
  expect((await stores.db.select().from(auditEvents)).map((row) => [row.action, row.actorKind])).toEqual([
    ['roles.granted', 'cli'],
    ['roles.revoked', 'cli'],
  ]);
  expect(await qd('users', 'role', 'ada@example.com', 'emperor')).toMatchObject({
    code: 1,
    err: expect.stringContaining('role: name a role') as string,
  });
  expect(await qd('users', 'role', 'who@example.com', 'owner')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Nobody has the address') as string,
  });

  expect((await qd('approvals', 'list')).out).toBe('Nothing there.\n');
  const wish = { userId: ada, role: 'admin', platform: '*', reason: 'is needed', expiresAt: null };
  await giveRole(await actingAs(stores, root), wish);
  const table = await qd('approvals', 'list', '--state', 'open');
  expect(table.out).toContain('Make Ada (ada@example.com) Admin on all platforms.');
  expect(JSON.parse((await qd('approvals', 'list', '--json')).out)).toMatchObject([
    { kind: 'roles.grant', requestedBy: { name: 'Root' }, may: { approve: false } },
  ]);
  expect((await qd('approvals', 'list', '--state', 'lost')).err).toContain('state');
});
