import type { ExclusionView, SloSummary } from '@qd/shared/slo';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { useNow } from '../../../lib/clock.ts';
import { CsvButton } from '../../../lib/csv-button.tsx';
import { downloadFrom } from '../../../lib/download.ts';
import { useKey, useSingleKeys } from '../../../lib/keys.ts';
import { paths } from '../../../lib/paths.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { usePlatformScope, useTo, useUrlParams } from '../../../lib/url-state.ts';
import { useCan } from '../../../lib/use-can.ts';
import { Button } from '../../../ui/button.tsx';
import { Call } from '../../../ui/call.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { Segmented } from '../../../ui/segmented.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { QueryTrouble } from '../slo-query-trouble.tsx';
import { Editor } from './editor.tsx';
import { ExclusionDrawer } from './exclusion-drawer.tsx';
import { ExclusionTable } from './exclusion-table.tsx';
import { exclusionsCall } from './listing-words.ts';
import { closedParams, pageParams } from './page-params.ts';
import { usePlaces } from './use-places.ts';

const PAGE_ROWS = 50;

/** What time does not count, where, and why? */
export function ExclusionsPage() {
  const trpc = useTRPC();
  const [platform] = usePlatformScope();
  const [values] = useUrlParams(pageParams);
  const query = useInfiniteQuery(
    trpc.slo.exclusions.list.infiniteQueryOptions(
      {
        ...(platform === null ? {} : { platform }),
        ...(values.slo === undefined ? {} : { slo: values.slo }),
        withdrawn: values.show === 'all',
        limit: PAGE_ROWS,
      },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows), [query.data]);
  useReadUpTo(rows, values.row, query);
  if (rows === undefined) {
    if (query.error !== null) {
      return (
        <QueryTrouble
          what="The list of exclusions"
          pageTitle="Exclusions"
          error={query.error}
          retrying={query.isFetching}
          onRetry={() => void query.refetch()}
        />
      );
    }
    return (
      <Delayed words="Reading the exclusions…">
        <CallSkeleton />
        <div className="mt-16">
          <SkeletonRows rows={5} widths={['96px', '26%', '18%', '24%']} />
        </div>
      </Delayed>
    );
  }
  return (
    <Exclusions
      rows={rows}
      more={query.hasNextPage ? { isLoading: query.isFetchingNextPage, load: () => void query.fetchNextPage() } : null}
    />
  );
}

interface Pages {
  hasNextPage: boolean;
  isFetching: boolean;
  isError: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** Reads older pages until the row the address opens is there: it may be far down the list. */
function useReadUpTo(rows: readonly ExclusionView[] | undefined, id: string | undefined, pages: Pages): void {
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  const isMissing = id !== undefined && rows !== undefined && !rows.some((row) => row.id === id);
  const reads = isMissing && hasNextPage && !isFetching && !isError;
  useEffect(() => {
    if (reads) void fetchNextPage();
  }, [reads, fetchNextPage]);
}

interface ExclusionsProps {
  rows: readonly ExclusionView[];
  more: { isLoading: boolean; load(): void } | null;
}

function Exclusions({ rows, more }: ExclusionsProps) {
  const nowMs = useNow(5_000);
  const { zone } = useTimeZone();
  const can = useCan();
  const [values, set] = useUrlParams(pageParams);
  const [platform] = usePlatformScope();
  const [cursor, setCursor] = useState<string | null>(null);
  const [singleKeys] = useSingleKeys();
  const places = usePlaces();
  const slo = places.sloOf(values.slo);
  const opened = rows.find((row) => row.id === values.row);
  const mayAct = places.mine.length > 0;
  const call = exclusionsCall(rows, more !== null);
  const close = () => set(closedParams);
  const save = () =>
    downloadFrom(paths.sloExclusionsExport, { platform, slo: values.slo, show: values.show === 'all' ? 'all' : null });
  useKey('n', 'Exclude time', () => set({ ...closedParams, edit: 'new' }), mayAct && values.edit === undefined);
  return (
    <>
      <Call>
        {call.lead} {call.rest}
      </Call>
      <Scope slo={slo} onAll={() => set({ slo: null })} />
      <div className="mt-5 mb-3 flex flex-wrap items-center gap-2">
        <Segmented
          label="Which exclusions are shown"
          size="s"
          value={values.show === 'all' ? 'all' : 'standing'}
          onChange={(show) => set({ show: show === 'all' ? 'all' : null })}
          options={[
            { value: 'standing', label: 'Standing' },
            { value: 'all', label: 'Withdrawn too' },
          ]}
        />
        {rows.length > 0 && <CsvButton of="exclusions" save={save} />}
        {mayAct && (
          <Button
            variant="primary"
            icon="plus"
            kbd="N"
            className="ml-auto"
            onClick={() => set({ ...closedParams, edit: 'new' })}
          >
            Exclude time
          </Button>
        )}
      </div>
      <ExclusionTable
        rows={rows}
        placeOf={places.placeOf}
        zone={zone}
        nowMs={nowMs}
        cursorKey={values.row ?? cursor ?? rows[0]?.id ?? null}
        onCursor={setCursor}
        onOpen={(row) => set({ ...closedParams, row: row.id })}
        pageKeys={singleKeys && values.row === undefined && values.edit === undefined}
        empty={
          <EmptyState title="No time is excluded here.">
            {mayAct
              ? 'Exclude a maintenance window before it begins, or an outage that is not to count after it.'
              : 'Operators and commanders can exclude time.'}
          </EmptyState>
        }
      />
      {more !== null && (
        <Button className="mt-3" pending={more.isLoading} onClick={more.load}>
          {more.isLoading ? 'Loading…' : `Load ${PAGE_ROWS} older ones`}
        </Button>
      )}
      {opened !== undefined && values.edit === undefined && (
        <ExclusionDrawer
          row={opened}
          place={places.placeOf(opened)}
          mayAct={can('slo:exclude', opened.platformId)}
          zone={zone}
          nowMs={nowMs}
          onEdit={() => set({ edit: opened.id })}
          onClose={close}
        />
      )}
      <Editor rows={rows} places={places} onClose={close} />
    </>
  );
}

/** Which objectives the list is about. */
function Scope({ slo, onAll }: { slo: SloSummary | null; onAll(): void }) {
  const to = useTo();
  return (
    <p className="mt-2 text-small text-ink-3">
      {slo === null ? (
        'Excluded time is left out of budgets, alerts and coverage. The counts themselves are kept.'
      ) : (
        <>
          For <Link to={to(paths.slo(slo.id))} className={linkClass}>{`${slo.platformName}, ${slo.name}`}</Link>, and
          for its whole platform.{' '}
          <button type="button" className={linkClass} onClick={onAll}>
            Show all
          </button>
        </>
      )}
    </p>
  );
}
