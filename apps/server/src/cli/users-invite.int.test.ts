import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeHttpCall } from '../../test/fake-http-call.ts';
import { quickUsersDeps, testPassword } from '../../test/quick-users.ts';
import { openTestStores, systemActor, testCtx, type TestStores } from '../../test/stores.ts';
import { grants, notifications, users } from '../db/schema/index.ts';
import { acceptInvite } from '../features/users/service/invitations/accept.ts';
import { anonymous } from '../platform/request-context.ts';
import { buildProgram, runProgram } from './program.ts';
import type { CliConsole } from './tools.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

const deps = quickUsersDeps();
async function invite(email: string, more: string[] = [], canMail = false) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: () => Promise.resolve(''),
  };
  const ctx = testCtx(stores, { actor: { ...systemActor, kind: 'cli' } });
  const console_ = { ctx, services: { users: { ...deps, canMail } }, url: 'https://console.example' };
  // This command uses no other part of a console.
  const open = () => Promise.resolve(console_ as unknown as CliConsole);
  const argv = ['users', 'invite', email, '--name', 'Ada', '--role', 'owner', ...more];
  const code = await runProgram(buildProgram({ io, open }), argv, io);
  return { code, out, err };
}
const accept = (link: string) => {
  const input = { token: link.split('#')[1] ?? '', name: 'Ada', password: testPassword };
  return acceptInvite(testCtx(stores, { actor: anonymous('127.0.0.1') }), deps, input, fakeHttpCall());
};

describe('qd users invite', () => {
  it('prints a link that makes an owner, and a new one that ends the first', async () => {
    const first = JSON.parse((await invite('ada@example.com', ['--json'])).out) as { link: string };
    const second = JSON.parse((await invite('ADA@example.com', ['--json'])).out) as { link: string; again: boolean };
    expect(second.again).toBe(true);
    expect(second.link).toMatch(/^https:\/\/console\.example\/invite#[\w-]{43}$/);
    await expect(accept(first.link)).rejects.toMatchObject({ code: 'precondition' });
    await accept(second.link);
    expect(await stores.db.select().from(grants)).toMatchObject([{ role: 'owner', platform: '*' }]);
    expect(await invite('ada@example.com')).toMatchObject({
      code: 1,
      err: expect.stringContaining('already') as string,
    });
  });

  it('mails the link where there is a mail server, and does not print it', async () => {
    const { out } = await invite('bob@example.com', [], true);
    expect(out).toContain('The link was mailed.');
    expect(out).not.toContain('#');
    const mailed = await stores.db
      .select()
      .from(notifications)
      .where(eq(notifications.channel, 'email:bob@example.com'));
    expect(mailed).toMatchObject([{ body: { topic: 'users.invited' } }]);
    expect((await invite('cleo@example.com', ['--no-mail'], true)).out).toContain('/invite#');
  });

  it.each([
    ['an unknown role', ['--role', 'king'], 'role'],
    ['an unknown platform', ['--platform', 'nowhere'], 'platform'],
    ['a life of no length', ['--hours', 'x'], 'lifeMs'],
  ])('names %s', async (_name, more, field) => {
    const { code, err } = await invite('dan@example.com', more);
    expect(code).toBe(1);
    expect(err).toContain(field);
    expect(await stores.db.select().from(users).where(eq(users.email, 'dan@example.com'))).toEqual([]);
  });
});
