import { DomainError } from '@qd/shared/errors';
import type { OffboardInput, OffboardResult } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { cancelApprovalsOf } from '../../../../db/queries/approvals.ts';
import { endSlotsOf } from '../../../../db/queries/oncall.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouch, assertSomebodyElse, keepingAnOwner } from '../../../../platform/escalation.ts';
import { write } from '../../../../platform/write.ts';
import { endSessions, setState } from '../../queries/directory-acts.ts';
import { deleteCredentials, deleteRights, revokeInvitationsOf } from '../../queries/offboarding.ts';
import { disposeOfKeys, revokedEntry, tellTakers } from './leaver-keys.ts';
import { lockedPerson, nameOf, tell } from './locked.ts';

/**
 * Ends everything a person has here, for good and in one transaction: sessions, keys, roles, accounts on platforms, slots on
 * call, requests that wait, invitations sent, and every way back in. The row stays for the record. Throws `not_found`, `forbidden` for oneself
 * and for a more powerful person, `conflict` for the last owner, `invalid` for a key that cannot go to whom it should.
 */
export async function offboardPerson(ctx: Ctx, input: OffboardInput): Promise<OffboardResult> {
  const { id, reason } = input;
  const result = await write(ctx, (tx, record) =>
    keepingAnOwner(tx, async () => {
      const person = await lockedPerson(tx, ctx, id);
      assertSomebodyElse(ctx, id, 'users:offboard');
      await assertMayTouch(tx, ctx, id, 'users:offboard');
      if (person.state === 'offboarded') throw new DomainError('conflict', 'This person has left already.');
      const ended = await endEverything(tx, ctx, input);
      for (const key of ended.keys) if (key.to === null) record(revokedEntry(key, leftWords(reason), ctx.now()));
      await tellTakers(tx, ctx, { from: person.name, reason, keys: ended.keys });
      record({
        action: 'users.offboarded',
        category: 'access',
        level: 'critical',
        target: { kind: 'user', id },
        details: { email: person.email, reason, ...ended.result },
        before: { state: person.state, ...ended.rights },
        after: {
          state: 'offboarded',
          slots: ended.slots,
          keys: ended.keys.map(({ id: keyId, to }) => ({ id: keyId, to })),
        },
      });
      await tell(tx, ctx, person, { topic: 'users.offboarded', facts: { by: nameOf(ctx.actor), reason } });
      return ended.result;
    }),
  );
  for (const topic of ['users', 'api-keys', 'approvals', 'oncall'] as const) ctx.hub.publish(topic);
  return result;
}

async function endEverything(tx: Tx, ctx: Ctx, input: OffboardInput) {
  const { id, reason } = input;
  const now = ctx.now();
  const sessions = await endSessions(tx, { userId: id }, { at: now, reason: 'offboarded' });
  const keys = await disposeOfKeys(tx, ctx, input, leftWords(reason));
  const cancelled = await cancelApprovalsOf(tx, id, { now, outcome: 'Whoever asked for it has left.' });
  const invitations = await revokeInvitationsOf(tx, id, now);
  const slots = await endSlotsOf(tx, id, { at: now, by: ctx.actor.id, reason: leftWords(reason) });
  // The state goes first: while the person is active, the database keeps the last owner's ways in.
  await setState(tx, id, { state: 'offboarded', reason, since: now });
  const rights = await deleteRights(tx, id);
  await deleteCredentials(tx, id);
  const result: OffboardResult = {
    endedSessions: sessions.length,
    revokedKeys: keys.filter((key) => key.to === null).length,
    transferredKeys: keys.filter((key) => key.to !== null).length,
    removedGrants: rights.grants.length,
    removedMemberships: rights.memberships.length,
    cancelledApprovals: cancelled.length,
    revokedInvitations: invitations,
    endedSlots: slots.length,
  };
  return { result, rights, keys, slots: slots.map((slot) => slot.id) };
}

const leftWords = (reason: string): string => `Left: ${reason}`;
