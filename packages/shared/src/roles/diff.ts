import { permissions, rolePermissions, type Permission } from '../permissions/index.ts';

/** What a change of a role adds and removes, in catalog order. */
export interface PermissionDiff {
  added: Permission[];
  removed: Permission[];
}

/** The difference between two sets of permissions. */
export function permissionDiff(before: readonly Permission[], after: readonly Permission[]): PermissionDiff {
  return {
    added: permissions.filter((p) => after.includes(p) && !before.includes(p)),
    removed: permissions.filter((p) => before.includes(p) && !after.includes(p)),
  };
}

/** Permissions a person can hold at all, in catalog order; the others are for machines. */
export const humanPermissions: readonly Permission[] = permissions.filter((p) => rolePermissions.owner.includes(p));
