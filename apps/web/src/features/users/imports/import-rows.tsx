import type { ImportView } from '@qd/shared/users';
import { describeError } from '../../../lib/errors.ts';
import { formatCount } from '../../../lib/format.ts';
import { useSettledText } from '../../../lib/settled-text.ts';
import { useUrlParam } from '../../../lib/url-state.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Input } from '../../../ui/field.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { RowsTable } from './rows-table.tsx';
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
  const [search, setSearch] = useUrlParam('text');
  const filter = isFilter(text) ? text : firstFilter(view);
  const query = useImportRows({
    id: view.id,
    faulty: filter === 'problems',
    ...(search !== null && { search }),
    ...(filter !== 'problems' && filter !== 'all' && { verdict: filter }),
  });
  const rows = query.data?.pages.flatMap((page) => page.rows);
  return (
    <section aria-labelledby="import-rows" className="mt-6">
      <SectionHead id="import-rows" title="Rows" note="in the order of the file" />
      <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-2.5">
        <span className="max-w-full overflow-x-auto">
          <Segmented label="Rows shown" value={filter} onChange={setText} options={optionsOf(view)} size="s" />
        </span>
        <RowSearch value={search ?? ''} onChange={setSearch} />
      </div>
      {rows !== undefined ? (
        <div aria-busy={query.isPlaceholderData || undefined} className={query.isPlaceholderData ? 'opacity-60' : ''}>
          <RowsTable key={`${filter} ${search ?? ''}`} rows={rows} none={noneWords(view, filter, search)} />
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

function RowSearch({ value, onChange }: { value: string; onChange(text: string): void }) {
  const { draft, setDraft, settle } = useSettledText(value, onChange);
  return (
    <span role="search" className="w-[220px] phone:w-full">
      <Input
        type="search"
        aria-label="Address or name"
        placeholder="Address or name"
        value={draft}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        data-page-filter=""
        onChange={(event) => setDraft(event.target.value)}
        onBlur={() => settle(draft)}
      />
    </span>
  );
}

function noneWords(view: ImportView, filter: RowFilter, search: string | null): string {
  if (search !== null && search !== '') return 'No row of this kind has that in its address or name.';
  return filter === 'problems' && view.state === 'rolled_back'
    ? 'Everything was taken back, and no row was wrong.'
    : 'No row of this kind.';
}
