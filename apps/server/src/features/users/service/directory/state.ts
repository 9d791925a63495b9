import { DomainError } from '@qd/shared/errors';
import type { PersonStateInput, UserState } from '@qd/shared/users';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouch, assertSomebodyElse, keepingAnOwner } from '../../../../platform/escalation.ts';
import { write } from '../../../../platform/write.ts';
import { endSessions, setState } from '../../queries/directory-acts.ts';
import { isStillInvited } from '../../queries/offboarding.ts';
import { lockedPerson, nameOf, tell } from './locked.ts';

/**
 * Keeps a person out: every session ends at once and their keys stop working. Throws `not_found`, `forbidden` for oneself and
 * for a more powerful person, `conflict` for the last owner and for who is suspended already.
 */
export async function suspendPerson(ctx: Ctx, { id, reason }: PersonStateInput): Promise<{ endedSessions: number }> {
  const endedSessions = await write(ctx, (tx, record) =>
    keepingAnOwner(tx, async () => {
      const person = await lockedPerson(tx, ctx, id);
      assertSomebodyElse(ctx, id, 'users:suspend');
      await assertMayTouch(tx, ctx, id, 'users:suspend');
      if (person.state === 'suspended' || person.state === 'offboarded') throw alreadyIs(person.state);
      const now = ctx.now();
      await setState(tx, id, { state: 'suspended', reason, since: now });
      const ended = await endSessions(tx, { userId: id }, { at: now, reason: 'suspended' });
      record({
        action: 'users.suspended',
        category: 'access',
        level: 'warning',
        target: { kind: 'user', id },
        details: { email: person.email, reason, endedSessions: ended.length },
        before: { state: person.state },
        after: { state: 'suspended' },
      });
      await tell(tx, ctx, person, { topic: 'users.suspended', facts: { by: nameOf(ctx.actor), reason } });
      return ended.length;
    }),
  );
  for (const topic of ['users', 'oncall'] as const) ctx.hub.publish(topic);
  return { endedSessions };
}

/**
 * Lets a suspended person in again; who had not come in yet is invited again. Throws `not_found`, `forbidden`, and `conflict`
 * for who is not suspended.
 */
export async function reinstatePerson(ctx: Ctx, { id, reason }: PersonStateInput): Promise<{ state: UserState }> {
  const state = await write(ctx, async (tx, record) => {
    const person = await lockedPerson(tx, ctx, id);
    assertSomebodyElse(ctx, id, 'users:suspend');
    await assertMayTouch(tx, ctx, id, 'users:suspend');
    if (person.state !== 'suspended') throw alreadyIs(person.state);
    const to: UserState = (await isStillInvited(tx, id)) ? 'invited' : 'active';
    await setState(tx, id, { state: to, reason, since: ctx.now() });
    record({
      action: 'users.reinstated',
      category: 'access',
      level: 'warning',
      target: { kind: 'user', id },
      details: { email: person.email, reason },
      before: { state: person.state },
      after: { state: to },
    });
    await tell(tx, ctx, person, { topic: 'users.reinstated', facts: { by: nameOf(ctx.actor), reason } });
    return to;
  });
  for (const topic of ['users', 'oncall'] as const) ctx.hub.publish(topic);
  return { state };
}

function alreadyIs(state: UserState): DomainError {
  const words = state === 'offboarded' ? 'This person has left for good' : `This person is ${state} already`;
  return new DomainError('conflict', `${words}; reload to see what changed.`, {
    fields: [{ field: 'state', message: `is ${state}` }],
  });
}
