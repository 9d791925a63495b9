import type { ImportView } from '@qd/shared/users';
import { useState } from 'react';
import { serverNow } from '../../../lib/clock.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatCount, formatWhen } from '../../../lib/format.ts';
import { useSingleKeys } from '../../../lib/keys.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { rowsWords, stateLook } from './import-words.ts';
import type { useImports } from './use-imports.ts';

export interface ImportHistoryProps {
  imports: ReturnType<typeof useImports>;
  onShow(id: string): void;
}

/** Files of before, the newest first, with what became of each. */
export function ImportHistory({ imports, onShow }: ImportHistoryProps) {
  const rows = imports.data?.pages.flatMap((page) => page.rows);
  return (
    <section aria-labelledby="import-history" className="mt-7">
      <SectionHead id="import-history" title="Imports" note="newest first" />
      {rows !== undefined ? (
        <HistoryTable rows={rows} onShow={onShow} />
      ) : imports.error === null ? (
        <SkeletonRows rows={4} rowHeight="40px" />
      ) : (
        <NotRead imports={imports} />
      )}
      {imports.hasNextPage && (
        <Button className="mt-3" pending={imports.isFetchingNextPage} onClick={() => void imports.fetchNextPage()}>
          Load older imports
        </Button>
      )}
    </section>
  );
}

function NotRead({ imports }: Pick<ImportHistoryProps, 'imports'>) {
  const { message, remedy, requestId } = describeError(imports.error);
  return (
    <ErrorState
      title="Earlier imports did not load."
      onRetry={() => void imports.refetch()}
      retrying={imports.isFetching}
      requestId={requestId ?? undefined}
    >
      {message} {remedy}
    </ErrorState>
  );
}

function State({ row }: { row: ImportView }) {
  const { tone, word } = stateLook(row.state);
  return <StatusWord tone={tone}>{word}</StatusWord>;
}

function FileButton({ row, onShow }: { row: ImportView; onShow(id: string): void }) {
  return (
    <button
      type="button"
      className="text-left font-semibold wrap-anywhere hover:underline"
      onClick={() => onShow(row.id)}
    >
      {row.fileName}
    </button>
  );
}

function columnsOf(zone: Zone, now: number, onShow: (id: string) => void): Column<ImportView>[] {
  return [
    { key: 'file', head: 'File', rowHead: true, cell: (row) => <FileButton row={row} onShow={onShow} /> },
    { key: 'state', head: 'State', cell: (row) => <State row={row} /> },
    { key: 'rows', head: 'Rows', align: 'right', cell: (row) => formatCount(row.rowCount) },
    {
      key: 'wrong',
      head: 'Wrong',
      align: 'right',
      cell: (row) => (row.errorCount === 0 ? '0' : <b className="text-crit">{formatCount(row.errorCount)}</b>),
    },
    { key: 'who', head: 'Who', hide: 'fold', cell: (row) => row.createdBy?.name ?? 'The command line' },
    {
      key: 'when',
      head: 'Sent',
      align: 'right',
      cell: (row) => <span className="whitespace-nowrap text-ink-2">{formatWhen(row.createdAt, zone, now)}</span>,
    },
  ];
}

function HistoryTable({ rows, onShow }: { rows: readonly ImportView[]; onShow(id: string): void }) {
  const { zone } = useTimeZone();
  const [singleKeys] = useSingleKeys();
  const [cursor, setCursor] = useState<string | null>(null);
  const now = serverNow();
  return (
    <DataTable
      caption="Imports, newest first"
      columns={columnsOf(zone, now, onShow)}
      rows={rows}
      rowKey={(row) => row.id}
      density="compact"
      cursorKey={cursor}
      onCursor={setCursor}
      onOpen={(row) => onShow(row.id)}
      pageKeys={singleKeys}
      empty={<EmptyState title="No file yet.">What each file did, and who sent it, is listed here.</EmptyState>}
      renderPhone={(row) => (
        <div className="grid gap-1">
          <div className="flex items-baseline justify-between gap-3">
            <FileButton row={row} onShow={onShow} />
            <State row={row} />
          </div>
          <div className="flex justify-between gap-3 text-small text-ink-2">
            <span>
              {rowsWords(row.rowCount)}, {formatCount(row.errorCount)} wrong
            </span>
            <span>{formatWhen(row.createdAt, zone, now)}</span>
          </div>
        </div>
      )}
    />
  );
}
