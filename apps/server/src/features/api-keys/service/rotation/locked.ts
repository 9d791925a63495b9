import { DomainError } from '@qd/shared/errors';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { lockKey, type KeyRow } from '../../queries.ts';
import { selectOpenRotation, type RotationRow } from '../../queries/rotations.ts';
import { visibleKey } from '../visible-key.ts';

/** An open rotation whose keys are locked until the transaction ends. */
export interface LockedRotation {
  rotation: RotationRow;
  old: KeyRow;
  successor: KeyRow;
}

/** A key the caller may rotate, locked. Throws `not_found` and `forbidden`. */
export async function lockedKey(tx: Tx, ctx: Ctx, id: string): Promise<KeyRow> {
  return visibleKey(ctx, await lockKey(tx, id), 'api-keys:rotate');
}

/**
 * The open rotation of a key, old or new. Throws `not_found`, `forbidden`, and `conflict` when the key is not being rotated.
 * The successor is locked first: so does whoever stores its first use.
 */
export async function lockedRotation(tx: Tx, ctx: Ctx, keyId: string): Promise<LockedRotation> {
  const seen = await selectOpenRotation(tx, keyId);
  if (seen === null) {
    const { name } = await lockedKey(tx, ctx, keyId);
    throw new DomainError('conflict', `${name} is not being rotated.`);
  }
  const successor = await lockedKey(tx, ctx, seen.newKeyId);
  const old = await lockedKey(tx, ctx, seen.oldKeyId);
  const rotation = await selectOpenRotation(tx, keyId);
  if (rotation?.id !== seen.id)
    throw new DomainError('conflict', `The rotation of ${old.name} is over; load it again.`);
  return { rotation, old, successor };
}
