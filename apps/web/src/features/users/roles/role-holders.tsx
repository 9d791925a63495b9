import type { RoleHolder } from '@qd/shared/roles';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { serverNow } from '../../../lib/clock.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { useTo } from '../../../lib/url-state.ts';
import { Button } from '../../../ui/button.tsx';
import { rowLinkClass } from '../../../ui/link.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { PanelSection } from '../person/panel-section.tsx';
import { usePlatformNames } from '../use-platform-names.ts';

const PAGE_ROWS = 50;

/** Who holds a role now, page by page. */
export function RoleHolders({ id, count }: { id: string; count: number }) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.roles.holders.infiniteQueryOptions(
      { role: id, limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const rows = query.data?.pages.flatMap((page) => page.rows);
  return (
    <PanelSection title={count === 1 ? 'Held by 1 person' : `Held by ${count} people`}>
      {rows === undefined && query.error === null && <SkeletonRows rows={3} rowHeight="38px" widths={['40%', '20%']} />}
      {rows === undefined && query.error !== null && <ReadTrouble title="The holders did not load." query={query} />}
      {rows?.length === 0 && (
        <p className="text-ink-3">{count === 0 ? 'Nobody holds it.' : 'Nobody on platforms you may see holds it.'}</p>
      )}
      {rows !== undefined && <HolderList holders={rows} />}
      {query.hasNextPage && (
        <Button size="s" className="mt-2" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show {PAGE_ROWS} more
        </Button>
      )}
    </PanelSection>
  );
}

/** People with a role, where, and until when. */
export function HolderList({ holders }: { holders: readonly RoleHolder[] }) {
  const { zone } = useTimeZone();
  const { nameOf } = usePlatformNames();
  const to = useTo();
  const now = serverNow();
  return (
    <ul>
      {holders.map(({ user, platform, expiresAt }) => (
        <li key={`${user.id} ${platform}`} className="flex flex-wrap gap-x-3 border-b border-line py-1">
          <span className="min-w-0 flex-1">
            <Link to={to(paths.user(user.id))} className={rowLinkClass}>
              {user.name ?? user.email}
            </Link>
            <span className="block text-small text-ink-3 wrap-anywhere">{user.email}</span>
          </span>
          <span className="pt-0.5 text-right text-small text-ink-2">
            {nameOf(platform)}
            {expiresAt !== null && (
              <span className="block text-ink-3">until {formatDateTime(expiresAt, zone, now)}</span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
