import { noticeWords, type NewLink } from '@qd/shared/users';
import type { ReadDb, Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { noticeWithLink } from '../../../../platform/notices.ts';
import { newToken, tokenHash } from '../../../../platform/session.ts';
import { insertInvitation, revokeInvitations, selectRoleTitle, updateOrigin } from '../../queries/invitations.ts';
import { newId, type UsersDeps } from '../deps.ts';
import { roleTitle } from '../directory/rows.ts';

/** An invitation about to be made for somebody whose row is there already. */
export interface NewInvitation {
  person: { id: string; name: string; email: string };
  /** Empty when the person has their roles already, e.g. from an import: accepting then only lets them in. */
  role: string;
  platform: string;
  reason: string;
  grantExpiresAt: Date | null;
  lifeMs: number;
  sendMail: boolean;
}

/**
 * Makes a link that lets an invited person in, once, and queues its mail; links made for them before end. Ask the caller's
 * rights first, and record it.
 */
export async function openInvitation(
  tx: Tx,
  ctx: Ctx,
  deps: Pick<UsersDeps, 'sealing' | 'canMail'>,
  given: NewInvitation,
): Promise<NewLink> {
  const { person, role, platform, reason, grantExpiresAt } = given;
  const now = ctx.now();
  const token = newToken();
  const path = `/invite#${token}`;
  const expiresAt = new Date(now.getTime() + given.lifeMs);
  const invitedBy = ctx.actor.kind === 'user' ? ctx.actor.id : null;
  await revokeInvitations(tx, person.id, now);
  await insertInvitation(tx, {
    id: newId('inv'),
    userId: person.id,
    tokenHash: tokenHash(token),
    role,
    platform,
    reason,
    grantExpiresAt,
    invitedBy,
    createdAt: now,
    expiresAt,
  });
  await updateOrigin(tx, person.id, invitedBy === null ? 'cli' : 'person');
  const isMailed = deps.canMail && given.sendMail;
  if (isMailed) {
    const facts = { by: ctx.actor.name, role: await titleOf(tx, role), platform, expiresAt: expiresAt.getTime() };
    await noticeWithLink(tx, ctx, deps.sealing, { to: person, ...noticeWords('users.invited', facts), link: path });
  }
  return { userId: person.id, path: isMailed ? null : path, expiresAt: expiresAt.getTime() };
}

/** What a role is called on screens and in mail; for invitations that bring none, what the person becomes. */
export async function titleOf(db: ReadDb, role: string): Promise<string> {
  return role === '' ? 'part of the team' : roleTitle(role, await selectRoleTitle(db, role));
}
