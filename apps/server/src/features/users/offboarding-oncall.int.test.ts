import { HOUR_MS } from '@qd/shared/time';
import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { openTestStores, type TestStores } from '../../../test/stores.ts';
import { auditEvents, oncallSlots, users } from '../../db/schema/index.ts';
import { blastRadiusOf } from './service/directory/blast-radius.ts';
import { offboardPerson } from './service/directory/offboard.ts';
import { suspendPerson } from './service/directory/state.ts';

let stores: TestStores;
const ids: Record<string, string> = {};
const id = (name: string): string => ids[name] ?? '';
const as = (name: string) => actingAs(stores, id(name));
const at = (hours: number) => new Date(stores.clock.now().getTime() + hours * HOUR_MS);
const reason = 'moved to another team';

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
  const cast = {
    Root: ['owner'],
    Local: ['admin@hashinsight'],
    Leaver: ['operator@hashinsight'],
    Deputy: ['operator'],
    Away: ['operator@hashinsight'],
  };
  const made = await addPeople(
    stores.db,
    Object.entries(cast).map(([name, roles]) => ({ name, roles })),
  );
  Object.keys(cast).forEach((name, i) => (ids[name] = made[i] ?? ''));
});
beforeEach(async () => {
  await stores.db.delete(oncallSlots);
});
afterAll(() => stores.close());

type Planned = [name: string, who: string, from: number, to: number, platform?: string, role?: 'primary' | 'secondary'];

async function plan(...slots: Planned[]): Promise<void> {
  await stores.db.insert(oncallSlots).values(
    slots.map(([name, who, from, to, platform = 'hashinsight', role = 'primary' as const]) => ({
      id: `ocs_${name}`,
      platformId: platform,
      userId: id(who),
      role,
      startsAt: at(from),
      endsAt: at(to),
      createdAt: stores.clock.now(),
    })),
  );
}

const told = () =>
  plan(
    ['over', 'Leaver', -20, -10],
    ['now', 'Leaver', -2, 6],
    ['covered', 'Leaver', 30, 40],
    ['deputy', 'Deputy', 20, 44, 'hashinsight', 'secondary'],
    ['there', 'Leaver', 50, 60, 'web3audit'],
  );

it('names what a leaver holds on call, where it runs, and where nobody else is', async () => {
  await told();
  const { onCall } = await blastRadiusOf(await as('Root'), id('Leaver'));
  const slot = { platform: 'hashinsight', platformName: 'The hashinsight', role: 'primary' };
  expect(onCall).toEqual({
    count: 3,
    slots: [
      {
        ...slot,
        id: 'ocs_now',
        startsAt: at(-2).getTime(),
        endsAt: at(6).getTime(),
        isRunning: true,
        leavesNobody: true,
      },
      {
        ...slot,
        id: 'ocs_covered',
        startsAt: at(30).getTime(),
        endsAt: at(40).getTime(),
        isRunning: false,
        leavesNobody: false,
      },
      expect.objectContaining({ id: 'ocs_there', platform: 'web3audit', leavesNobody: true }),
    ],
  });
});

it('tells an admin of one platform nothing of another', async () => {
  await told();
  const { onCall } = await blastRadiusOf(await as('Local'), id('Leaver'));
  expect(onCall.slots.map((slot) => slot.id)).toEqual(['ocs_now', 'ocs_covered']);
  expect(onCall.count).toBe(2);
});

it('names a hundred, and how many there are', async () => {
  const many = Array.from({ length: 101 }, (_, i): Planned => [`many_${i}`, 'Leaver', i, i + 1]);
  await plan(...many);
  const { onCall } = await blastRadiusOf(await as('Root'), id('Leaver'));
  expect([onCall.slots.length, onCall.count]).toEqual([100, 101]);
});

it('leaves slots with who is suspended', async () => {
  await plan(['away', 'Away', -1, 5]);
  const ctx = await as('Root');
  await suspendPerson(ctx, { id: id('Away'), reason });
  expect(ctx.hub.published).toContain('oncall');
  expect(await stores.db.select().from(oncallSlots)).toMatchObject([{ endedAt: null, version: 1 }]);
});

it('cuts the slot that runs, calls off those to come, and leaves the past and others alone', async () => {
  await told();
  const ctx = await as('Root');
  expect(await offboardPerson(ctx, { id: id('Leaver'), reason, keys: [] })).toMatchObject({ endedSlots: 3 });
  expect(ctx.hub.published).toContain('oncall');
  const rows = await stores.db.select().from(oncallSlots).orderBy(asc(oncallSlots.startsAt));
  const ended = { endedAt: stores.clock.now(), endedBy: id('Root'), endedReason: `Left: ${reason}`, version: 2 };
  expect(rows).toMatchObject([
    { id: 'ocs_over', endedAt: null },
    { id: 'ocs_now', startsAt: at(-2), endsAt: at(6), ...ended },
    { id: 'ocs_deputy', endedAt: null },
    { id: 'ocs_covered', ...ended },
    { id: 'ocs_there', ...ended },
  ]);
  const log = await stores.db.select().from(auditEvents).orderBy(asc(auditEvents.seq));
  expect(log.at(-1)).toMatchObject({ action: 'users.offboarded', details: { endedSlots: 3 } });
  const { slots } = (log.at(-1)?.after ?? {}) as { slots?: string[] };
  expect(slots?.toSorted()).toEqual(['ocs_covered', 'ocs_now', 'ocs_there']);
  const [leaver] = (await stores.db.select().from(users)).filter((row) => row.id === id('Leaver'));
  expect(leaver?.state).toBe('offboarded');
});
