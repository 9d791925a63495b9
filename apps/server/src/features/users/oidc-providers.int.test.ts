import type { SaveOidcProviderInput } from '@qd/shared/users';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { peopleOf, secretsOf } from '../../../test/people.ts';
import { quickUsersDeps } from '../../../test/quick-users.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeOidc, type FakeOidc } from '../../adapters/oidc/fake.ts';
import type { OidcClient } from '../../adapters/oidc/port.ts';
import { auditEvents, oidcIdentities, oidcProviders, users } from '../../db/schema/index.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { createUsersRouter } from './router.ts';
import { createImportsDeps } from './service/imports/deps.ts';
import { listProviders, removeProvider, saveProvider, signInProviders } from './service/oidc/providers.ts';

let stores: TestStores;
let fake: FakeOidc;
let checked: OidcClient[];
const origin = 'https://console.example';
const known = { issuer: 'https://id.example', clientId: 'quarterdeck' };
const deps = quickUsersDeps();
const people = peopleOf(() => stores, deps);
const oidcDeps = () => ({
  ...deps,
  oidc: {
    ...fake,
    check: (client: OidcClient) => {
      checked.push(client);
      return fake.check(client);
    },
  },
});

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  fake = createFakeOidc(known);
  checked = [];
  await emptyPeople(stores);
  for (const table of [oidcIdentities, oidcProviders]) await stores.db.delete(table);
  await people.add('root', 'owner');
});

const input = (change: Partial<SaveOidcProviderInput> = {}): SaveOidcProviderInput => ({
  id: null,
  version: 0,
  name: 'Example ID',
  ...known,
  clientSecret: 'the first secret',
  isEnabled: true,
  ...change,
});
const save = async (change: Partial<SaveOidcProviderInput> = {}) =>
  saveProvider(await people.as('root'), oidcDeps(), input(change), origin);
const list = async () => (await listProviders(testCtx(stores), origin)).providers;
const callerAs = async (name: string) =>
  createCallerFactory(createUsersRouter({ session: oidcDeps(), imports: createImportsDeps() }))({
    ...(await people.as(name)),
    http: fakeHttpCall(),
  });
/** Leaves the one owner nothing but the identity provider. */
async function onlyThrough(issuer: string): Promise<void> {
  const userId = (await people.as('root')).actor.id ?? '';
  await stores.db.insert(oidcIdentities).values({ issuer, subject: 'root', userId, linkedAt: stores.clock.now() });
  await stores.db.update(users).set({ passwordHash: null }).where(eq(users.id, userId));
}

describe('an identity provider', () => {
  it('is found before it is kept, and its secret is shown to nobody', async () => {
    const { id } = await save();
    expect(checked).toEqual([
      { ...known, clientSecret: 'the first secret', redirectUri: `${origin}/auth/oidc/callback` },
    ]);
    expect(await list()).toMatchObject([{ id, ...known, hasSecret: true, isEnabled: true, version: 1, people: 0 }]);
    expect(JSON.stringify(await list())).not.toContain('first secret');
    expect(await secretsOf(stores)).not.toContain('the first secret');
    expect(await signInProviders(testCtx(stores))).toEqual([{ id, name: 'Example ID' }]);
    expect((await stores.db.select().from(auditEvents)).at(-1)).toMatchObject({
      action: 'users.oidc_provider_saved',
      level: 'critical',
      details: { secretChanged: true },
      after: { issuer: known.issuer },
    });
  });

  it('that nobody finds, or that does not answer, is not kept', async () => {
    await expect(save({ issuer: 'https://nobody.example' })).rejects.toMatchObject({ fields: [{ field: 'issuer' }] });
    fake.setDown(true);
    await expect(save()).rejects.toMatchObject({ code: 'upstream' });
    expect(await list()).toEqual([]);
  });

  it('is there once', async () => {
    await save();
    await expect(save({ name: 'Again' })).rejects.toMatchObject({ code: 'conflict', fields: [{ field: 'clientId' }] });
  });

  it('keeps its secret through a change, and never sends it to another issuer', async () => {
    const { id } = await save();
    await save({ id, version: 1, name: 'Renamed', clientSecret: null });
    expect(checked.at(-1)).toMatchObject({ clientSecret: 'the first secret' });
    const elsewhere = { id, version: 2, issuer: 'https://evil.example', clientSecret: null };
    await expect(save(elsewhere)).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'clientSecret' }] });
    expect(checked.map((client) => client.issuer)).not.toContain('https://evil.example');
  });

  it('changed by two at once keeps the first change and tells the second', async () => {
    const { id } = await save();
    const both = [save({ id, version: 1, name: 'One' }), save({ id, version: 1, name: 'Two' })];
    const results = await Promise.allSettled(both);
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
    expect(results.find((r) => r.status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    await expect(removeProvider(testCtx(stores), { id, version: 1 })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('that goes takes its links along', async () => {
    const { id } = await save();
    const userId = await people.add('bob');
    const linkedAt = stores.clock.now();
    await stores.db.insert(oidcIdentities).values({ issuer: known.issuer, subject: 'bob', userId, linkedAt });
    expect(await list()).toMatchObject([{ people: 1 }]);
    expect(await removeProvider(testCtx(stores), { id, version: 1 })).toEqual({ unlinked: 1 });
    expect(await stores.db.select().from(oidcIdentities)).toEqual([]);
    await expect(removeProvider(testCtx(stores), { id, version: 1 })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the last owner', () => {
  const locked = { code: 'conflict', message: expect.stringContaining('No owner could sign in') as string };

  it('is not locked out by removing, switching off or moving the provider they come in by', async () => {
    const { id } = await save();
    await onlyThrough(known.issuer);
    const root = await people.as('root');
    await expect(removeProvider(root, { id, version: 1 })).rejects.toMatchObject(locked);
    await expect(save({ id, version: 1, isEnabled: false })).rejects.toMatchObject(locked);
    const elsewhere = { id, version: 1, issuer: 'https://gone.example', isEnabled: false };
    await expect(save(elsewhere)).rejects.toMatchObject(locked);
    expect(await stores.db.select().from(oidcIdentities)).toHaveLength(1);
    await save({ id, version: 1, name: 'Renamed' });
  });
});

describe('who may set providers up', () => {
  it('whoever holds users:policy, and nobody else', async () => {
    await people.add('ada', 'admin');
    for (const [name, role] of [
      ['sam', 'support'],
      ['col', 'commander'],
      ['aud', 'auditor'],
    ] as const) {
      await people.add(name, role);
      const caller = await callerAs(name);
      await expect(caller.oidcProviders()).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(caller.saveOidcProvider(input())).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(caller.removeOidcProvider({ id: 'idp_abcd', version: 1 })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    }
    const { id } = await (await callerAs('ada')).saveOidcProvider(input());
    expect((await (await callerAs('ada')).oidcProviders()).providers).toMatchObject([{ id }]);
  });
});
