import type { Db } from '../../apps/server/src/db/client.ts';
import { grants, users } from '../../apps/server/src/db/schema/index.ts';
import { createSession } from '../../apps/server/src/platform/session.ts';

/** Stores a commander and a live session of theirs; gives the cookie a browser would send. */
export async function signedInCookie(db: Db, now: Date): Promise<string> {
  const id = 'usr_bench';
  const email = 'bench@example.com';
  const role = 'commander';
  return db.transaction(async (tx) => {
    await tx.insert(users).values({ id, email, emailKey: email, name: 'Bench', state: 'active', createdAt: now });
    await tx
      .insert(grants)
      .values({ id: 'grt_bench', userId: id, role, platform: '*', reason: 'bench', createdAt: now });
    const owner = { userId: id, grants: [{ role, platform: '*', expiresAt: null }] };
    const { token } = await createSession(tx, owner, { now, address: null, userAgent: 'bench' });
    return `qd=${token}`;
  });
}
