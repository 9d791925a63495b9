import type { Permission } from '@qd/shared/permissions';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import { cx } from '../ui/class-names.ts';
import { useTo } from './url-state.ts';
import { useCan } from './use-can.ts';

/** A page of a group: whoever holds the permission may open it; null: everybody. */
export interface PageLink {
  path: string;
  label: string;
  permission: Permission | null;
}

export interface PageLinksProps {
  label: string;
  /** The first is the list itself: what is opened in it has an address of its own below. */
  pages: readonly PageLink[];
  /** At the right end, e.g. files of what is shown. */
  children?: ReactNode;
}

/** The pages of a group, those the reader may open; nothing where that is only one. */
export function PageLinks({ label, pages, children }: PageLinksProps) {
  const to = useTo();
  const can = useCan();
  const { pathname } = useLocation();
  const shown = pages.filter(({ permission }) => permission === null || can(permission));
  if (shown.length < 2) return null;
  const [list] = pages;
  const here = pages.find(({ path }) => path === pathname) ?? list;
  return (
    <nav aria-label={label} className="mt-4 mb-3 flex flex-wrap gap-x-5 gap-y-1 border-b border-line">
      {shown.map((page) => (
        <Link
          key={page.path}
          to={to(page.path)}
          aria-current={page === here ? 'page' : undefined}
          className={cx(
            '-mb-px flex min-h-8 items-center border-b-2 phone:min-h-11',
            page === here
              ? 'border-ink font-semibold'
              : 'border-transparent font-medium text-ink-2 hover:border-line-strong',
          )}
        >
          {page.label}
        </Link>
      ))}
      {children !== undefined && <span className="mb-1 ml-auto flex flex-wrap items-center gap-2">{children}</span>}
    </nav>
  );
}
