import { eq } from 'drizzle-orm';
import { selectActingGrants } from '../src/db/queries/grants.ts';
import { users } from '../src/db/schema/index.ts';
import { grantScopes } from '../src/platform/session.ts';
import { testCtx, type TestCtx, type TestStores } from './stores.ts';

/** A context of a stored person, with the rights they have at this moment, as a session would give it. */
export async function actingAs(stores: TestStores, userId: string): Promise<TestCtx> {
  const [user] = await stores.db.select().from(users).where(eq(users.id, userId));
  if (user === undefined) throw new Error(`there is no ${userId}`);
  const held = await selectActingGrants(stores.db, userId, stores.clock.now());
  return testCtx(stores, {
    actor: {
      kind: 'user',
      id: user.id,
      email: user.email,
      name: user.name,
      role: held.map((grant) => grant.role).join(', ') || null,
      grants: grantScopes(held),
      sessionId: `ses_of_${user.id}`,
      address: '127.0.0.1',
    },
  });
}
