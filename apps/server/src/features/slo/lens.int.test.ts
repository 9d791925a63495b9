import { DAY_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { applyCounts } from './queries/ingest.ts';
import type { CountedMinute } from './queries/plan-counts.ts';
import { horizonMinute } from './queries/tiers.ts';
import { createSloRouter } from './router.ts';
import { createSloDeps } from './service/deps.ts';

const now = new Date('2026-05-20T12:30:10Z');
const nowM = minuteOf(now.getTime());
const anchorAt = new Date('2026-05-01T00:00:00Z');

let stores: TestStores;
let young: StoredObjective;
let grown: StoredObjective;

/** Nine good events in each of the last minutes. */
function calm(minutes: number): CountedMinute[] {
  return Array.from({ length: minutes }, (_, i) => ({ m: nowM - minutes + i, total: 9, bad: 0, observed: true }));
}

beforeAll(async () => {
  stores = await openTestStores();
  young = await addObjective(stores.db, { platform: 'new', slug: 'first-day', anchorAt });
  grown = await addObjective(stores.db, { platform: 'old', slug: 'second-day', anchorAt });
  const feeds = [
    { sliId: young.sliId, counts: calm(5) },
    { sliId: grown.sliId, counts: calm(DAY_MS / MINUTE_MS + 10) },
  ];
  await stores.db.transaction((tx) => applyCounts(tx, feeds, horizonMinute(now.getTime())));
});
afterAll(() => stores.close());

describe('the enlarged hour of a calm objective', () => {
  const callerOf = createCallerFactory(createSloRouter(createSloDeps({ openSource: () => null })));
  const draw = async ({ id }: StoredObjective) =>
    (await callerOf(testCtx(stores, { actor: actorWith('owner'), now })).page({ id })).burnDown;

  it('opens through the first day, with the events of each minute', async () => {
    const { lens } = await draw(young);
    expect(lens?.totalEvents.filter((events) => events !== null)).toEqual([9, 9, 9, 9, 9]);
  });

  it('stays closed from the second day on', async () => {
    expect((await draw(grown)).lens).toBeNull();
  });
});
