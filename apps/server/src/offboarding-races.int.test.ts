import { addConsumerInput, createKeyInput, updateKeyInput } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { SECOND_MS } from '@qd/shared/time';
import { offboardInput } from '@qd/shared/users';
import { and, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { actingAs } from '../test/acting-as.ts';
import { addPeople, addPlatforms } from '../test/directory.ts';
import { emptyPeople } from '../test/empty-people.ts';
import { fakeHttpCall } from '../test/fake-http-call.ts';
import { claimToken, makingDeps } from '../test/key-making.ts';
import { endingDeps, plantKey } from '../test/keys.ts';
import { rotate } from '../test/rotations.ts';
import { openTestStores, testCtx, type TestStores } from '../test/stores.ts';
import { apiKeys } from './db/schema/index.ts';
import { cancelClaim, resendClaim } from './features/api-keys/service/claims/stand.ts';
import { takeClaim } from './features/api-keys/service/claims/take.ts';
import { addConsumer } from './features/api-keys/service/consumers.ts';
import { createKeyForClaim, deliverKey } from './features/api-keys/service/create/create.ts';
import { quarantineKey, releaseKey } from './features/api-keys/service/ending/quarantine.ts';
import { revokeKey } from './features/api-keys/service/ending/revoke.ts';
import { reportLeak } from './features/api-keys/service/leaks/report.ts';
import { updateKey } from './features/api-keys/service/limits.ts';
import { cancelRotation, closeRotation, extendRotation } from './features/api-keys/service/rotation/change.ts';
import { finishRotations } from './features/api-keys/service/rotation/finish.ts';
import { noteFirstUse } from './features/api-keys/service/rotation/first-use.ts';
import { offboardPerson } from './features/users/service/directory/offboard.ts';
import type { Ctx } from './platform/context.ts';

const ROUNDS = 5;
const reason = 'because of the test';
const wish = { name: 'Miner ingest', platform: 'hashinsight', environment: 'prod' as const, scopes: ['miners:read'] };

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

type Act = () => Promise<unknown>;
type Planted = { id: string; text: string };

/** A key that waits for its link, and what may be done about it. */
async function waiting(ctx: Ctx, leaver: { id: string; email: string }): Promise<Act[]> {
  const claim = { kind: 'claim' as const, recipientName: 'Lea', recipientEmail: leaver.email, sendMail: false };
  const made = await createKeyForClaim(ctx, makingDeps, createKeyInput.parse({ ...wish, ownerId: leaver.id }), claim);
  const anybody = testCtx(stores, { actor: { ...ctx.actor, kind: 'anonymous', id: null, grants: [] } });
  const http = fakeHttpCall({ address: '203.0.113.9' });
  return [
    () => resendClaim(ctx, makingDeps, { keyId: made.id, sendMail: false }),
    () => takeClaim(anybody, makingDeps, claimToken(made.claim), http),
    () => cancelClaim(ctx, made.id),
  ];
}

/** What may be done about a key that works. */
function working(ctx: Ctx, { id, text }: Planted): Act[] {
  const deps = endingDeps();
  const scopes = ['miners:read', 'slo:read', 'changes:read'];
  const fields = { ownerName: 'Ada', channel: 'email', address: 'ada@example.com' };
  return [
    () => updateKey(ctx, updateKeyInput.parse({ id, seenAt: null, scopes })),
    () => rotate(ctx, id, { delivery: { kind: 'show' } }),
    () => addConsumer(ctx, makingDeps, addConsumerInput.parse({ keyId: id, name: `edge of ${id}`, ...fields })),
    () => quarantineKey(ctx, deps, { id, reason }),
    () => releaseKey(ctx, deps, { id, reason }),
    () => reportLeak(ctx, deps, { text, source: 'paste', leakedAt: null, place: 'ticket 4711' }),
    () => revokeKey(ctx, deps, { key: id, reason }),
  ];
}

/** What may be done about a key that is being rotated. */
async function rotating(ctx: Ctx, { id }: Planted): Promise<Act[]> {
  const deps = endingDeps();
  stores.clock.advance(SECOND_MS);
  const { newKeyId } = await rotate(testCtx(stores), id, { graceHours: 1 });
  return [
    () => rotate(testCtx(stores), newKeyId),
    () => extendRotation(ctx, { keyId: id, days: 1, reason }),
    () => stores.db.transaction((tx) => noteFirstUse(tx, newKeyId, stores.clock.now())),
    () => closeRotation(ctx, { keyId: newKeyId, reason, typedName: wish.name }),
    () => cancelRotation(ctx, { keyId: id, reason, successorInUse: true }),
    () => finishRotations(ctx),
    () => revokeKey(ctx, deps, { key: newKeyId, reason }),
    () => revokeKey(ctx, deps, { key: id, reason }),
  ];
}

it('somebody leaves while everything is done about their keys: it is done or refused in words, and no key stays', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const email = `lea${round}@example.com`;
    const [admin = '', other = '', leaver = ''] = await addPeople(stores.db, [
      { name: `Admin ${round}`, roles: ['owner'] },
      { name: `Other ${round}`, roles: ['owner'] },
      { name: `Lea ${round}`, email, roles: ['admin@hashinsight'], accounts: ['owner@hashinsight'] },
    ]);
    const [boss, ctx] = [await actingAs(stores, admin), await actingAs(stores, other)];
    // Whoever leaves works on meanwhile: what their own acts store about them waits for nobody.
    const own = await actingAs(stores, leaver);
    const acts: Act[][] = [[() => deliverKey(ctx, makingDeps, { ...wish, ownerId: leaver })]];
    for (let n = 0; n < 2; n += 1) {
      acts.push(await waiting(ctx, { id: leaver, email }));
      for (const who of [ctx, own]) {
        acts.push(working(who, await plantKey(stores, { ownerId: leaver })));
        acts.push(await rotating(who, await plantKey(stores, { ownerId: leaver })));
      }
    }
    // A successor is made later than the key it follows.
    stores.clock.advance(SECOND_MS);
    const leaving = () => offboardPerson(boss, offboardInput.parse({ id: leaver, reason }));
    const shuffled = acts.flatMap((list) => [...list.slice(round % list.length), ...list]);
    const half = Math.floor(shuffled.length / 3);
    const all = [...shuffled.slice(0, half), leaving, ...shuffled.slice(half)];
    const outcomes = await Promise.allSettled(all.map((act) => act()));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(DomainError);
    }
    expect(outcomes[half]).toMatchObject({ status: 'fulfilled' });
    const theirs = and(eq(apiKeys.ownerId, leaver), isNull(apiKeys.revokedAt));
    expect(await stores.db.select().from(apiKeys).where(theirs)).toEqual([]);
  }
});
