export { permissionsBeyond } from './beyond.ts';
export { can, platformsWith, type GrantScope } from './can.ts';
export { isPermission, peopleOnly, permissionCatalog, permissions, type Permission } from './catalog.ts';
export { builtInRoles, isBuiltInRole, rolePermissions, roleTitles, type BuiltInRole } from './roles.ts';
