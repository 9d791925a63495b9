import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { serverNow } from '../../lib/clock.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { usePlatformScope, useUrlParams } from '../../lib/url-state.ts';
import { directoryParams, directoryQuery } from './directory/filters.ts';

const PAGE_ROWS = 100;

/** The people of the address, page by page, and how many there are in all. */
export function useDirectory() {
  const trpc = useTRPC();
  const [platform] = usePlatformScope();
  const [values, setValues] = useUrlParams(directoryParams);
  const key = JSON.stringify([values, platform]);
  const input = useMemo(() => {
    const [set, scope] = JSON.parse(key) as [typeof values, string | null];
    return { ...directoryQuery(set, { platform: scope, now: serverNow() }), limit: PAGE_ROWS };
  }, [key]);
  const people = useInfiniteQuery(
    trpc.users.list.infiniteQueryOptions(input, {
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
    }),
  );
  const counts = useQuery(trpc.users.counts.queryOptions());
  const rows = useMemo(() => people.data?.pages.flatMap((page) => page.rows), [people.data]);
  return { query: input, people, counts, rows, values, setValues };
}
