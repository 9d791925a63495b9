import { DomainError } from '@qd/shared/errors';
import { isPermission, permissionsBeyond, rolePermissions } from '@qd/shared/permissions';
import type { OffboardInput, OffboardResult } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { lockLiveKeysOf, revokeKeys, setKeyOwner, type OwnedKeyRow } from '../../../../db/queries/api-keys.ts';
import { cancelApprovalsOf } from '../../../../db/queries/approvals.ts';
import { selectActingGrants } from '../../../../db/queries/grants.ts';
import { selectActivePerson } from '../../../../db/queries/holders.ts';
import { endSlotsOf } from '../../../../db/queries/oncall.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayGive, assertMayTouch, assertSomebodyElse, keepingAnOwner } from '../../../../platform/escalation.ts';
import { grantScopes } from '../../../../platform/session.ts';
import { write } from '../../../../platform/write.ts';
import { endSessions, setState } from '../../queries/directory-acts.ts';
import { deleteCredentials, deleteRights, revokeInvitationsOf } from '../../queries/offboarding.ts';
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
  const keys = await disposeOfKeys(tx, ctx, input);
  const cancelled = await cancelApprovalsOf(tx, id, { now, outcome: 'Whoever asked for it has left.' });
  const invitations = await revokeInvitationsOf(tx, id, now);
  const slots = await endSlotsOf(tx, id, { at: now, by: ctx.actor.id, reason: `Left: ${reason}` });
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

/** Longest list of keys in one mail. */
const MAX_NAMED = 10;

/** What became of a key; `to` is null for one that was revoked. */
interface KeyEnd {
  id: string;
  name: string;
  to: string | null;
}

/** Tells everybody but the caller which keys act in their name from now on. */
async function tellTakers(
  tx: Tx,
  ctx: Ctx,
  { from, reason, keys }: { from: string; reason: string; keys: readonly KeyEnd[] },
): Promise<void> {
  for (const taker of new Set(keys.map((key) => key.to))) {
    if (taker === null || taker === ctx.actor.id) continue;
    const person = await selectActivePerson(tx, taker);
    if (person === null) continue;
    const names = keys.filter((key) => key.to === taker).map((key) => key.name);
    const named = names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ' and more' : '');
    const facts = { by: nameOf(ctx.actor), from, count: names.length, keys: named, reason };
    await tell(tx, ctx, person, { topic: 'users.keys_taken_over', facts });
  }
}

/** Revokes the keys of who leaves, but for those that go on acting for somebody else; gives what became of each. */
async function disposeOfKeys(tx: Tx, ctx: Ctx, input: OffboardInput): Promise<KeyEnd[]> {
  const keys = await lockLiveKeysOf(tx, input.id, ctx.now());
  const unknown = input.keys.findIndex((fate) => keys.every((key) => key.id !== fate.keyId));
  if (unknown >= 0) {
    throw badKey(
      unknown,
      'keyId',
      `keys[${unknown}].keyId`,
      'is no key of this person any more; look again at what would end',
    );
  }
  const fates = keys.map((key) => {
    const index = input.keys.findIndex((fate) => fate.keyId === key.id);
    const fate = input.keys[index];
    return { key, index, to: fate?.becomes === 'transfer' ? fate.to : null };
  });
  for (const { key, index, to } of fates) {
    if (to === null) continue;
    await assertMayTakeOver(tx, ctx, key, { to, index, leaver: input.id });
    await setKeyOwner(tx, { id: key.id, ownerId: to, now: ctx.now() });
  }
  const revoked = fates.filter((fate) => fate.to === null).map((fate) => fate.key.id);
  await revokeKeys(tx, revoked, ctx.now());
  return fates.map(({ key, to }) => ({ id: key.id, name: key.name, to }));
}

/** Nobody passes on a key that may do more than they, nor gives it to somebody who may do less than it. */
async function assertMayTakeOver(
  tx: Tx,
  ctx: Ctx,
  key: OwnedKeyRow,
  { to, index, leaver }: { to: string; index: number; leaver: string },
): Promise<void> {
  const scopes = key.scopes.filter(isPermission).filter((scope) => rolePermissions.owner.includes(scope));
  await assertMayGive(tx, ctx, { permissions: scopes, platform: key.platform }, 'api-keys:write');
  const taker = `Who takes over the key ${key.name}`;
  const held = to === leaver ? [] : await selectActingGrants(tx, to, ctx.now());
  if (held.length === 0) throw badKey(index, 'to', taker, 'must be somebody active who has a role here');
  const beyond = permissionsBeyond(grantScopes(held), scopes, key.platform);
  if (beyond.length === 0) return;
  throw badKey(index, 'to', taker, `may not do what the key does: ${beyond.slice(0, 5).join(', ')}`);
}

function badKey(index: number, field: string, subject: string, message: string): DomainError {
  return new DomainError('invalid', `${subject} ${message}.`, {
    fields: [{ field: `keys[${index}].${field}`, message }],
  });
}
