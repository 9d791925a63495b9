import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BuiltInRole,
  builtInRoles,
  can,
  type GrantScope,
  isBuiltInRole,
  isPermission,
  permissionCatalog,
  type Permission,
  permissions,
  platformsWith,
  rolePermissions,
  roleTitles,
} from './index.ts';

const permission = fc.constantFrom<Permission[]>(...permissions);
const platform = fc.constantFrom('hashinsight', 'web3-audit', 'stellar-escrow');
const grant: fc.Arbitrary<GrantScope> = fc.record({
  platform: fc.oneof(platform, fc.constant('*')),
  permissions: fc.uniqueArray(permission),
});
const grants = fc.array(grant, { maxLength: 5 });

describe('can', () => {
  const operator: GrantScope = { platform: 'hashinsight', permissions: rolePermissions.operator };
  const everywhere: GrantScope = { platform: '*', permissions: ['slo:read'] };

  it.each<[string, readonly GrantScope[], [Permission, string | null], boolean]>([
    ['nothing without a grant', [], ['slo:read', 'hashinsight'], false],
    ['what was granted, where it was granted', [operator], ['changes:write', 'hashinsight'], true],
    ['nothing on another platform', [operator], ['changes:write', 'web3-audit'], false],
    ['nothing that was not granted', [operator], ['slo:write', 'hashinsight'], false],
    ['not everywhere what is granted on one platform', [operator], ['slo:read', null], false],
    ['everywhere what is granted on all', [everywhere], ['slo:read', null], true],
    ['on each platform what is granted on all', [everywhere], ['slo:read', 'web3-audit'], true],
    [
      'no mixture: the platform of one grant, the permission of another',
      [operator, everywhere],
      ['changes:write', 'web3-audit'],
      false,
    ],
    ['not the star as if it were a platform', [operator], ['slo:read', '*'], false],
    ['not a platform whose name begins alike', [operator], ['slo:read', 'hashinsight-2'], false],
    ['not the same name in capitals', [operator], ['slo:read', 'HashInsight'], false],
    ['not an empty platform', [operator], ['slo:read', ''], false],
  ])('gives %s', (_, held, [wanted, where], allowed) => {
    expect(can(held, wanted, where)).toBe(allowed);
  });

  it('only grows with more grants, and does not mind their order', () => {
    fc.assert(
      fc.property(grants, grants, permission, fc.option(platform), (some, more, wanted, where) => {
        const before = can(some, wanted, where);
        const after = can([...some, ...more], wanted, where);
        if (before) expect(after).toBe(true);
        expect(can([...more, ...some], wanted, where)).toBe(after);
        expect(after).toBe(before || can(more, wanted, where));
      }),
    );
  });

  it('never gives on all platforms what it withholds on one', () => {
    fc.assert(
      fc.property(grants, permission, fc.string(), (held, wanted, anyPlatform) => {
        if (can(held, wanted, null)) expect(can(held, wanted, anyPlatform)).toBe(true);
      }),
    );
  });
});

describe('platformsWith', () => {
  it('lists exactly the platforms on which can() agrees', () => {
    fc.assert(
      fc.property(grants, permission, platform, (held, wanted, where) => {
        const scope = platformsWith(held, wanted);
        expect(scope === '*' || scope.includes(where)).toBe(can(held, wanted, where));
        expect(scope === '*').toBe(can(held, wanted, null));
      }),
    );
  });

  it('is empty, not everything, without a grant', () => {
    expect(platformsWith([], 'slo:read')).toEqual([]);
    expect(platformsWith([{ platform: '*', permissions: [] }], 'slo:read')).toEqual([]);
  });

  it('names each platform once, in order', () => {
    const held = ['b', 'a', 'b'].map((name) => ({ platform: name, permissions: ['slo:read'] as const }));
    expect(platformsWith(held, 'slo:read')).toEqual(['a', 'b']);
  });
});

describe('catalog', () => {
  it('names every permission as feature:act and says what it allows', () => {
    for (const name of permissions) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*:[a-z]+$/);
      expect(permissionCatalog[name].length).toBeGreaterThan(10);
    }
    expect(new Set(permissions).size).toBe(permissions.length);
  });

  it('knows its own names and no other, inherited ones included', () => {
    for (const name of permissions) expect(isPermission(name)).toBe(true);
    for (const name of ['', 'slo', 'slo:', 'SLO:READ', 'toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      expect(isPermission(name)).toBe(false);
    }
  });
});

describe('built-in roles', () => {
  /** What each role may NOT do, by act: the table is read aloud in a review, so it is written out here. */
  const writers: Partial<Record<Permission, readonly BuiltInRole[]>> = {
    'slo:write': ['owner', 'admin'],
    'changes:write': ['owner', 'admin', 'commander', 'operator'],
    'oncall:read': builtInRoles,
    'oncall:write': ['owner', 'admin', 'commander'],
    'api-keys:write': ['owner', 'admin'],
    'api-keys:rotate': ['owner', 'admin', 'commander', 'operator'],
    'api-keys:deliver': ['owner', 'admin', 'support'],
    'api-keys:read': ['owner', 'admin', 'commander', 'operator', 'support', 'auditor'],
    'keys:verify': [],
    'secrets:read': ['owner', 'admin', 'commander', 'operator', 'auditor'],
    'secrets:write': ['owner', 'admin', 'operator'],
    'users:write': ['owner', 'admin'],
    'users:invite': ['owner', 'admin', 'support'],
    'users:suspend': ['owner', 'admin', 'support'],
    'users:reset': ['owner', 'admin', 'support'],
    'users:assign': ['owner', 'admin', 'support'],
    'users:offboard': ['owner', 'admin'],
    'users:import': ['owner', 'admin'],
    'users:export': ['owner', 'admin'],
    'users:policy': ['owner', 'admin'],
    'users:authorize': [],
    'roles:write': ['owner', 'admin'],
    'roles:grant': ['owner', 'admin'],
    'approvals:decide': ['owner', 'admin', 'commander'],
    'audit:export': ['owner', 'admin', 'auditor'],
    'audit:retention': ['owner'],
    'settings:write': ['owner', 'admin'],
    'sli:write': [],
    'audit:read': ['owner', 'admin', 'auditor'],
    'audit:verify': ['owner', 'admin', 'auditor'],
    'users:read': ['owner', 'admin', 'commander', 'support', 'auditor'],
    'slo:read': builtInRoles,
  };

  it.each(Object.entries(writers))('%s belongs to %j and nobody else', (name, roles) => {
    const wanted = permissions.filter((one) => one === name);
    expect(wanted).toHaveLength(1);
    for (const role of builtInRoles) {
      expect([role, wanted.some((one) => rolePermissions[role].includes(one))]).toEqual([role, roles.includes(role)]);
    }
  });

  it('lets the auditor and the stakeholder change nothing at all', () => {
    for (const role of ['auditor', 'stakeholder'] as const) {
      expect(rolePermissions[role].filter((name) => !/:(read|verify|export)$/.test(name))).toEqual([]);
    }
  });

  it('gives no person what only machines do', () => {
    for (const role of builtInRoles) {
      expect(rolePermissions[role]).not.toContain('sli:write');
      expect(rolePermissions[role]).not.toContain('users:authorize');
    }
  });

  it('names only permissions of the catalog, each once, and has a title for each role', () => {
    for (const role of builtInRoles) {
      const names = rolePermissions[role];
      expect(names.every((name) => permissions.includes(name))).toBe(true);
      expect(new Set(names).size).toBe(names.length);
      expect(roleTitles[role]).toMatch(/^[A-Z]/);
    }
    expect(Object.keys(rolePermissions).sort()).toEqual([...builtInRoles].sort());
  });

  it('tells roles from other words', () => {
    expect(builtInRoles.every(isBuiltInRole)).toBe(true);
    for (const word of ['', 'Owner', 'root', 'toString']) expect(isBuiltInRole(word)).toBe(false);
  });
});
