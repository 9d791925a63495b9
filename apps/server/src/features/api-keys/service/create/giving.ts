import { platformScopes, scopesOfRole } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { isPermission, type Permission } from '@qd/shared/permissions';
import type { ReadDb, Tx } from '../../../../db/client.ts';
import { denied } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayGive, assertMayTouchOn } from '../../../../platform/escalation.ts';
import { platformExists } from '../../queries.ts';
import { holdPerson, selectKeyHolder, type KeyOwner } from '../../queries/owners.ts';
import { selectAddedScopes } from '../../queries/policies.ts';
import { isForMachines, scopesBeyond } from '../scopes.ts';
import { actsForAnother, scopeOfKey } from '../visible-key.ts';

/** What a key is about to be allowed, and for whom. */
export interface KeyRights {
  platform: string;
  scopes: readonly string[];
  ownerId: string | null;
}

type Caller = Pick<Ctx, 'actor' | 'now'>;

/**
 * Passes if the caller may make a key with these rights. Throws `invalid` for an unknown platform, scope or owner, `forbidden`
 * when the caller, or the person the key acts for, lacks a scope on the platform, and `not_found` for a platform the caller
 * may not see. Gives the owner.
 */
export async function assertMayCreate(tx: Tx, ctx: Caller, rights: KeyRights): Promise<KeyOwner | null> {
  const { platform, scopes, ownerId } = rights;
  const given = scopes.filter(isPermission).filter((scope) => !isForMachines(scope));
  await assertMayGive(tx, ctx, { platform, permissions: given }, 'api-keys:write');
  if (platform !== '*' && !(await platformExists(tx, platform))) {
    throw invalid('platform', `There is no platform ${platform}; see qd platforms list.`);
  }
  await assertScopesExist(tx, platform, scopes);
  return ownerId === null ? null : ownerOf(tx, ctx, { ...rights, ownerId });
}

/**
 * Passes if the caller may send a person a key of their own: on a platform where both are known, with what that person may do
 * there and nothing of the console. Throws `forbidden`, `not_found` and `invalid`.
 */
export async function assertMayDeliver(
  tx: Tx,
  ctx: Caller,
  rights: KeyRights & { ownerId: string },
): Promise<KeyOwner> {
  const { platform, scopes, ownerId } = rights;
  await assertMayTouchOn(tx, ctx, ownerId, { by: 'api-keys:deliver', platform });
  const ofConsole = scopes.filter(isPermission);
  if (ofConsole.length > 0) {
    throw invalid('scopes', `A key sent by a link carries scopes of the platform alone, not ${ofConsole.join(', ')}.`);
  }
  await assertScopesExist(tx, platform, scopes);
  return ownerOf(tx, ctx, rights);
}

/** Throws `forbidden`, which the log keeps, for a key of another person whose text the caller would hold; they alone may. */
export function assertTheirs(
  ctx: Pick<Ctx, 'actor'>,
  { platform, ownerId }: Pick<KeyRights, 'platform' | 'ownerId'>,
  remedy: string,
): void {
  if (!actsForAnother(ctx, { ownerId })) return;
  const place = { permission: 'api-keys:write' as const, platform: scopeOfKey({ platform }) };
  throw denied(place, 'forbidden', `A key of another person is known to nobody but them; ${remedy}.`);
}

/** Throws `invalid`, naming the scopes, unless each is one of the console or of the platform's catalog. */
async function assertScopesExist(db: ReadDb, platform: string, scopes: readonly string[]): Promise<void> {
  const wanted = scopes.filter((scope) => !isPermission(scope));
  if (wanted.length === 0) return;
  const catalog = platform === '*' ? [] : platformScopes(platform, await selectAddedScopes(db, platform));
  const unknown = wanted.filter((scope) => !catalog.some((known) => known.scope === scope));
  if (unknown.length === 0) return;
  const where = platform === '*' ? 'Keys for all platforms carry no scopes of one' : `${platform} has no scope`;
  const known = catalog.length === 0 ? '' : `; it has ${catalog.map((s) => s.scope).join(', ')}`;
  throw invalid('scopes', `${where}: ${unknown.join(', ')}${known}.`);
}

/** The person a key is to act for, held until the transaction ends. */
async function ownerOf(tx: Tx, ctx: Caller, rights: KeyRights & { ownerId: string }): Promise<KeyOwner> {
  await holdPerson(tx, rights.ownerId);
  const owner = await selectKeyHolder(tx, { userId: rights.ownerId, platform: rights.platform }, ctx.now());
  if (owner?.state !== 'active') throw invalid('ownerId', 'The key must act for a person who is active.');
  const beyond = beyondOwner(owner, rights);
  if (beyond.length === 0) return owner;
  const message = `The person the key acts for does not hold ${beyond.join(', ')} there.`;
  throw new DomainError('forbidden', message, { fields: [{ field: 'scopes', message }] });
}

/** Scopes the person does not hold: those of the platform by their role there, those of the console by their grants. */
export function beyondOwner(
  owner: Pick<KeyOwner, 'grants' | 'platformRole'>,
  { platform, scopes }: Pick<KeyRights, 'platform' | 'scopes'>,
): string[] {
  const there = scopesOfRole(platform, owner.platformRole);
  const ofConsole: Permission[] = scopes.filter(isPermission);
  const beyond = new Set<string>(scopesBeyond(owner.grants, ofConsole, platform));
  return scopes.filter((scope) => (isPermission(scope) ? beyond.has(scope) : !there.includes(scope)));
}

/** A fault of one field of the input. */
export function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid', message, { fields: [{ field, message }] });
}
