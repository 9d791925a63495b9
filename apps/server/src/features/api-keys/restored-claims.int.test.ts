import { createKeyInput } from '@qd/shared/api-keys';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { fakeHttpCall } from '../../../test/fake-http-call.ts';
import { claimToken, makingDeps } from '../../../test/key-making.ts';
import { endingDeps } from '../../../test/keys.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { apiKeys, auditEvents, keyClaims } from '../../db/schema/index.ts';
import { takeClaim } from './service/claims/take.ts';
import { createKeyForClaim } from './service/create/create.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(() => stores.close());
beforeEach(() => emptyPeople(stores));

const anybody = () => testCtx(stores, { actor: { ...testCtx(stores).actor, kind: 'anonymous', id: null, grants: [] } });
const draw = (token: string) => takeClaim(anybody(), makingDeps, token, fakeHttpCall({ address: '203.0.113.9' }));

it('a link that was used before a restore draws no second key after it, and others still draw theirs', async () => {
  const [admin = ''] = await addPeople(stores.db, [{ name: 'Admin', roles: ['admin'] }]);
  const ctx = await actingAs(stores, admin);
  const make = async (name: string) => {
    const wish = createKeyInput.parse({
      name,
      platform: 'hashinsight',
      environment: 'prod',
      scopes: ['miners:read'],
    });
    const to = { kind: 'claim' as const, recipientName: 'P', recipientEmail: 'p@x.example', sendMail: false };
    return claimToken((await createKeyForClaim(ctx, makingDeps, wish, to)).claim);
  };
  const [used, waiting] = [await make('ingest'), await make('edge')];
  const [keys, claims] = [await stores.db.select().from(apiKeys), await stores.db.select().from(keyClaims)];
  const { ledger, tombstones } = endingDeps();
  await draw(used);
  await tombstones.keep(testCtx(stores));
  expect(ledger.written).toMatchObject([{ kind: 'drawn', hash: null }]);

  await stores.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.delete(keyClaims);
    await tx.delete(apiKeys);
    await tx.insert(apiKeys).values(keys);
    await tx.insert(keyClaims).values(claims);
  });
  await endingDeps(ledger).tombstones.keep(testCtx(stores));
  await expect(draw(used)).rejects.toMatchObject({ code: 'precondition' });
  expect((await draw(waiting)).text).toMatch(/_key_/);
  const cancelled = eq(auditEvents.action, 'api-keys.claim_cancelled_again');
  expect(await stores.db.select().from(auditEvents).where(cancelled)).toMatchObject([{ actorKind: 'system' }]);

  await endingDeps(ledger).tombstones.keep(testCtx(stores));
  expect(await stores.db.select().from(auditEvents).where(cancelled)).toHaveLength(1);
});
