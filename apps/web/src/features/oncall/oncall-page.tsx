import { HORIZON_MS } from '@qd/shared/oncall';
import { DAY_MS } from '@qd/shared/time';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useNow } from '../../lib/clock.ts';
import { describeError } from '../../lib/errors.ts';
import { PageTrouble } from '../../lib/page-trouble.tsx';
import type { ReadTroubleProps } from '../../lib/read-trouble.tsx';
import { useTimeZone } from '../../lib/time-zone.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope, useUrlParams } from '../../lib/url-state.ts';
import { useCan } from '../../lib/use-can.ts';
import { dayOf } from '../../lib/zone.ts';
import { Call } from '../../ui/call.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../ui/skeleton.tsx';
import type { SlotQuery } from './export-button.tsx';
import { OncallContent } from './oncall-content.tsx';
import { pageParams, showOf } from './page-params.ts';

const PAGE_ROWS = 100;
const PAST_MS = 30 * DAY_MS;
/** Hand-overs come by the clock, not by an event. */
const READ_AGAIN_MS = 60_000;

/** Who is on call now, and until when, and where is nobody? */
export function OncallPage() {
  const can = useCan();
  return can('oncall:read') ? <OncallScreen /> : <NotOpen />;
}

function OncallScreen() {
  const trpc = useTRPC();
  const [platform] = usePlatformScope();
  const { zone } = useTimeZone();
  const [{ show }] = useUrlParams(pageParams);
  const nowMs = useNow(5_000);
  const of = platform === null ? {} : { platform };
  // Whole days, so that the question stays the same while the clock runs.
  const { startAt, endAt } = dayOf(nowMs, zone);
  const ahead: SlotQuery = { ...of, from: startAt, to: endAt + HORIZON_MS, calledOff: false };
  const past: SlotQuery = { ...of, from: startAt - PAST_MS, to: endAt, calledOff: true };
  const query = showOf(show) === 'past' ? past : ahead;
  const now = useQuery(trpc.oncall.now.queryOptions(of, { refetchInterval: READ_AGAIN_MS }));
  const gaps = useQuery(trpc.oncall.gaps.queryOptions(of, { refetchInterval: READ_AGAIN_MS }));
  const bars = useQuery(trpc.oncall.list.queryOptions({ ...ahead, limit: 200 }));
  const slots = useInfiniteQuery(
    trpc.oncall.list.infiniteQueryOptions(
      { ...query, limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const rows = useMemo(() => slots.data?.pages.flatMap((page) => page.rows), [slots.data]);
  const reads = [now, gaps, bars, slots];
  if (now.data === undefined || gaps.data === undefined || bars.data === undefined || rows === undefined) {
    const failed = reads.find((read) => read.error !== null);
    if (failed !== undefined) return <Trouble query={failed} />;
    return (
      <Delayed words="Reading who is on call…">
        <CallSkeleton />
        <div className="mt-16">
          <SkeletonRows rows={6} widths={['26%', '18%', '40%']} />
        </div>
      </Delayed>
    );
  }
  return (
    <OncallContent
      platforms={now.data.platforms}
      gaps={gaps.data.platforms}
      coming={bars.data.rows}
      rows={rows}
      query={query}
      asOf={now.data.asOf}
      isStale={reads.some((read) => read.isRefetchError)}
      // Gaps begin at the instant of the answer, which the clock of the page may not have reached.
      nowMs={Math.max(nowMs, now.data.asOf, gaps.data.asOf)}
      more={slots.hasNextPage ? { isLoading: slots.isFetchingNextPage, load: () => void slots.fetchNextPage() } : null}
    />
  );
}

function Trouble({ query }: { query: ReadTroubleProps['query'] }) {
  const failure = describeError(query.error);
  if (failure.kind === 'forbidden') return <NotOpen />;
  return <PageTrouble title="Who is on call did not load." query={query} />;
}

function NotOpen() {
  return (
    <>
      <Call>Who is on call is not open to your role.</Call>
      <div className="mt-4 max-w-[640px]">
        <Forbidden title="Everybody with a built-in role on a platform can see who is on call for it.">
          Ask an owner or admin for the permission oncall:read on your platform.
        </Forbidden>
      </div>
    </>
  );
}
