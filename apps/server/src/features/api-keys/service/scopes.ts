import { permissionsBeyond, rolePermissions, type Permission } from '@qd/shared/permissions';
import type { LiveGrant } from '../../../db/queries/sessions.ts';
import { grantScopes } from '../../../platform/session.ts';

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
