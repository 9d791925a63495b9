import type { ImportRowView, ImportView } from '@qd/shared/users';
import { useState } from 'react';
import { Link } from 'react-router';
import { describeError } from '../../../lib/errors.ts';
import { formatCount } from '../../../lib/format.ts';
import { useSingleKeys } from '../../../lib/keys.ts';
import { paths } from '../../../lib/paths.ts';
import { useTo, useUrlParam } from '../../../lib/url-state.ts';
import { Button } from '../../../ui/button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { rowLinkClass } from '../../../ui/link.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { faultWords, verdictLook } from './import-words.ts';
import { useImportRows } from './use-imports.ts';

const filters = ['problems', 'create', 'update', 'same', 'all'] as const;
type RowFilter = (typeof filters)[number];

function isFilter(text: string | null): text is RowFilter {
  return filters.some((filter) => filter === text);
}

/** What is wrong comes first, where anything is. */
function firstFilter({ state, errorCount }: ImportView): RowFilter {
  return errorCount > 0 || state === 'rolled_back' ? 'problems' : 'all';
}

function optionsOf(view: ImportView) {
  const labels: Record<RowFilter, string> = {
    problems: view.state === 'rolled_back' ? 'Wrong or not taken back' : `Wrong ${formatCount(view.errorCount)}`,
    create: `New ${formatCount(view.createCount)}`,
    update: `Changed ${formatCount(view.updateCount)}`,
    same: `Unchanged ${formatCount(view.sameCount)}`,
    all: `All ${formatCount(view.rowCount)}`,
  };
  return filters.map((value) => ({ value, label: labels[value] }));
}

/** The rows of the file by what was found of them; the choice is in the address. */
export function ImportRows({ view }: { view: ImportView }) {
  const [text, setText] = useUrlParam('rows');
  const filter = isFilter(text) ? text : firstFilter(view);
  const query = useImportRows({
    id: view.id,
    faulty: filter === 'problems',
    ...(filter !== 'problems' && filter !== 'all' && { verdict: filter }),
  });
  const rows = query.data?.pages.flatMap((page) => page.rows);
  return (
    <section aria-labelledby="import-rows" className="mt-6">
      <SectionHead id="import-rows" title="Rows" note="in the order of the file" />
      <div className="mb-3 overflow-x-auto">
        <Segmented label="Rows shown" value={filter} onChange={setText} options={optionsOf(view)} size="s" />
      </div>
      {rows !== undefined ? (
        <div aria-busy={query.isPlaceholderData || undefined} className={query.isPlaceholderData ? 'opacity-60' : ''}>
          <RowsTable rows={rows} filter={filter} view={view} />
        </div>
      ) : query.error === null ? (
        <SkeletonRows rows={8} rowHeight="40px" />
      ) : (
        <NotRead query={query} />
      )}
      {query.hasNextPage && (
        <Button className="mt-3" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {query.isFetchingNextPage ? 'Loading…' : 'Load 100 more rows'}
        </Button>
      )}
    </section>
  );
}

function NotRead({ query }: { query: ReturnType<typeof useImportRows> }) {
  const { message, remedy, requestId } = describeError(query.error);
  return (
    <ErrorState
      title="The rows did not load."
      onRetry={() => void query.refetch()}
      retrying={query.isFetching}
      requestId={requestId ?? undefined}
    >
      {message} {remedy}
    </ErrorState>
  );
}

function Person({ row }: { row: ImportRowView }) {
  const to = useTo();
  const name = row.name || row.email || 'no name';
  return (
    <span className="grid min-w-0">
      {row.userId === null ? (
        <b className="wrap-anywhere">{name}</b>
      ) : (
        <Link to={to(paths.user(row.userId))} className={`${rowLinkClass} wrap-anywhere`}>
          {name}
        </Link>
      )}
      <span className="text-small wrap-anywhere text-ink-2">{row.email}</span>
    </span>
  );
}

function Found({ row }: { row: ImportRowView }) {
  return (
    <ul className="grid gap-0.5">
      {row.faults.map((fault) => (
        <li key={`${fault.field} ${fault.message}`} className="wrap-anywhere">
          {faultWords(fault)}
        </li>
      ))}
    </ul>
  );
}

function asksFor({ role, platform, platformRole }: ImportRowView): string {
  const parts = [role === null ? '' : `${role}`, platformRole === null ? '' : `${platformRole} (platform)`].filter(
    Boolean,
  );
  if (parts.length === 0) return '';
  return `${parts.join(', ')} on ${platform === '*' ? 'all platforms' : (platform ?? '')}`;
}

function Verdict({ row }: { row: ImportRowView }) {
  const { tone, word } = verdictLook(row.verdict);
  return <StatusWord tone={tone}>{word}</StatusWord>;
}

const columns: Column<ImportRowView>[] = [
  { key: 'line', head: 'Line', align: 'right', width: '72px', cell: (row) => <span className="mono">{row.line}</span> },
  { key: 'person', head: 'Person', rowHead: true, width: '28%', cell: (row) => <Person row={row} /> },
  { key: 'asks', head: 'Role', width: '22%', cell: (row) => <span className="wrap-anywhere">{asksFor(row)}</span> },
  { key: 'verdict', head: 'Found', width: '120px', cell: (row) => <Verdict row={row} /> },
  { key: 'faults', head: 'What to put right', cell: (row) => <Found row={row} /> },
];

function RowsTable({ rows, filter, view }: { rows: readonly ImportRowView[]; filter: RowFilter; view: ImportView }) {
  const [singleKeys] = useSingleKeys();
  const [cursor, setCursor] = useState<string | null>(null);
  const none =
    filter === 'problems' && view.state === 'rolled_back'
      ? 'Everything was taken back, and no row was wrong.'
      : 'No row of this kind.';
  return (
    <DataTable
      caption="Rows of the file"
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.line)}
      density="compact"
      cursorKey={cursor}
      onCursor={setCursor}
      pageKeys={singleKeys}
      empty={<EmptyState title={none} />}
      renderPhone={(row) => (
        <div className="grid gap-1">
          <div className="flex items-baseline justify-between gap-3">
            <Person row={row} />
            <Verdict row={row} />
          </div>
          <span className="text-small text-ink-2">
            Line <span className="mono">{row.line}</span>
            {asksFor(row) !== '' && `: ${asksFor(row)}`}
          </span>
          {row.faults.length > 0 && <Found row={row} />}
        </div>
      )}
    />
  );
}
