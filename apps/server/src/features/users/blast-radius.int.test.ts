import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { openTestStores, type TestStores } from '../../../test/stores.ts';
import { apiKeys, exclusions, invitations, notifications, sloOverrides, slos, users } from '../../db/schema/index.ts';
import { blastRadiusOf } from './service/directory/blast-radius.ts';
import { offboardPerson } from './service/directory/offboard.ts';

let stores: TestStores;
let here: StoredObjective;
let there: StoredObjective;
let gone: StoredObjective;
const ids: Record<string, string> = {};
const id = (name: string): string => ids[name] ?? '';
const as = (name: string) => actingAs(stores, id(name));
const after = (ms: number) => new Date(stores.clock.now().getTime() + ms);

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
  const cast = {
    Root: ['owner'],
    Local: ['admin@hashinsight'],
    Leaver: ['operator@hashinsight', 'operator@web3audit'],
    Deputy: ['operator@hashinsight'],
    Elsewhere: ['operator@web3audit'],
    Away: ['operator@hashinsight'],
    Guest: [],
  };
  const made = await addPeople(
    stores.db,
    Object.entries(cast).map(([name, roles]) => ({ name, roles })),
  );
  Object.keys(cast).forEach((name, i) => (ids[name] = made[i] ?? ''));
  await stores.db
    .update(users)
    .set({ state: 'suspended' })
    .where(eq(users.id, id('Away')));
  here = await addObjective(stores.db, { platform: 'hashinsight', slug: 'checkout' });
  there = await addObjective(stores.db, { platform: 'web3audit', slug: 'audits' });
  gone = await addObjective(stores.db, { platform: 'hashinsight', slug: 'retired' });
  await stores.db.update(slos).set({ archivedAt: stores.clock.now() }).where(eq(slos.id, gone.id));
  await exclude();
  await override();
  await invite();
});
afterAll(() => stores.close());

const byLeaver = () => ({ createdAt: stores.clock.now(), createdBy: 'leaver@example.com' });

async function exclude(): Promise<void> {
  const common = {
    platformId: 'hashinsight',
    sloId: null,
    category: 'maintenance' as const,
    durationMs: HOUR_MS,
    timeZone: 'UTC',
    updatedAt: stores.clock.now(),
    updatedBy: 'leaver@example.com',
    ...byLeaver(),
  };
  await stores.db.insert(exclusions).values([
    { ...common, id: 'exc_next', sloId: here.id, reason: 'Move of the database', startsAt: after(DAY_MS) },
    { ...common, id: 'exc_now', reason: 'Being repaired', startsAt: after(-HOUR_MS / 2) },
    { ...common, id: 'exc_weekly', reason: 'Sundays', startsAt: after(-9 * DAY_MS), rrule: 'FREQ=WEEKLY' },
    { ...common, id: 'exc_there', platformId: 'web3audit', reason: 'Theirs', startsAt: after(DAY_MS) },
    { ...common, id: 'exc_over', reason: 'Long over', startsAt: after(-DAY_MS) },
    { ...common, id: 'exc_back', reason: 'Taken back', startsAt: after(DAY_MS), withdrawnAt: stores.clock.now() },
    { ...common, id: 'exc_gone', sloId: gone.id, reason: 'Of a retired one', startsAt: after(DAY_MS) },
    { ...common, id: 'exc_other', reason: 'Of somebody else', startsAt: after(DAY_MS), createdBy: 'root@example.com' },
  ]);
}

async function override(): Promise<void> {
  await stores.db.insert(sloOverrides).values([
    { id: 'ovr_here', sloId: here.id, reason: 'The fix must go out', until: after(HOUR_MS), ...byLeaver() },
    { id: 'ovr_there', sloId: there.id, reason: 'Theirs', until: after(HOUR_MS), ...byLeaver() },
    { id: 'ovr_over', sloId: here.id, reason: 'Over', until: after(-1), ...byLeaver() },
  ]);
}

async function invite(): Promise<void> {
  const invitation = { userId: id('Guest'), role: 'operator', reason: 'joins', invitedBy: id('Leaver') };
  await stores.db.insert(invitations).values({
    id: 'inv_there',
    tokenHash: new Uint8Array(32).fill(7),
    platform: 'web3audit',
    createdAt: stores.clock.now(),
    expiresAt: after(DAY_MS),
    ...invitation,
  });
}

it('names what stays in force, for what, and when', async () => {
  const { leftBehind } = await blastRadiusOf(await as('Root'), id('Leaver'));
  const checkout = { id: here.id, name: expect.any(String) as string };
  const span = (at: Date) => ({ startsAt: at.getTime(), endsAt: at.getTime() + HOUR_MS });
  expect(leftBehind).toEqual([
    {
      kind: 'exclusion',
      id: 'exc_weekly',
      reason: 'Sundays',
      platform: 'hashinsight',
      slo: null,
      recurs: true,
      ...span(after(-9 * DAY_MS)),
    },
    {
      kind: 'exclusion',
      id: 'exc_now',
      reason: 'Being repaired',
      platform: 'hashinsight',
      slo: null,
      recurs: false,
      ...span(after(-HOUR_MS / 2)),
    },
    {
      kind: 'exclusion',
      id: 'exc_next',
      reason: 'Move of the database',
      platform: 'hashinsight',
      slo: checkout,
      recurs: false,
      ...span(after(DAY_MS)),
    },
    expect.objectContaining({ id: 'exc_there', platform: 'web3audit' }),
    {
      kind: 'override',
      id: 'ovr_here',
      reason: 'The fix must go out',
      platform: 'hashinsight',
      slo: checkout,
      until: after(HOUR_MS).getTime(),
    },
    expect.objectContaining({ id: 'ovr_there', platform: 'web3audit' }),
  ]);
});

it('tells an admin of one platform nothing of another', async () => {
  const radius = await blastRadiusOf(await as('Local'), id('Leaver'));
  expect(radius.leftBehind.map((one) => one.id)).toEqual(['exc_weekly', 'exc_now', 'exc_next', 'ovr_here']);
  expect(radius.invitations).toEqual([]);
  expect((await blastRadiusOf(await as('Root'), id('Leaver'))).invitations).toHaveLength(1);
  expect(JSON.stringify(radius)).not.toContain('Theirs');
});

it('lets a key go to any active person who may do what it does, and says which key and why when not', async () => {
  await stores.db.insert(apiKeys).values({
    id: 'leaverkey001',
    name: 'deploys',
    platform: 'hashinsight',
    environment: 'prod',
    pepperVersion: 1,
    ownerId: id('Leaver'),
    lineageId: 'leaverkey001',
    createdAt: stores.clock.now(),
    activatedAt: stores.clock.now(),
    hash: new Uint8Array(32).fill(9),
    scopes: ['changes:write'],
  });
  const root = await as('Root');
  const give = async (to: string) =>
    offboardPerson(root, {
      id: id('Leaver'),
      reason: 'asked for',
      keys: [{ keyId: 'leaverkey001', becomes: 'transfer', to: id(to) }],
    });
  const refusedFor = (why: string) => ({
    code: 'invalid',
    message: `Who takes over the key deploys ${why}.`,
    fields: [{ field: 'keys[0].to', message: why }],
  });
  await expect(give('Elsewhere')).rejects.toMatchObject(refusedFor('may not do what the key does: changes:write'));
  await expect(give('Away')).rejects.toMatchObject(refusedFor('must be somebody active who has a role here'));
  expect(await give('Deputy')).toMatchObject({ transferredKeys: 1, revokedKeys: 0 });
  const [key] = await stores.db.select().from(apiKeys).where(eq(apiKeys.id, 'leaverkey001'));
  expect(key).toMatchObject({ ownerId: id('Deputy'), revokedAt: null });
  const told = (await stores.db.select().from(notifications)).map((row) => `${row.channel} ${row.body.title}`);
  expect(told).toContain('email:deputy@example.com An API key now acts in your name');
});
