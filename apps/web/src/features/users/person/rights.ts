import {
  isBuiltInRole,
  permissionCatalog,
  permissions,
  permissionsBeyond,
  rolePermissions,
  type GrantScope,
  type Permission,
} from '@qd/shared/permissions';
import { permissionDiff, type PermissionDiff } from '@qd/shared/roles';

/** A role one may choose, with what it gives. */
export interface RoleChoice {
  id: string;
  title: string;
  permissions: readonly Permission[];
}

type Held = readonly { role: string; platform: string }[];

/** What a role gives; nothing known of it gives nothing. */
export function givenBy(role: string, choices: readonly RoleChoice[]): readonly Permission[] {
  if (isBuiltInRole(role)) return rolePermissions[role];
  return choices.find((choice) => choice.id === role)?.permissions ?? [];
}

/** What these grants give on the platform (`*`: on all platforms at once). */
export function heldOn(grants: Held, platform: string, choices: readonly RoleChoice[]): Permission[] {
  const there = grants.filter((grant) => grant.platform === '*' || grant.platform === platform);
  const held = new Set(there.flatMap((grant) => givenBy(grant.role, choices)));
  return permissions.filter((permission) => held.has(permission));
}

/** What giving the role on the platform adds. */
export function addedBy(
  grants: Held,
  to: { role: string; platform: string },
  choices: readonly RoleChoice[],
): PermissionDiff {
  return permissionDiff(heldOn(grants, to.platform, choices), heldOn([...grants, to], to.platform, choices));
}

/** What taking the role back takes away. */
export function lostBy(
  grants: Held,
  gone: { role: string; platform: string },
  choices: readonly RoleChoice[],
): PermissionDiff {
  const rest = grants.filter((grant) => grant.role !== gone.role || grant.platform !== gone.platform);
  return permissionDiff(heldOn(grants, gone.platform, choices), heldOn(rest, gone.platform, choices));
}

/** True if somebody with these grants may pass the role on: nobody gives what they lack. */
export function mayGive(mine: readonly GrantScope[], role: RoleChoice, platform: string): boolean {
  return permissionsBeyond(mine, ['roles:grant', ...role.permissions], platform).length === 0;
}

/** The sentence of a permission, for a diff. */
export function sentenceOf(permission: string): string | undefined {
  return Object.hasOwn(permissionCatalog, permission) ? permissionCatalog[permission as Permission] : undefined;
}
