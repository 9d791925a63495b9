import { isPermission, peopleOnly, permissionsBeyond, rolePermissions, type Permission } from '@qd/shared/permissions';
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

/**
 * What a key may do now: its scopes that the catalog knows and leaves to machines and, where it acts for a person, that person
 * still holds.
 */
export function effectiveScopes(
  key: { scopes: readonly string[]; platform: string },
  ownerGrants: readonly LiveGrant[] | null,
): Permission[] {
  const known = key.scopes.filter((s): s is Permission => isPermission(s) && !peopleOnly.includes(s));
  if (ownerGrants === null) return known;
  const beyond = scopesBeyond(ownerGrants, known, key.platform);
  return known.filter((s) => !beyond.includes(s));
}
