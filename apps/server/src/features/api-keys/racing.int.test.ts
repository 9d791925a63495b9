import { DomainError } from '@qd/shared/errors';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { endingDeps, keysOver, plantKey } from '../../../test/keys.ts';
import { rotate } from '../../../test/rotations.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, keyRotations } from '../../db/schema/index.ts';
import { quarantineKey, releaseKey } from './service/ending/quarantine.ts';
import { revokeKey } from './service/ending/revoke.ts';
import { cancelRotation, closeRotation, extendRotation } from './service/rotation/change.ts';
import { finishRotations } from './service/rotation/finish.ts';
import { noteFirstUse } from './service/rotation/first-use.ts';

const ACTS = 50;
const reason = 'because of the test';
const from = { address: '198.51.100.7', agent: 'miner/3', requestId: 'req_key' };

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const keyOf = async (id: string) => {
  const [row] = await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id));
  if (row === undefined) throw new Error(`no key ${id}`);
  return row;
};
const replica = () => keysOver(stores, testCtx(stores), { onFirstUse: noteFirstUse });
const works = async (text: string) => (await replica().verify(text, from)) !== null;

/** A key beside its successor, whose first use ends it an hour later. */
async function pair(lifeMs: number) {
  const expiresAt = new Date(stores.clock.now().getTime() + lifeMs);
  const old = await plantKey(stores, { expiresAt });
  const { newKeyId, text } = await rotate(testCtx(stores), old.id, { graceHours: 1 });
  if (text === null) throw new Error('the successor was not shown');
  return { old, young: { id: newKeyId, text } };
}

/** Does every act many times at once, in an order that changes; gives those that were done. Every other was refused in words. */
async function race(acts: Readonly<Record<string, () => Promise<unknown>>>, round: number): Promise<Set<string>> {
  const all = Object.entries(acts);
  const chosen = Array.from({ length: ACTS }, (_, i) => all[(i * 7 + round) % all.length] ?? []);
  const outcomes = await Promise.allSettled(chosen.map(async ([, act]) => act?.()));
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DomainError);
  return new Set(chosen.flatMap(([name = ''], i) => (outcomes[i]?.status === 'fulfilled' ? [name] : [])));
}

function actsOn({ old, young }: Awaited<ReturnType<typeof pair>>, deps: ReturnType<typeof endingDeps>) {
  const ctx = () => testCtx(stores);
  const call = (text: string) => async () => {
    const keys = replica();
    await keys.verify(text, from);
    await keys.flushUsage();
  };
  return {
    'rotate again': () => rotate(ctx(), old.id),
    extend: () => extendRotation(ctx(), { keyId: old.id, days: 1, reason }),
    cancel: () => cancelRotation(ctx(), { keyId: old.id, reason, successorInUse: true }),
    close: () => closeRotation(ctx(), { keyId: young.id, reason, typedName: 'Miner ingest' }),
    finish: () => finishRotations(ctx()),
    'call with the old': call(old.text),
    'call with the new': call(young.text),
    quarantine: () => quarantineKey(ctx(), deps, { id: old.id, reason }),
    release: () => releaseKey(ctx(), deps, { id: old.id, reason }),
    'revoke the old': () => revokeKey(ctx(), deps, { key: old.id, reason }),
    'revoke the new': () => revokeKey(ctx(), deps, { key: young.id, reason }),
    keep: () => deps.tombstones.keep(ctx()),
  };
}

describe('fifty acts on one key at once', () => {
  it('end it for ever if one of them does, and none of them fails otherwise', async () => {
    for (let round = 0; round < 6; round += 1) {
      const keys = await pair(90 * DAY_MS);
      const deps = endingDeps();
      const done = await race(actsOn(keys, deps), round);
      expect(done).toContain('revoke the old');
      expect(done).toContain('revoke the new');
      for (const { id, text } of [keys.old, keys.young]) {
        expect((await keyOf(id)).revokedAt).not.toBeNull();
        expect(await works(text)).toBe(false);
        await expect(rotate(testCtx(stores), id)).rejects.toMatchObject({ code: 'conflict' });
        expect(deps.ledger.written.some((one) => one.id === id && one.kind === 'revoked')).toBe(true);
      }
    }
    const rotations = await stores.db.select().from(keyRotations);
    expect(rotations.filter(({ closedAt }) => closedAt === null)).toEqual([]);
  });

  it('bring no key back whose time runs out meanwhile', async () => {
    for (let round = 0; round < 6; round += 1) {
      const keys = await pair(MINUTE_MS);
      const { 'revoke the old': _, 'revoke the new': __, ...acts } = actsOn(keys, endingDeps());
      const time = () => Promise.resolve(stores.clock.advance(MINUTE_MS));
      await race({ ...acts, time }, round);
      expect(await works(keys.old.text)).toBe(false);
      const rotations = await stores.db.select().from(keyRotations).where(eq(keyRotations.oldKeyId, keys.old.id));
      expect(rotations).toHaveLength(1);
      const { expiresAt, endsAt } = await keyOf(keys.old.id);
      expect(endsAt === null || (expiresAt !== null && endsAt <= expiresAt)).toBe(true);
    }
  });
});
