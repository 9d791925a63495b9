import type { DirectoryRow } from '@qd/shared/users';
import { useCallback } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { formatCount } from '../../../lib/format.ts';
import { useKey, useSingleKeys } from '../../../lib/keys.ts';
import { useStableOrder } from '../../../lib/stable-order.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import type { Selection } from '../../../lib/use-selection.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { PeopleBar } from '../bulk/people-bar.tsx';
import type { useDirectory } from '../use-directory.ts';
import { isNarrowed, noFilters, segmentOf, sortOf } from './filters.ts';
import { PeopleTable } from './people-table.tsx';

type DirectoryState = ReturnType<typeof useDirectory>;

export interface PeopleListProps {
  directory: DirectoryState;
  nameOf(platform: string): string;
  now: number;
  /** Who is open beside the list. */
  openId: string | null;
  cursor: string | null;
  onCursor(key: string | null): void;
  onOpen(row: DirectoryRow): void;
  selection: Selection | null;
}

/** The people of the filter, or what stands in their place. */
export function PeopleList(props: PeopleListProps) {
  const { people, rows } = props.directory;
  if (rows === undefined) {
    if (people.error === null) return <SkeletonRows rows={10} rowHeight="55px" widths={['34%', '14%', '18%', '10%']} />;
    const failure = describeError(people.error);
    return (
      <ErrorState
        title="The list of people did not load."
        onRetry={() => void people.refetch()}
        retrying={people.isFetching}
        requestId={failure.requestId ?? undefined}
      >
        {failure.message} {failure.remedy}
      </ErrorState>
    );
  }
  if (rows.length === 0) return <NobodyHere directory={props.directory} />;
  return <Rows {...props} all={rows} />;
}

function NobodyHere({ directory: { values, setValues } }: { directory: DirectoryState }) {
  if (isNarrowed(values)) {
    return (
      <EmptyState
        title="Nobody fits these filters."
        actions={<Button onClick={() => setValues(noFilters)}>Clear filters</Button>}
      >
        Every word must be found in the name, the address or the role.
      </EmptyState>
    );
  }
  const segment = segmentOf(values);
  if (segment === 'look')
    return (
      <EmptyState title="Nobody needs a look.">
        Idle accounts, owners without two-step and roles about to end are listed here.
      </EmptyState>
    );
  if (segment === 'invited')
    return <EmptyState title="Nobody is invited.">Who has not accepted yet is listed here.</EmptyState>;
  return <EmptyState title="Nobody is here.">People on the platforms you may see are listed here.</EmptyState>;
}

function Rows(props: PeopleListProps & { all: readonly DirectoryRow[] }) {
  const { all, directory, now, nameOf, openId, cursor, onCursor, onOpen, selection } = props;
  const { people, counts, values, setValues } = directory;
  const { zone } = useTimeZone();
  const [singleKeys] = useSingleKeys();
  const { rows, hold } = useStableOrder(all, (row) => row.id);
  const at = cursor ?? openId;
  useKey('x', 'Select the person', () => at !== null && selection?.toggle(at), selection !== null && at !== null);
  useKey(
    'shift+x',
    'Select up to the person',
    () =>
      at !== null &&
      selection?.extendTo(
        at,
        rows.map((row) => row.id),
      ),
    selection !== null && at !== null,
  );
  const { hasNextPage, isFetching, isError, fetchNextPage } = people;
  const reads = hasNextPage && !isFetching && !isError;
  const onEnd = useCallback(() => {
    if (reads) void fetchNextPage();
  }, [reads, fetchNextPage]);
  const plain = segmentOf(values) === 'people' && !isNarrowed(values);
  const total = plain ? counts.data?.people : undefined;
  return (
    <div aria-busy={people.isPlaceholderData || undefined} className={people.isPlaceholderData ? 'opacity-60' : ''}>
      <div {...hold}>
        <PeopleTable
          rows={rows}
          now={now}
          zone={zone}
          nameOf={nameOf}
          cursorKey={at}
          onCursor={onCursor}
          onOpen={onOpen}
          pageKeys={singleKeys}
          sort={sortOf(values)}
          onSort={(sort) => setValues({ sort: sort?.key ?? null, dir: sort?.direction === 'desc' ? 'desc' : null })}
          selection={selection}
          isNarrow={openId !== null}
          onEnd={onEnd}
        />
      </div>
      {selection !== null && <PeopleBar selection={selection} rows={all} now={now} />}
      <p role="status" className="mt-2 text-small text-ink-3">
        {people.isFetchingNextPage ? 'Reading more people…' : shownWords(rows.length, total, hasNextPage)}
      </p>
      {people.error !== null && (
        <ReadFailed
          error={people.error}
          onRetry={() => void (people.isFetchNextPageError ? fetchNextPage() : people.refetch())}
        />
      )}
    </div>
  );
}

function shownWords(count: number, total: number | undefined, hasMore: boolean): string {
  const of = total === undefined ? '' : ` of ${formatCount(Math.max(total, count))}`;
  return `${formatCount(count)}${of} ${count === 1 && of === '' ? 'person' : 'people'} shown${hasMore ? ', more as you scroll' : ''}`;
}

function ReadFailed({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const { message, remedy } = describeError(error);
  return (
    <p role="alert" className="mt-2 text-crit">
      {message} {remedy}{' '}
      <Button size="s" onClick={onRetry}>
        Try again
      </Button>
    </p>
  );
}
