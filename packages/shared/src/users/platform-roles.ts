/** A role of one of the platforms, as that platform names it. It gives nothing in the console. */
export interface PlatformRole {
  name: string;
  title: string;
  /** What the platform lets its holders do, in the platform's own names. */
  permissions: readonly string[];
}

const viewing = ['accounts:read'] as const;

/** For platforms whose manual names no roles. */
const genericRoles: readonly PlatformRole[] = [
  { name: 'admin', title: 'Admin', permissions: [...viewing, 'accounts:write', 'configuration:write'] },
  { name: 'member', title: 'Member', permissions: [...viewing, 'accounts:write'] },
  { name: 'viewer', title: 'Viewer', permissions: viewing },
];

const ownMiners = ['miners:read', 'miners:write'] as const;
const anyCustomer = ['customers:read', 'customers:write'] as const;
const people = ['accounts:create', 'accounts:import', 'accounts:change_role', 'keys:create'] as const;

/** The four roles of the HashInsight operations manual (§8.4.2); `miners:…` are the permissions it names (§7.2, §8.4.3). */
const hashInsightRoles: readonly PlatformRole[] = [
  {
    name: 'owner',
    title: 'Owner',
    permissions: [...ownMiners, 'miners:delete', ...anyCustomer, ...people, 'cache:clear'],
  },
  { name: 'admin', title: 'Admin', permissions: [...ownMiners, 'miners:delete', ...anyCustomer, ...people] },
  { name: 'broker', title: 'Broker', permissions: [...ownMiners, ...anyCustomer] },
  { name: 'client', title: 'Client', permissions: ownMiners },
];

/** The three roles of the Web3 Audit manual; its gate to submitting asks for `auditor`. */
const web3AuditRoles: readonly PlatformRole[] = [
  {
    name: 'admin',
    title: 'Admin',
    permissions: ['reports:read', 'audits:submit', 'accounts:change_role', 'configuration:write'],
  },
  { name: 'auditor', title: 'Auditor', permissions: ['reports:read', 'audits:submit'] },
  { name: 'viewer', title: 'Viewer', permissions: ['reports:read'] },
];

const catalogs: ReadonlyMap<string, readonly PlatformRole[]> = new Map([
  ['hashinsight', hashInsightRoles],
  ['web3audit', web3AuditRoles],
]);

/** Roles of a platform, the one that may do most first; every platform has some. */
export function platformRoles(platform: string): readonly PlatformRole[] {
  return catalogs.get(platform) ?? genericRoles;
}

/** A role of a platform by its name, or null. */
export function platformRole(platform: string, name: string): PlatformRole | null {
  return platformRoles(platform).find((role) => role.name === name) ?? null;
}

/** True for the role that may do most on its platform: giving it takes a second person. */
export function isTopPlatformRole(platform: string, name: string): boolean {
  return platformRoles(platform)[0]?.name === name;
}

/** What a change of role on a platform adds and takes away; null stands for having none. */
export function platformRoleChange(
  platform: string,
  change: { from: string | null; to: string | null },
): { added: string[]; removed: string[] } {
  const permissionsOf = (name: string | null) =>
    name === null ? [] : (platformRole(platform, name)?.permissions ?? []);
  const [before, after] = [permissionsOf(change.from), permissionsOf(change.to)];
  return {
    added: after.filter((permission) => !before.includes(permission)),
    removed: before.filter((permission) => !after.includes(permission)),
  };
}
