import { isBuiltInRole, isPermission, rolePermissions, roleTitles, type Permission } from '@qd/shared/permissions';
import type { RoleSummary } from '@qd/shared/roles';
import type { RoleRow } from '../queries/roles.ts';

/** The display name of a role; one that is gone is named by its id. */
export function titleOf(role: string, storedTitle: string | null): string {
  return isBuiltInRole(role) ? roleTitles[role] : (storedTitle ?? role);
}

/** What a role gives; nothing for one that is gone or archived. */
export function permissionsGiven(role: string, stored: readonly string[] | null): readonly Permission[] {
  return isBuiltInRole(role) ? rolePermissions[role] : (stored?.filter(isPermission) ?? []);
}

/** Where a grant counts, for a sentence. */
export function whereOf(platform: string): string {
  return platform === '*' ? 'all platforms' : platform;
}

/** A role made here as lists show it. */
export function roleSummary(row: RoleRow, holders: number): RoleSummary {
  const { id, title, description, isArchived, base, version } = row;
  return {
    id,
    title,
    description,
    isBuiltIn: false,
    isArchived,
    base,
    permissions: row.permissions.filter(isPermission),
    holders,
    version,
    updatedAt: row.updatedAt.getTime(),
  };
}
