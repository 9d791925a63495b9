import type { SessionRow } from '@qd/shared/users';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatWhen } from '../../../lib/format.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { Tag } from '../../../ui/tag.tsx';
import { useToasts } from '../../../ui/toast.tsx';
import { methodOf, pastOf, placeWords } from './account-words.ts';
import { Part } from './part.tsx';
import { Refused } from './refused.tsx';
import { useSessionMutations } from './use-account-mutations.ts';

const PAGE_ROWS = 20;

/** Where one is signed in: this browser marked, the others to end. */
export function SessionsPart() {
  const trpc = useTRPC();
  const toasts = useToasts();
  const { end, endOthers } = useSessionMutations();
  const query = useInfiniteQuery(
    trpc.account.sessions.infiniteQueryOptions(
      { limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows), [query.data]);
  const others = rows?.some((row) => !row.isCurrent) ?? false;
  const onEnded = ({ ended }: { ended: number }): void =>
    toasts.show({ message: ended === 1 ? '1 other session ended.' : `${ended} other sessions ended.`, glyph: 'done' });
  return (
    <Part
      title="Where you are signed in"
      note="newest first"
      actions={
        <Button
          size="s"
          variant="danger"
          pending={endOthers.isPending}
          disabledReason={others ? undefined : 'No other session is open'}
          onClick={() => endOthers.mutate(undefined, { onSuccess: onEnded })}
        >
          End all others
        </Button>
      }
    >
      <Refused error={end.error ?? endOthers.error} />
      {rows === undefined ? (
        <NoRows error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SessionTable rows={rows} onEnd={(row) => end.mutate({ id: row.id })} />
      )}
      {query.hasNextPage && (
        <Button className="mt-3" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {query.isFetchingNextPage ? 'Loading…' : `Load ${PAGE_ROWS} older ones`}
        </Button>
      )}
    </Part>
  );
}

function NoRows({ error, onRetry }: { error: unknown; onRetry(): void }) {
  if (error === null) return <SkeletonRows rows={3} />;
  const failure = describeError(error);
  return (
    <ErrorState title="Your sessions did not load." onRetry={onRetry} requestId={failure.requestId ?? undefined}>
      {failure.message} {failure.remedy}
    </ErrorState>
  );
}

function SessionTable({ rows, onEnd }: { rows: readonly SessionRow[]; onEnd(row: SessionRow): void }) {
  const now = useNow(10_000);
  const { zone } = useTimeZone();
  const [cursor, setCursor] = useState<string | null>(null);
  const when = (at: number): string => formatWhen(pastOf(at, now), zone, now);
  const name = (row: SessionRow) => (
    <span className="inline-flex flex-wrap items-center gap-2">
      <span className="font-medium">{row.device}</span>
      {row.isCurrent && <Tag tone="info">This browser</Tag>}
    </span>
  );
  const endButton = (row: SessionRow) =>
    row.isCurrent ? null : (
      <Button size="s" variant="danger" aria-label={`End session of ${row.device}`} onClick={() => onEnd(row)}>
        End
      </Button>
    );
  const columns: Column<SessionRow>[] = [
    { key: 'device', head: 'Browser', cell: name, rowHead: true },
    { key: 'place', head: 'From', cell: placeWords, width: '24%' },
    { key: 'method', head: 'Signed in by', cell: methodOf, width: '20%' },
    { key: 'since', head: 'Since', cell: (row) => when(row.createdAt), width: '14%' },
    { key: 'seen', head: 'Last used', cell: (row) => when(row.lastSeenAt), width: '12%' },
    { key: 'end', head: <span className="sr-only">Act</span>, cell: endButton, width: '72px', align: 'right' },
  ];
  return (
    <DataTable
      caption="Your sessions, newest first"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      cursorKey={cursor}
      onCursor={setCursor}
      renderPhone={(row) => (
        <div className="flex items-center gap-3 py-1">
          <div className="min-w-0 flex-1">
            {name(row)}
            <p className="text-small text-ink-2 wrap-anywhere">
              {placeWords(row)}. {methodOf(row)}, {when(row.createdAt)}; last used {when(row.lastSeenAt)}
            </p>
          </div>
          {endButton(row)}
        </div>
      )}
    />
  );
}
