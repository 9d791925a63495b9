import { cancelRotationInput, extendRotationInput, listKeyRowsInput } from '@qd/shared/api-keys';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { endingDeps, keysOver, plantKey } from '../../../test/keys.ts';
import { rotate } from '../../../test/rotations.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, keyRotations } from '../../db/schema/index.ts';
import { ingest } from '../../platform/write.ts';
import { revokeKey } from './service/ending/revoke.ts';
import { listKeyRows } from './service/list/list.ts';
import { cancelRotation, closeRotation, extendRotation } from './service/rotation/change.ts';
import { finishRotations } from './service/rotation/finish.ts';
import { noteFirstUse } from './service/rotation/first-use.ts';

let stores: TestStores;
const from = { address: '198.51.100.7', agent: null, requestId: 'req_key' };
const reason = 'because of the test';

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const works = async (text: string | null) =>
  (await keysOver(stores, testCtx(stores)).verify(text ?? '', from)) !== null;

/** Ids the list shows, as a row or in the row of the key they replace. */
async function listed(): Promise<string[]> {
  const { rows } = await listKeyRows(testCtx(stores), listKeyRowsInput.parse({ limit: 100 }));
  return rows.flatMap(({ id, rotation }) => (rotation === null ? [id] : [id, rotation.successor.id]));
}

/** A key, its successor, and the successor of that, all at work. */
async function chain() {
  const ctx = testCtx(stores);
  const old = await plantKey(stores);
  const first = await rotate(ctx, old.id);
  const second = await rotate(ctx, first.newKeyId);
  return { ctx, old, first, second };
}

describe('a successor that is being rotated itself', () => {
  it('is not revoked by calling off the rotation before it', async () => {
    const { ctx, old, first, second } = await chain();
    const off = (keyId: string) =>
      cancelRotation(ctx, cancelRotationInput.parse({ keyId, reason, successorInUse: true }));
    await expect(off(old.id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(new RegExp(`${first.newKeyId}.*is being rotated itself.*call that rotation off`)),
    });
    expect([await works(old.text), await works(first.text), await works(second.text)]).toEqual([true, true, true]);
    await off(first.newKeyId);
    await off(old.id);
    expect([await works(old.text), await works(first.text), await works(second.text)]).toEqual([true, false, false]);
    expect(await listed()).toContain(old.id);
  });

  it('hides no key that works from the list, whatever is done to a chain', async () => {
    type Act = (of: Awaited<ReturnType<typeof chain>>) => Promise<unknown>;
    const revoke = (id: string) => revokeKey(testCtx(stores), endingDeps(), { key: id, reason });
    const acts: Record<string, Act> = {
      nothing: () => Promise.resolve(),
      'a third': ({ ctx, second }) => rotate(ctx, second.newKeyId),
      'old revoked': ({ old }) => revoke(old.id),
      'first revoked': ({ first }) => revoke(first.newKeyId),
      'second revoked': ({ second }) => revoke(second.newKeyId),
      'old closed': ({ ctx, old }) => closeRotation(ctx, { keyId: old.id, reason, typedName: 'Miner ingest' }),
      'first closed': ({ ctx, first }) =>
        closeRotation(ctx, { keyId: first.newKeyId, reason, typedName: 'Miner ingest' }),
      'second called off': ({ ctx, first }) =>
        cancelRotation(ctx, cancelRotationInput.parse({ keyId: first.newKeyId, reason })),
      'all over, not yet finished': () => Promise.resolve(stores.clock.advance(8 * DAY_MS)),
      'all over': async ({ ctx }) => {
        stores.clock.advance(8 * DAY_MS);
        await finishRotations(ctx);
      },
    };
    const hidden: Record<string, string[]> = {};
    for (const [name, act] of Object.entries(acts)) {
      await emptyPeople(stores);
      await act(await chain());
      const seen = await listed();
      const now = stores.clock.now();
      const live = (await stores.db.select().from(apiKeys)).filter(
        ({ revokedAt, endsAt, expiresAt }) =>
          revokedAt === null && (endsAt === null || endsAt > now) && (expiresAt === null || expiresAt > now),
      );
      hidden[name] = live.filter(({ id }) => !seen.includes(id)).map(({ id }) => id);
    }
    expect(hidden).toEqual(Object.fromEntries(Object.keys(acts).map((name) => [name, []])));
  });
});

describe('an extension', () => {
  const endOf = async (id: string) =>
    (await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0]?.endsAt?.getTime();

  it('holds, whether the new key is used for the first time before it or after', async () => {
    const ctx = testCtx(stores);
    const startedMs = stores.clock.now().getTime();
    const ends: (number | undefined)[] = [];
    for (const isUsedFirst of [true, false]) {
      stores.clock.set(new Date(startedMs));
      const old = await plantKey(stores);
      const { newKeyId } = await rotate(ctx, old.id, { graceHours: 24 });
      const use = () => ingest(ctx, (tx) => noteFirstUse(tx, newKeyId, stores.clock.now()));
      const extend = () => extendRotation(ctx, extendRotationInput.parse({ keyId: old.id, days: 3, reason }));
      stores.clock.set(new Date(startedMs + HOUR_MS));
      if (isUsedFirst) await use();
      const { endsAt } = await extend();
      if (!isUsedFirst) await use();
      expect(await endOf(old.id)).toBe(endsAt);
      ends.push(endsAt);
    }
    expect(ends).toEqual([startedMs + 10 * DAY_MS, startedMs + 10 * DAY_MS]);
    expect(await stores.db.select().from(keyRotations)).toMatchObject([{ graceEndsAt: null }, { graceEndsAt: null }]);
  });
});
