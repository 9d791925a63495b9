import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { noticeWords, type SessionRow } from '@qd/shared/users';
import type { Ctx } from '../../../../platform/context.ts';
import { notice } from '../../../../platform/notices.ts';
import { actingSession } from '../../../../platform/step-up.ts';
import { write } from '../../../../platform/write.ts';
import { endOwnSession, endSessionsBut, selectLiveSessions } from '../../queries/own-account.ts';
import { sessionRow } from '../session-rows.ts';

const cursorShape = /^(\d{1,14}):(ses_[\w-]{1,40})$/;

/** The caller's live sessions, newest first. The cursor is start and id of the last. */
export async function listOwnSessions(
  ctx: Ctx,
  input: { cursor?: string | undefined; limit: number },
): Promise<Page<SessionRow>> {
  const { userId, sessionId } = actingSession(ctx.actor);
  const after = input.cursor === undefined ? null : parseCursor(input.cursor);
  const found = await selectLiveSessions(ctx.db, { userId, after, limit: input.limit, now: ctx.now() });
  const page = found.slice(0, input.limit);
  const last = page.at(-1);
  return {
    rows: page.map((row) => sessionRow(row, sessionId)),
    nextCursor: found.length > input.limit && last ? `${last.createdAt.getTime()}:${last.id}` : null,
  };
}

/** Ends one of the caller's own sessions. Throws `not_found` when it is another's or has ended. */
export async function endSessionOfOwn(ctx: Ctx, input: { id: string }): Promise<void> {
  const { userId } = actingSession(ctx.actor);
  await write(ctx, async (tx, record) => {
    const ended = await endOwnSession(tx, {
      userId,
      sessionId: input.id,
      now: ctx.now(),
      reason: 'ended by its owner',
    });
    if (!ended) throw new DomainError('not_found', 'This session has ended already, or is not yours.');
    record({ action: 'users.session_ended', category: 'authentication', target: { kind: 'session', id: input.id } });
  });
  ctx.hub.publish('users');
}

/** Ends every session of the caller but this one. */
export async function endOtherSessions(ctx: Ctx): Promise<{ ended: number }> {
  const { userId, sessionId } = actingSession(ctx.actor);
  const ended = await write(ctx, async (tx, record) => {
    const count = await endSessionsBut(tx, { userId, sessionId, now: ctx.now(), reason: 'ended by its owner' });
    if (count > 0) {
      const { email, name } = ctx.actor;
      const words = noticeWords('users.sessions_ended', { by: 'You', count });
      await notice(tx, ctx, { to: { email: email ?? '', name }, ...words, url: '/account' });
    }
    record({
      action: 'users.other_sessions_ended',
      category: 'authentication',
      target: { kind: 'user', id: userId },
      details: { endedSessions: count },
    });
    return count;
  });
  ctx.hub.publish('users');
  return { ended };
}

function parseCursor(text: string): { createdAt: Date; id: string } {
  const [, at, id] = cursorShape.exec(text) ?? [];
  const createdAt = new Date(Number(at));
  if (id === undefined) {
    throw new DomainError('invalid', 'This is no marker of the list; start from its beginning.', {
      fields: [{ field: 'cursor', message: 'is not a marker of this list' }],
    });
  }
  return { createdAt, id };
}
