import { CLAIM_MS, createKeyInput } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import { and, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { claimToken, makingDeps } from '../../../test/key-making.ts';
import { keysOver } from '../../../test/keys.ts';
import { secretsOf } from '../../../test/people.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, grants, keyClaims, memberships, notifications, users } from '../../db/schema/index.ts';
import { openLink } from '../../platform/notices.ts';
import { tokenHash } from '../../platform/session.ts';
import { cancelClaim, claimStanding, resendClaim } from './service/claims/stand.ts';
import { lookAtClaim, takeClaim } from './service/claims/take.ts';
import { createKeyForClaim, deliverKey } from './service/create/create.ts';

let stores: TestStores;
let ids: Record<'admin' | 'support' | 'operator' | 'broker', string>;
const from = { address: '198.51.100.7', agent: null, requestId: 'req_key' };
const partner = {
  kind: 'claim' as const,
  recipientName: 'Pat Partner',
  recipientEmail: 'pat@partner.example',
  sendMail: true,
};

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(notifications);
  const [admin = '', support = '', operator = '', broker = ''] = await addPeople(stores.db, [
    { name: 'Admin', roles: ['admin'] },
    { name: 'Support', roles: ['support'] },
    { name: 'Operator', roles: ['operator'] },
    { name: 'Broker', accounts: ['broker@hashinsight'] },
  ]);
  ids = { admin, support, operator, broker };
});

const as = (who: keyof typeof ids): Promise<TestCtx> => actingAs(stores, ids[who]);
const wish = () =>
  createKeyInput.parse({ name: 'Miner ingest', platform: 'hashinsight', environment: 'prod', scopes: ['miners:read'] });
const send = async (deps = makingDeps) => createKeyForClaim(await as('admin'), deps, wish(), partner);
const mailing = { ...makingDeps, canMail: true };
/** The token of the link to a key that was mailed and is not taken back. */
const mailedToken = async (keyId: string): Promise<string> => {
  const isNow = and(eq(keyClaims.keyId, keyId), isNull(keyClaims.cancelledAt));
  const [claim] = await stores.db.select().from(keyClaims).where(isNow);
  const mails = (await stores.db.select().from(notifications)).filter(({ body }) => 'sealedUrl' in body);
  const tokens = mails.map(({ body, dedupKey }) =>
    openLink(makingDeps.sealing, String(body['sealedUrl']), dedupKey).replace('/claim#', ''),
  );
  const sent = tokens.find((token) => claim !== undefined && Buffer.compare(tokenHash(token), claim.tokenHash) === 0);
  if (sent === undefined) throw new Error('no link was mailed');
  return sent;
};
const deliver = async () => {
  const { id } = await deliverKey(await as('support'), mailing, { ...wish(), ownerId: ids.broker });
  return { id, token: await mailedToken(id) };
};
const anybody = () => testCtx(stores, { actor: { ...testCtx(stores).actor, kind: 'anonymous', id: null, grants: [] } });
const take = (token: string) => takeClaim(anybody(), makingDeps, token, fakeHttpCall({ address: '203.0.113.9' }));
const over = { name: 'DomainError', code: 'precondition' };
const rowOf = async (id: string) => (await stores.db.select().from(apiKeys).where(eq(apiKeys.id, id)))[0];
const log = async (action: string) => stores.db.select().from(auditEvents).where(eq(auditEvents.action, action));
const isOpen = async (token: string): Promise<boolean> => {
  const [looked, taken] = [await lookAtClaim(anybody(), token).catch(() => null), await take(token).catch(() => null)];
  expect(looked === null).toBe(taken === null);
  return taken !== null;
};

describe('a claim link', () => {
  it('shows what the key is, then draws it: only then there is a secret', async () => {
    const { id, claim } = await send();
    expect(await rowOf(id)).toMatchObject({ hash: null, activatedAt: null });
    expect(claim.expiresAt - stores.clock.now().getTime()).toBe(CLAIM_MS);
    const token = claimToken(claim);
    expect(await lookAtClaim(anybody(), token)).toMatchObject({
      keyId: id,
      keyName: 'Miner ingest',
      recipientName: 'Pat Partner',
      platformName: 'The hashinsight',
      environment: 'prod',
      scopes: [{ scope: 'miners:read', description: 'List and read miners' }],
      createdBy: 'Admin',
      overlapDays: 7,
    });
    const { text, keyId } = await take(token);
    expect(keyId).toBe(id);
    expect(text).toContain(`_prod_key_${id}`);
    expect(await keysOver(stores, testCtx(stores)).verify(text, from)).toMatchObject({ id });
    expect((await rowOf(id))?.activatedAt).toEqual(stores.clock.now());
  });

  it('keeps the secret and its own token out of every table', async () => {
    const { claim } = await send();
    const token = claimToken(claim);
    const { text } = await take(token);
    const stored = await secretsOf(stores);
    expect(stored).not.toContain(text.slice(-38));
    expect(stored).not.toContain(token);
    expect(stored).toContain('pat@partner.example');
  });

  it('works once, however many open it at once', async () => {
    const { id, claim } = await send();
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => take(claimToken(claim))));
    const drawn = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value.text] : []));
    expect(drawn).toHaveLength(1);
    for (const one of tries) if (one.status === 'rejected') expect(one.reason).toMatchObject(over);
    expect(await keysOver(stores, testCtx(stores)).verify(drawn[0] ?? '', from)).toMatchObject({ id });
    expect(await log('api-keys.claimed')).toHaveLength(1);
  });

  it('is recorded with whom it was sent to, and its maker is told', async () => {
    const { id, claim } = await send();
    await take(claimToken(claim));
    expect(await log('api-keys.claimed')).toMatchObject([
      {
        targetId: id,
        actorKind: 'anonymous',
        ipAddress: '203.0.113.9',
        platform: 'hashinsight',
        details: { recipient: 'pat@partner.example', linkMadeBy: ids.admin },
      },
    ]);
    const told = await stores.db.select().from(notifications);
    expect(told).toMatchObject([
      { channel: 'email:admin@example.com', body: { topic: 'api-keys.claimed', url: `/keys/${id}` } },
    ]);
    expect(await claimStanding(await as('admin'), makingDeps, id)).toMatchObject({
      state: 'claimed',
      canChange: false,
    });
  });

  it('is over for a wrong token, after three days, after the end of the key and when taken back', async () => {
    expect(await isOpen('A'.repeat(43))).toBe(false);
    const lapsed = await send();
    stores.clock.advance(CLAIM_MS);
    expect(await isOpen(claimToken(lapsed.claim))).toBe(false);
    expect(await claimStanding(await as('admin'), makingDeps, lapsed.id)).toMatchObject({
      state: 'lapsed',
      canChange: true,
    });
    const brief = await createKeyForClaim(await as('admin'), makingDeps, { ...wish(), lifeDays: 1 }, partner);
    expect(brief.claim.expiresAt - stores.clock.now().getTime()).toBe(DAY_MS);
    const cancelled = await send();
    await cancelClaim(await as('admin'), cancelled.id);
    expect(await isOpen(claimToken(cancelled.claim))).toBe(false);
    const revoked = await send();
    await stores.db.update(apiKeys).set({ revokedAt: stores.clock.now() }).where(eq(apiKeys.id, revoked.id));
    expect(await isOpen(claimToken(revoked.claim))).toBe(false);
  });

  it('is replaced by the next one', async () => {
    const first = await send();
    const second = await resendClaim(await as('admin'), makingDeps, { keyId: first.id, sendMail: true });
    expect(await isOpen(claimToken(first.claim))).toBe(false);
    expect(await isOpen(claimToken(second))).toBe(true);
    await expect(resendClaim(await as('admin'), makingDeps, { keyId: first.id, sendMail: true })).rejects.toMatchObject(
      over,
    );
    await expect(cancelClaim(await as('admin'), first.id)).rejects.toMatchObject(over);
  });

  it('is mailed sealed where there is mail, and then shown to nobody', async () => {
    const { claim } = await send({ ...makingDeps, canMail: true });
    expect(claim.path).toBeNull();
    const [mail] = await stores.db.select().from(notifications);
    expect(mail).toMatchObject({ channel: 'email:pat@partner.example', body: { topic: 'api-keys.claim_sent' } });
    const link = openLink(makingDeps.sealing, String(mail?.body['sealedUrl']), mail?.dedupKey ?? '');
    expect(await secretsOf(stores)).not.toContain(link);
    expect(await isOpen(link.replace('/claim#', ''))).toBe(true);
  });
});

describe('between sending a key and drawing it', () => {
  it('whoever sent it may have lost the right', async () => {
    const { id, claim } = await send();
    await stores.db.delete(grants).where(eq(grants.userId, ids.admin));
    await expect(take(claimToken(claim))).rejects.toMatchObject(over);
    expect((await rowOf(id))?.hash).toBeNull();
    expect(await log('api-keys.claimed')).toMatchObject([{ status: 'denied', targetId: id }]);
  });

  it('whoever sent it may be suspended', async () => {
    const { claim } = await send();
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.id, ids.admin));
    await expect(take(claimToken(claim))).rejects.toMatchObject(over);
  });

  it('the person may be suspended, and may come back', async () => {
    const { token } = await deliver();
    await stores.db.update(users).set({ state: 'suspended' }).where(eq(users.id, ids.broker));
    expect(await isOpen(token)).toBe(false);
    await stores.db.update(users).set({ state: 'active' }).where(eq(users.id, ids.broker));
    expect(await isOpen(token)).toBe(true);
  });

  it('the person’s role on the platform may allow less', async () => {
    const { token } = await deliver();
    await stores.db.update(memberships).set({ state: 'suspended' }).where(eq(memberships.userId, ids.broker));
    await expect(take(token)).rejects.toMatchObject(over);
  });

  it('only those who may hand it over take it back or send it again', async () => {
    const own = await deliver();
    await expect(cancelClaim(await as('operator'), own.id)).rejects.toMatchObject({ code: 'forbidden' });
    await resendClaim(await as('support'), mailing, { keyId: own.id, sendMail: true });
    const partners = await send();
    await expect(
      resendClaim(await as('support'), makingDeps, { keyId: partners.id, sendMail: true }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await cancelClaim(await as('support'), own.id);
    const open = await stores.db.select().from(keyClaims).where(eq(keyClaims.keyId, own.id));
    expect(open.every((row) => row.cancelledAt !== null)).toBe(true);
  });

  it('the person may have another address: only a new link, sent there, draws the key', async () => {
    const own = await deliver();
    await stores.db
      .update(users)
      .set({ email: 'new@example.com', emailKey: 'new@example.com' })
      .where(eq(users.id, ids.broker));
    expect(await isOpen(own.token)).toBe(false);
    const again = await resendClaim(await as('support'), mailing, { keyId: own.id, sendMail: true });
    expect(again.recipientEmail).toBe('new@example.com');
    expect(await isOpen(await mailedToken(own.id))).toBe(true);
  });

  it('the key may act for somebody else by now, whom the link was not for', async () => {
    const own = await deliver();
    await stores.db.update(apiKeys).set({ ownerId: ids.admin }).where(eq(apiKeys.id, own.id));
    expect(await isOpen(own.token)).toBe(false);
    expect((await rowOf(own.id))?.hash).toBeNull();
  });

  it('the address may be written in other letters', async () => {
    const own = await deliver();
    await stores.db.update(users).set({ email: 'Broker@Example.com' }).where(eq(users.id, ids.broker));
    expect(await isOpen(own.token)).toBe(true);
  });
});

describe('the link of a person’s own key', () => {
  it.each(['support', 'admin'] as const)(
    'is mailed to that person and shown to no %s, whatever they ask',
    async (who) => {
      const own = await deliver();
      const again = await resendClaim(await as(who), mailing, { keyId: own.id, sendMail: false });
      expect(again).toMatchObject({ path: null, recipientEmail: 'broker@example.com' });
      const made = await createKeyForClaim(
        await as('admin'),
        mailing,
        { ...wish(), ownerId: ids.broker },
        { ...partner, recipientEmail: 'broker@example.com', sendMail: false },
      );
      expect(made.claim.path).toBeNull();
      const mails = await stores.db.select().from(notifications);
      expect(mails.map(({ channel }) => channel)).toEqual(Array(3).fill('email:broker@example.com'));
    },
  );

  it('is shown where there is no mail, but to nobody who may not create keys', async () => {
    const blind = { ...over, message: expect.stringContaining('No mail is sent from here') as string };
    const attempt = async () => deliverKey(await as('support'), makingDeps, { ...wish(), ownerId: ids.broker });
    await expect(attempt()).rejects.toMatchObject(blind);
    expect(await stores.db.select().from(apiKeys)).toEqual([]);
    const own = await deliver();
    const again = { keyId: own.id, sendMail: false };
    await expect(resendClaim(await as('support'), makingDeps, again)).rejects.toMatchObject(blind);
    const wayOf = async (who: keyof typeof ids, deps = makingDeps) =>
      (await claimStanding(await as(who), deps, own.id))?.way;
    expect([await wayOf('support'), await wayOf('support', mailing), await wayOf('admin')]).toEqual([
      'refused',
      'mailed',
      'shown',
    ]);
    expect(await lookAtClaim(anybody(), own.token)).toMatchObject({ keyId: own.id });
    expect(await isOpen(claimToken(await resendClaim(await as('admin'), makingDeps, again)))).toBe(true);
  });

  it('is drawn or replaced, whichever comes first, and neither fails otherwise', async () => {
    for (let round = 0; round < 8; round += 1) {
      const own = await deliver();
      const again = { keyId: own.id, sendMail: true };
      const [taken, resent] = await Promise.allSettled([
        take(own.token),
        resendClaim(await as('admin'), mailing, again),
      ]);
      expect([taken.status, resent.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      for (const one of [taken, resent]) if (one.status === 'rejected') expect(one.reason).toMatchObject(over);
    }
  });

  it('is recorded as drawn by whoever did, and that person is told', async () => {
    const own = await deliver();
    await take(own.token);
    expect(await log('api-keys.claimed')).toMatchObject([
      {
        actorKind: 'anonymous',
        userId: null,
        userEmail: null,
        ipAddress: '203.0.113.9',
        details: { recipient: 'broker@example.com', actsFor: ids.broker, linkMadeBy: ids.support },
      },
    ]);
    const told = (await stores.db.select().from(notifications)).filter(
      ({ body }) => body['topic'] !== 'api-keys.claim_sent',
    );
    expect(told.map(({ channel, body }) => [channel, body['topic']])).toEqual(
      expect.arrayContaining([
        ['email:support@example.com', 'api-keys.claimed'],
        ['email:broker@example.com', 'api-keys.own_claimed'],
      ]),
    );
    expect(told).toHaveLength(2);
  });

  it('is recorded as drawn by somebody signed in, where they are', async () => {
    const own = await deliver();
    await takeClaim(await as('admin'), makingDeps, own.token, fakeHttpCall());
    expect(await log('api-keys.claimed')).toMatchObject([{ actorKind: 'user', userId: ids.admin }]);
  });
});
