import type { ApprovalDetail } from '@qd/shared/approvals';
import { builtInRoles, permissionCatalog, rolePermissions, roleTitles } from '@qd/shared/permissions';
import {
  humanPermissions,
  type Explanation,
  type RoleDetail,
  type RoleMatrix,
  type RoleSummary,
} from '@qd/shared/roles';
import { HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { featureOf } from '../src/features/users/roles/feature-words.ts';
import { NOW } from './fixtures.ts';

const built: RoleSummary[] = builtInRoles.map((role) => ({
  id: role,
  title: roleTitles[role],
  description: `What ${roleTitles[role]} is for`,
  isBuiltIn: true,
  isArchived: false,
  base: null,
  permissions: [...rolePermissions[role]],
  holders: role === 'auditor' ? 0 : 2,
  version: 0,
  updatedAt: null,
}));

export const nightDesk: RoleSummary = {
  id: 'role_night',
  title: 'Night desk',
  description: 'Watches at night',
  isBuiltIn: false,
  isArchived: false,
  base: 'operator',
  permissions: ['slo:read', 'slo:exclude'],
  holders: 1,
  version: 3,
  updatedAt: NOW - HOUR_MS,
};

export const roles: RoleSummary[] = [...built, nightDesk];

export function aRole(over: Partial<RoleDetail> = {}): RoleDetail {
  return {
    ...nightDesk,
    createdBy: { id: 'usr_1', name: 'Ines Okafor' },
    createdAt: NOW - 2 * HOUR_MS,
    sentences: nightDesk.permissions.map((permission) => ({ permission, sentence: permissionCatalog[permission] })),
    may: { edit: true, archive: false },
    ...over,
  };
}

export const matrix: RoleMatrix = {
  roles: roles.map(({ id, title, isBuiltIn, holders }) => ({ id, title, isBuiltIn, holders })),
  groups: [...new Set(humanPermissions.map(featureOf))].map((feature) => ({
    feature,
    rows: humanPermissions
      .filter((permission) => featureOf(permission) === feature)
      .map((permission) => ({
        permission,
        sentence: permissionCatalog[permission],
        cells: roles.map((role) => {
          if (!role.permissions.includes(permission)) return 'none';
          if (permission === 'audit:retention') return 'second_approver';
          return role.id === 'support' ? 'own_platform' : 'allowed';
        }),
      })),
  })),
};

export const holder = {
  user: { id: 'usr_jun', name: 'Jun Watanabe', email: 'jun@example.test' },
  role: 'role_night',
  title: 'Night desk',
  platform: 'hashinsight',
  expiresAt: NOW + 5 * HOUR_MS,
};

export function anExplanation(over: Partial<Explanation> = {}): Explanation {
  return {
    user: { id: 'usr_jun', name: 'Jun Watanabe', email: 'jun@example.test', state: 'active' },
    permission: 'slo:exclude',
    sentence: permissionCatalog['slo:exclude'],
    platform: 'hashinsight',
    allowed: true,
    because: 'Jun Watanabe is Night desk on hashinsight.',
    paths: [
      {
        grantId: 'gra_1',
        role: 'role_night',
        title: 'Night desk',
        isBuiltIn: false,
        platform: 'hashinsight',
        grantedBy: { id: 'usr_1', name: 'Ines Okafor' },
        grantedAt: NOW - HOUR_MS,
        reason: 'stands in at night',
        expiresAt: NOW + 5 * HOUR_MS,
        origin: 'console',
      },
    ],
    rolesThatGive: [],
    couldBeGivenBy: [],
    ...over,
  };
}

export function aRequest(over: Partial<ApprovalDetail> = {}): ApprovalDetail {
  return {
    id: 'apr_owner1',
    kind: 'roles.grant',
    summary: 'Make Jun Watanabe Owner on all platforms',
    reason: 'takes over the desk',
    platform: null,
    params: { userId: 'usr_jun', role: 'owner', platform: '*', expiresAt: null },
    rules: [
      { permission: 'approvals:decide', approvals: 1, holds: [], ownersOnly: true, metBy: [], missing: 1, byMe: true },
    ],
    askable: [{ people: [{ id: 'usr_hana', name: 'Hana Eriksen' }], more: 0 }],
    phase: 'pending',
    requestedBy: { id: 'usr_mara', name: 'Mara Lind' },
    requestedAt: NOW - 20 * MINUTE_MS,
    expiresAt: NOW + 23 * HOUR_MS + 40 * MINUTE_MS,
    coolsOffAt: null,
    approvedAt: null,
    executeBefore: null,
    settledAt: null,
    outcome: null,
    votes: [],
    may: { approve: true, reject: true, cancel: false, execute: false },
    ...over,
  };
}
