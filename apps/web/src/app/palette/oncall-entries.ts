import { paths } from '../../lib/paths.ts';
import type { PermittedEntry } from './entries.ts';

/** Acts and views about who is on call, by the permission that opens them. */
export const oncallEntries: readonly PermittedEntry[] = [
  {
    id: 'action Put somebody on call',
    group: 'Actions',
    label: 'Put somebody on call',
    note: '',
    keywords: 'oncall slot rota shift duty pager add new',
    icon: 'plus',
    href: { pathname: paths.oncall, params: { new: '1' } },
    permission: 'oncall:write',
  },
  {
    id: 'action Who is on call now',
    group: 'Go to',
    label: 'Who is on call now',
    note: 'and where nobody is',
    keywords: 'page oncall rota shift duty pager primary secondary gap coverage',
    icon: 'phone',
    href: { pathname: paths.oncall },
    permission: 'oncall:read',
  },
  {
    id: 'action Who was on call',
    group: 'Go to',
    label: 'Who was on call',
    note: 'the last 30 d',
    keywords: 'page oncall rota shift duty history past',
    icon: 'phone',
    href: { pathname: paths.oncall, params: { show: 'past' } },
    permission: 'oncall:read',
  },
];
