import { and, desc, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Tx } from '../client.ts';
import { apiKeys, keyRotations } from '../schema/index.ts';

/** A rotation that ended because one of its keys did. */
export interface EndedRotation {
  id: string;
  oldKeyId: string;
  newKeyId: string;
  outcome: 'completed' | 'closed_early' | 'cancelled';
}

/**
 * Ends the open rotations of keys that end now, and says how: one whose old key is among them closes; one that loses its
 * successor alone is called off, and the old key works on without an end. What has ended by then stays ended. Lock the keys
 * before.
 */
export async function endRotationsOf(
  tx: Tx,
  keyIds: readonly string[],
  { at, by }: { at: Date; by: string | null },
): Promise<EndedRotation[]> {
  if (keyIds.length === 0) return [];
  const ids = [...keyIds];
  const { id, oldKeyId, newKeyId, isEmergency, closedAt } = keyRotations;
  const open = await tx
    .select({ id, oldKeyId, newKeyId, isEmergency, endsAt: apiKeys.endsAt })
    .from(keyRotations)
    .innerJoin(apiKeys, eq(apiKeys.id, oldKeyId))
    .where(and(isNull(closedAt), or(inArray(oldKeyId, ids), inArray(newKeyId, ids))))
    .orderBy(desc(keyRotations.startedAt), desc(id))
    .for('update', { of: apiKeys });
  const ended: EndedRotation[] = [];
  for (const rotation of open) {
    // An emergency ended its key when it began, whatever a clock that lags behind says.
    const isOver = rotation.isEmergency || (rotation.endsAt !== null && rotation.endsAt <= at);
    const outcome = isOver ? 'completed' : ids.includes(rotation.oldKeyId) ? 'closed_early' : 'cancelled';
    if (outcome === 'cancelled') {
      await tx.update(apiKeys).set({ endsAt: null }).where(eq(apiKeys.id, rotation.oldKeyId));
    }
    await tx.update(keyRotations).set({ closedAt: at, outcome, closedBy: by }).where(eq(id, rotation.id));
    ended.push({ id: rotation.id, oldKeyId: rotation.oldKeyId, newKeyId: rotation.newKeyId, outcome });
  }
  return ended;
}

/** Open rotations both of whose keys are among these. */
export async function selectOpenPairs(
  tx: Tx,
  keyIds: readonly string[],
): Promise<{ oldKeyId: string; newKeyId: string }[]> {
  if (keyIds.length === 0) return [];
  const { oldKeyId, newKeyId, closedAt } = keyRotations;
  return tx
    .select({ oldKeyId, newKeyId })
    .from(keyRotations)
    .where(and(isNull(closedAt), inArray(oldKeyId, [...keyIds]), inArray(newKeyId, [...keyIds])));
}
