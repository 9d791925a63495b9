import type { Permission } from './catalog.ts';

/** One effective grant: permissions on one platform, or on all of them (`*`). */
export interface GrantScope {
  platform: string;
  permissions: readonly Permission[];
}

/** True if any grant gives the permission on the platform. `platform` null asks "on all platforms". */
export function can(grants: readonly GrantScope[], permission: Permission, platform: string | null): boolean {
  return grants.some(
    (g) => (g.platform === '*' || (platform !== null && g.platform === platform)) && g.permissions.includes(permission),
  );
}

/** Platforms on which the permission is held: `*` for all, else the list (maybe empty). For SQL filters. */
export function platformsWith(grants: readonly GrantScope[], permission: Permission): '*' | string[] {
  const held = grants.filter((g) => g.permissions.includes(permission)).map((g) => g.platform);
  return held.includes('*') ? '*' : [...new Set(held)].sort();
}
