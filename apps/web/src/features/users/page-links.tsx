import { PageLinks, type PageLink } from '../../lib/page-links.tsx';
import { paths } from '../../lib/paths.ts';

const pages: readonly PageLink[] = [
  { path: paths.users, label: 'People', permission: 'users:read' },
  { path: paths.roles, label: 'Roles', permission: 'roles:read' },
  { path: paths.explain, label: 'Why can they', permission: 'roles:read' },
  { path: paths.approvals, label: 'Approvals', permission: null },
];

/** The pages about who may do what. Everybody's own requests are open to them. */
export function UserPageLinks() {
  return <PageLinks label="Users and roles" pages={pages} />;
}
