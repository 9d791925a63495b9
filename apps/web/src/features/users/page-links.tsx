import { Link, useLocation } from 'react-router';
import { paths } from '../../lib/paths.ts';
import { useTo } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { cx } from '../../ui/class-names.ts';

const pages = [
  { path: paths.users, label: 'People', permission: 'users:read' },
  { path: paths.roles, label: 'Roles', permission: 'roles:read' },
  { path: paths.explain, label: 'Why can they', permission: 'roles:read' },
  { path: paths.approvals, label: 'Approvals', permission: null },
] as const;

/** The others; somebody opened beside the list of people has an address of their own. */
const elsewhere = new Set<string>(pages.map(({ path }) => path).filter((path) => path !== paths.users));

/** The pages about who may do what; those the reader may open. Everybody's own requests are open to them. */
export function PageLinks() {
  const to = useTo();
  const can = useCan();
  const { pathname } = useLocation();
  const shown = pages.filter((page) => page.permission === null || can(page.permission));
  if (shown.length < 2) return null;
  return (
    <nav aria-label="Users and roles" className="mt-4 mb-3 flex flex-wrap gap-x-5 gap-y-1 border-b border-line">
      {shown.map(({ path, label }) => {
        const on = path === paths.users ? !elsewhere.has(pathname) : pathname === path;
        return (
          <Link
            key={path}
            to={to(path)}
            aria-current={on ? 'page' : undefined}
            className={cx(
              '-mb-px flex min-h-8 items-center border-b-2 phone:min-h-11',
              on ? 'border-ink font-semibold' : 'border-transparent font-medium text-ink-2 hover:border-line-strong',
            )}
          >
            {label}
          </Link>
        );
      })}
    </nav>
  );
}
