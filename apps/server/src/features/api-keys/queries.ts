import type { UserState } from '@qd/shared/users';
import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../db/client.ts';
import type { LiveGrant } from '../../db/queries/sessions.ts';
import { apiKeys, facts, grants, platforms, roles, users } from '../../db/schema/index.ts';

/** A key as stored: its keyed hash, never the key. */
export type KeyRow = typeof apiKeys.$inferSelect;

/** A key with the person it acts for, if any, and what that person holds. */
export interface OwnedKey {
  key: KeyRow;
  owner: { email: string; state: UserState; grants: LiveGrant[] } | null;
}

/** The key with a hash, or null. One statement, so that key, owner and grants are of one moment. */
export async function selectKeyByHash(db: ReadDb, hash: Uint8Array, now: Date): Promise<OwnedKey | null> {
  const rows = await db
    .select({
      key: apiKeys,
      owner: { email: users.email, state: users.state },
      grant: { role: grants.role, platform: grants.platform, expiresAt: grants.expiresAt },
      permissions: roles.permissions,
    })
    .from(apiKeys)
    .leftJoin(users, eq(users.id, apiKeys.ownerId))
    .leftJoin(grants, and(eq(grants.userId, users.id), or(isNull(grants.expiresAt), gt(grants.expiresAt, now))))
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
    .where(eq(apiKeys.hash, hash));
  const [first] = rows;
  if (!first) return null;
  const held = rows.flatMap(({ grant, permissions }) => (grant === null ? [] : [{ ...grant, permissions }]));
  return { key: first.key, owner: first.owner === null ? null : { ...first.owner, grants: held } };
}

/** Stores a key; false when its id is taken. */
export async function insertKey(tx: Tx, row: typeof apiKeys.$inferInsert): Promise<boolean> {
  const inserted = await tx
    .insert(apiKeys)
    .values(row)
    .onConflictDoNothing({ target: apiKeys.id })
    .returning({ id: apiKeys.id });
  return inserted.length > 0;
}

/** The key with an id, locked until the transaction ends, or null. */
export async function lockKey(tx: Tx, id: string): Promise<KeyRow | null> {
  const [row] = await tx.select().from(apiKeys).where(eq(apiKeys.id, id)).for('update');
  return row ?? null;
}

/** Marks a key revoked. */
export async function markRevoked(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.update(apiKeys).set({ revokedAt: now }).where(eq(apiKeys.id, id));
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

/** State and live grants of a person, or null. */
export async function selectKeyOwner(
  db: ReadDb,
  userId: string,
  now: Date,
): Promise<{ state: UserState; grants: LiveGrant[] } | null> {
  const rows = await db
    .select({
      state: users.state,
      grant: { role: grants.role, platform: grants.platform, expiresAt: grants.expiresAt },
      permissions: roles.permissions,
    })
    .from(users)
    .leftJoin(grants, and(eq(grants.userId, users.id), or(isNull(grants.expiresAt), gt(grants.expiresAt, now))))
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
    .where(eq(users.id, userId));
  const [first] = rows;
  if (!first) return null;
  return {
    state: first.state,
    grants: rows.flatMap(({ grant, permissions }) => (grant === null ? [] : [{ ...grant, permissions }])),
  };
}

/** Moves the last use of keys forward, all in one statement. */
export async function updateLastUsed(tx: Tx, uses: readonly { id: string; at: Date }[]): Promise<void> {
  const rows = uses.map((u) => sql`(${u.id}::text, ${u.at.toISOString()}::timestamptz)`);
  await tx.execute(
    sql`update ${apiKeys} set last_used_at = greatest(api_keys.last_used_at, used.at)
        from (values ${sql.join(rows, sql`, `)}) as used (id, at) where api_keys.id = used.id`,
  );
}

/** The stored fingerprint of a pepper version, or null. */
export async function selectPepperFact(db: ReadDb, factKey: string): Promise<string | null> {
  const [row] = await db.select({ value: facts.value }).from(facts).where(eq(facts.key, factKey));
  return typeof row?.value === 'string' ? row.value : null;
}

/** Stores the fingerprint of a pepper version. */
export async function upsertPepperFact(tx: Tx, factKey: string, value: string, now: Date): Promise<void> {
  await tx
    .insert(facts)
    .values({ key: factKey, value, updatedAt: now })
    .onConflictDoUpdate({ target: facts.key, set: { value, updatedAt: now } });
}

/** True if any key that still works was hashed under the pepper version. */
export async function hasLiveKeys(db: ReadDb, pepperVersion: number, now: Date): Promise<boolean> {
  const rows = await db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.pepperVersion, pepperVersion),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      ),
    )
    .limit(1);
  return rows.length > 0;
}
