import type { PeppersView } from '@qd/shared/api-keys';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { formatCount, formatDateTime, formatWhen } from '../../../lib/format.ts';
import { paths } from '../../../lib/paths.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useTRPC } from '../../../lib/trpc.ts';
import { utc } from '../../../lib/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { rowLinkClass } from '../../../ui/link.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';

const PAGE_ROWS = 25;

type Straggler = PeppersView['stragglers'][number];

/** How many keys are hashed under the current pepper, and which have not been used since it changed. */
export function PepperCard() {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.apiKeys.peppers.infiniteQueryOptions(
      { limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const pages = query.data?.pages;
  const view = pages?.at(-1);
  return (
    <section aria-label="Pepper" className="min-w-0">
      <SectionHead title="Pepper" note={view && `as of ${formatDateTime(view.asOf, utc, view.asOf)}`} />
      {view === undefined || pages === undefined ? (
        query.error === null ? (
          <SkeletonRows rows={2} rowHeight="30px" widths={['60%', '20%']} />
        ) : (
          <ReadTrouble title="The progress of the pepper did not load." query={query} />
        )
      ) : (
        <>
          <p className="mb-2">{progressWords(view)}</p>
          <Stragglers rows={pages.flatMap((page) => page.stragglers)} nowMs={view.asOf} />
          {query.hasNextPage && (
            <Button
              size="s"
              className="mt-2"
              pending={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              Show more
            </Button>
          )}
        </>
      )}
    </section>
  );
}

function Stragglers({ rows, nowMs }: { rows: readonly Straggler[]; nowMs: number }) {
  if (rows.length === 0) return null;
  const columns: Column<Straggler>[] = [
    {
      key: 'name',
      head: 'Key',
      rowHead: true,
      className: 'max-w-0 w-full',
      cell: ({ id, name }) => (
        <Link to={paths.key(id)} className={`${rowLinkClass} block truncate`}>
          {name}
        </Link>
      ),
    },
    { key: 'version', head: 'Pepper', cell: ({ version }) => <span className="mono">v{version}</span> },
    {
      key: 'used',
      head: 'Last used',
      align: 'right',
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <StatusWord tone="stale">Never</StatusWord>
        ) : (
          <span className="whitespace-nowrap text-ink-2">{formatWhen(lastUsedAt, utc, nowMs)}</span>
        ),
    },
  ];
  return (
    <DataTable
      caption="Keys that have not been used since the pepper changed, by id"
      density="compact"
      pageKeys={false}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
    />
  );
}

/** How far the keys have moved, and what follows from it. */
export function progressWords({ keys, moved, current }: Pick<PeppersView, 'keys' | 'moved' | 'current'>): string {
  if (keys === 0) return 'There are no live keys.';
  const count = `${formatCount(moved)} of ${formatCount(keys)} ${keys === 1 ? 'key' : 'keys'} on pepper v${current}.`;
  if (moved === keys) return `${count} No former pepper is needed for them.`;
  return `${count} The others move when they are next used; until then the former pepper must stay configured.`;
}
