import { and, asc, desc, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys, keyRotations, users } from '../../../db/schema/index.ts';
import type { KeyRow } from '../queries.ts';

/** A rotation as stored. */
export type RotationRow = typeof keyRotations.$inferSelect;

/** Stores a rotation; false when the old key is being rotated already. */
export async function insertRotation(tx: Tx, row: typeof keyRotations.$inferInsert): Promise<boolean> {
  const inserted = await tx.insert(keyRotations).values(row).onConflictDoNothing().returning({ id: keyRotations.id });
  return inserted.length > 0;
}

/** The open rotation of a key, which may be the old or the new one of it; null: there is none. */
export async function selectOpenRotation(db: ReadDb | Tx, keyId: string): Promise<RotationRow | null> {
  const [row] = await db
    .select()
    .from(keyRotations)
    .where(and(isNull(keyRotations.closedAt), or(eq(keyRotations.oldKeyId, keyId), eq(keyRotations.newKeyId, keyId))))
    .orderBy(sql`${keyRotations.oldKeyId} = ${keyId} desc`)
    .limit(1);
  return row ?? null;
}

/** A rotation with its keys and the name of who started it. */
export interface RotationWithKeys {
  rotation: RotationRow;
  old: KeyRow;
  successor: KeyRow;
  startedByName: string | null;
}

/** The rotation of a key that is open, or else the newest one it was part of; null: there is none. */
export async function selectRotationOf(db: ReadDb, keyId: string): Promise<RotationWithKeys | null> {
  const [row] = await db
    .select({ rotation: keyRotations, startedByName: users.name })
    .from(keyRotations)
    .leftJoin(users, eq(users.id, keyRotations.startedBy))
    .where(or(eq(keyRotations.oldKeyId, keyId), eq(keyRotations.newKeyId, keyId)))
    .orderBy(sql`${keyRotations.closedAt} is null desc`, desc(keyRotations.startedAt), desc(keyRotations.id))
    .limit(1);
  if (!row) return null;
  const { oldKeyId, newKeyId } = row.rotation;
  const keys = await db
    .select()
    .from(apiKeys)
    .where(or(eq(apiKeys.id, oldKeyId), eq(apiKeys.id, newKeyId)));
  const [old, successor] = [oldKeyId, newKeyId].map((id) => keys.find((key) => key.id === id));
  return old === undefined || successor === undefined ? null : { ...row, old, successor };
}

/** Says when a key ends by rotation; null: by none. */
export async function updateKeyEnd(tx: Tx, id: string, endsAt: Date | null): Promise<void> {
  await tx.update(apiKeys).set({ endsAt }).where(eq(apiKeys.id, id));
}

/** Moves the clocks of an open rotation. */
export async function updateRotationClocks(
  tx: Tx,
  id: string,
  clocks: Partial<Pick<RotationRow, 'deadlineAt' | 'graceMs' | 'graceEndsAt'>>,
): Promise<void> {
  await tx.update(keyRotations).set(clocks).where(eq(keyRotations.id, id));
}

/** Closes a rotation; false when it was closed before. */
export async function closeRotationRow(
  tx: Tx,
  id: string,
  end: { closedAt: Date; outcome: 'completed' | 'closed_early' | 'cancelled'; closedBy: string | null },
): Promise<boolean> {
  const closed = await tx
    .update(keyRotations)
    .set(end)
    .where(and(eq(keyRotations.id, id), isNull(keyRotations.closedAt)))
    .returning({ id: keyRotations.id });
  return closed.length > 0;
}

/** The rotation whose grace begins with the first use of its successor, or null. */
export async function selectRotationAwaitingUse(tx: Tx, newKeyId: string): Promise<RotationRow | null> {
  const [row] = await tx
    .select()
    .from(keyRotations)
    .where(
      and(
        eq(keyRotations.newKeyId, newKeyId),
        isNull(keyRotations.closedAt),
        isNull(keyRotations.graceEndsAt),
        sql`${keyRotations.graceMs} is not null`,
      ),
    );
  return row ?? null;
}

/** Ids of old keys whose time is over while their rotation is still open, the longest over first. */
export async function selectEndedRotations(db: ReadDb, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: keyRotations.oldKeyId })
    .from(keyRotations)
    .innerJoin(apiKeys, eq(apiKeys.id, keyRotations.oldKeyId))
    .where(and(isNull(keyRotations.closedAt), lte(apiKeys.endsAt, now)))
    .orderBy(asc(apiKeys.endsAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}
