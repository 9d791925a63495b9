import { and, eq } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { secretRotations, secrets } from '../../../db/schema/index.ts';

/** Name of the index that keeps names of entries in use apart. */
export const NAME_INDEX = 'secrets_name';

/** Stores entries. */
export async function insertSecrets(tx: Tx, rows: (typeof secrets.$inferInsert)[]): Promise<void> {
  await tx.insert(secrets).values(rows);
}

/** Changes an entry. */
export async function updateSecret(
  tx: Tx,
  id: string,
  change: Partial<Omit<typeof secrets.$inferInsert, 'id' | 'platform'>>,
): Promise<void> {
  await tx.update(secrets).set(change).where(eq(secrets.id, id));
}

/** True if a rotation at this very instant is recorded already. */
export async function isRecorded(tx: Tx, secretId: string, rotatedAt: Date): Promise<boolean> {
  const rows = await tx
    .select({ id: secretRotations.id })
    .from(secretRotations)
    .where(and(eq(secretRotations.secretId, secretId), eq(secretRotations.rotatedAt, rotatedAt)));
  return rows.length > 0;
}

/** Stores a rotation. */
export async function insertRotation(tx: Tx, row: typeof secretRotations.$inferInsert): Promise<void> {
  await tx.insert(secretRotations).values(row);
}
