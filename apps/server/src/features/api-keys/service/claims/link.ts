import { randomBytes } from 'node:crypto';
import { CLAIM_MS, type LinkWay, type NewClaim } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { can, type GrantScope } from '@qd/shared/permissions';
import { noticeWords } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { actingScopes } from '../../../../platform/escalation.ts';
import { noticeWithLink } from '../../../../platform/notices.ts';
import { newToken, tokenHash } from '../../../../platform/session.ts';
import { cancelClaims, insertClaim, selectPlatformName } from '../../queries/claims.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { scopeOfKey } from '../visible-key.ts';

/** A link about to be made for a key that waits for its secret. */
export interface ClaimWish {
  key: { id: string; name: string; platform: string; ownerId: string | null; expiresAt: Date | null };
  /** People of the demo have no mailbox: nothing is mailed to them. */
  recipient: { name: string; email: string; isDemo: boolean };
  /** Links of a person's own key are mailed to that person whatever is asked, wherever there is mail. */
  sendMail: boolean;
}

/** What of a wish says how its link goes. */
interface LinkedTo {
  key: Pick<ClaimWish['key'], 'platform' | 'ownerId'>;
  recipient: Pick<ClaimWish['recipient'], 'isDemo'>;
  sendMail: boolean;
}

/**
 * Makes a link by which a waiting key is drawn, once, and queues its mail; links made for the key before end. Ask the caller's
 * rights first, and record it. Throws `precondition` where the link could only be shown and the caller may not see it.
 */
export async function openClaim(
  tx: Tx,
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'sealing' | 'canMail'>,
  { key, recipient, sendMail }: ClaimWish,
): Promise<NewClaim> {
  const held = await actingScopes(tx, ctx);
  const way = linkWay({ canMail: deps.canMail, makerId: ctx.actor.id, held }, { key, recipient, sendMail });
  if (way === 'refused') throw unseen(recipient.isDemo);
  const isMailed = way === 'mailed';
  const now = ctx.now();
  const token = newToken();
  const path = `/claim#${token}`;
  const expiresAt = new Date(Math.min(now.getTime() + CLAIM_MS, key.expiresAt?.getTime() ?? Infinity));
  await cancelClaims(tx, key.id, now);
  await insertClaim(tx, {
    id: `kcl_${randomBytes(9).toString('base64url')}`,
    keyId: key.id,
    tokenHash: tokenHash(token),
    recipientName: recipient.name,
    recipientEmail: recipient.email,
    createdBy: ctx.actor.id,
    createdAt: now,
    expiresAt,
  });
  if (isMailed) {
    const platform = await selectPlatformName(tx, key.platform);
    const facts = { by: ctx.actor.name, key: key.name, platform, expiresAt: expiresAt.getTime() };
    const to = { name: recipient.name, email: recipient.email };
    await noticeWithLink(tx, ctx, deps.sealing, { to, ...noticeWords('api-keys.claim_sent', facts), link: path });
  }
  return {
    recipientName: recipient.name,
    recipientEmail: recipient.email,
    path: isMailed ? null : path,
    expiresAt: expiresAt.getTime(),
  };
}

/**
 * How a link goes that somebody makes. Where it is not mailed its maker sees it, and whoever opens it holds the key: that of a
 * person's own is shown to that person and to those who may create keys anyway.
 */
export function linkWay(
  of: { canMail: boolean; makerId: string | null; held: readonly GrantScope[] | 'everything' },
  { key, recipient, sendMail }: LinkedTo,
): LinkWay {
  const { canMail, makerId, held } = of;
  if (canMail && !recipient.isDemo && (sendMail || key.ownerId !== null)) return 'mailed';
  if (key.ownerId === null || key.ownerId === makerId) return 'shown';
  return held === 'everything' || can(held, 'api-keys:write', scopeOfKey(key)) ? 'shown' : 'refused';
}

function unseen(isDemo: boolean): DomainError {
  const [why, remedy] = isDemo
    ? ['Nothing is mailed to people of the demo', '']
    : ['No mail is sent from here', ', or to set up mail'];
  const words = `${why}, and the link of a person’s own key is shown to nobody who may not create it`;
  return new DomainError('precondition', `${words}; ask an admin to make the link${remedy}.`);
}
