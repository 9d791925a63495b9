import { paths } from '../../lib/paths.ts';
import type { PermittedEntry } from './entries.ts';

/** Acts on people that begin on a page of their own, by the permission that opens them. */
export const peopleActions: readonly PermittedEntry[] = [
  {
    id: 'action Invite a person',
    group: 'Actions',
    label: 'Invite a person',
    note: '',
    keywords: 'add create user member invitation mail',
    icon: 'plus',
    href: { pathname: paths.users, params: { invite: 'new' } },
    permission: 'users:invite',
  },
  {
    id: `action ${paths.userImport}`,
    group: 'Actions',
    label: 'Import people',
    note: 'from a CSV file, checked first',
    keywords: 'page upload file csv bulk users add many',
    icon: 'users',
    href: { pathname: paths.userImport },
    permission: 'users:import',
  },
];
