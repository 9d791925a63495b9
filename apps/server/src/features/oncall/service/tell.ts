import { noticeWords, type NoticeFacts, type NoticeTopic } from '@qd/shared/users';
import type { Tx } from '../../../db/client.ts';
import type { Ctx } from '../../../platform/context.ts';
import { notice } from '../../../platform/notices.ts';
import type { CallPerson } from '../queries/people.ts';

/** Tells a person what became of a slot of theirs, in the transaction of the change; not who did it to themselves. */
export async function tell<T extends NoticeTopic & `oncall.${string}`>(
  tx: Tx,
  ctx: Ctx,
  to: CallPerson | null,
  said: { topic: T; facts: NoticeFacts[T] },
): Promise<void> {
  // Accounts of the demo have no mailbox.
  if (to === null || to.isDemo || to.id === ctx.actor.id) return;
  const { email, name } = to;
  await notice(tx, ctx, { to: { email, name }, ...noticeWords(said.topic, said.facts), url: '/oncall' });
}
