import { DAY_MS } from '@qd/shared/time';
import { attentionOf, directoryListInput, type DirectoryRow } from '@qd/shared/users';
import { and } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { grants, invitations, totpFactors, users } from '../../db/schema/index.ts';
import { write } from '../../platform/write.ts';
import { conditions } from './queries/directory-filters.ts';
import { countPeople, listPeople } from './service/directory/list.ts';
import { getPerson, listSessions } from './service/directory/person.ts';

const now = new Date('2026-06-01T12:00:00Z');
const ago = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
let stores: TestStores;
const ids = new Map<string, string>();
const idOf = (name: string): string => ids.get(name) ?? '';

const cast = [
  { name: 'Ada Lovelace', roles: ['owner'], lastSeenAt: ago(1) },
  { name: 'Alan Turing', roles: ['admin'], lastSeenAt: ago(120) },
  { name: 'Grace Hopper', roles: ['support@hashinsight'], accounts: ['broker@hashinsight'], lastSeenAt: ago(2) },
  { name: 'Zoë Percent', email: '100%_real\\@example.com', accounts: ['client@hashinsight'] },
  { name: 'Élodie Durand', email: 'e.durand@other.example', roles: ['auditor@web3audit'], lastSeenAt: ago(3) },
  { name: 'Katherine Johnson', accounts: ['auditor@web3audit', 'client@hashinsight'], state: 'suspended' as const },
  { name: 'Wei Zhang', state: 'invited' as const },
  { name: 'Gone Person', state: 'offboarded' as const, lastSeenAt: ago(200) },
];

beforeAll(async () => {
  stores = await openTestStores();
  stores.clock.set(now);
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
  const added = await addPeople(stores.db, cast);
  cast.forEach((person, i) => ids.set(person.name, added[i] ?? ''));
  await stores.db.insert(invitations).values({
    id: 'inv_wei',
    userId: idOf('Wei Zhang'),
    tokenHash: new Uint8Array(32).fill(1),
    role: 'operator',
    platform: 'web3audit',
    reason: 'joins',
    invitedBy: idOf('Ada Lovelace'),
    createdAt: ago(1),
    expiresAt: new Date(now.getTime() + DAY_MS),
  });
  await stores.db.insert(grants).values({
    id: 'grt_ends',
    userId: idOf('Grace Hopper'),
    role: 'operator',
    platform: 'web3audit',
    reason: 'for a week',
    grantedBy: idOf('Ada Lovelace'),
    createdAt: ago(3),
    expiresAt: new Date(now.getTime() + 3 * DAY_MS),
  });
  await stores.db.insert(totpFactors).values({
    id: 'totp_alan',
    userId: idOf('Alan Turing'),
    label: 'phone',
    sealedSecret: new Uint8Array(8),
    createdAt: ago(9),
    confirmedAt: ago(9),
  });
});
afterAll(() => stores.close());

const ctxOf = (...actor: Parameters<typeof actorWith>) => testCtx(stores, { actor: actorWith(...actor) });
const find = async (given: object, ctx = ctxOf('admin')) => listPeople(ctx, directoryListInput.parse(given));
const names = async (...of: Parameters<typeof find>) => (await find(...of)).rows.map((row) => row.name);

/** Every page of a list in turn. */
async function walk(given: object, limit: number): Promise<DirectoryRow[]> {
  const rows: DirectoryRow[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await find({ ...given, limit, ...(cursor ? { cursor } : {}) });
    rows.push(...page.rows);
    cursor = page.nextCursor;
  } while (cursor !== null && rows.length < 100);
  return rows;
}

describe('finding people', () => {
  it.each<[string, object, string[]]>([
    ['part of a name', { text: 'lovel' }, ['Ada Lovelace']],
    ['words in any order', { text: 'TURING al' }, ['Alan Turing']],
    ['every word', { text: 'ada turing' }, []],
    ['part of an address', { text: 'other.example' }, ['Élodie Durand']],
    ['signs that mean something in patterns', { text: '100%_real\\' }, ['Zoë Percent']],
    ['a lone sign, taken as itself', { text: '_' }, ['Zoë Percent']],
    ['a name composed otherwise', { text: 'Zoe\u0308' }, ['Zoë Percent']],
    ['a role by its name', { text: 'auditor' }, ['Élodie Durand']],
    ['a role', { role: 'support' }, ['Grace Hopper']],
    ['a role where it is not', { role: 'support', platform: 'web3audit' }, []],
    ['a role on all platforms, for one of them', { role: 'owner', platform: 'web3audit' }, ['Ada Lovelace']],
    ['a role on a platform', { platformRole: 'client', sort: 'name' }, ['Katherine Johnson', 'Zoë Percent']],
    ['a role of that platform', { platformRole: 'auditor', platform: 'hashinsight' }, []],
    ['a state', { state: 'suspended' }, ['Katherine Johnson']],
    ['when they were seen', { seenFrom: ago(2.5).getTime(), seenTo: ago(1.5).getTime() }, ['Grace Hopper']],
    ['injection, as text', { text: "'; drop table users; --" }, []],
  ])('by %s', async (_, given, wanted) => {
    expect(await names(given)).toEqual(wanted);
  });

  it('puts addresses that begin with the text first', async () => {
    expect(await names({ text: 'e' })).toEqual(['Élodie Durand', ...(await names({ text: 'e' })).slice(1)]);
    expect((await names({ text: 'al' }))[0]).toBe('Alan Turing');
  });

  it.each(['name', 'email', 'lastSeen'])('goes through all pages by %s, each person once, and back', async (sort) => {
    const whole = (await walk({ sort }, 100)).map((row) => row.id);
    expect(new Set(whole)).toEqual(new Set(ids.values()));
    for (const limit of [1, 3]) expect((await walk({ sort }, limit)).map((row) => row.id)).toEqual(whole);
    const reversed = (await walk({ sort, reverse: true }, 2)).map((row) => row.id);
    expect(reversed).toEqual(whole.toReversed());
  });

  it('shows who was seen last first, and who never was at the end', async () => {
    const seen = (await walk({ sort: 'lastSeen' }, 3)).map((row) => row.lastSeenAt);
    const known = seen.filter((at) => at !== null);
    expect(seen.slice(0, known.length)).toEqual(known.toSorted((a, b) => b - a));
    expect(seen.slice(known.length).every((at) => at === null)).toBe(true);
  });

  it.each([
    'AAAA',
    'W10',
    Buffer.from('[0,"a\\u0000","b"]').toString('base64url'),
    Buffer.from('[7,null,"x"]').toString('base64url'),
  ])('refuses the foreign marker %s', async (cursor) => {
    await expect(find({ cursor })).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'cursor' }] });
  });
});

describe('what needs a look', () => {
  it('says the same of each person as of all', async () => {
    const everybody = await walk({}, 100);
    for (const kind of ['owner_without_second_factor', 'idle', 'invitation_ends', 'grant_ends'] as const) {
      const marked = everybody.filter((row) => row.attention.includes(kind)).map((row) => row.name);
      expect([kind, await names({ attention: kind })]).toEqual([kind, marked]);
    }
    const any = everybody.filter((row) => row.attention.length > 0).map((row) => row.name);
    expect(await names({ attention: 'any' })).toEqual(any);
    expect(any).toEqual(expect.arrayContaining(['Ada Lovelace', 'Alan Turing', 'Grace Hopper', 'Wei Zhang']));
  });

  it('is counted, as is everybody', async () => {
    expect(await countPeople(ctxOf('admin'))).toEqual({
      people: 7,
      byState: { invited: 1, active: 5, suspended: 1, offboarded: 1 },
      attention: 4,
      byAttention: { owner_without_second_factor: 1, idle: 1, invitation_ends: 1, grant_ends: 1 },
    });
    expect(
      attentionOf(
        { state: 'active', createdAt: 0, lastSeenAt: null, grants: [], hasSecondFactor: false, invitationEndsAt: null },
        now.getTime(),
      ),
    ).toEqual([]);
  });
});

describe('readers of one platform', () => {
  const local = () => ctxOf('support', 'web3audit');

  it('see whoever has a role, an account or an invitation there, and nobody else', async () => {
    expect(new Set(await names({}, local()))).toEqual(
      new Set(['Ada Lovelace', 'Alan Turing', 'Élodie Durand', 'Grace Hopper', 'Katherine Johnson', 'Wei Zhang']),
    );
    expect((await countPeople(local())).people).toBe(6);
    expect(await names({ platform: 'hashinsight', platformRole: 'client' }, local())).toEqual(['Katherine Johnson']);
  });

  it.each([[['web3audit']], [['hashinsight']], [['hashinsight', 'web3audit']], [[]]])(
    'are the same on %j, asked one by one or as a set',
    async (scope) => {
      const found = (isWhole: boolean) =>
        stores.db
          .select({ name: users.name })
          .from(users)
          .where(and(...conditions({ filters: {}, scope, now, isWhole })))
          .orderBy(users.id);
      expect(await found(true)).toEqual(await found(false));
      expect((await found(true)).length > 0).toBe(scope.length > 0);
    },
  );

  it('see of others only what is there', async () => {
    const [katherine] = (await find({ text: 'katherine' }, local())).rows;
    expect(katherine?.memberships.map((account) => account.platform)).toEqual(['web3audit']);
    const grace = await getPerson(local(), idOf('Grace Hopper'));
    expect(grace.grants.map((grant) => grant.role)).toEqual(['operator']);
    expect(grace.memberships).toEqual([]);
  });

  it('are told of nobody else, whether they exist or not', async () => {
    for (const id of [idOf('Zoë Percent'), 'usr_nobody']) {
      await expect(getPerson(local(), id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(listSessions(local(), id)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('see nobody when they may see no platform', async () => {
    expect(await names({}, testCtx(stores, { actor: { ...actorWith('operator'), grants: [] } }))).toEqual([]);
  });
});

describe('one person', () => {
  it('is shown whole', async () => {
    const wei = await getPerson(ctxOf('admin'), idOf('Wei Zhang'));
    expect(wei).toMatchObject({
      state: 'invited',
      version: 1,
      signIn: { password: false, oidc: false, factors: [] },
      invitation: { title: 'Operator', platform: 'web3audit', invitedBy: { name: 'Ada Lovelace' } },
      attention: ['invitation_ends'],
    });
    const grace = await getPerson(ctxOf('admin'), idOf('Grace Hopper'));
    expect(grace.grants).toMatchObject([
      { role: 'operator', isBuiltIn: true, reason: 'for a week', grantedBy: { name: 'Ada Lovelace' } },
      { role: 'support', grantedBy: null, expiresAt: null },
    ]);
    expect(grace.memberships).toMatchObject([{ title: 'Broker', platformName: 'The hashinsight', state: 'active' }]);
    expect((await getPerson(ctxOf('admin'), idOf('Alan Turing'))).signIn.factors).toEqual(['totp']);
  });

  it('shows their acts to who may read the log, and sign-ins to everybody', async () => {
    const grace = { ...actorWith('support'), id: idOf('Grace Hopper') };
    const record = (action: `${string}.${string}`, category: string) =>
      write(testCtx(stores, { actor: grace }), async (_tx, note) => note({ action, category }));
    await record('slo.created', 'slo');
    await record('users.signed_in', 'authentication');
    const actions = async (role: 'admin' | 'support') =>
      (await getPerson(ctxOf(role), idOf('Grace Hopper'))).recent.map((act) => act.action);
    expect(await actions('admin')).toEqual(['users.signed_in', 'slo.created']);
    expect(await actions('support')).toEqual(['users.signed_in']);
  });
});
