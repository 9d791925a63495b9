import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPeople, addPlatforms } from '../../test/directory.ts';
import { peopleOf } from '../../test/people.ts';
import { quickUsersDeps, testPassword } from '../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { auditEvents, totpFactors, users } from '../db/schema/index.ts';
import { buildProgram, runProgram } from './program.ts';
import type { CliConsole } from './tools.ts';

let stores: TestStores;
const deps = quickUsersDeps();
const people = peopleOf(() => stores, deps);

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
  await addPeople(stores.db, [
    { name: 'Ada Lovelace', roles: ['auditor'], lastSeenAt: new Date('2026-03-01T00:00:00Z') },
    { name: 'Bob Broker', accounts: ['broker@hashinsight'] },
  ]);
});
afterAll(() => stores.close());

async function qd(...argv: string[]) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: () => Promise.reject(new Error('no file is read')),
  };
  // These commands use no other part of a console.
  const open = () => Promise.resolve({ ctx: testCtx(stores), services: { users: deps } } as unknown as CliConsole);
  const code = await runProgram(buildProgram({ io, open }), ['users', ...argv], io);
  return { code, out, err };
}
const listed = async (...argv: string[]) => {
  const { out } = await qd('list', ...argv, '--json');
  return (JSON.parse(out) as { rows: { email: string }[] }).rows.map((row) => row.email);
};

describe('qd users list', () => {
  it.each<[string, string[], string[]]>([
    ['a text', ['--text', 'ada'], ['ada.lovelace@example.com']],
    ['a role', ['--role', 'auditor'], ['ada.lovelace@example.com']],
    ['a role on a platform', ['--platform', 'hashinsight', '--platform-role', 'broker'], ['bob.broker@example.com']],
    ['when they were seen', ['--seen-from', '2026-02-28', '--seen-to', '2026-03-02'], ['ada.lovelace@example.com']],
    ['a state', ['--state', 'suspended'], []],
  ])('filters by %s', async (_, argv, wanted) => {
    expect(await listed(...argv)).toEqual(wanted);
  });

  it('goes on where a page ends, and says how', async () => {
    const first = await qd('list', '--limit', '1', '--sort', 'email');
    expect(first.out).toContain('ada.lovelace@example.com');
    const [, marker = ''] = /--cursor (\S+)/.exec(first.out) ?? [];
    expect(await listed('--sort', 'email', '--cursor', marker)).toContain('bob.broker@example.com');
  });

  it.each([
    [['--state', 'asleep'], 'state'],
    [['--seen-from', 'lately'], 'seenFrom'],
    [['--limit', 'all'], 'limit'],
    [['--attention', 'much'], 'attention'],
  ])('names what is wrong with %j', async (argv, field) => {
    const { code, err } = await qd('list', ...argv);
    expect(code).not.toBe(0);
    expect(err).toContain(field);
  });
});

describe('qd users reset', () => {
  it('lets somebody in again: a new password, factors off, sessions over, and a record', async () => {
    const id = await people.add('locked', 'owner');
    const session = await people.as('locked');
    const at = stores.clock.now();
    await stores.db.insert(totpFactors).values({
      id: 'totp_locked',
      userId: id,
      label: 'lost phone',
      sealedSecret: new Uint8Array(8),
      createdAt: at,
      confirmedAt: at,
    });
    const { code, out } = await qd('reset', 'LOCKED@example.com');
    expect(code).toBe(0);
    const [, password = ''] = /Shown once: (\S+)/.exec(out) ?? [];
    const [row] = await stores.db.select().from(users).where(eq(users.id, id));
    expect(await deps.passwords.verify(row?.passwordHash ?? null, password)).toBe(true);
    expect(await stores.db.select().from(totpFactors).where(eq(totpFactors.userId, id))).toEqual([]);
    expect(await people.isSignedIn(session)).toBe(false);
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'users.reset'));
    expect(log).toMatchObject([{ targetId: id, details: { removedFactors: 1, endedSessions: 1 } }]);
    expect(JSON.stringify(log)).not.toContain(password);
  });

  it('leaves the password when only the factors are asked for', async () => {
    const id = await people.add('careful');
    const { out } = await qd('reset', 'careful@example.com', '--only', 'factors', '--json');
    expect(JSON.parse(out)).toMatchObject({ password: null, removedFactors: 0 });
    const [row] = await stores.db.select().from(users).where(eq(users.id, id));
    expect(await deps.passwords.verify(row?.passwordHash ?? null, testPassword)).toBe(true);
  });

  it('names who is unknown and what cannot be reset', async () => {
    const unknown = await qd('reset', 'nobody@example.com');
    expect(unknown.code).not.toBe(0);
    expect(unknown.err).toContain('nobody@example.com');
    expect((await qd('reset', 'locked@example.com', '--only', 'everything')).err).toContain('password or factors');
  });
});
