import { coverageGaps, horizon, onCallAt } from '@qd/shared/oncall';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { oncallSlots, users } from '../../db/schema/index.ts';
import { ingest } from '../../platform/write.ts';
import { forgetSlots, tellSlots } from './demo-oncall/tell.ts';
import { demoDirectoryRows } from './demo-people.ts';

const PLATFORMS = ['hashinsight', 'web3audit', 'stellarescrow'];
const WEDNESDAY = new Date('2026-05-20T12:00:00Z');

let stores: TestStores;
let ctx: TestCtx;
beforeAll(async () => {
  stores = await openTestStores();
  ctx = testCtx(stores, { now: WEDNESDAY });
  await addPlatforms(stores.db, PLATFORMS);
  await stores.db.insert(users).values(demoDirectoryRows(PLATFORMS, WEDNESDAY).users);
});
afterAll(() => stores.close());

const slots = async (platform?: string) =>
  (await stores.db.select().from(oncallSlots).orderBy(oncallSlots.startsAt))
    .filter((row) => platform === undefined || row.platformId === platform)
    .map((row) => ({ ...row, startsAt: row.startsAt.getTime(), endsAt: row.endsAt.getTime() }));
const gapsOf = async (platform: string) => coverageGaps(horizon(ctx.now().getTime()), await slots(platform));

it('puts people on call around now, marked as demo, with a gap to be seen on one platform alone', async () => {
  await tellSlots(ctx, PLATFORMS);
  const all = await slots();
  expect(all.every((slot) => slot.isDemo)).toBe(true);
  for (const platform of PLATFORMS) {
    expect(onCallAt(await slots(platform), 'primary', WEDNESDAY.getTime())).not.toBeNull();
  }
  expect(await gapsOf('hashinsight')).toEqual([]);
  expect(await gapsOf('web3audit')).toEqual([]);
  const gaps = await gapsOf('stellarescrow');
  expect(gaps.map(({ startsAt, endsAt }) => [new Date(startsAt).toUTCString(), endsAt - startsAt])).toEqual([
    ['Sat, 23 May 2026 09:00:00 GMT', DAY_MS],
    ['Sat, 30 May 2026 09:00:00 GMT', DAY_MS],
  ]);
});

it('goes on as time does, and leaves alone what people did meanwhile', async () => {
  const before = await slots();
  const next = before.find((slot) => slot.platformId === 'web3audit' && slot.startsAt > WEDNESDAY.getTime());
  await stores.db
    .update(oncallSlots)
    .set({ endedAt: WEDNESDAY, endedReason: 'swapped' })
    .where(eq(oncallSlots.id, next?.id ?? ''));
  await tellSlots(ctx, PLATFORMS);
  expect(await slots()).toHaveLength(before.length);
  await stores.db.update(users).set({ state: 'offboarded' }).where(eq(users.id, 'usr_demo_adaeze_bello'));
  await stores.db.insert(oncallSlots).values({
    id: 'ocs_own',
    platformId: 'hashinsight',
    userId: 'usr_demo_clara_weber',
    role: 'primary',
    startsAt: new Date(WEDNESDAY.getTime() + 21 * DAY_MS),
    endsAt: new Date(WEDNESDAY.getTime() + 21 * DAY_MS + HOUR_MS),
    createdAt: WEDNESDAY,
  });
  ctx.clock.advance(7 * DAY_MS);
  await tellSlots(ctx, PLATFORMS);
  const added = (await slots()).filter((slot) => !before.some(({ id }) => id === slot.id) && slot.isDemo);
  expect(added.map(({ platformId, role }) => `${platformId} ${role}`).toSorted()).toEqual([
    'hashinsight secondary',
    'stellarescrow primary',
    'stellarescrow secondary',
    'web3audit primary',
  ]);
});

it('goes with the demo, but for what people entered', async () => {
  await ingest(ctx, forgetSlots);
  expect((await slots()).map(({ id }) => id)).toEqual(['ocs_own']);
});
