import type { Tx } from '../../../../db/client.ts';
import { lockKey } from '../../queries.ts';
import { selectRotationAwaitingUse, updateKeyEnd, updateRotationClocks } from '../../queries/rotations.ts';

/**
 * Starts the second clock: a key was used for the first time at an instant, and if it is the successor of one that is being
 * rotated, the old key ends so long after. Gives true when the end of an old key was set by it.
 */
export async function noteFirstUse(tx: Tx, keyId: string, at: Date): Promise<boolean> {
  const seen = await selectRotationAwaitingUse(tx, keyId);
  if (seen === null) return false;
  const old = await lockKey(tx, seen.oldKeyId);
  const rotation = await selectRotationAwaitingUse(tx, keyId);
  if (rotation?.graceMs == null || old === null) return false;
  const graceEndsAt = new Date(at.getTime() + rotation.graceMs);
  await updateRotationClocks(tx, rotation.id, { graceEndsAt });
  if (graceEndsAt >= rotation.deadlineAt) return false;
  await updateKeyEnd(tx, old.id, graceEndsAt);
  return true;
}
