import { builtInRoles, permissions, rolePermissions, roleTitles, type Permission } from '@qd/shared/permissions';
import { DAY_MS, MINUTE_MS } from '@qd/shared/time';
import type { DirectoryCounts, DirectoryRow, PersonView } from '@qd/shared/users';
import { aSession, aUser, NOW } from './fixtures.ts';
import type { Answers } from './render-app.tsx';

const machineOnly: readonly Permission[] = ['sli:write', 'users:authorize'];

export const owner = aUser({
  grants: [{ platform: '*', permissions: permissions.filter((one) => !machineOnly.includes(one)) }],
});

export const supporter = aUser({
  id: 'usr_support',
  name: 'Marek Novak',
  roles: [{ role: 'support', title: 'Support', platform: '*' }],
  grants: [
    {
      platform: '*',
      permissions: [
        'slo:read',
        'platforms:read',
        'users:read',
        'users:invite',
        'users:suspend',
        'users:reset',
        'users:assign',
        'roles:read',
      ],
    },
  ],
});

export function aRow(over: Partial<DirectoryRow> = {}): DirectoryRow {
  return {
    id: 'usr_jun',
    name: 'Jun Watanabe',
    email: 'jun.watanabe@example.test',
    state: 'active',
    isDemo: false,
    createdAt: NOW - 200 * DAY_MS,
    lastSeenAt: NOW - 4 * MINUTE_MS,
    grants: [{ role: 'operator', title: 'Operator', platform: '*', expiresAt: null }],
    memberships: [{ platform: 'hashinsight', role: 'broker', title: 'Broker', state: 'active' }],
    signIn: { password: true, oidc: false, factors: ['totp', 'recovery'] },
    invitation: null,
    attention: [],
    ...over,
  };
}

export const hana = aRow({
  id: 'usr_hana',
  name: 'Hana Eriksen',
  email: 'hana.eriksen@example.test',
  grants: [{ role: 'owner', title: 'Owner', platform: '*', expiresAt: null }],
  signIn: { password: true, oidc: false, factors: [] },
  attention: ['owner_without_second_factor'],
});

export const invited = aRow({
  id: 'usr_wei',
  name: 'Wei Zhang',
  email: 'wei.zhang@example.test',
  state: 'invited',
  lastSeenAt: null,
  grants: [],
  memberships: [],
  signIn: { password: false, oidc: false, factors: [] },
  invitation: { expiresAt: NOW + 2 * DAY_MS },
});

export function counts(over: Partial<DirectoryCounts> = {}): DirectoryCounts {
  return {
    people: 42,
    byState: { invited: 1, active: 40, suspended: 1, offboarded: 3 },
    attention: 3,
    byAttention: { owner_without_second_factor: 1, idle: 2, invitation_ends: 0, grant_ends: 0 },
    ...over,
  };
}

export function aPerson(over: Partial<PersonView> = {}): PersonView {
  const { invitation: _none, ...row } = aRow();
  return {
    ...row,
    version: 3,
    origin: 'console',
    stateReason: null,
    stateSince: null,
    grants: [
      {
        id: 'grt_1',
        role: 'operator',
        title: 'Operator',
        platform: '*',
        expiresAt: null,
        isBuiltIn: true,
        reason: 'Runs the night shift',
        grantedBy: { id: 'usr_1', name: 'Ines Okafor' },
        createdAt: NOW - 30 * DAY_MS,
      },
    ],
    memberships: [
      {
        id: 'mbr_1',
        platform: 'hashinsight',
        platformName: 'HashInsight',
        role: 'client',
        title: 'Client',
        state: 'active',
        permissions: ['miners:read', 'miners:write'],
        reason: 'Own machines',
        createdAt: NOW - 30 * DAY_MS,
        updatedAt: NOW - 20 * DAY_MS,
      },
    ],
    sessions: 2,
    apiKeys: 1,
    invitation: null,
    recent: [
      { seq: 9, at: NOW - 5 * MINUTE_MS, action: 'users.signed_in', status: 'denied', platform: null, target: null },
    ],
    may: ['update', 'suspend', 'end_sessions', 'reset', 'offboard', 'assign', 'grant'],
    ...over,
  };
}

/** What a console with these people answers. */
export const directory: Answers = {
  'session.get': aSession({ user: owner }),
  'users.list': { rows: [hana, aRow(), invited], nextCursor: null },
  'users.counts': counts(),
  'users.get': aPerson(),
  'users.sessions': [
    {
      id: 'ses_1',
      device: 'Chrome on Windows',
      address: '10.0.0.7',
      method: 'password',
      assurance: 2,
      createdAt: NOW - DAY_MS,
      lastSeenAt: NOW - 4 * MINUTE_MS,
      expiresAt: NOW + DAY_MS,
      isCurrent: false,
    },
  ],
  'roles.list': builtInRoles.map((id) => ({ id, title: roleTitles[id], permissions: rolePermissions[id] })),
};
