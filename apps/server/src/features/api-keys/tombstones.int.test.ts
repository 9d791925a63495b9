import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { endingDeps, keysOver, plantKey } from '../../../test/keys.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyRotations } from '../../db/schema/index.ts';
import { quarantineKey, releaseKey } from './service/ending/quarantine.ts';
import { revokeKey } from './service/ending/revoke.ts';

let stores: TestStores;
const from = { address: '198.51.100.7', requestId: 'req_key' };
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const dump = () => stores.db.select().from(apiKeys);
/** What restoring a dump does: the rows are as they were, whatever rules the tables keep. */
async function restore(rows: Awaited<ReturnType<typeof dump>>): Promise<void> {
  await stores.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.delete(apiKeys);
    if (rows.length > 0) await tx.insert(apiKeys).values(rows);
  });
}
const again = () =>
  stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'api-keys.revoked_again')).orderBy(auditEvents.seq);

describe('a restored database', () => {
  it('brings no revoked key back: it is refused from the start, as since it was revoked', async () => {
    const [gone, kept] = [await plantKey(stores), await plantKey(stores)];
    const before = await dump();
    const { ledger, ...deps } = endingDeps();
    const revokedAt = stores.clock.now();
    await revokeKey(testCtx(stores, { actor: actorWith('operator') }), deps, { key: gone.id, reason: 'leaked' });
    stores.clock.advance(DAY_MS);
    await restore(before);
    expect(await keysOver(stores, testCtx(stores)).verify(gone.text, from)).not.toBeNull();

    const ctx = testCtx(stores);
    await endingDeps(ledger).tombstones.keep(ctx);
    const keys = keysOver(stores, ctx);
    expect(await keys.verify(gone.text, from)).toBeNull();
    expect(await keys.verify(kept.text, from)).not.toBeNull();
    const rows = await stores.db.select().from(apiKeys).where(eq(apiKeys.id, gone.id));
    expect(rows[0]?.revokedAt).toEqual(revokedAt);
    expect(await again()).toMatchObject([{ targetId: gone.id, platform: 'hashinsight', actorKind: 'system' }]);
    expect(ctx.hub.published).toContain('api-keys');
  });

  it('is noticed while the console runs too, once, by whichever replica is first', async () => {
    const { id, text } = await plantKey(stores);
    const before = await dump();
    const deps = endingDeps();
    const ctx = testCtx(stores);
    const keys = keysOver(stores, ctx);
    await revokeKey(ctx, deps, { key: id, reason: 'leaked' });
    await deps.tombstones.keep(ctx);
    await restore(before);
    ctx.hub.publish('api-keys');
    expect(await keys.verify(text, from)).not.toBeNull();
    const other = { ...testCtx(stores), hub: ctx.hub };
    await Promise.all([deps.tombstones.keep(ctx), endingDeps(deps.ledger).tombstones.keep(other)]);
    expect(await keys.verify(text, from)).toBeNull();
    expect((await again()).filter(({ before: was }) => JSON.stringify(was) === '{"revokedAt":null}')).toHaveLength(1);
  });

  it('from before a key was made leaves it unknown, and refused', async () => {
    const before = await dump();
    const { id, text } = await plantKey(stores);
    const { ledger, ...deps } = endingDeps();
    await revokeKey(testCtx(stores), deps, { key: id, reason: 'leaked' });
    await restore(before);
    await endingDeps(ledger).tombstones.keep(testCtx(stores));
    expect(await keysOver(stores, testCtx(stores)).verify(text, from)).toBeNull();
    expect(await again()).toEqual([]);
  });
});

describe('a restored database, and a key that was replaced', () => {
  const rotated = async (over: Partial<typeof keyRotations.$inferInsert>) => {
    const [old, young] = [await plantKey(stores), await plantKey(stores)];
    const before = await dump();
    const now = stores.clock.now();
    await stores.db.update(apiKeys).set({ endsAt: now }).where(eq(apiKeys.id, old.id));
    const rotation = { id: 'rot_1', oldKeyId: old.id, newKeyId: young.id, reason: 'due', startedAt: now };
    await stores.db.insert(keyRotations).values({ ...rotation, deadlineAt: now, ...over });
    return { old, young, before };
  };
  const closed = (outcome: 'completed' | 'closed_early') => ({ outcome, closedAt: stores.clock.now() });

  it.each([
    ['in its time', () => closed('completed')],
    ['early', () => closed('closed_early')],
    ['in an emergency, at once', () => ({ isEmergency: true })],
  ])('stays ended if it ended %s', async (_how, over) => {
    const { old, young, before } = await rotated(over());
    const endedAt = stores.clock.now();
    const { ledger, tombstones } = endingDeps();
    await tombstones.keep(testCtx(stores));
    expect(ledger.written).toMatchObject([{ id: old.id, kind: 'ended', at: endedAt.getTime() }]);
    stores.clock.advance(HOUR_MS);
    await tombstones.keep(testCtx(stores));
    expect(await again()).toEqual([]);

    await stores.db.delete(keyRotations);
    await restore(before);
    expect(await keysOver(stores, testCtx(stores)).verify(old.text, from)).not.toBeNull();
    const ctx = testCtx(stores);
    await endingDeps(ledger).tombstones.keep(ctx);
    const keys = keysOver(stores, ctx);
    expect(await keys.verify(old.text, from)).toBeNull();
    expect(await keys.verify(young.text, from)).not.toBeNull();
    const [row] = await stores.db.select().from(apiKeys).where(eq(apiKeys.id, old.id));
    expect(row?.revokedAt).toEqual(endedAt);
    expect(await again()).toMatchObject([{ targetId: old.id }]);
  });

  it('counts as ended while its rotation is open only once no clock can put that off', async () => {
    await rotated({});
    const { ledger, tombstones } = endingDeps();
    await tombstones.keep(testCtx(stores));
    expect(ledger.written).toEqual([]);
    stores.clock.advance(MINUTE_MS);
    await tombstones.keep(testCtx(stores));
    expect(ledger.written).toMatchObject([{ kind: 'ended' }]);
  });

  it('still knows it as revoked when it is revoked later', async () => {
    const { old } = await rotated(closed('completed'));
    const deps = endingDeps();
    await deps.tombstones.keep(testCtx(stores));
    await revokeKey(testCtx(stores), deps, { key: old.id, reason: 'leaked' });
    expect(deps.ledger.written.map(({ kind }) => kind)).toEqual(['ended', 'revoked']);
  });
});

describe('a restored database, and quarantines', () => {
  const stoppedAgain = () =>
    stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'api-keys.quarantined_again'));
  const works = async (text: string) => (await keysOver(stores, testCtx(stores)).verify(text, from)) !== null;

  it('are told to the ledger at once, and hold on', async () => {
    const { id, text } = await plantKey(stores);
    const before = await dump();
    const deps = endingDeps();
    const quarantinedAt = stores.clock.now();
    await quarantineKey(testCtx(stores), deps, { id, reason: 'in a ticket' });
    stores.clock.advance(HOUR_MS);
    await restore(before);
    expect(await works(text)).toBe(true);
    await endingDeps(deps.ledger).tombstones.keep(testCtx(stores));
    expect(await works(text)).toBe(false);
    const [row] = await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id));
    expect(row).toMatchObject({ quarantinedAt, revokedAt: null });
    expect(await stoppedAgain()).toMatchObject([{ targetId: id, actorKind: 'system' }]);

    stores.clock.advance(HOUR_MS);
    await releaseKey(testCtx(stores), deps, { id, reason: 'false alarm' });
    await endingDeps(deps.ledger).tombstones.keep(testCtx(stores));
    expect(await works(text)).toBe(true);
  });

  it('are taken over from the tables by those the ledger missed', async () => {
    const { id, text } = await plantKey(stores);
    const before = await dump();
    await quarantineKey(testCtx(stores), endingDeps(), { id, reason: 'in a ticket' });
    const { ledger, tombstones } = endingDeps();
    await tombstones.keep(testCtx(stores));
    await tombstones.keep(testCtx(stores));
    expect(ledger.written).toMatchObject([{ id, kind: 'quarantined' }]);
    await restore(before);
    await tombstones.keep(testCtx(stores));
    expect(await works(text)).toBe(false);
  });

  it('do not come back once a key is released, even from before', async () => {
    const { id, text } = await plantKey(stores);
    const before = await dump();
    const deps = endingDeps();
    await quarantineKey(testCtx(stores), deps, { id, reason: 'in a ticket' });
    stores.clock.advance(HOUR_MS);
    await releaseKey(testCtx(stores), deps, { id, reason: 'false alarm' });
    await deps.tombstones.keep(testCtx(stores));
    expect(await works(text)).toBe(true);
    await restore(before);
    await endingDeps(deps.ledger).tombstones.keep(testCtx(stores));
    expect(await works(text)).toBe(true);
    expect(await stoppedAgain()).toEqual([]);

    stores.clock.advance(HOUR_MS);
    await quarantineKey(testCtx(stores), deps, { id, reason: 'again' });
    await restore(before);
    await endingDeps(deps.ledger).tombstones.keep(testCtx(stores));
    expect(await works(text)).toBe(false);
  });

  it('are not put back by a ledger that did not hear of the release', async () => {
    const { id, text } = await plantKey(stores);
    const [here, there] = [endingDeps(), endingDeps()];
    await quarantineKey(testCtx(stores), here, { id, reason: 'in a ticket' });
    await there.tombstones.keep(testCtx(stores));
    await releaseKey(testCtx(stores), here, { id, reason: 'false alarm' });
    await there.tombstones.keep(testCtx(stores));
    expect(await works(text)).toBe(true);
    expect(there.ledger.written.map(({ kind }) => kind)).toEqual(['quarantined', 'released']);
  });
});

describe('the ledger', () => {
  it('takes over what was revoked without it, page by page, and leaves out the demo', async () => {
    const now = stores.clock.now();
    for (let i = 0; i < 30; i += 1) await plantKey(stores, { revokedAt: now });
    await plantKey(stores, { revokedAt: now, isDemo: true });
    await plantKey(stores);
    const deps = endingDeps();
    await deps.tombstones.keep(testCtx(stores));
    expect(new Set(deps.ledger.written.map(({ id }) => id)).size).toBe(30);
    await deps.tombstones.keep(testCtx(stores));
    expect(deps.ledger.written).toHaveLength(30);
  });

  it('hears of what others revoked later, and of what others wrote', async () => {
    const deps = endingDeps();
    const other = endingDeps(deps.ledger);
    const { id } = await plantKey(stores);
    await deps.tombstones.keep(testCtx(stores));
    await other.tombstones.keep(testCtx(stores));
    stores.clock.advance(2 * HOUR_MS);
    await stores.db.update(apiKeys).set({ revokedAt: stores.clock.now() }).where(eq(apiKeys.id, id));
    await deps.tombstones.keep(testCtx(stores));
    expect(await other.tombstones.findById(id)).toMatchObject({ id });
  });

  it('that cannot be read stops the start in plain words', async () => {
    const deps = endingDeps();
    deps.ledger.version = () => Promise.reject(new Error('EACCES: permission denied'));
    await expect(deps.tombstones.keep(testCtx(stores))).rejects.toMatchObject({
      code: 'precondition',
      message: 'The ledger of revoked keys memory cannot be read: EACCES: permission denied. Make it readable.',
    });
  });

  it('with damaged lines still counts for the rest', async () => {
    const { id, text } = await plantKey(stores);
    const before = await dump();
    const deps = endingDeps();
    deps.ledger.faults.push({ line: 1, kind: 'torn' });
    await revokeKey(testCtx(stores), deps, { key: id, reason: 'leaked' });
    await restore(before);
    const ctx = testCtx(stores);
    await endingDeps(deps.ledger).tombstones.keep(ctx);
    expect(await keysOver(stores, ctx).verify(text, from)).toBeNull();
  });
});
