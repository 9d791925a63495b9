import { envLines, MAX_OVERLAP_DAYS, type BoardRow, type RotationBoard, type UnmovedCaller } from '@qd/shared/api-keys';
import { DAY_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import type { KeyRow } from '../../queries.ts';
import { selectKey } from '../../queries/creating.ts';
import { selectLatestNotices, type LatestNotice } from '../../queries/key-notices.ts';
import { selectRotationOf, type RotationWithKeys } from '../../queries/rotations.ts';
import { visibleKey } from '../visible-key.ts';
import { isToldApart, rotationCalls, type RotationCalls } from './callers.ts';
import { verdictOf } from './change.ts';

const MAX_UNKNOWN = 20;

/** Where the rotation of a key stands: the open one, or else the newest; null without any. Throws `not_found` and `forbidden`. */
export async function rotationBoard(
  ctx: Pick<Ctx, 'db' | 'actor' | 'now'>,
  keyId: string,
): Promise<RotationBoard | null> {
  visibleKey(ctx, await selectKey(ctx.db, keyId));
  const found = await selectRotationOf(ctx.db, keyId);
  if (found === null) return null;
  const { rotation, old, successor } = found;
  const now = ctx.now();
  const calls = await rotationCalls(ctx.db, {
    oldKeyId: old.id,
    newKeyId: successor.id,
    lineageId: old.lineageId,
    now,
  });
  const notices = new Map((await selectLatestNotices(ctx.db, old.id)).map((notice) => [notice.consumerId, notice]));
  const unknown = calls.unknown.filter(({ sends }) => sends !== 'silent' && sends !== 'new');
  return {
    ...factsOf(found),
    ...clocksOf(found),
    consumers: calls.consumers.map((one) => rowOf(one, notices.get(one.consumer.id) ?? null)),
    unknown: unknown.slice(0, MAX_UNKNOWN).map(unknownOf),
    unknownMore: Math.max(0, unknown.length - MAX_UNKNOWN),
    lastOldAt: calls.lastOldMs,
    verdict: verdictOf(calls, now),
    envLines: envLines({ oldKey: placeholder(old), newKey: placeholder(successor) }),
    isOpen: rotation.closedAt === null,
    asOf: now.getTime(),
  };
}

function factsOf({ rotation, old, successor, startedByName }: RotationWithKeys) {
  return {
    rotationId: rotation.id,
    outcome: rotation.outcome,
    closedAt: rotation.closedAt?.getTime() ?? null,
    reason: rotation.reason,
    isEmergency: rotation.isEmergency,
    startedAt: rotation.startedAt.getTime(),
    startedBy: startedByName,
    old: { id: old.id, name: old.name, expiresAt: old.expiresAt?.getTime() ?? null },
    successor: {
      id: successor.id,
      createdAt: successor.createdAt.getTime(),
      expiresAt: successor.expiresAt?.getTime() ?? null,
      firstUsedAt: successor.firstUsedAt?.getTime() ?? null,
      isPending: successor.activatedAt === null,
    },
  };
}

function clocksOf({ rotation, old }: RotationWithKeys) {
  const endsAt = (old.endsAt ?? rotation.closedAt ?? rotation.deadlineAt).getTime();
  const latest = rotation.startedAt.getTime() + MAX_OVERLAP_DAYS * DAY_MS;
  return {
    deadlineAt: rotation.deadlineAt.getTime(),
    graceMs: rotation.graceMs,
    graceEndsAt: rotation.graceEndsAt?.getTime() ?? null,
    endsAt,
    latestEndAt: Math.max(endsAt, Math.min(latest, old.expiresAt?.getTime() ?? Infinity)),
  };
}

function rowOf({ consumer, sending }: RotationCalls['consumers'][number], notice: LatestNotice | null): BoardRow {
  return {
    consumerId: consumer.id,
    name: consumer.name,
    ownerName: consumer.ownerName,
    channel: consumer.channel,
    sends: isToldApart(consumer) ? sending.sends : null,
    oldLastHour: sending.oldLastHour,
    newLastHour: sending.newLastHour,
    lastOldAt: sending.lastOldMs,
    lastNewAt: sending.lastNewMs,
    toldAt: notice?.toldMs ?? null,
    acknowledgedAt: notice?.acknowledgedMs ?? null,
    notDelivered: notice === null || notice.status === 'sent' ? null : notice.lastError,
  };
}

function unknownOf({
  address,
  agent,
  sends,
  oldLastHour,
  newLastHour,
  lastOldMs,
}: RotationCalls['unknown'][number]): UnmovedCaller {
  return { address, agent, sends, oldLastHour, newLastHour, lastOldAt: lastOldMs };
}

/** A key as a line of a file shows it where its secret is not known: it has no blanks. */
function placeholder({ id, prefix, environment, format }: KeyRow): string {
  if (format === 'opaque') return `KEY_WITH_ID_${id}`;
  return format === 'v2' ? `${prefix}_${environment}_key_${id}…` : `${prefix}_${environment}_key_…${id}`;
}
