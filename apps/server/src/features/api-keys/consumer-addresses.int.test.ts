import { addConsumerInput, startRotationInput, updateConsumerInput } from '@qd/shared/api-keys';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { makingDeps } from '../../../test/key-making.ts';
import { plantKey } from '../../../test/keys.ts';
import { addConsumer as plantConsumer } from '../../../test/rotations.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, grants, keyClaims, keyConsumers, keyRotations, roles } from '../../db/schema/index.ts';
import { tokenHash } from '../../platform/session.ts';
import { assertEveryProcedureGuarded } from '../../platform/trpc.ts';
import { consumersRouter } from './routers/consumers.ts';
import { resendClaim } from './service/claims/stand.ts';
import { takeClaim } from './service/claims/take.ts';
import { addConsumer, removeConsumer, updateConsumer } from './service/consumers.ts';
import { createKey } from './service/create/create.ts';
import type { ApiKeysDeps } from './service/deps.ts';
import { previewManyRotations } from './service/rotation/many.ts';
import { previewRotation } from './service/rotation/preview.ts';
import { startRotation } from './service/rotation/start.ts';

let stores: TestStores;
let ids: Record<'root' | 'admin' | 'keeper' | 'second', string>;
const mailing = { ...makingDeps, canMail: true };
const keyKeeper = 'role_keykeeper0';
const roleWords = { title: 'Key keeper', titleKey: 'key keeper', description: '' };
const scopes = ['miners:read', 'changes:write', 'users:read'];

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  const at = stores.clock.now();
  const permissions = ['api-keys:read', 'api-keys:write', 'api-keys:rotate'];
  await stores.db
    .insert(roles)
    .values({ id: keyKeeper, ...roleWords, permissions, createdAt: at, updatedAt: at })
    .onConflictDoNothing();
  const role = `${keyKeeper}@hashinsight`;
  const [root = '', admin = '', keeper = '', second = ''] = await addPeople(stores.db, [
    { name: 'Root', roles: ['owner'] },
    { name: 'Admin', roles: ['admin'] },
    { name: 'Keeper', roles: [role] },
    { name: 'Second', roles: [role] },
  ]);
  ids = { root, admin, keeper, second };
});

const as = (who: keyof typeof ids): Promise<TestCtx> => actingAs(stores, ids[who]);
const consumer = (keyId: string, address: string, name = 'edge') =>
  addConsumerInput.parse({ keyId, name, ownerName: 'Ada', channel: 'email', address });
const name = async (who: keyof typeof ids, keyId: string, address: string) =>
  (await addConsumer(await as(who), mailing, consumer(keyId, address))).id;
const rotateTo = async (who: keyof typeof ids, keyId: string, recipientEmail: string) => {
  const delivery = { kind: 'claim', recipientName: 'Ada', recipientEmail };
  const input = startRotationInput.parse({ keyId, overlapDays: 7, reason: 'the quarter ends', delivery });
  return startRotation(await as(who), mailing, input);
};
const offerTo = async (who: keyof typeof ids, keyId: string) =>
  (await previewRotation(await as(who), mailing, { keyId })).delivery;
const refused = (message: RegExp) => ({ code: 'forbidden', message: expect.stringMatching(message) });
const token = 'a-token-of-a-link-that-is-long-enough';
const drawnBy = async (keyId: string) => {
  await stores.db
    .update(keyClaims)
    .set({ tokenHash: tokenHash(token) })
    .where(eq(keyClaims.keyId, keyId));
  return takeClaim(testCtx(stores), makingDeps, token, fakeHttpCall());
};

describe('the unseen link of a successor', () => {
  it('goes to no address that its rotator gave, nor to one given by somebody who lacks as much', async () => {
    const old = await plantKey(stores, { scopes });
    await name('keeper', old.id, 'me@example.net');
    await expect(rotateTo('keeper', old.id, 'Me@example.net')).rejects.toMatchObject(
      refused(/given by who rotates the key.*ask somebody who may give changes:write, users:read/),
    );
    await expect(rotateTo('second', old.id, 'me@example.net')).rejects.toMatchObject(
      refused(/given by somebody who could not give changes:write, users:read/),
    );
    expect(await offerTo('second', old.id)).toMatchObject({
      recipients: [],
      notCounting: [
        {
          name: 'Ada',
          email: 'me@example.net',
          why: expect.stringMatching(/could not give changes:write, users:read/),
        },
      ],
    });
    expect(await previewManyRotations(await as('keeper'), mailing, { keyIds: [old.id] })).toMatchObject({
      candidates: [{ refusal: expect.stringMatching(/given by who rotates the key/) }],
    });
    expect(await stores.db.select().from(keyRotations)).toEqual([]);
  });

  it('goes where somebody sent it who could give all of it, until the rotator changes the address', async () => {
    const old = await plantKey(stores, { scopes });
    const id = await name('root', old.id, 'edge@example.com');
    expect(await offerTo('keeper', old.id)).toMatchObject({
      recipients: [{ email: 'edge@example.com' }],
      notCounting: [],
    });
    const change = (address: string, ownerName: string) =>
      updateConsumerInput.parse({ id, name: 'edge', ownerName, channel: 'email', address });
    await updateConsumer(await as('keeper'), mailing, change('edge@example.com', 'Grace'));
    expect(await offerTo('keeper', old.id)).toMatchObject({ recipients: [{ name: 'Grace' }] });
    await updateConsumer(await as('keeper'), mailing, change('me@example.net', 'Grace'));
    expect(await offerTo('keeper', old.id)).toMatchObject({ recipients: [], notCounting: [{ name: 'Grace' }] });
    await updateConsumer(await as('root'), mailing, change('edge@example.com', 'Ada'));
    const { newKeyId, claim } = await rotateTo('keeper', old.id, 'edge@example.com');
    expect(claim?.path).toBeNull();
    expect((await drawnBy(newKeyId)).keyId).toBe(newKeyId);
  });

  it('goes nowhere for rights that came to the key after the address was given', async () => {
    const old = await plantKey(stores, { scopes: ['miners:read', 'changes:write'] });
    await name('root', old.id, 'edge@example.com');
    await stores.db.update(apiKeys).set({ scopes }).where(eq(apiKeys.id, old.id));
    await expect(rotateTo('keeper', old.id, 'edge@example.com')).rejects.toMatchObject(
      refused(/could not give users:read/),
    );
  });

  it('goes by who named the consumer where it is not known who gave the address', async () => {
    const old = await plantKey(stores, { scopes });
    const planted = { admin: ids.admin, keeper: ids.keeper, nobody: null };
    for (const [who, createdBy] of Object.entries(planted)) await plantConsumer(stores, old.id, who, { createdBy });
    const { recipients, notCounting } = await offerTo('second', old.id);
    expect(recipients.map(({ email }) => email)).toEqual(['admin@example.com', 'nobody@example.com']);
    expect(notCounting.map(({ email }) => email)).toEqual(['keeper@example.com']);
    await stores.db.delete(grants).where(eq(grants.userId, ids.admin));
    expect((await offerTo('second', old.id)).recipients.map(({ email }) => email)).toEqual(['nobody@example.com']);
  });

  it('is not drawn, nor sent anew by others, once the address does not count', async () => {
    const old = await plantKey(stores, { scopes });
    const id = await name('root', old.id, 'edge@example.com');
    const { newKeyId } = await rotateTo('keeper', old.id, 'edge@example.com');
    await removeConsumer(await as('root'), id);
    await name('keeper', old.id, 'edge@example.com');
    await expect(drawnBy(newKeyId)).rejects.toMatchObject({ code: 'precondition' });
    const again = async () => resendClaim(await as('root'), mailing, { keyId: newKeyId, sendMail: true });
    await expect(again()).rejects.toMatchObject({
      code: 'precondition',
      message: expect.stringMatching(/edge@example.com may not choose.*given by who rotates/),
    });
    await stores.db
      .update(keyConsumers)
      .set({ addressSetBy: ids.root, addressScopes: scopes })
      .where(and(eq(keyConsumers.lineageId, old.id), eq(keyConsumers.name, 'edge')));
    expect(await again()).toMatchObject({ path: null, recipientEmail: 'edge@example.com' });
  });

  it('goes to no copied address that counted for less', async () => {
    const source = await plantKey(stores, { scopes: ['miners:read'] });
    await name('keeper', source.id, 'me@example.net');
    const wish = { name: 'k', platform: 'hashinsight', environment: 'prod' as const, scopes, copyFrom: source.id };
    const { id } = await createKey(await as('root'), mailing, wish);
    expect(await offerTo('second', id)).toMatchObject({ recipients: [], notCounting: [{ email: 'me@example.net' }] });
  });
});

describe('an address', () => {
  it('is given only by who proves themselves', () => {
    const rules = assertEveryProcedureGuarded(consumersRouter(mailing as ApiKeysDeps));
    expect(rules.filter(({ stepUp }) => stepUp).map(({ path }) => path)).toEqual(['add', 'update']);
  });
});
