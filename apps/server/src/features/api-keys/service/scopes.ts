import {
  can,
  isPermission,
  permissionsBeyond,
  rolePermissions,
  type GrantScope,
  type Permission,
} from '@qd/shared/permissions';
import type { LiveGrant } from '../../../db/queries/sessions.ts';
import { grantScopes } from '../../../platform/session.ts';
import type { KeyRow } from '../queries.ts';
import { scopeOfKey } from './visible-key.ts';

/** True for permissions no person holds: machines get them from whoever may create keys. */
export function isForMachines(permission: Permission): boolean {
  return !rolePermissions.owner.includes(permission);
}

/** Scopes a person with these grants cannot pass on to a key for the platform. */
export function scopesBeyond(
  grants: readonly LiveGrant[],
  scopes: readonly Permission[],
  platform: string,
): Permission[] {
  return permissionsBeyond(
    grantScopes(grants),
    scopes.filter((s) => !isForMachines(s)),
    platform,
  );
}

/**
 * Permissions of the console on a key that somebody who holds these lacks, and so must not get by it: what only machines hold
 * counts for everybody but who may create keys there. What the key may do on its platform is theirs to hand on.
 */
export function beyondHolder(
  held: readonly GrantScope[] | 'everything',
  { platform, scopes }: Pick<KeyRow, 'platform' | 'scopes'>,
): Permission[] {
  if (held === 'everything') return [];
  const mayCreate = can(held, 'api-keys:write', scopeOfKey({ platform }));
  const ofConsole = scopes.filter(isPermission).filter((scope) => !(mayCreate && isForMachines(scope)));
  return permissionsBeyond(held, ofConsole, platform);
}
