import type { KeyFilter, KeyListRow } from '@qd/shared/api-keys';
import type { ReactNode } from 'react';
import { describeError } from '../../../lib/errors.ts';
import { formatCount } from '../../../lib/format.ts';
import { useKey, useSingleKeys } from '../../../lib/keys.ts';
import { useStableOrder } from '../../../lib/stable-order.ts';
import type { Selection } from '../../../lib/use-selection.ts';
import { Button } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { KeyTimeline } from '../timeline/key-timeline.tsx';
import type { At } from './state-words.ts';
import type { KeysState } from './use-keys.ts';

export interface KeysListProps {
  state: KeysState;
  at: At;
  /** The key that is open under the list. */
  openId: string | null;
  cursor: string | null;
  onCursor(key: string | null): void;
  onOpen(row: KeyListRow): void;
  selection: Selection | null;
  kept: Record<string, string>;
  /** Makes the first key; null for who may not. */
  onCreate: (() => void) | null;
}

/** The keys of the filter, or what stands in their place. */
export function KeysList(props: KeysListProps) {
  const { keys, rows } = props.state;
  if (rows === undefined) {
    if (keys.error === null) return <SkeletonRows rows={9} rowHeight="50px" widths={['18%', '14%', '44%', '8%']} />;
    const failure = describeError(keys.error);
    return (
      <ErrorState
        title="The list of keys did not load."
        onRetry={() => void keys.refetch()}
        retrying={keys.isFetching}
        requestId={failure.requestId ?? undefined}
      >
        {failure.message} {failure.remedy}
      </ErrorState>
    );
  }
  if (rows.length === 0) return <NoneHere {...props} />;
  return <Rows {...props} all={rows} />;
}

const noneWords: Readonly<Record<Exclude<KeyFilter, 'all'>, { title: string; words: string }>> = {
  due: {
    title: 'No key is due for rotation.',
    words: 'Keys are listed here a week before their policy wants a new one.',
  },
  expiring: { title: 'No key expires within 14 d.', words: 'Keys about to end by their own date are listed here.' },
  unused: { title: 'Every key was used within 30 d.', words: 'Keys nobody uses are listed here; they can be let go.' },
  no_consumer: {
    title: 'Every key names a consumer.',
    words: 'Keys with nobody to tell before they end are listed here.',
  },
  ended: { title: 'No key has ended.', words: 'Revoked, replaced and expired keys stay known here for ever.' },
};

function NoneHere({ state, onCreate }: KeysListProps) {
  if (state.text !== '') {
    return (
      <EmptyState
        title={`No key matches “${state.text}”.`}
        actions={<Button onClick={() => state.setText(null)}>Clear the search</Button>}
      >
        Names and the first characters of ids are searched.
      </EmptyState>
    );
  }
  if (state.show !== 'all') {
    const { title, words } = noneWords[state.show];
    return <EmptyState title={title}>{words}</EmptyState>;
  }
  return (
    <EmptyState
      title="No API key here yet."
      actions={
        onCreate === null ? undefined : (
          <Button variant="primary" icon="plus" onClick={onCreate}>
            Create the first key
          </Button>
        )
      }
    >
      A program signs in with a key: it belongs to one platform and environment, and does only what its scopes name.
    </EmptyState>
  );
}

function Rows(props: KeysListProps & { all: readonly KeyListRow[] }) {
  const { all, state, at, openId, cursor, onCursor, onOpen, selection, kept } = props;
  const { keys, counts, show, text } = state;
  const [singleKeys] = useSingleKeys();
  const { rows, hold } = useStableOrder(all, (row) => row.id);
  const current = cursor ?? openId;
  const canSelect = selection !== null && current !== null;
  useKey('x', 'Select the key', () => current !== null && selection?.toggle(current), canSelect);
  const ids = rows.map((row) => row.id);
  useKey('shift+x', 'Select up to the key', () => current !== null && selection?.extendTo(current, ids), canSelect);
  const total = text === '' ? counts.data?.counts[show] : undefined;
  return (
    <div aria-busy={keys.isPlaceholderData || undefined} className={keys.isPlaceholderData ? 'opacity-60' : ''}>
      <div {...hold}>
        <KeyTimeline
          rows={rows}
          policies={counts.data?.policies}
          at={at}
          cursor={current}
          onCursor={onCursor}
          onOpen={onOpen}
          selection={selection}
          pageKeys={singleKeys}
          kept={kept}
        />
      </div>
      <ListFoot keys={keys}>{shownWords(rows.length, total, show)}</ListFoot>
    </div>
  );
}

function shownWords(count: number, total: number | undefined, show: KeyFilter): string {
  const of = total === undefined ? '' : ` of ${formatCount(Math.max(total, count))}`;
  const older = show === 'all' ? ' Keys that ended more than 90 d ago are under Ended.' : '';
  return `${formatCount(count)}${of} ${count === 1 && of === '' ? 'key' : 'keys'} shown.${older}`;
}

function ListFoot({ keys, children }: { keys: KeysState['keys']; children: ReactNode }) {
  const { hasNextPage, isFetchingNextPage, fetchNextPage, error, isFetchNextPageError } = keys;
  const failure = error === null ? null : describeError(error);
  return (
    <>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <p role="status" className="text-small text-ink-3">
          {children}
        </p>
        {hasNextPage && (
          <Button size="s" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more keys
          </Button>
        )}
      </div>
      {failure !== null && (
        <p role="alert" className="mt-2 text-crit">
          {failure.message} {failure.remedy}{' '}
          <Button size="s" onClick={() => void (isFetchNextPageError ? fetchNextPage() : keys.refetch())}>
            Try again
          </Button>
        </p>
      )}
    </>
  );
}
