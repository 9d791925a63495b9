import { DomainError } from '@qd/shared/errors';
import { isPermission, permissionsBeyond, rolePermissions } from '@qd/shared/permissions';
import type { OffboardInput } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { lockLiveKeysOf, revokeKeys, setKeyOwner, type OwnedKeyRow } from '../../../../db/queries/api-keys.ts';
import { selectActingGrants } from '../../../../db/queries/grants.ts';
import { selectActivePerson } from '../../../../db/queries/holders.ts';
import { endRotationsOf, selectOpenPairs, type EndedRotation } from '../../../../db/queries/key-rotations.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayGive } from '../../../../platform/escalation.ts';
import { grantScopes } from '../../../../platform/session.ts';
import type { AuditEntry } from '../../../../platform/write.ts';
import { nameOf, tell } from './locked.ts';

/** Longest list of keys in one mail. */
const MAX_NAMED = 10;

/** What became of a key; `to` is null for one that was revoked, with its rotations. */
interface KeyEnd {
  id: string;
  name: string;
  platform: string;
  to: string | null;
  rotations: EndedRotation[];
}

/** Tells everybody but the caller which keys act in their name from now on. */
export async function tellTakers(
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

/**
 * Revokes the keys of who leaves, but for those that go on acting for somebody else; gives what became of each. A rotation that
 * loses one of its keys ends with it. Throws `invalid` for a key that cannot go to whom it should.
 */
export async function disposeOfKeys(tx: Tx, ctx: Ctx, input: OffboardInput, why: string): Promise<KeyEnd[]> {
  const keys = await lockLiveKeysOf(tx, input.id, ctx.now());
  const fates = fatesOf(keys, input);
  await assertPairsTogether(tx, fates);
  for (const { key, index, to } of fates) {
    if (to === null) continue;
    await assertMayTakeOver(tx, ctx, key, { to, index, leaver: input.id });
    await setKeyOwner(tx, { id: key.id, ownerId: to, now: ctx.now() });
  }
  const end = { at: ctx.now(), by: ctx.actor.id };
  const revoked = fates.filter((fate) => fate.to === null).map((fate) => fate.key.id);
  const rotations = await endRotationsOf(tx, revoked, end);
  await revokeKeys(tx, revoked, { ...end, reason: why });
  return fates.map(({ key: { id, name, platform }, to }) => {
    const ended = rotations.filter(({ oldKeyId, newKeyId }) => oldKeyId === id || newKeyId === id);
    return { id, name, platform, to, rotations: to === null ? ended : [] };
  });
}

/** What the log keeps of a key that ended with its person. */
export function revokedEntry({ id, name, platform, rotations }: KeyEnd, why: string, at: Date): AuditEntry {
  return {
    action: 'api-keys.revoked',
    category: 'api-keys',
    level: 'warning',
    platform: platform === '*' ? null : platform,
    target: { kind: 'api-key', id },
    details: { name, reason: why, rotations },
    before: { revokedAt: null },
    after: { revokedAt: at },
  };
}

/** What is to become of a key; `index` is where the input names it, -1 where it does not. */
interface Fate {
  key: OwnedKeyRow;
  index: number;
  to: string | null;
}

function fatesOf(keys: readonly OwnedKeyRow[], input: OffboardInput): Fate[] {
  const unknown = input.keys.findIndex((fate) => keys.every((key) => key.id !== fate.keyId));
  if (unknown >= 0) {
    const message = 'is no key of this person any more; look again at what would end';
    throw badKey(unknown, 'keyId', `keys[${unknown}].keyId`, message);
  }
  return keys.map((key) => {
    const index = input.keys.findIndex((fate) => fate.keyId === key.id);
    const fate = input.keys[index];
    return { key, index, to: fate?.becomes === 'transfer' ? fate.to : null };
  });
}

/** A key and its successor that both go on go to one person: whoever is to move from one to the other holds both. */
async function assertPairsTogether(tx: Tx, fates: readonly Fate[]): Promise<void> {
  const going = fates.filter(({ to }) => to !== null);
  const fateOf = (id: string) => going.find(({ key }) => key.id === id);
  const ids = going.map(({ key }) => key.id);
  for (const { oldKeyId, newKeyId } of await selectOpenPairs(tx, ids)) {
    const [old, successor] = [fateOf(oldKeyId), fateOf(newKeyId)];
    if (old === undefined || successor === undefined || old.to === successor.to) continue;
    const subject = `The new key of ${successor.key.name}`;
    throw badKey(successor.index, 'to', subject, 'must go to the same person as the key it replaces');
  }
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
