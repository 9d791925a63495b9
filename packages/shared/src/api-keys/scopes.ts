import { z } from 'zod';
import { isPermission, peopleOnly, permissionCatalog, permissions } from '../permissions/index.ts';
import { platformRole, platformRoles } from '../users/index.ts';

/** Permissions of the console a key may carry: everything but what is for people only. */
export const keyScopes = permissions.filter((p) => !peopleOnly.includes(p));

/** Most scopes a key carries. */
export const MAX_KEY_SCOPES = 60;

/** One scope: a permission of the console, or one of the platform in the platform's own names, e.g. `miners:read`. */
export const keyScope = z
  .string()
  .max(100, 'is too long')
  .regex(/^[a-z][a-z0-9_-]*:[a-z][a-z0-9_-]*$/, 'is written like miners:read')
  .superRefine((scope, context) => {
    if (!isPermission(scope) || !peopleOnly.includes(scope)) return;
    const message = `${scope} is for people only; use scopes of the platform or of ${keyScopes.join(', ')}`;
    context.addIssue({ code: 'custom', message });
  });

/** Scopes of a key: at least one, each once, in order of name. */
export const keyScopeList = z
  .array(keyScope)
  .min(1, 'give at least one scope')
  .max(MAX_KEY_SCOPES, `give at most ${MAX_KEY_SCOPES} scopes`)
  .transform((scopes) => [...new Set(scopes)].toSorted());

/** What a scope lets a key do. */
export interface ScopeView {
  scope: string;
  description: string;
  /** Of the platform itself, or a permission of the console. */
  of: 'platform' | 'console';
}

/** What the permissions the manuals name let their holders do. */
const manualWords: Readonly<Record<string, string>> = {
  'miners:read': 'List and read miners',
  'miners:write': 'Create and update miners',
  'miners:delete': 'Remove miners',
  'customers:read': 'List and read customers',
  'customers:write': 'Create and update customers',
  'accounts:read': 'List and read accounts',
  'accounts:write': 'Update accounts',
  'accounts:create': 'Create accounts',
  'accounts:import': 'Import accounts',
  'accounts:change_role': 'Change roles of accounts',
  'keys:create': 'Create keys on the platform',
  'cache:clear': 'Clear the cache',
  'configuration:write': 'Change the configuration',
  'reports:read': 'Read reports',
  'audits:submit': 'Submit audits',
};

/** A scope of its own that a platform offers to keys. */
export interface OwnScope {
  scope: string;
  description: string;
}

/**
 * What keys of a platform may be allowed to do there: what its roles name, and scopes added for keys. Names of the console's own
 * permissions are left out: a name never means two things.
 */
export function platformScopes(platform: string, added: readonly OwnScope[]): ScopeView[] {
  const named = [...new Set(platformRoles(platform).flatMap((role) => role.permissions))];
  const known = new Map(named.map((scope) => [scope, manualWords[scope] ?? scopeWords(scope)]));
  for (const { scope, description } of added) known.set(scope, description);
  return [...known]
    .filter(([scope]) => !isPermission(scope))
    .map(([scope, description]) => ({ scope, description, of: 'platform' }));
}

/** Permissions of the console as scopes, with the sentence that names each. */
export function consoleScopes(): ScopeView[] {
  return keyScopes.map((scope) => ({ scope, description: permissionCatalog[scope], of: 'console' }));
}

/** What a person's account lets them do on a platform; nothing without a role the platform knows. */
export function scopesOfRole(platform: string, role: string | null): readonly string[] {
  return role === null ? [] : (platformRole(platform, role)?.permissions ?? []);
}

/** `orders:refund` reads “Refund orders”. */
function scopeWords(scope: string): string {
  const [thing = scope, act = 'use'] = scope.split(':');
  const words = `${act} ${thing}`.replaceAll(/[_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
