import { DomainError } from '@qd/shared/errors';
import type { EndedSessions, EndSessionInput, EndSessionsInput } from '@qd/shared/users';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouch } from '../../../../platform/escalation.ts';
import { write } from '../../../../platform/write.ts';
import { endSessions } from '../../queries/directory-acts.ts';
import { lockedPerson, nameOf, tell } from './locked.ts';

/** Ends one session of a person. Throws `not_found` when it is over already. */
export async function endOneSession(ctx: Ctx, input: EndSessionInput): Promise<EndedSessions> {
  const ended = await end(ctx, { userId: input.id, sessionId: input.sessionId, reason: input.reason });
  if (ended.ended > 0) return ended;
  throw new DomainError('not_found', 'This session is over already.');
}

/** Ends every session of a person. The answer proves it: when they ended, and when one of them was last used. */
export async function endAllSessions(ctx: Ctx, input: EndSessionsInput): Promise<EndedSessions> {
  return end(ctx, { userId: input.id, reason: input.reason });
}

async function end(ctx: Ctx, which: { userId: string; sessionId?: string; reason: string }): Promise<EndedSessions> {
  const { reason, ...of } = which;
  const proof = await write(ctx, async (tx, record) => {
    const person = await lockedPerson(tx, ctx, of.userId);
    await assertMayTouch(tx, ctx, person.id, 'users:suspend');
    const at = ctx.now();
    const ended = await endSessions(tx, of, { at, reason: 'ended by someone else' });
    const lastSeen = ended.map((session) => session.lastSeenAt.getTime());
    const lastRequestAt = lastSeen.length === 0 ? null : Math.max(...lastSeen);
    record({
      action: 'users.sessions_ended',
      category: 'authentication',
      level: 'warning',
      target: { kind: 'user', id: person.id },
      details: { email: person.email, reason, sessions: ended.map((session) => session.id), lastRequestAt },
    });
    if (ended.length > 0) {
      const facts = { by: nameOf(ctx.actor), count: ended.length };
      await tell(tx, ctx, person, { topic: 'users.sessions_ended', facts });
    }
    return { ended: ended.length, endedAt: at.getTime(), lastRequestAt };
  });
  ctx.hub.publish('users');
  return proof;
}
