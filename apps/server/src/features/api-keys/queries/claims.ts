import { and, desc, eq, isNull } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { keyClaims, platforms } from '../../../db/schema/index.ts';

/** A claim link as stored. */
export type ClaimRow = typeof keyClaims.$inferSelect;

/** Stores a link. */
export async function insertClaim(tx: Tx, row: typeof keyClaims.$inferInsert): Promise<void> {
  await tx.insert(keyClaims).values(row);
}

/** The link with the hash of a token, or null. */
export async function selectClaim(db: ReadDb, tokenHash: Uint8Array): Promise<ClaimRow | null> {
  const [row] = await db.select().from(keyClaims).where(eq(keyClaims.tokenHash, tokenHash));
  return row ?? null;
}

/** A link by its id, locked until the transaction ends, or null. */
export async function lockClaim(tx: Tx, id: string): Promise<ClaimRow | null> {
  const [row] = await tx.select().from(keyClaims).where(eq(keyClaims.id, id)).for('update');
  return row ?? null;
}

/** The newest link of a key, or null. */
export async function selectNewestClaim(db: ReadDb, keyId: string): Promise<ClaimRow | null> {
  const [row] = await db
    .select()
    .from(keyClaims)
    .where(eq(keyClaims.keyId, keyId))
    .orderBy(desc(keyClaims.createdAt), desc(keyClaims.id))
    .limit(1);
  return row ?? null;
}

/** Ends the links of a key that nobody used yet; how many there were. */
export async function cancelClaims(tx: Tx, keyId: string, now: Date): Promise<number> {
  const ended = await tx
    .update(keyClaims)
    .set({ cancelledAt: now })
    .where(and(eq(keyClaims.keyId, keyId), isNull(keyClaims.claimedAt), isNull(keyClaims.cancelledAt)))
    .returning({ id: keyClaims.id });
  return ended.length;
}

/** Marks a link used. */
export async function markClaimed(tx: Tx, id: string, at: { now: Date; from: string | null }): Promise<void> {
  await tx.update(keyClaims).set({ claimedAt: at.now, claimedFrom: at.from }).where(eq(keyClaims.id, id));
}

/** What people call a platform; `*` stands for all. */
export async function selectPlatformName(db: ReadDb, id: string): Promise<string> {
  if (id === '*') return 'all platforms';
  const [row] = await db.select({ name: platforms.name }).from(platforms).where(eq(platforms.id, id));
  return row?.name ?? id;
}
