import type { ApprovalView } from '@qd/shared/approvals';
import { useState } from 'react';
import { useNow } from '../../../lib/clock.ts';
import { formatDateTime, formatWhen } from '../../../lib/format.ts';
import { useSingleKeys } from '../../../lib/keys.ts';
import { ReadTrouble } from '../../../lib/read-trouble.tsx';
import { useStableOrder } from '../../../lib/stable-order.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { KeyHints } from '../../../ui/kbd.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { LookWord } from '../look-word.tsx';
import { clockWords, phaseLooks, rulesWords } from './approval-words.ts';
import { useApprovals, type Show } from './use-approvals.ts';

const options: { value: Show; label: string }[] = [
  { value: 'waiting', label: 'For me' },
  { value: 'mine', label: 'Mine' },
  { value: 'open', label: 'Open' },
  { value: 'settled', label: 'Settled' },
];

const hints = [
  { keys: ['J', 'K'], does: 'move' },
  { keys: ['↵'], does: 'open' },
];

const nothing: Readonly<Record<Show, { title: string; words: string }>> = {
  waiting: { title: 'Nothing waits for you.', words: 'Requests you can agree to, or carry out, are listed here.' },
  mine: {
    title: 'You have asked for nothing.',
    words: 'Risky acts that need a second person are listed here once you try them.',
  },
  open: { title: 'Nothing is open.', words: 'Requests nobody decided about or carried out yet are listed here.' },
  settled: {
    title: 'Nothing is settled yet.',
    words: 'What was carried out, rejected, withdrawn or lapsed stays here for good.',
  },
};

export interface ApprovalsListProps {
  show: Show;
  /** True where the reader has no other choice. */
  isFixed: boolean;
  openId: string | null;
  onShow(show: Show): void;
  onOpen(id: string): void;
}

/** Requests of the choice, or what stands in their place. */
export function ApprovalsList({ show, isFixed, openId, onShow, onOpen }: ApprovalsListProps) {
  const { query, rows } = useApprovals(show);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        {!isFixed && <Segmented label="Which requests" value={show} onChange={onShow} options={options} />}
        <KeyHints hints={hints} className="ml-auto" />
      </div>
      {rows === undefined && query.error === null && <SkeletonRows rows={4} widths={['40%', '14%', '18%']} />}
      {rows === undefined && query.error !== null && <ReadTrouble title="The requests did not load." query={query} />}
      {rows?.length === 0 && !query.hasNextPage && (
        <EmptyState title={nothing[show].title}>{nothing[show].words}</EmptyState>
      )}
      {rows !== undefined && rows.length > 0 && <Requests all={rows} openId={openId} onOpen={onOpen} />}
      {query.hasNextPage && (
        <Button className="mt-3" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load older requests
        </Button>
      )}
    </>
  );
}

interface RequestsProps {
  all: readonly ApprovalView[];
  openId: string | null;
  onOpen(id: string): void;
}

function Requests({ all, openId, onOpen }: RequestsProps) {
  const now = useNow(1_000);
  const { zone } = useTimeZone();
  const [singleKeys] = useSingleKeys();
  const [cursor, setCursor] = useState<string | null>(null);
  const { rows, hold } = useStableOrder(all, (row) => row.id);
  const columns: Column<ApprovalView>[] = [
    {
      key: 'summary',
      head: 'Request',
      rowHead: true,
      cell: (row) => <Summary row={row} onOpen={onOpen} />,
    },
    { key: 'state', head: 'State', width: '190px', cell: (row) => <Standing row={row} /> },
    { key: 'clock', head: 'Clock', width: '230px', cell: (row) => clockWords(row, zone, now) },
    {
      key: 'asked',
      head: 'Asked',
      width: '170px',
      align: 'right',
      hide: 'fold',
      cell: (row) => (
        <span title={formatDateTime(row.requestedAt, zone, now)}>{formatWhen(row.requestedAt, zone, now)}</span>
      ),
    },
  ];
  return (
    <div {...hold}>
      <DataTable
        caption="Requests for approval, newest first"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        cursorKey={openId ?? cursor}
        onCursor={setCursor}
        onOpen={(row) => onOpen(row.id)}
        pageKeys={singleKeys && openId === null}
        renderPhone={(row) => (
          <div className="grid gap-1 py-1">
            <Summary row={row} onOpen={onOpen} />
            <span className="flex flex-wrap gap-x-3">
              <Standing row={row} />
              <span className="text-small text-ink-3">{clockWords(row, zone, now)}</span>
            </span>
          </div>
        )}
      />
    </div>
  );
}

function Standing({ row }: { row: ApprovalView }) {
  const words = rulesWords(row);
  return (
    <>
      <LookWord look={phaseLooks[row.phase]} />
      {words !== '' && <span className="block text-small text-ink-3">{words}</span>}
    </>
  );
}

function Summary({ row, onOpen }: { row: ApprovalView; onOpen(id: string): void }) {
  return (
    <>
      <button
        type="button"
        className="text-left font-semibold wrap-anywhere underline-offset-[3px] hover:underline"
        onClick={() => onOpen(row.id)}
      >
        {row.summary}
      </button>
      <span className="block text-small text-ink-3 wrap-anywhere">
        {row.requestedBy.name ?? 'Somebody'}: {row.reason}
      </span>
    </>
  );
}
