import { keyFilters, withoutSecrets, type KeyFilter } from '@qd/shared/api-keys';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { ApiInputs } from '../../../lib/api.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { usePlatformScope, useUrlParams } from '../../../lib/url-state.ts';

const PAGE_ROWS = 100;
/** Rates and last uses change with every call, which is no event of its own. */
const REFRESH_MS = 15_000;

/** Names of what narrows the list, in the address. */
const listParams = ['show', 'text'] as const;

export type KeyQuery = Omit<ApiInputs['apiKeys']['list'], 'cursor' | 'direction'>;

/** The filter of the address; `all` for one that is none. */
export function filterIn(show: string | undefined): KeyFilter {
  return keyFilters.find((known) => known === show) ?? 'all';
}

/** The keys of the address, page by page, and how many each filter finds. */
export function useKeys() {
  const trpc = useTRPC();
  const [platform] = usePlatformScope();
  const [values, setValues] = useUrlParams(listParams);
  const show = filterIn(values.show);
  const text = values.text === undefined ? '' : withoutSecrets(values.text);
  const scope = platform === null ? {} : { platform };
  const query: KeyQuery = { show, ...scope, ...(text !== '' && { text }), limit: PAGE_ROWS };
  const keys = useInfiniteQuery(
    trpc.apiKeys.list.infiniteQueryOptions(query, {
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
      refetchInterval: REFRESH_MS,
    }),
  );
  const counts = useQuery(trpc.apiKeys.counts.queryOptions(scope, { refetchInterval: REFRESH_MS }));
  const rows = useMemo(() => keys.data?.pages.flatMap((page) => page.rows), [keys.data]);
  const setShow = (next: KeyFilter) => setValues({ show: next === 'all' ? null : next });
  // A key pasted here must not come to stand in the address.
  const setText = (next: string | null) => setValues({ text: next === null ? null : withoutSecrets(next) });
  return { query, keys, counts, rows, show, text, setShow, setText };
}

export type KeysState = ReturnType<typeof useKeys>;

/** What of the address goes along when a key is opened: it opens under the list as it stands. */
export function useKeptList(): Record<string, string> {
  const [params] = useSearchParams();
  return useMemo(
    () => Object.fromEntries(listParams.flatMap((name) => (params.has(name) ? [[name, params.get(name) ?? '']] : []))),
    [params],
  );
}
