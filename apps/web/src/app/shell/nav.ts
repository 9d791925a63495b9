import type { Permission } from '@qd/shared/permissions';
import { paths } from '../../lib/paths.ts';
import type { IconName } from '../../ui/icon.tsx';

export interface NavEntry {
  path: string;
  label: string;
  /** For the tabs of the phone, where it is narrower. */
  short?: string;
  icon: IconName;
  /** Second key after G. */
  key: string;
  group: 'Watch' | 'Access';
  permission: Permission;
}

/** Pages that exist, in the order of the rail. */
export const navEntries: readonly NavEntry[] = [
  { path: paths.overview, label: 'Overview', icon: 'overview', key: 'o', group: 'Watch', permission: 'platforms:read' },
  { path: paths.slos, label: 'SLOs', icon: 'slos', key: 's', group: 'Watch', permission: 'slo:read' },
  { path: paths.oncall, label: 'On call', icon: 'phone', key: 'c', group: 'Watch', permission: 'oncall:read' },
  {
    path: paths.users,
    label: 'Users and roles',
    short: 'Users',
    icon: 'users',
    key: 'u',
    group: 'Access',
    permission: 'users:read',
  },
  {
    path: paths.keys,
    label: 'API keys',
    short: 'Keys',
    icon: 'keys',
    key: 'k',
    group: 'Access',
    permission: 'api-keys:read',
  },
  { path: paths.audit, label: 'Audit log', icon: 'audit', key: 'a', group: 'Access', permission: 'audit:read' },
];

/** True when the address lies on the page or below it. */
export function isOn(entry: NavEntry, pathname: string): boolean {
  return entry.path === '/' ? pathname === '/' : pathname === entry.path || pathname.startsWith(`${entry.path}/`);
}
