import { dueNotice } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { DAY_MS } from '@qd/shared/time';
import type { Ctx } from '../../../../platform/context.ts';
import { write } from '../../../../platform/write.ts';
import { lockKey } from '../../queries.ts';
import { selectNoticeCandidates, type NoticeCandidate } from '../../queries/key-notices.ts';
import { selectRotationOf } from '../../queries/rotations.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { scopeOfKey } from '../visible-key.ts';
import { isToldApart, rotationCalls, type RotationCalls } from './callers.ts';
import { tellConsumers } from './tell.ts';

const PAGE = 500;
/** Keys whose end is at most so far away, or so long ago, are looked at. */
const AHEAD_MS = 8 * DAY_MS;
const BEHIND_MS = 4 * DAY_MS;

interface Due extends NoticeCandidate {
  step: number;
}

/** Tells consumers what is due of ends of keys; gives how many were told. Two at once tell nobody twice. */
export async function sendDueNotices(ctx: Ctx, deps: Pick<ApiKeysDeps, 'sealing'>): Promise<number> {
  const now = ctx.now();
  const range = { from: new Date(now.getTime() - BEHIND_MS), to: new Date(now.getTime() + AHEAD_MS) };
  let after = { keyId: '', consumerId: '' };
  let told = 0;
  for (;;) {
    const page = await selectNoticeCandidates(ctx.db, { ...range, after, limit: PAGE });
    const due = page.flatMap((candidate): Due[] => {
      const step = dueNotice(candidate, now.getTime());
      return step === null ? [] : [{ ...candidate, step }];
    });
    for (const [keyId, own] of Map.groupBy(due, (one) => one.keyId)) told += await tellOf(ctx, deps, keyId, own);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) break;
    after = { keyId: last.keyId, consumerId: last.consumerId };
  }
  if (told > 0) ctx.hub.publish('api-keys');
  return told;
}

async function tellOf(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'sealing'>,
  keyId: string,
  due: readonly Due[],
): Promise<number> {
  const now = ctx.now();
  const [{ endsMs, startedMs }] = due as [Due];
  const rotation = startedMs === null ? null : await selectRotationOf(ctx.db, keyId);
  const newKeyId = rotation?.old.id === keyId ? rotation.successor.id : null;
  try {
    return await write(ctx, async (tx, record) => {
      const key = await lockKey(tx, keyId);
      if (key === null || endOf(key)?.getTime() !== endsMs) throw nothingToTell();
      const calls = await rotationCalls(tx, { oldKeyId: keyId, newKeyId, lineageId: key.lineageId, now });
      const tellings = calls.consumers.flatMap((one) => {
        const own = due.find(({ consumerId }) => consumerId === one.consumer.id);
        return own !== undefined && concerns(one, own) ? [{ consumer: one.consumer, daysBefore: own.step }] : [];
      });
      const of = { key, endsAt: new Date(endsMs), isRotated: newKeyId !== null, tellings };
      const consumers = await tellConsumers(tx, ctx, deps, of);
      if (consumers.length === 0) throw nothingToTell();
      record({
        action: 'api-keys.notified',
        category: 'api-keys',
        platform: scopeOfKey(key),
        target: { kind: 'api-key', id: keyId },
        details: { name: key.name, consumers, endsAt: of.endsAt, daysBefore: Math.min(...due.map(({ step }) => step)) },
      });
      return consumers.length;
    });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'conflict') return 0;
    throw error;
  }
}

function endOf({ endsAt, expiresAt }: { endsAt: Date | null; expiresAt: Date | null }): Date | null {
  return endsAt ?? expiresAt;
}

/** The first word goes to everybody, later ones to who has not moved, and after the end only to who still tries. */
function concerns({ consumer, sending }: RotationCalls['consumers'][number], due: Due): boolean {
  if (due.step < 0) return sending.triedOldMs !== null && sending.triedOldMs >= due.endsMs;
  return due.sent.length === 0 || !isToldApart(consumer) || sending.sends !== 'new';
}

/** Rolls the transaction back: nothing happened that the log had to keep. */
function nothingToTell(): DomainError {
  return new DomainError('conflict', 'Nobody is to be told.');
}
