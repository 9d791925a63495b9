import { startRotationInput } from '@qd/shared/api-keys';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { claimToken, makingDeps } from '../../../test/key-making.ts';
import { plantKey } from '../../../test/keys.ts';
import { addConsumer, rotate } from '../../../test/rotations.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, grants, keyClaims, keyRotations } from '../../db/schema/index.ts';
import { tokenHash } from '../../platform/session.ts';
import { takeClaim } from './service/claims/take.ts';
import { previewRotation } from './service/rotation/preview.ts';
import { startRotation } from './service/rotation/start.ts';

let stores: TestStores;
let ids: Record<'root' | 'operator' | 'miner', string>;
const http = fakeHttpCall();
const mailing = { ...makingDeps, canMail: true };

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  const [root = '', operator = '', miner = ''] = await addPeople(stores.db, [
    { name: 'Root', roles: ['owner'] },
    { name: 'Operator', roles: ['operator'] },
    { name: 'Miner', accounts: ['user@hashinsight'] },
  ]);
  ids = { root, operator, miner };
});

const as = (who: keyof typeof ids): Promise<TestCtx> => actingAs(stores, ids[who]);
const refused = (code: string, message?: RegExp) =>
  message === undefined
    ? { name: 'DomainError', code }
    : { name: 'DomainError', code, message: expect.stringMatching(message) };
const linkTo = (recipientEmail: string, sendMail = true) => ({
  delivery: { kind: 'claim', recipientName: 'Somebody', recipientEmail, sendMail },
});
const rotateBy = async (who: keyof typeof ids, keyId: string, change: object) => {
  const input = startRotationInput.parse({ keyId, overlapDays: 7, reason: 'the quarter ends', ...change });
  return startRotation(await as(who), mailing, input);
};
const machine = { scopes: ['keys:verify', 'miners:read'] };

describe('a successor', () => {
  it.each(['keys:verify', 'users:authorize', 'sli:write'])(
    'with %s is shown only to who may create keys',
    async (scope) => {
      const old = await plantKey(stores, { scopes: ['miners:read', scope] });
      const operator = await as('operator');
      expect(await previewRotation(operator, mailing, { keyId: old.id })).toMatchObject({
        beyondYou: [scope],
        delivery: { canShow: false, link: 'listed', recipients: [] },
      });
      await expect(rotate(operator, old.id)).rejects.toMatchObject(refused('forbidden', new RegExp(scope)));
      expect((await rotate(operator, old.id, { scopes: ['miners:read'] })).text).not.toBeNull();
      const other = await plantKey(stores, { scopes: ['miners:read', scope] });
      expect((await rotate(await as('root'), other.id)).text).not.toBeNull();
    },
  );

  it('that its rotator may not see is mailed to one of its consumers, unseen', async () => {
    const old = await plantKey(stores, machine);
    await addConsumer(stores, old.id, 'edge');
    await addConsumer(stores, old.id, 'chat', { channel: 'slack', address: '#ops' });
    expect(await previewRotation(await as('operator'), mailing, { keyId: old.id })).toMatchObject({
      delivery: { link: 'listed', recipients: [{ name: 'Ada', email: 'edge@example.com' }] },
    });
    expect(await previewRotation(await as('operator'), makingDeps, { keyId: old.id })).toMatchObject({
      delivery: { canMail: false, recipients: [] },
    });
    const elsewhere = linkTo('operator@example.net');
    await expect(rotateBy('operator', old.id, elsewhere)).rejects.toMatchObject(refused('forbidden', /consumer/));
    const mailless = rotate(await as('operator'), old.id, linkTo('edge@example.com'));
    await expect(mailless).rejects.toMatchObject(refused('precondition', /mailed/));
    expect(await stores.db.select().from(keyRotations)).toEqual([]);
    const made = await rotateBy('operator', old.id, linkTo('Edge@example.com', false));
    expect(made).toMatchObject({ text: null, claim: { path: null } });
  });

  it('is drawn by its consumer for as long as who rotated may rotate, ended or not', async () => {
    const made: { newKeyId: string; token: string }[] = [];
    for (const name of ['edge', 'core']) {
      const old = await plantKey(stores, machine);
      await addConsumer(stores, old.id, name);
      const { newKeyId } = await rotateBy('operator', old.id, { ...linkTo(`${name}@example.com`), overlapDays: 0 });
      const token = `${name}-token-of-a-link-that-is-long-enough`;
      await stores.db
        .update(keyClaims)
        .set({ tokenHash: tokenHash(token) })
        .where(eq(keyClaims.keyId, newKeyId));
      made.push({ newKeyId, token });
    }
    const [first, second] = made;
    const nobody = testCtx(stores);
    expect((await takeClaim(nobody, makingDeps, first?.token ?? '', http)).keyId).toBe(first?.newKeyId);
    await stores.db.delete(grants).where(eq(grants.userId, ids.operator));
    await expect(takeClaim(nobody, makingDeps, second?.token ?? '', http)).rejects.toMatchObject(
      refused('precondition', /may not hand over/),
    );
  });

  it('of an ordinary key may be shown, or sent to anybody, by who rotates it', async () => {
    const [shown, sent] = [await plantKey(stores), await plantKey(stores)];
    expect((await rotateBy('operator', shown.id, {})).text).not.toBeNull();
    const { claim } = await rotateBy('operator', sent.id, linkTo('ada@example.com', false));
    const drawn = await takeClaim(testCtx(stores), makingDeps, claimToken({ path: claim?.path ?? null }), http);
    expect(drawn.text).toMatch(/^hsi_prod_key_/);
  });

  it('of a person goes to their own address, and is shown to nobody else', async () => {
    const personal = () => plantKey(stores, { ownerId: ids.miner, scopes: ['miners:read'] });
    const [{ id }, other, own] = [await personal(), await personal(), await personal()];
    for (const who of ['operator', 'root'] as const) {
      await expect(rotate(await as(who), id)).rejects.toMatchObject(refused('forbidden', /another person/));
      await expect(rotateBy(who, id, linkTo('me@example.net'))).rejects.toMatchObject(
        refused('invalid', /own address/),
      );
    }
    const { delivery } = await previewRotation(await as('operator'), mailing, { keyId: id });
    expect(delivery).toMatchObject({ canShow: false, isOfAnother: true, recipients: [{ name: 'Miner' }] });
    const to = linkTo(delivery.recipients[0]?.email ?? '', false);
    await expect(rotate(await as('operator'), id, to)).rejects.toMatchObject(refused('precondition'));
    expect((await rotateBy('operator', id, to)).claim?.path).toBeNull();
    expect((await rotateBy('root', other.id, to)).claim?.path).toBeNull();
    expect((await rotate(await as('root'), own.id, to)).claim?.path).toMatch(/^\/claim#/);
  });

  it('lives no longer than the key before it was given', async () => {
    const short = await plantKey(stores, { expiresAt: new Date(stores.clock.now().getTime() + DAY_MS) });
    stores.clock.advance(HOUR_MS);
    const ctx = await as('operator');
    const preview = await previewRotation(ctx, mailing, { keyId: short.id });
    const made = await rotate(ctx, short.id);
    const endMs = stores.clock.now().getTime() + DAY_MS;
    expect([preview.successorExpiresAt, made.newExpiresAt]).toEqual([endMs, endMs]);
    const endless = await plantKey(stores, { expiresAt: null });
    expect((await rotate(ctx, endless.id)).newExpiresAt).toBe(stores.clock.now().getTime() + 90 * DAY_MS);
    const [row] = await stores.db.select().from(apiKeys).where(eq(apiKeys.id, made.newKeyId));
    expect(row?.expiresAt?.getTime()).toBe(endMs);
  });
});
