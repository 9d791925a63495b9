import { noticeWords, type NoticeFacts, type NoticeTopic } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import type { Actor, Ctx } from '../../../../platform/context.ts';
import { notice } from '../../../../platform/notices.ts';
import { lockPerson, type LockedPerson } from '../../queries/directory-acts.ts';
import { isListed } from '../../queries/directory.ts';
import { readScope } from './list.ts';
import { unknownPerson } from './person.ts';

/** The person an act is on, locked until the transaction ends. Throws `not_found`, for people the caller may not see too. */
export async function lockedPerson(tx: Tx, ctx: Ctx, userId: string): Promise<LockedPerson> {
  const person = await lockPerson(tx, userId);
  const isSeen =
    person !== null && (await isListed(tx, userId, { filters: {}, scope: readScope(ctx), now: ctx.now() }));
  if (isSeen) return person;
  throw unknownPerson();
}

/** How the person concerned is told who acted. */
export function nameOf(actor: Actor): string {
  return actor.email ?? actor.name;
}

/** Tells a person what happened to their account, in the transaction of the change. Accounts of the demo have no mailbox. */
export async function tell<T extends NoticeTopic>(
  tx: Tx,
  ctx: Ctx,
  to: Pick<LockedPerson, 'email' | 'name' | 'isDemo'>,
  said: { topic: T; facts: NoticeFacts[T] },
): Promise<void> {
  if (to.isDemo) return;
  await notice(tx, ctx, { to: { email: to.email, name: to.name }, ...noticeWords(said.topic, said.facts) });
}
