import { DAY_MS } from '@qd/shared/time';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { keysOver, plantKey } from '../../../test/keys.ts';
import { rotate } from '../../../test/rotations.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyRotations } from '../../db/schema/index.ts';
import { offboardPerson } from './service/directory/offboard.ts';

let stores: TestStores;
let ids: Record<'admin' | 'leaver' | 'taker' | 'other', string>;
const from = { address: '198.51.100.7', agent: null, requestId: 'req_key' };
const reason = 'moved to another team';

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  const [admin = '', leaver = '', taker = '', other = ''] = await addPeople(stores.db, [
    { name: 'Admin', roles: ['owner'] },
    { name: 'Leaver', roles: ['admin@hashinsight'] },
    { name: 'Taker', roles: ['admin@hashinsight'] },
    { name: 'Other', roles: ['admin@hashinsight'] },
  ]);
  ids = { admin, leaver, taker, other };
});

const works = async (text: string | null) =>
  (await keysOver(stores, testCtx(stores)).verify(text ?? '', from)) !== null;
const rowOf = async (id: string) => (await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0];
const rotations = () => stores.db.select().from(keyRotations).orderBy(asc(keyRotations.startedAt));
const revoked = async () =>
  stores.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.action, 'api-keys.revoked'))
    .orderBy(asc(auditEvents.targetId));

/** A key of the leaver in the middle of its rotation. */
async function rotating() {
  const old = await plantKey(stores, { ownerId: ids.leaver, scopes: ['slo:read'] });
  const { newKeyId, text } = await rotate(await actingAs(stores, ids.leaver), old.id);
  return { old, successor: { id: newKeyId, text } };
}

async function leave(fates: Record<string, string>) {
  const keys = Object.entries(fates).map(([keyId, to]) => ({ keyId, becomes: 'transfer' as const, to }));
  return offboardPerson(await actingAs(stores, ids.admin), { id: ids.leaver, reason, keys });
}

describe('keys of a leaver in the middle of a rotation', () => {
  it('go on without an end where the old one is passed on and the new one is not', async () => {
    const { old, successor } = await rotating();
    await leave({ [old.id]: ids.taker });
    expect(await rowOf(old.id)).toMatchObject({ ownerId: ids.taker, endsAt: null, revokedAt: null });
    expect(await rotations()).toMatchObject([{ outcome: 'cancelled', closedBy: ids.admin }]);
    stores.clock.advance(8 * DAY_MS);
    expect([await works(old.text), await works(successor.text)]).toEqual([true, false]);
  });

  it('end the old one alone where the new one is passed on', async () => {
    const { old, successor } = await rotating();
    await leave({ [successor.id]: ids.taker });
    expect([await works(old.text), await works(successor.text)]).toEqual([false, true]);
    expect(await rotations()).toMatchObject([{ outcome: 'closed_early', closedBy: ids.admin }]);
  });

  it('are rotated on where both are passed on, and only to one person', async () => {
    const { old, successor } = await rotating();
    await expect(leave({ [old.id]: ids.taker, [successor.id]: ids.other })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/same person/),
      fields: [{ field: 'keys[1].to' }],
    });
    await leave({ [old.id]: ids.taker, [successor.id]: ids.taker });
    expect(await rotations()).toMatchObject([{ closedAt: null, outcome: null }]);
    expect([await works(old.text), await works(successor.text)]).toEqual([true, true]);
  });

  it('all end with their rotation where none is passed on, and each end is on record', async () => {
    const { old, successor } = await rotating();
    expect(await leave({})).toMatchObject({ revokedKeys: 2 });
    expect(await rotations()).toMatchObject([{ outcome: 'closed_early', closedAt: stores.clock.now() }]);
    for (const { id } of [old, successor]) {
      expect(await rowOf(id)).toMatchObject({ endReason: `Left: ${reason}`, endedBy: ids.admin });
    }
    expect((await revoked()).map(({ targetId }) => targetId)).toEqual([old.id, successor.id].toSorted());
    expect(await revoked()).toMatchObject([
      { userId: ids.admin, platform: 'hashinsight', details: { reason: `Left: ${reason}` } },
      { userId: ids.admin, after: { revokedAt: stores.clock.now().toISOString() } },
    ]);
  });

  it('leave an end that has come as it was', async () => {
    const { old, successor } = await rotating();
    stores.clock.advance(7 * DAY_MS);
    await leave({ [old.id]: ids.taker });
    expect((await rowOf(old.id))?.endsAt).toEqual(stores.clock.now());
    expect(await rotations()).toMatchObject([{ outcome: 'completed' }]);
    expect(await works(successor.text)).toBe(false);
  });
});
