import type { BuiltInRole } from '@qd/shared/permissions';
import { directoryListInput } from '@qd/shared/users';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { quickUsersDeps, testPassword } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, users } from '../../db/schema/index.ts';
import { anonymous } from '../../platform/request-context.ts';
import { lookupSession } from '../../platform/session.ts';
import { listPeople } from './service/directory/list.ts';
import { personIdOf } from './service/directory/reset.ts';
import { reinstatePerson, suspendPerson } from './service/directory/state.ts';
import { createUser, setPassword } from './service/people.ts';
import { signIn } from './service/sign-in.ts';

let stores: TestStores;
const deps = quickUsersDeps();
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const person = (name: string, role: BuiltInRole | null = null, platform = '*') => ({
  name,
  email: `${name.toLowerCase()}@example.com`,
  password: testPassword,
  role,
  platform,
});
const add = (...input: Parameters<typeof person>) => createUser(testCtx(stores), deps, person(...input));
const suspend = async (ctx: TestCtx, { email, reason }: { email: string; reason: string }) =>
  suspendPerson(ctx, { id: await personIdOf(stores, email), reason });
const list = (given: object) => listPeople(testCtx(stores), directoryListInput.parse(given));
/** A signed-in person as the session would give them. */
async function as(name: string) {
  const http = fakeHttpCall();
  await signIn(
    testCtx(stores, { actor: anonymous('127.0.0.1') }),
    deps,
    { email: `${name}@example.com`, password: testPassword },
    http,
  );
  const found = await lookupSession(testCtx(stores), http.cookie ?? '');
  return testCtx(stores, found ? { actor: found.actor } : {});
}
const refusedWith = (code: string) => ({ name: 'DomainError', code });

describe('people', () => {
  it('are made with a role, listed by address and found by part of their name', async () => {
    for (const name of ['Cleo', 'Ada', 'Bob']) await add(name, name === 'Ada' ? 'auditor' : null);
    const first = await list({ limit: 2 });
    expect(first.rows.map((u) => u.email)).toEqual(['ada@example.com', 'bob@example.com']);
    expect(first.rows[0]).toMatchObject({
      grants: [{ role: 'auditor', title: 'Auditor', platform: '*' }],
      state: 'active',
    });
    const second = await list({ limit: 2, cursor: first.nextCursor ?? undefined });
    expect(second).toMatchObject({ rows: [{ name: 'Cleo' }], nextCursor: null });
    expect((await list({ limit: 9, text: 'CLE' })).rows.map((u) => u.name)).toEqual(['Cleo']);
    expect((await list({ limit: 9, text: '%' })).rows).toEqual([]);
  });

  it('have one address each, whatever its case, even when added at once', async () => {
    const twins = Array.from({ length: 5 }, (_, i) =>
      createUser(testCtx(stores), deps, { ...person('Ada'), email: i % 2 ? 'ADA@example.com' : 'ada@example.com' }),
    );
    const results = await Promise.allSettled(twins);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect(await stores.db.select().from(users)).toHaveLength(1);
    await expect(add('Ada')).rejects.toMatchObject(refusedWith('conflict'));
  });

  it('leave a record of every change, with what it was before', async () => {
    await add('Ada');
    await suspend(testCtx(stores), { email: 'ada@example.com', reason: 'left' });
    await reinstatePerson(testCtx(stores), { id: await personIdOf(stores, 'ada@example.com'), reason: 'back' });
    await setPassword(testCtx(stores), deps, { email: 'ada@example.com', password: 'a new long password' });
    const log = await stores.db.select().from(auditEvents);
    expect(log.map((r) => r.action.replace('users.', ''))).toEqual([
      'created',
      'suspended',
      'reinstated',
      'password_set',
    ]);
    expect(log[1]).toMatchObject({ before: { state: 'active' }, after: { state: 'suspended' } });
    expect(JSON.stringify(log)).not.toMatch(/argon2id|long password/);
  });

  it('are named when unknown', async () => {
    await expect(suspend(testCtx(stores), { email: 'nobody@example.com', reason: 'x' })).rejects.toMatchObject({
      ...refusedWith('not_found'),
      fields: [{ field: 'email' }],
    });
  });
});

describe('the more powerful', () => {
  it('are not touched by who may do less', async () => {
    await add('Root', 'owner');
    await add('Boss', 'admin');
    await add('Local', 'admin', 'hashinsight');
    const boss = await as('boss');
    const local = await as('local');
    const forbidden = [
      () => suspend(boss, { email: 'root@example.com', reason: 'x' }),
      () => setPassword(boss, deps, { email: 'root@example.com', password: 'taken over by boss' }),
      () => createUser(boss, deps, person('Second', 'owner')),
      () => suspend(local, { email: 'boss@example.com', reason: 'x' }),
    ];
    for (const attempt of forbidden) await expect(attempt()).rejects.toMatchObject(refusedWith('forbidden'));
  });

  it('cannot be suspended when they are the last owner', async () => {
    await add('Root', 'owner');
    await expect(suspend(testCtx(stores), { email: 'root@example.com', reason: 'x' })).rejects.toMatchObject(
      refusedWith('conflict'),
    );
  });
});
