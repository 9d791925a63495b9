import { shownKey, type AcknowledgementView } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { Actor, Ctx } from '../../../../platform/context.ts';
import { tokenHash } from '../../../../platform/session.ts';
import { write } from '../../../../platform/write.ts';
import { markAcknowledged, selectNoticeByToken, type NoticeOfToken } from '../../queries/key-notices.ts';
import { scopeOfKey } from '../visible-key.ts';

/** What the holder of a notice is asked to acknowledge. Throws `precondition`, the same for old and unknown links. */
export async function lookAtNotice(ctx: Pick<Ctx, 'db'>, token: string): Promise<AcknowledgementView> {
  return viewOf(await noticeOrThrow(ctx, token));
}

/** Keeps that the holder of a notice knows of it; again and again with the same result. Throws `precondition`. */
export async function acknowledgeNotice(ctx: Ctx, token: string): Promise<AcknowledgementView> {
  const found = await noticeOrThrow(ctx, token);
  if (found.notice.acknowledgedAt !== null) return viewOf(found);
  const { notice, key, consumer } = found;
  const actor: Actor = { ...ctx.actor, name: `${consumer.ownerName} (${consumer.name})` };
  await write({ ...ctx, actor }, async (tx, record) => {
    const isFirst = await markAcknowledged(tx, notice.id, ctx.now());
    record({
      action: 'api-keys.acknowledged',
      category: 'api-keys',
      platform: scopeOfKey(key),
      target: { kind: 'api-key', id: key.id },
      details: { name: key.name, consumer: consumer.name, endsAt: notice.endsAt, isFirst },
    });
  });
  ctx.hub.publish('api-keys');
  return viewOf({ ...found, notice: { ...notice, acknowledgedAt: ctx.now() } });
}

async function noticeOrThrow(ctx: Pick<Ctx, 'db'>, token: string): Promise<NoticeOfToken> {
  const found = await selectNoticeByToken(ctx.db, tokenHash(token));
  if (found !== null && found.consumer.removedAt === null) return found;
  throw new DomainError(
    'precondition',
    'This link is not known here, or no longer good. Use the newest message you have.',
  );
}

function viewOf({ notice, key, consumer, platformName }: NoticeOfToken): AcknowledgementView {
  return {
    keyName: key.name,
    shown: shownKey(key),
    platformName: platformName ?? 'all platforms',
    environment: key.environment,
    consumer: consumer.name,
    endsAt: notice.endsAt.getTime(),
    acknowledgedAt: notice.acknowledgedAt?.getTime() ?? null,
    isRotated: key.endsAt !== null,
  };
}
