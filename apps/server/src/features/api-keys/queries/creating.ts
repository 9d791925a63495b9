import { eq, inArray } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys } from '../../../db/schema/index.ts';

type NewRow = typeof apiKeys.$inferInsert;

/** Stores a key made elsewhere; false when its id or its text is one already. */
export async function insertForeignKey(tx: Tx, row: NewRow): Promise<boolean> {
  const inserted = await tx.insert(apiKeys).values(row).onConflictDoNothing().returning({ id: apiKeys.id });
  return inserted.length > 0;
}

/** True if any of the hashes is of a key there is or was. */
export async function isKnownHash(db: ReadDb, hashes: readonly Uint8Array[]): Promise<boolean> {
  const rows = await db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(inArray(apiKeys.hash, [...hashes]))
    .limit(1);
  return rows.length > 0;
}

/** Gives a waiting key its secret. */
export async function activateKey(
  tx: Tx,
  id: string,
  to: { hash: Uint8Array; pepperVersion: number; activatedAt: Date },
): Promise<void> {
  await tx.update(apiKeys).set(to).where(eq(apiKeys.id, id));
}

/** Changes name, scopes or limits of a key. */
export async function updateKeyRow(
  tx: Tx,
  id: string,
  to: Pick<NewRow, 'name' | 'scopes' | 'ipAllow' | 'rateLimitPerMin' | 'updatedAt'>,
): Promise<void> {
  await tx.update(apiKeys).set(to).where(eq(apiKeys.id, id));
}

/** A key, or null. */
export async function selectKey(db: ReadDb, id: string): Promise<typeof apiKeys.$inferSelect | null> {
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, id));
  return row ?? null;
}
