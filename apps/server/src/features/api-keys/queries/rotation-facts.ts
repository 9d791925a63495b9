import type { UserState } from '@qd/shared/users';
import { and, eq, ne, or, isNull } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { keyRotations, users } from '../../../db/schema/index.ts';

/** State of the person a key acts for; null for keys of their own and for people who are gone. */
export async function selectOwnerState(db: ReadDb, ownerId: string | null): Promise<UserState | null> {
  if (ownerId === null) return null;
  const [row] = await db.select({ state: users.state }).from(users).where(eq(users.id, ownerId));
  return row?.state ?? null;
}

/** True if a rotation made the key, unless it was called off. */
export async function isSuccessor(db: ReadDb, keyId: string): Promise<boolean> {
  const { outcome } = keyRotations;
  const [row] = await db
    .select({ id: keyRotations.id })
    .from(keyRotations)
    .where(and(eq(keyRotations.newKeyId, keyId), or(isNull(outcome), ne(outcome, 'cancelled'))))
    .limit(1);
  return row !== undefined;
}
