import { permissions, type Permission } from './catalog.ts';

export const builtInRoles = ['owner', 'admin', 'commander', 'operator', 'support', 'stakeholder', 'auditor'] as const;
export type BuiltInRole = (typeof builtInRoles)[number];

const machineOnly: readonly Permission[] = ['sli:write', 'keys:verify', 'users:authorize'];
const human = permissions.filter((p) => !machineOnly.includes(p));
const watch: readonly Permission[] = ['slo:read', 'platforms:read', 'changes:read', 'oncall:read'];
const work: readonly Permission[] = [...watch, 'health:read'];

/** What each built-in role may do on the platforms it is granted for. Sets, never ranks. */
export const rolePermissions: Readonly<Record<BuiltInRole, readonly Permission[]>> = {
  owner: human,
  admin: human.filter((p) => p !== 'audit:retention'),
  commander: [
    ...work,
    'slo:exclude',
    'slo:override',
    'changes:write',
    'oncall:write',
    'api-keys:read',
    'api-keys:rotate',
    'secrets:read',
    'users:read',
    'roles:read',
    'approvals:read',
    'approvals:decide',
  ],
  operator: [
    ...work,
    'slo:exclude',
    'changes:write',
    'api-keys:read',
    'api-keys:rotate',
    'secrets:read',
    'secrets:write',
  ],
  support: [
    ...work,
    'users:read',
    'users:invite',
    'users:suspend',
    'users:reset',
    'users:assign',
    'api-keys:read',
    'api-keys:deliver',
    'roles:read',
    'approvals:read',
  ],
  stakeholder: watch,
  auditor: [
    ...work,
    'audit:read',
    'audit:verify',
    'audit:export',
    'api-keys:read',
    'secrets:read',
    'users:read',
    'roles:read',
    'approvals:read',
    'metrics:read',
  ],
};

/** Display name of a built-in role. */
export const roleTitles: Readonly<Record<BuiltInRole, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  commander: 'Incident commander',
  operator: 'Operator',
  support: 'Support',
  stakeholder: 'Stakeholder',
  auditor: 'Auditor',
};

/** True if the text names a built-in role. */
export function isBuiltInRole(text: string): text is BuiltInRole {
  return (builtInRoles as readonly string[]).includes(text);
}
