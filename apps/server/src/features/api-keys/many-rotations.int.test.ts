import { defaultKeyPolicy, previewManyRotationsInput, startManyRotationsInput } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { makingDeps } from '../../../test/key-making.ts';
import { plantKey } from '../../../test/keys.ts';
import { secretsOf } from '../../../test/people.ts';
import { addConsumer, rotate } from '../../../test/rotations.ts';
import { openTestStores, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyClaims, keyPolicies, keyRotations } from '../../db/schema/index.ts';
import { previewManyRotations, startManyRotations } from './service/rotation/many.ts';

let stores: TestStores;
let ids: Record<'root' | 'operator' | 'local' | 'miner', string>;
const mailing = { ...makingDeps, canMail: true };
const reason = 'the quarter ends';

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(keyPolicies);
  const [root = '', operator = '', local = '', miner = ''] = await addPeople(stores.db, [
    { name: 'Root', roles: ['owner'] },
    { name: 'Operator', roles: ['operator'] },
    { name: 'Local', roles: ['admin@web3audit'] },
    { name: 'Miner', accounts: ['user@hashinsight'] },
  ]);
  ids = { root, operator, local, miner };
});

const as = (who: keyof typeof ids): Promise<TestCtx> => actingAs(stores, ids[who]);
const preview = async (who: keyof typeof ids, keyIds: string[], deps: { canMail: boolean } = mailing) =>
  previewManyRotations(await as(who), deps, previewManyRotationsInput.parse({ keyIds }));
const start = async (who: keyof typeof ids, keyIds: string[], deps = mailing) =>
  startManyRotations(await as(who), deps, startManyRotationsInput.parse({ keyIds, reason }));
const rotations = () => stores.db.select().from(keyRotations);
const started = () =>
  stores.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.action, 'api-keys.rotation_started'))
    .orderBy(auditEvents.seq);
/** A key whose consumer is told by e-mail. */
async function withConsumer(consumer: string, row: Partial<typeof apiKeys.$inferInsert> = {}): Promise<string> {
  const { id } = await plantKey(stores, row);
  await addConsumer(stores, id, consumer);
  return id;
}

describe('rotating many keys', () => {
  it('says of each what would happen, or why it is left out', async () => {
    const [fits, rotating, alone, chat, revoked] = [
      await withConsumer('edge', { name: 'Fits' }),
      await withConsumer('core', { name: 'Rotating' }),
      (await plantKey(stores, { name: 'Alone' })).id,
      (await plantKey(stores, { name: 'Chat' })).id,
      await withConsumer('gone', { name: 'Revoked', revokedAt: stores.clock.now() }),
    ];
    await addConsumer(stores, chat, 'chat', { channel: 'slack', address: '#ops' });
    await rotate(await as('root'), rotating);
    const elsewhere = await withConsumer('other', { platform: 'web3audit' });
    const { canMail, candidates } = await preview('operator', [fits, rotating, alone, chat, revoked, 'nothing0']);
    expect(canMail).toBe(true);
    expect(candidates.map(({ sentTo, refusal }) => [sentTo, refusal])).toEqual([
      ['edge@example.com', null],
      [null, 'Rotating is being rotated already; look at its rotation.'],
      [null, 'Alone names no consumer to send the new key to.'],
      [null, 'No consumer of Chat is told by e-mail.'],
      [null, 'Revoked is revoked; create another key.'],
      [null, 'There is no such key; check the address.'],
    ]);
    const deadlineAt = stores.clock.now().getTime() + 7 * DAY_MS;
    expect(candidates[0]).toMatchObject({
      name: 'Fits',
      consumers: 1,
      overlapDays: 7,
      deadlineAt,
      isCutByExpiry: false,
    });
    const [hidden, own] = (await preview('local', [fits, elsewhere])).candidates;
    expect(hidden).toMatchObject({
      name: fits,
      platform: null,
      refusal: expect.stringMatching(/no such key/) as string,
    });
    expect(own).toMatchObject({ platform: 'web3audit', refusal: null });
  });

  it('starts each by itself, by the policy of its platform, and shows nobody a secret or a link', async () => {
    await stores.db.insert(keyPolicies).values({
      platform: 'web3audit',
      policy: { ...defaultKeyPolicy('web3audit'), overlapDays: 3 },
      updatedAt: stores.clock.now(),
    });
    const first = await withConsumer('edge');
    const { id: alone } = await plantKey(stores, { name: 'Alone' });
    const second = await withConsumer('core', { platform: 'web3audit', name: 'Audit feed' });
    const verdicts = await start('operator', [first, alone, second, first]);
    const now = stores.clock.now().getTime();
    expect(verdicts).toMatchObject([
      { keyId: first, isStarted: true, message: null, sentTo: 'edge@example.com', endsAt: now + 7 * DAY_MS },
      { keyId: alone, isStarted: false, message: 'Alone names no consumer to send the new key to.', newKeyId: null },
      { keyId: second, isStarted: true, sentTo: 'core@example.com', endsAt: now + 3 * DAY_MS },
    ]);
    const made = await stores.db.select().from(apiKeys).where(eq(apiKeys.name, 'Audit feed'));
    expect(made.filter(({ id }) => id !== second)).toMatchObject([{ hash: null, activatedAt: null }]);
    expect(await started()).toMatchObject([
      { targetId: first, platform: 'hashinsight', details: { reason, delivery: 'claim', sentTo: 'edge@example.com' } },
      { targetId: second, platform: 'web3audit', details: { reason, sentTo: 'core@example.com' } },
    ]);
    expect(await stores.db.select().from(keyClaims)).toMatchObject([{}, {}]);
    expect(JSON.stringify(verdicts)).not.toMatch(/claim#|_key_/);
    expect(await secretsOf(stores)).not.toContain('/claim#');
  });

  it('starts none where no mail is sent, and none of the demo', async () => {
    const [real, demo] = [await withConsumer('edge'), await withConsumer('show', { isDemo: true })];
    expect(await start('root', [real], { ...makingDeps, canMail: false })).toMatchObject([
      { isStarted: false, message: expect.stringMatching(/^No mail is sent from here/) as string },
    ]);
    expect(await start('root', [demo])).toMatchObject([
      { isStarted: false, message: expect.stringMatching(/of the demo/) as string },
    ]);
    expect(await rotations()).toEqual([]);
  });

  it('mails what its rotator may not see to a consumer, and a key of a person to that person', async () => {
    const machine = await withConsumer('edge', { scopes: ['keys:verify', 'miners:read'] });
    const personal = await withConsumer('core', { ownerId: ids.miner, scopes: ['miners:read'] });
    expect(await start('operator', [machine, personal])).toMatchObject([
      { isStarted: true, sentTo: 'edge@example.com' },
      { isStarted: true, sentTo: 'miner@example.com' },
    ]);
  });

  it('rotates each key once, however many ask at the same time', async () => {
    const keyIds = [await withConsumer('edge'), await withConsumer('core'), await withConsumer('rim')];
    const asked = await Promise.all([
      start('operator', keyIds),
      start('root', keyIds.toReversed()),
      start('operator', keyIds),
    ]);
    const won = asked.flat().filter(({ isStarted }) => isStarted);
    expect(won.map(({ keyId }) => keyId).toSorted()).toEqual(keyIds.toSorted());
    for (const lost of asked.flat().filter(({ isStarted }) => !isStarted)) {
      expect(lost.message).toMatch(/is being rotated already/);
    }
    expect(await rotations()).toHaveLength(3);
    expect(await started()).toHaveLength(3);
  });

  it('is bounded, and asks for a reason and a real overlap', () => {
    const keyIds = Array.from({ length: 101 }, (_, i) => `key${String(i).padStart(5, '0')}`);
    const issues = (input: object) => startManyRotationsInput.safeParse(input).error?.issues.map(({ path }) => path[0]);
    expect(issues({ keyIds, reason })).toEqual(['keyIds']);
    expect(issues({ keyIds: [], reason })).toEqual(['keyIds']);
    expect(issues({ keyIds: keyIds.slice(0, 100), reason })).toBeUndefined();
    expect(issues({ keyIds: ['key00000'], reason: 'x', overlapDays: 31 })).toEqual(['overlapDays', 'reason']);
  });
});
