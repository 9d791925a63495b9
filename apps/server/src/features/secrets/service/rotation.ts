import { DomainError } from '@qd/shared/errors';
import { nextDueMs, type RecordRotationInput, type SecretView } from '@qd/shared/secrets';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import { insertRotation, isRecorded, updateSecret } from '../queries/writes.ts';
import { lockedSecret, newId, toDate, viewOf } from './change.ts';
import { assertPast } from './faults.ts';

/**
 * Records that a secret was rotated, with what shows it. A rotation before the last one is kept as history and moves no date.
 * Throws `invalid` for one in the future, `conflict` for one that is recorded already, `precondition` for an archived secret,
 * `forbidden` or `not_found`.
 */
export async function recordRotation(ctx: Ctx, input: RecordRotationInput): Promise<SecretView> {
  const { id, evidence, evidenceUrl } = input;
  assertPast(ctx, 'rotatedAt', input.rotatedAt);
  const rotatedAt = new Date(input.rotatedAt);
  const view = await write(ctx, async (tx, record) => {
    const secret = await lockedSecret(tx, ctx, id);
    if (await isRecorded(tx, id, rotatedAt)) {
      throw new DomainError('conflict', 'A rotation at this very time is recorded already; look at the history.');
    }
    await insertRotation(tx, {
      id: newId('srt'),
      secretId: id,
      rotatedAt,
      evidence,
      evidenceUrl,
      recordedBy: ctx.actor.id,
      recordedAt: ctx.now(),
    });
    const lastMs = Math.max(input.rotatedAt, secret.lastRotatedAt?.getTime() ?? 0);
    const dates = { lastRotatedAt: new Date(lastMs), nextDueAt: toDate(nextDueMs(secret, lastMs)) };
    await updateSecret(tx, id, dates);
    record({
      action: 'secrets.rotated',
      category: 'secrets',
      platform: secret.platform,
      target: { kind: 'secret', id },
      details: { name: secret.name, rotatedAt, evidence, evidenceUrl },
      before: { lastRotatedAt: secret.lastRotatedAt, nextDueAt: secret.nextDueAt },
      after: dates,
    });
    return viewOf(tx, ctx, id);
  });
  ctx.hub.publish('secrets');
  return view;
}
