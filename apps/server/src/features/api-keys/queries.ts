import type { UserState } from '@qd/shared/users';
import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../db/client.ts';
import { apiKeys, platforms, users } from '../../db/schema/index.ts';

/** A key as stored: its keyed hash, never the key. */
export type KeyRow = typeof apiKeys.$inferSelect;
/** A key about to be stored. */
export type NewKeyRow = typeof apiKeys.$inferInsert;

/** Stores a key; false when its id is taken. */
export async function insertKey(tx: Tx, row: NewKeyRow): Promise<boolean> {
  const inserted = await tx
    .insert(apiKeys)
    .values(row)
    .onConflictDoNothing({ target: apiKeys.id })
    .returning({ id: apiKeys.id });
  return inserted.length > 0;
}

/** The key with an id, locked until the transaction ends, or null. */
export async function lockKey(tx: Tx, id: string): Promise<KeyRow | null> {
  const [row] = await tx
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.id, id), eq(apiKeys.isProbe, false)))
    .for('update');
  return row ?? null;
}

/** Keys by id on the platforms given; keys for all platforms only for `*`. One more than `limit`. */
export async function selectKeys(
  db: ReadDb,
  page: { platforms: '*' | string[]; afterId: string | null; limit: number },
): Promise<{ key: KeyRow; owner: { email: string; state: UserState } | null }[]> {
  return db
    .select({ key: apiKeys, owner: { email: users.email, state: users.state } })
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.ownerId))
    .where(
      and(
        eq(apiKeys.isProbe, false),
        page.platforms === '*' ? undefined : inArray(apiKeys.platform, page.platforms),
        page.afterId === null ? undefined : gt(apiKeys.id, page.afterId),
      ),
    )
    .orderBy(asc(apiKeys.id))
    .limit(page.limit + 1);
}

/** True if the platform exists. */
export async function platformExists(db: ReadDb, id: string): Promise<boolean> {
  const rows = await db.select({ id: platforms.id }).from(platforms).where(eq(platforms.id, id));
  return rows.length > 0;
}
