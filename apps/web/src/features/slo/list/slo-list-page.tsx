import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { Link } from 'react-router';
import { useNow } from '../../../lib/clock.ts';
import { useKey } from '../../../lib/keys.ts';
import { paths } from '../../../lib/paths.ts';
import { useTimeZone } from '../../../lib/time-zone.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { usePlatformScope, useTo, useUrlParam } from '../../../lib/url-state.ts';
import { Call, CallPart, DatumLine } from '../../../ui/call.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { linkClass } from '../../../ui/link.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { ListActions } from '../edit/list-actions.tsx';
import { QueryTrouble } from '../slo-query-trouble.tsx';
import { FilterBar } from './filter-bar.tsx';
import { listCall, needsDecision } from './list-call.ts';
import { listDatum } from './list-datum.tsx';
import { isAlerting, listRows, type ListShow } from './list-rows.ts';
import { NothingYet } from './nothing-yet.tsx';
import { SloTable } from './slo-table.tsx';

const AGE_STEP_MS = 5_000;

/** All objectives the reader may see: which of them need a decision? */
export function SloListPage() {
  const trpc = useTRPC();
  const [platform] = usePlatformScope();
  const query = useQuery(trpc.slo.list.queryOptions(platform === null ? {} : { platform }));
  if (query.data === undefined) {
    return query.error === null ? (
      <ListLoading />
    ) : (
      <QueryTrouble
        what="The SLO list"
        pageTitle="SLOs"
        error={query.error}
        retrying={query.isFetching}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return <SloList rows={query.data.rows} asOf={query.data.asOf} platform={platform} />;
}

function ListLoading() {
  return (
    <Delayed words="Reading the SLOs…">
      <CallSkeleton />
      <div className="mt-16">
        <SkeletonRows rows={9} widths={['96px', '24%', '8%', '8%', '150px', '168px']} />
      </div>
    </Delayed>
  );
}

type ListProps = {
  rows: React.ComponentProps<typeof SloTable>['rows'];
  asOf: number;
  platform: string | null;
};

function SloList({ rows, asOf, platform }: ListProps) {
  const now = useNow(AGE_STEP_MS);
  const { zone } = useTimeZone();
  const [show, setShow] = useUrlParam('show');
  const [text, setText] = useUrlParam('q');
  const [cursor, setCursor] = useUrlParam('row');
  const to = useTo();
  const search = useRef<HTMLInputElement>(null);
  useKey('/', 'Filter this list', () => search.current?.focus());
  const shown: ListShow = show === 'decisions' || show === 'alerting' ? show : 'all';
  const kept = useMemo(() => listRows(rows, { show: shown, text: text ?? '' }), [rows, shown, text]);
  const call = listCall(rows);
  if (rows.length === 0) return <NothingYet platform={platform} />;
  return (
    <>
      <Call>
        <CallPart tone={call.tone}>{call.lead}</CallPart>
        {call.rest}
      </Call>
      <DatumLine items={listDatum(rows, { asOf, now, zone })} />
      <FilterBar
        all={rows.length}
        decisions={rows.filter(needsDecision).length}
        alerting={rows.filter(isAlerting).length}
        show={shown}
        onShow={(next) => setShow(next === 'all' ? null : next)}
        text={text ?? ''}
        onText={setText}
        searchRef={search}
        actions={<ListActions rows={kept} isFiltered={kept.length < rows.length} platform={platform} />}
      />
      <SloTable
        rows={kept}
        nowMs={now}
        zone={zone}
        cursorKey={cursor ?? kept[0]?.id ?? null}
        onCursor={setCursor}
        empty={<NoMatch show={shown} text={text} />}
      />
      <p className="mt-3 text-small text-ink-3">
        Marks on a bar come from its budget policy: caution, then freeze. States without fresh data are never counted as
        good. Time that does not count stands under{' '}
        <Link to={to(paths.sloExclusions)} className={linkClass}>
          Exclusions
        </Link>
        .
      </p>
    </>
  );
}

function NoMatch({ show, text }: { show: ListShow; text: string | null }) {
  if (text === null && show === 'alerting') {
    return (
      <EmptyState title="No alert fires.">Nothing is frozen either: every alert is judged on fresh data.</EmptyState>
    );
  }
  if (text === null && show === 'decisions') {
    return <EmptyState title="Nothing needs a decision.">Every SLO shown is on course, on fresh data.</EmptyState>;
  }
  return <EmptyState title={`No SLO matches “${text ?? ''}”.`}>Clear the filter, or look on all platforms.</EmptyState>;
}
