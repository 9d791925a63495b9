import { DomainError } from '@qd/shared/errors';
import type { Ctx } from '../../../../platform/context.ts';
import { write } from '../../../../platform/write.ts';
import { closeRotationRow, selectEndedRotations } from '../../queries/rotations.ts';
import { scopeOfKey } from '../visible-key.ts';
import { lockedRotation } from './locked.ts';

const AT_ONCE = 100;

/** Completes rotations whose old key has ended; gives how many. */
export async function finishRotations(ctx: Ctx): Promise<number> {
  const ended = await selectEndedRotations(ctx.db, ctx.now(), AT_ONCE);
  let finished = 0;
  for (const keyId of ended) if (await finish(ctx, keyId)) finished += 1;
  if (finished > 0) ctx.hub.publish('api-keys');
  return finished;
}

/** Completes one; false when somebody extended, closed or called it off meanwhile. */
async function finish(ctx: Ctx, keyId: string): Promise<boolean> {
  try {
    await write(ctx, async (tx, record) => {
      const { rotation, old, successor } = await lockedRotation(tx, ctx, keyId);
      const closedAt = old.endsAt ?? rotation.deadlineAt;
      if (closedAt > ctx.now()) throw new DomainError('conflict', `${old.name} works on.`);
      await closeRotationRow(tx, rotation.id, { closedAt, outcome: 'completed', closedBy: null });
      record({
        action: 'api-keys.rotation_completed',
        category: 'api-keys',
        platform: scopeOfKey(old),
        target: { kind: 'api-key', id: old.id },
        details: { name: old.name, rotation: rotation.id, successor: successor.id },
        after: { endsAt: closedAt },
      });
    });
    return true;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'conflict') return false;
    throw error;
  }
}
