import { dueStates } from '@qd/shared/secrets';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useNow } from '../../lib/clock.ts';
import { describeError } from '../../lib/errors.ts';
import { PageTrouble } from '../../lib/page-trouble.tsx';
import type { ReadTroubleProps } from '../../lib/read-trouble.tsx';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope, useUrlParams } from '../../lib/url-state.ts';
import { Call } from '../../ui/call.tsx';
import { Forbidden } from '../../ui/forbidden.tsx';
import { CallSkeleton, Delayed, SkeletonRows } from '../../ui/skeleton.tsx';
import { pageParams } from './page-params.ts';
import { SecretsContent } from './secrets-content.tsx';

const PAGE_ROWS = 100;

/** Which secrets are due, and who answers for them? */
export function SecretsPage() {
  const trpc = useTRPC();
  const [platform] = usePlatformScope();
  const [{ show }] = useUrlParams(pageParams);
  const nowMs = useNow(5_000);
  const { data: platforms = [] } = useQuery(trpc.platforms.list.queryOptions());
  const query = useInfiniteQuery(
    trpc.secrets.list.infiniteQueryOptions(
      {
        ...(platform === null ? {} : { platform }),
        ...(show === 'due' ? { states: [...dueStates] } : {}),
        archived: show === 'archived',
        limit: PAGE_ROWS,
      },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows), [query.data]);
  const head = query.data?.pages[0];
  if (rows === undefined || head === undefined) {
    if (query.error !== null) return <Trouble query={query} />;
    return (
      <Delayed words="Reading the register…">
        <CallSkeleton />
        <div className="mt-16">
          <SkeletonRows rows={6} widths={['26%', '18%', '40%']} />
        </div>
      </Delayed>
    );
  }
  return (
    <SecretsContent
      rows={rows}
      counts={head.counts}
      asOf={head.asOf}
      isStale={query.isRefetchError}
      platforms={platforms}
      nowMs={nowMs}
      more={query.hasNextPage ? { isLoading: query.isFetchingNextPage, load: () => void query.fetchNextPage() } : null}
    />
  );
}

function Trouble({ query }: { query: ReadTroubleProps['query'] }) {
  const failure = describeError(query.error);
  if (failure.kind === 'forbidden') {
    return (
      <>
        <Call>The register of secrets is not open to you.</Call>
        <div className="mt-4 max-w-[640px]">
          <Forbidden title={failure.message}>{failure.remedy}</Forbidden>
        </div>
      </>
    );
  }
  return <PageTrouble title="The register of secrets did not load." query={query} />;
}
