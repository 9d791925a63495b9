import { DomainError } from '@qd/shared/errors';
import { can, type Permission } from '@qd/shared/permissions';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { KeyRow } from '../queries.ts';

/** The platform a right on a key is asked for; null: on all of them. */
export function scopeOfKey({ platform }: Pick<KeyRow, 'platform'>): string | null {
  return platform === '*' ? null : platform;
}

/**
 * The key if the caller holds the permission on its platform. Throws `forbidden`, or `not_found`, in the same words, for a key
 * there is not and for one of a platform the caller may not see.
 */
export function visibleKey(
  ctx: Pick<Ctx, 'actor'>,
  key: KeyRow | null,
  permission: Permission = 'api-keys:read',
): KeyRow {
  if (key === null) throw new DomainError('not_found', 'There is no such key; check the address.');
  assertCan(ctx, permission, scopeOfKey(key), 'key');
  return key;
}

/** True if the caller holds the permission on the platform of the key. */
export function mayWith({ actor }: Pick<Ctx, 'actor'>, key: Pick<KeyRow, 'platform'>, permission: Permission): boolean {
  return can(actor.grants, permission, scopeOfKey(key));
}

/** True if the key acts for somebody else, who alone may hold it. The command line and the console itself need the machine anyway. */
export function actsForAnother({ actor }: Pick<Ctx, 'actor'>, { ownerId }: { ownerId: string | null }): boolean {
  return actor.kind !== 'cli' && actor.kind !== 'system' && ownerId !== null && ownerId !== actor.id;
}
