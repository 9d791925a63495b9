import type { AlertEvent } from '@qd/shared/slo';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { CsvButton } from '../../../lib/csv-button.tsx';
import { downloadFrom } from '../../../lib/download.ts';
import { describeError } from '../../../lib/errors.ts';
import { formatClock, formatDay, formatDuration } from '../../../lib/format.ts';
import { useHeldRows } from '../../../lib/held-rows.ts';
import { paths } from '../../../lib/paths.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import type { Zone } from '../../../lib/zone.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorState } from '../../../ui/error-state.tsx';
import { SectionHead } from '../../../ui/section-head.tsx';
import { Delayed, SkeletonRows } from '../../../ui/skeleton.tsx';
import { StatusWord } from '../../../ui/status-word.tsx';
import { alertKind, eventLook } from './alert-words.ts';

const FIRST_ROWS = 6;

export interface AlertHistoryProps {
  slo: string;
  zone: Zone;
  nowMs: number;
}

/** What the alerts of an objective did, newest first. New rows wait while somebody reads. */
export function AlertHistory({ slo, zone, nowMs }: AlertHistoryProps) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.slo.alerts.events.infiniteQueryOptions(
      { slo, limit: FIRST_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const all = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const { rows, waiting, show, hold } = useHeldRows(all, (event) => event.at);
  // What is on screen stays when it cannot be brought up to date; the bar of the page tells that once.
  const isLacking = query.data === undefined || query.isFetchNextPageError;
  const failure = query.error === null || !isLacking ? null : describeError(query.error);
  return (
    <section aria-labelledby="alert-history">
      <SectionHead
        id="alert-history"
        title="Alert history"
        note={all.length === 0 ? undefined : 'newest first'}
        actions={
          all.length > 0 && <CsvButton of="alert history" save={() => downloadFrom(paths.sloAlertsExport, { slo })} />
        }
      />
      {query.data === undefined && failure === null && (
        <Delayed words="Reading the alerts…">
          <SkeletonRows rows={3} widths={['84px', '50%']} rowHeight="40px" />
        </Delayed>
      )}
      {failure !== null && (
        <ErrorState
          title="The alert history did not load."
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          requestId={failure.requestId ?? undefined}
        >
          {failure.message}
        </ErrorState>
      )}
      {waiting > 0 && (
        <p role="status" className="mb-2">
          <Button size="s" onClick={show}>
            {waiting === 1 ? 'Show 1 new event' : `Show ${waiting} new events`}
          </Button>
        </p>
      )}
      {query.data !== undefined && (
        <ol className="border-t border-ink" {...hold}>
          {rows.length === 0 && <li className="py-2.5 text-ink-2">No alert of this objective has fired yet.</li>}
          {rows.map((event) => (
            <EventLine key={event.id} event={event} zone={zone} nowMs={nowMs} />
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button className="mt-2" size="s" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {query.isFetchingNextPage ? 'Loading…' : 'Show older events'}
        </Button>
      )}
    </section>
  );
}

function EventLine({ event, zone, nowMs }: { event: AlertEvent; zone: Zone; nowMs: number }) {
  const look = eventLook(event);
  const lasted = event.transition === 'resolved' ? `, after ${formatDuration(event.at - event.firedAt)}` : '';
  return (
    <li className="grid grid-cols-[96px_minmax(0,1fr)] gap-x-3 border-b border-line py-2">
      <div>
        <StatusWord tone={look.tone} glyph={look.glyph}>
          {look.word}
        </StatusWord>
        <div className="text-small whitespace-nowrap text-ink-3">
          {formatDay(event.at, zone, nowMs)} {formatClock(event.at, zone)}
        </div>
      </div>
      <div className="min-w-0">
        <p className="text-ink-2">{event.summary}</p>
        <p className="text-small text-ink-3">
          {alertKind(event)}, {event.severity}
          {lasted}
        </p>
      </div>
    </li>
  );
}
