import type { Permission } from '@qd/shared/permissions';
import { paths } from '../../lib/paths.ts';
import type { Entry } from './entries.ts';

/** Pages and acts about API keys and secrets, by the permission that opens them. */
export const keyEntries: readonly (Entry & { permission: Permission })[] = [
  {
    id: 'action Create an API key',
    group: 'Actions',
    label: 'Create an API key',
    note: '',
    keywords: 'new add token secret',
    icon: 'plus',
    href: { pathname: paths.keyNew },
    permission: 'api-keys:write',
  },
  {
    id: 'action Was this our key',
    group: 'Actions',
    label: 'Was this our key?',
    note: 'whether a text was ever one of ours',
    keywords: 'api key look up find check token',
    icon: 'search',
    href: { pathname: paths.keys, params: { 'look-up': '1' } },
    permission: 'api-keys:read',
  },
  {
    id: 'action Keys that are due',
    group: 'Go to',
    label: 'Keys due for rotation',
    note: '',
    keywords: 'page api keys overdue rotate',
    icon: 'keys',
    href: { pathname: paths.keys, params: { show: 'due' } },
    permission: 'api-keys:read',
  },
  {
    id: `page ${paths.keyPolicies}`,
    group: 'Go to',
    label: 'Key policies',
    note: 'how keys look, live and are rotated',
    keywords: 'page api keys policy format expiry overlap pepper',
    icon: 'keys',
    href: { pathname: paths.keyPolicies },
    permission: 'api-keys:read',
  },
  {
    id: `page ${paths.keyLeaks}`,
    group: 'Go to',
    label: 'Leaked keys',
    note: 'search a text for keys of ours',
    keywords: 'page api keys leak report quarantine paste scan',
    icon: 'keys',
    href: { pathname: paths.keyLeaks },
    permission: 'api-keys:read',
  },
  {
    id: `page ${paths.keySecrets}`,
    group: 'Go to',
    label: 'Other secrets',
    note: 'passwords and keys the console does not hold',
    keywords: 'page secrets register rotation schedule password',
    icon: 'keys',
    href: { pathname: paths.keySecrets },
    permission: 'secrets:read',
  },
];
