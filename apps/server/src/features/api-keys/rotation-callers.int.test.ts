import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { plantKey } from '../../../test/keys.ts';
import { addCalls, addConsumer, rotate } from '../../../test/rotations.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { keyUsage } from '../../db/schema/index.ts';
import { movedConsumers } from './service/list/moved.ts';
import { rotationCalls } from './service/rotation/callers.ts';
import { verdictOf } from './service/rotation/change.ts';

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

async function rotating(): Promise<{ oldKeyId: string; newKeyId: string; lineageId: string }> {
  const { id } = await plantKey(stores);
  const { newKeyId } = await rotate(testCtx(stores), id);
  return { oldKeyId: id, newKeyId, lineageId: id };
}

async function verdict(pair: Awaited<ReturnType<typeof rotating>>) {
  const now = stores.clock.now();
  const calls = await rotationCalls(stores.db, { ...pair, now });
  return { verdict: verdictOf(calls, now), moved: (await movedConsumers(stores.db, [pair], now)).get(pair.oldKeyId) };
}

/** So many callers of one key, a minute apart from each other at most, the latest so long ago. */
async function addCrowd(keyId: string, of: { size: number; agoMs: number; outcome?: string }): Promise<void> {
  const nowMs = stores.clock.now().getTime();
  const rows = Array.from({ length: of.size }, (_, i) => {
    const lastAt = new Date(nowMs - of.agoMs - i);
    const address = `198.18.${Math.floor(i / 250)}.${i % 250}`;
    return { keyId, startsAt: lastAt, spanMs: 600_000, address, agent: 'crowd/1', outcome: of.outcome ?? 'ok', lastAt };
  });
  await stores.db.insert(keyUsage).values(rows.map((row) => ({ ...row, count: 1 })));
}

describe('whether an old key may be closed', () => {
  it('is no while it is used, however many call with its successor', async () => {
    const pair = await rotating();
    await addConsumer(stores, pair.lineageId, 'crowd', { ranges: ['198.18.0.0/16'] });
    await addCrowd(pair.newKeyId, { size: 600, agoMs: MINUTE_MS });
    await addCalls(stores, pair.oldKeyId, { address: '203.0.113.7', agoMs: 2 * HOUR_MS });
    expect((await verdict(pair)).verdict).toMatchObject({ isSafe: false, unknownCallers: 1 });
  });

  it('is no while more call with it than are counted', async () => {
    const pair = await rotating();
    await addConsumer(stores, pair.lineageId, 'crowd', { ranges: ['198.18.0.0/16'] });
    await addCrowd(pair.newKeyId, { size: 500, agoMs: MINUTE_MS });
    await addCrowd(pair.oldKeyId, { size: 500, agoMs: HOUR_MS });
    await addCalls(stores, pair.oldKeyId, { address: '203.0.113.7', agoMs: 3 * HOUR_MS });
    expect((await verdict(pair)).verdict).toMatchObject({ isSafe: false, stillOld: [], unknownCallers: 1 });
  });

  it('is no while a consumer has moved in one place only', async () => {
    const pair = await rotating();
    await addConsumer(stores, pair.lineageId, 'edge', { ranges: ['203.0.113.0/28'] });
    await addCalls(stores, pair.oldKeyId, { address: '203.0.113.7', agoMs: 3 * HOUR_MS });
    await addCalls(stores, pair.newKeyId, { address: '203.0.113.8' });
    expect(await verdict(pair)).toMatchObject({ verdict: { isSafe: false, stillOld: ['edge'] }, moved: 0 });
    await addCalls(stores, pair.newKeyId, { address: '203.0.113.7', agoMs: MINUTE_MS });
    expect(await verdict(pair)).toEqual({ verdict: { isSafe: true, because: 'all_moved' }, moved: 1 });
  });

  it('counts only calls that were let in', async () => {
    const pair = await rotating();
    await addConsumer(stores, pair.lineageId, 'edge', { ranges: ['203.0.113.7/32'] });
    await addCalls(stores, pair.oldKeyId, { address: '203.0.113.7', agoMs: HOUR_MS });
    await addCalls(stores, pair.newKeyId, { address: '203.0.113.7', outcome: 'ip' });
    expect(await verdict(pair)).toMatchObject({ verdict: { isSafe: false, stillOld: ['edge'] }, moved: 0 });
    stores.clock.advance(DAY_MS);
    await addCalls(stores, pair.oldKeyId, { address: '192.0.2.9', outcome: 'ip' });
    expect((await verdict(pair)).verdict).toEqual({ isSafe: true, because: 'silent' });
  });

  it('does not let refused callers push out who is let in', async () => {
    const pair = await rotating();
    await addConsumer(stores, pair.lineageId, 'edge', { ranges: ['203.0.113.7/32'] });
    await addCalls(stores, pair.oldKeyId, { address: '192.0.2.9', agoMs: 5 * HOUR_MS });
    await addCalls(stores, pair.newKeyId, { address: '203.0.113.7' });
    await addCrowd(pair.oldKeyId, { size: 600, agoMs: MINUTE_MS, outcome: 'ip' });
    expect((await verdict(pair)).verdict).toMatchObject({ isSafe: false, unknownCallers: 1 });
  });
});
