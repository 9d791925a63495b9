import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import type { AuditFilter, AuditRow } from '../../lib/api.ts';
import { byServerClock, serverNow, useNow } from '../../lib/clock.ts';
import { CsvButton } from '../../lib/csv-button.tsx';
import { downloadFrom } from '../../lib/download.ts';
import { describeError } from '../../lib/errors.ts';
import { formatAge, formatClock, formatCount } from '../../lib/format.ts';
import { useHeldRows } from '../../lib/held-rows.ts';
import { useSingleKeys } from '../../lib/keys.ts';
import { paths } from '../../lib/paths.ts';
import { withProof } from '../../lib/step-up.ts';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope, useUrlParam, useUrlParams } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { Button } from '../../ui/button.tsx';
import { Call, DatumLine } from '../../ui/call.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorState } from '../../ui/error-state.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../ui/skeleton.tsx';
import { AuditDrawer } from './audit-drawer.tsx';
import { AuditTable } from './audit-table.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filterParams, isFiltered, toFilter } from './filters.ts';
import { CheckpointLine } from './keeping/checkpoint-line.tsx';
import { VerifyChain } from './verify-chain.tsx';
import { actionWords, actorName, timeOf } from './words.ts';

const PAGE_ROWS = 50;

/** Who did what, when, from where, and was it allowed? */
export function AuditPage() {
  const can = useCan();
  if (can('audit:read')) return <AuditLog />;
  return (
    <>
      <Call>The audit log is not open to your role.</Call>
      <div className="mt-4 max-w-[640px]">
        <Forbidden title="Owners, admins and auditors can read it.">
          Ask one of them to look something up, or for the role of auditor.
        </Forbidden>
      </div>
    </>
  );
}

function useAudit() {
  const trpc = useTRPC();
  const { zone } = useTimeZone();
  const [platform] = usePlatformScope();
  const [values, setValues] = useUrlParams(filterParams);
  const key = JSON.stringify([values, platform, zone]);
  const filter = useMemo(() => {
    const [set, scope, inZone] = JSON.parse(key) as [typeof values, string | null, typeof zone];
    return toFilter(set, { platform: scope, now: serverNow(), zone: inZone });
  }, [key]);
  const query = useInfiniteQuery(
    trpc.audit.list.infiniteQueryOptions(
      { ...filter, limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  return { query, filter, values, setValues };
}

function callOf(newest: AuditRow | undefined, filtered: boolean, now: number): string {
  if (newest === undefined) return filtered ? 'Nothing in the log fits these filters.' : 'Nothing has been logged yet.';
  const { feature, verb } = actionWords(newest.action);
  const name = actorName(newest);
  const who = newest.user_email === null ? name.charAt(0).toLowerCase() + name.slice(1) : name;
  const refused = newest.status === 'denied' ? ' It was refused.' : newest.status === 'failure' ? ' It failed.' : '';
  const age = formatAge(Math.max(0, now - timeOf(newest)));
  return `The ${filtered ? 'newest of these is' : 'last act was'} “${feature} ${verb}” by ${who}, ${age}.${refused}`;
}

function AuditLog() {
  const now = useNow(1_000);
  const { query, filter, values, setValues } = useAudit();
  const filtered = isFiltered(values);
  const { data, error } = query;
  const all = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);

  return (
    <>
      {data === undefined && !error ? (
        <Delayed words="Reading the log…">
          <CallSkeleton />
        </Delayed>
      ) : (
        <Call className="[overflow-wrap:anywhere]">
          {error && data === undefined ? 'The audit log did not load.' : callOf(all[0], filtered, now)}
        </Call>
      )}
      <LogDatum count={all.length} hasMore={query.hasNextPage} readAt={byServerClock(query.dataUpdatedAt)} />
      <VerifyChain beside={<CheckpointLine now={now} />} />
      <FilterBar values={values} onChange={setValues} />
      <LogBody
        query={query}
        rows={all}
        filtered={filtered}
        now={now}
        tools={<Export filter={filter} />}
        onClear={() => setValues(cleared)}
      />
    </>
  );
}

/** The way to every row of the filter: as a table, and as lines that prove themselves. */
function Export({ filter }: { filter: AuditFilter }) {
  const can = useCan();
  if (!can('audit:export')) return null;
  const save = (format: 'csv' | 'jsonl') => () =>
    withProof((headers) => downloadFrom(paths.auditExport, { ...filter, format }, headers));
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2 phone:ml-0">
      <span className="text-small text-ink-3 phone:order-last">Every row of the filter; the export is logged.</span>
      <CsvButton of="audit log" save={save('csv')} />
      <CsvButton of="audit log with its hashes" kind="JSONL" save={save('jsonl')} />
    </div>
  );
}

const cleared = Object.fromEntries(filterParams.map((name) => [name, null]));

function LogDatum({ count, hasMore, readAt }: { count: number; hasMore: boolean; readAt: number }) {
  const { zone } = useTimeZone();
  if (readAt === 0) return null;
  return (
    <DatumLine
      items={[
        {
          key: 'as-of',
          glyph: 'ok',
          content: (
            <>
              As of <b>{formatClock(readAt, zone, { seconds: true, withZone: true })}</b>
            </>
          ),
        },
        {
          key: 'count',
          content: `${formatCount(count)} rows shown${hasMore ? ', older ones below' : ', the whole log'}`,
        },
        { key: 'chain', content: 'Each row carries the hash of the row before' },
      ]}
    />
  );
}

type AuditQuery = ReturnType<typeof useAudit>['query'];

interface LogBodyProps {
  query: AuditQuery;
  rows: readonly AuditRow[];
  filtered: boolean;
  now: number;
  /** What can be done with all rows of the filter. */
  tools: ReactNode;
  onClear(): void;
}

/** The rows, or what stands in their place. */
function LogBody({ query, rows, filtered, now, tools, onClear }: LogBodyProps) {
  if (query.data === undefined) {
    if (!query.error) return <SkeletonRows rows={10} rowHeight="31px" />;
    const failure = describeError(query.error);
    return (
      <ErrorState
        title={failure.message}
        onRetry={() => void query.refetch()}
        requestId={failure.requestId ?? undefined}
      >
        {failure.remedy}
      </ErrorState>
    );
  }
  if (rows.length > 0) return <LogRows query={query} all={rows} now={now} tools={tools} />;
  if (!filtered) {
    return <EmptyState title="The log is empty.">Every change made by a person is written here.</EmptyState>;
  }
  return (
    <EmptyState title="No row fits these filters." actions={<Button onClick={onClear}>Clear filters</Button>}>
      Who must be a whole address or id; Text also finds parts.
    </EmptyState>
  );
}

interface LogRowsProps extends Pick<LogBodyProps, 'query' | 'now' | 'tools'> {
  all: readonly AuditRow[];
}

function LogRows({ query, all, now, tools }: LogRowsProps) {
  const { zone } = useTimeZone();
  const [singleKeys] = useSingleKeys();
  const [openSeq, setOpenSeq] = useUrlParam('row');
  const [cursor, setCursor] = useState<string | null>(null);
  const open = all.find((row) => String(row.seq) === openSeq);
  const isOpen = open !== undefined;
  const { rows, waiting, show, hold, paused, setPaused } = useHeldRows(all, (row) => row.seq, isOpen);
  return (
    <div aria-busy={query.isPlaceholderData || undefined} className={query.isPlaceholderData ? 'opacity-60' : ''}>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Button size="s" icon={paused ? 'play' : 'pause'} onClick={() => setPaused(!paused)}>
          {paused ? 'Let new rows in' : 'Pause'}
        </Button>
        <span role="status" className="text-small text-ink-3">
          {paused && waiting === 0 ? 'Paused: new rows wait and are counted.' : ''}
          {waiting > 0 && (
            <Button size="s" onClick={show}>
              {waiting === 1 ? '1 new row. Show it' : `${waiting} new rows. Show them`}
            </Button>
          )}
        </span>
        {tools}
      </div>
      <div {...hold}>
        <AuditTable
          rows={rows}
          now={now}
          zone={zone}
          cursorKey={openSeq ?? cursor}
          onCursor={setCursor}
          onOpen={(row) => setOpenSeq(String(row.seq))}
          pageKeys={singleKeys && open === undefined}
        />
      </div>
      <LogEnd query={query} />
      {open && <AuditDrawer row={open} now={now} zone={zone} onClose={() => setOpenSeq(null)} />}
    </div>
  );
}

/** Below the rows: why they are not newer, and the way to older ones. */
function LogEnd({ query }: { query: AuditQuery }) {
  const failure = query.error ? describeError(query.error) : null;
  return (
    <>
      {failure !== null && (
        <p role="alert" className="mt-2 text-crit">
          {failure.message} {failure.remedy}
        </p>
      )}
      {query.hasNextPage && (
        <Button className="mt-3" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {query.isFetchingNextPage ? 'Loading…' : `Load ${PAGE_ROWS} older rows`}
        </Button>
      )}
    </>
  );
}
