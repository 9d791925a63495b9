import {
  closeVerdict,
  extendedEndMs,
  MAX_OVERLAP_DAYS,
  type CancelRotationInput,
  type CloseRotationInput,
  type ExtendRotationInput,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write, type AuditEntry } from '../../../../platform/write.ts';
import type { KeyRow } from '../../queries.ts';
import { cancelClaims } from '../../queries/claims.ts';
import { endKey } from '../../queries/ending.ts';
import {
  closeRotationRow,
  selectOpenRotation,
  updateKeyEnd,
  updateRotationClocks,
  type RotationRow,
} from '../../queries/rotations.ts';
import { scopeOfKey } from '../visible-key.ts';
import { isToldApart, rotationCalls } from './callers.ts';
import { lockedRotation, type LockedRotation } from './locked.ts';

/**
 * Lets the old key work some days past its deadline: never past its own expiry, never more than 30 days after the rotation
 * started. The grace after the first use of the successor is called off, so that the end promised here holds. Throws
 * `not_found`, and `conflict` when there is no room left or the old key has ended.
 */
export async function extendRotation(ctx: Ctx, input: ExtendRotationInput): Promise<{ endsAt: number }> {
  return changed(ctx, input.keyId, async (tx, locked, record) => {
    const { rotation, old } = locked;
    const before = assertRunning(locked, ctx.now());
    const expiresMs = old.expiresAt?.getTime() ?? null;
    const endsMs = Math.max(before.getTime(), rotation.deadlineAt.getTime());
    const of = { endsMs, days: input.days, startedMs: rotation.startedAt.getTime(), expiresMs };
    const endsAt = new Date(extendedEndMs(of));
    if (endsAt <= before) {
      const limit =
        expiresMs === before.getTime() ? 'it expires then' : `${MAX_OVERLAP_DAYS} days are the longest overlap`;
      throw new DomainError('conflict', `${old.name} cannot be extended: ${limit}.`);
    }
    await updateRotationClocks(tx, rotation.id, { deadlineAt: endsAt, graceMs: null, graceEndsAt: null });
    await updateKeyEnd(tx, old.id, endsAt);
    const details = { reason: input.reason, days: input.days, graceCalledOffMs: rotation.graceMs };
    record({ ...entryOf('rotation_extended', locked, details), before: { endsAt: before }, after: { endsAt } });
    return { endsAt: endsAt.getTime() };
  });
}

/**
 * Calls a rotation off: the old key goes on as before and the successor is revoked. Throws `conflict` when the old key has
 * ended, when the successor is being rotated itself, or when it was used and nobody said that it is to stop all the same.
 */
export async function cancelRotation(ctx: Ctx, input: CancelRotationInput): Promise<{ revokedKeyId: string }> {
  return changed(ctx, input.keyId, async (tx, locked, record) => {
    const { rotation, old, successor } = locked;
    const before = assertRunning(locked, ctx.now());
    assertNotReplaced(successor, await selectOpenRotation(tx, successor.id));
    if (successor.firstUsedAt !== null && !input.successorInUse) {
      const since = successor.firstUsedAt.toISOString().slice(0, 16).replace('T', ' ');
      const message = `The new key has been in use since ${since} UTC, and calling the rotation off ends it; confirm that it is to stop.`;
      throw new DomainError('conflict', message, {
        fields: [{ field: 'successorInUse', message: 'is to be confirmed' }],
      });
    }
    const now = ctx.now();
    const reason = `Rotation called off: ${input.reason}`;
    await cancelClaims(tx, successor.id, now);
    if (successor.revokedAt === null) await endKey(tx, successor.id, { at: now, reason, by: ctx.actor.id });
    await updateKeyEnd(tx, old.id, null);
    await closeRotationRow(tx, rotation.id, { closedAt: now, outcome: 'cancelled', closedBy: ctx.actor.id });
    const details = { reason: input.reason, wasInUse: successor.firstUsedAt !== null };
    record({ ...entryOf('rotation_cancelled', locked, details), before: { endsAt: before }, after: { endsAt: null } });
    return { revokedKeyId: successor.id };
  });
}

/**
 * Ends the old key now. Throws `conflict`, naming who still sends it, unless nobody would be refused or the name of the key was
 * typed; `invalid` for another name.
 */
export async function closeRotation(ctx: Ctx, input: CloseRotationInput): Promise<{ endedAt: number }> {
  return changed(ctx, input.keyId, async (tx, locked, record) => {
    const { rotation, old, successor } = locked;
    const before = assertRunning(locked, ctx.now());
    const now = ctx.now();
    const of = { oldKeyId: old.id, newKeyId: successor.id, lineageId: old.lineageId, now };
    const calls = await rotationCalls(tx, of);
    const verdict = verdictOf(calls, now);
    if (input.typedName === undefined && !verdict.isSafe) throw stillUsed(old.name, verdict);
    if (input.typedName !== undefined && input.typedName.trim() !== old.name) throw otherName(old.name);
    await updateKeyEnd(tx, old.id, now);
    await closeRotationRow(tx, rotation.id, { closedAt: now, outcome: 'closed_early', closedBy: ctx.actor.id });
    const details = { reason: input.reason, wasSafe: verdict.isSafe, verdict };
    record({ ...entryOf('rotation_closed', locked, details), before: { endsAt: before }, after: { endsAt: now } });
    return { endedAt: now.getTime() };
  });
}

/** Whether the old key can end without breaking anybody. */
export function verdictOf(calls: Awaited<ReturnType<typeof rotationCalls>>, now: Date) {
  const consumers = calls.consumers.map(({ consumer, sending }) => ({
    name: consumer.name,
    sends: isToldApart(consumer) ? sending.sends : null,
  }));
  const unknownLastOldMs = calls.unknown.map(({ lastOldMs }) => lastOldMs);
  return closeVerdict({ ...calls, consumers, unknownLastOldMs }, now.getTime());
}

async function changed<T>(
  ctx: Ctx,
  keyId: string,
  change: (tx: Tx, locked: LockedRotation, record: (entry: AuditEntry) => void) => Promise<T>,
): Promise<T> {
  const result = await write(ctx, async (tx, record) => change(tx, await lockedRotation(tx, ctx, keyId), record));
  ctx.hub.publish('api-keys');
  return result;
}

/** Throws `conflict` while the successor is the old key of a rotation: the key after it would go on with no row to stand in. */
function assertNotReplaced(successor: KeyRow, open: RotationRow | null): void {
  if (open?.oldKeyId !== successor.id) return;
  const since = open.startedAt.toISOString().slice(0, 16).replace('T', ' ');
  const words = `The new key ${successor.id} is being rotated itself since ${since} UTC, to ${open.newKeyId}`;
  throw new DomainError('conflict', `${words}; call that rotation off first, or end ${successor.id} in it.`);
}

/** When the old key ends as things stand. Throws `conflict` when it has ended: what is over is not changed. */
function assertRunning({ rotation, old }: LockedRotation, now: Date): Date {
  const endsAt = old.endsAt ?? rotation.deadlineAt;
  // An emergency ended its key when it began, whatever a clock that lags behind says.
  if (old.revokedAt === null && !rotation.isEmergency && endsAt > now) return endsAt;
  throw new DomainError('conflict', `${old.name} has ended already; nothing of its rotation can be changed.`);
}

function stillUsed(name: string, verdict: Extract<ReturnType<typeof closeVerdict>, { isSafe: false }>): DomainError {
  const { stillOld, unknownCallers } = verdict;
  const strangers =
    unknownCallers === 0 ? [] : [`${unknownCallers} unknown ${unknownCallers === 1 ? 'caller' : 'callers'}`];
  const who = [...stillOld.slice(0, 5), ...strangers].join(', ') || 'somebody';
  const message = `${name} is still used, by ${who}; type its name to end it all the same.`;
  return new DomainError('conflict', message, {
    fields: [{ field: 'typedName', message: 'type the name of the key' }],
  });
}

function otherName(name: string): DomainError {
  const message = `type ${name} to end it`;
  return new DomainError('invalid', `The name does not match: ${message}.`, {
    fields: [{ field: 'typedName', message }],
  });
}

function entryOf(
  act: 'rotation_extended' | 'rotation_cancelled' | 'rotation_closed',
  { rotation, old, successor }: LockedRotation,
  details: object,
): AuditEntry {
  return {
    action: `api-keys.${act}`,
    category: 'api-keys',
    level: 'warning',
    platform: scopeOfKey(old),
    target: { kind: 'api-key', id: old.id },
    details: { name: old.name, rotation: rotation.id, successor: successor.id, ...details },
  };
}
