import type { DirectoryRow } from '@qd/shared/users';
import { Link } from 'react-router';
import { paths } from '../../../lib/paths.ts';
import { useTo } from '../../../lib/url-state.ts';
import { Avatar } from '../../../ui/avatar.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { LookWord } from '../look-word.tsx';
import { platformShort, roleTitlesOf, signInLook } from '../person-words.ts';
import { useKeptSearch } from '../use-kept-search.ts';

/** Roles of the console, the first by name. */
export function RoleCell({ row }: { row: DirectoryRow }) {
  const [first, ...others] = roleTitlesOf(row.grants);
  if (first === undefined) return <span className="text-ink-3">none</span>;
  return (
    <>
      {first}
      {others.length > 0 && (
        <span className="text-small text-ink-3" title={others.join(', ')}>
          {' '}
          +{others.length}
        </span>
      )}
    </>
  );
}

interface PlatformCellProps {
  row: DirectoryRow;
  nameOf(id: string): string;
  /** Accounts that are named; the others are counted. */
  most: number;
}

/** Accounts on the platforms themselves: `HI broker`. */
export function PlatformCell({ row, nameOf, most }: PlatformCellProps) {
  const shown = row.memberships.slice(0, most);
  const more = row.memberships.slice(most);
  if (shown.length === 0) return <span className="text-ink-3">none</span>;
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      {shown.map((account) => {
        const name = nameOf(account.platform);
        const isOff = account.state === 'suspended';
        return (
          <Tag key={account.platform} tone={isOff ? 'stale' : 'plain'}>
            <span aria-hidden="true" title={`${name}: ${account.title}${isOff ? ', suspended' : ''}`}>
              {platformShort(name)} {account.role}
            </span>
            <span className="sr-only">
              {name} {account.title}
              {isOff && ', suspended'}
            </span>
          </Tag>
        );
      })}
      {more.length > 0 && (
        <span
          className="text-small text-ink-3"
          title={more.map((one) => `${nameOf(one.platform)} ${one.role}`).join(', ')}
        >
          +{more.length}
        </span>
      )}
    </span>
  );
}

/** Who it is; the name leads to the person and keeps the list as it is. */
export function PersonCell({ row, second }: { row: DirectoryRow; second: string }) {
  const to = useTo();
  const kept = useKeptSearch();
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Avatar name={row.name} />
      <span className="min-w-0">
        <Link
          to={to(paths.user(row.id), kept)}
          preventScrollReset
          className="block truncate font-medium underline-offset-[3px] hover:underline"
        >
          {row.name}
        </Link>
        <span className="block truncate text-small text-ink-3">{second}</span>
      </span>
    </span>
  );
}

export function SignInCell({ row, now }: { row: DirectoryRow; now: number }) {
  return <LookWord look={signInLook(row, now)} />;
}
