import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTRPC } from '../../../lib/trpc.ts';
import { pageInput } from '../window-words.ts';

/**
 * Reads an objective and the line of the window that `key` of the address names, both at once. What it says of the
 * objective stays known by itself: to other screens, and to this one when only another line cannot be read.
 */
export function useSloPage(id: string, key: string | null) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const page = useQuery(
    trpc.slo.page.queryOptions(pageInput(id, key), {
      placeholderData: (before) => (before?.slo.id === id ? before : undefined),
    }),
  );
  const known = useQuery(trpc.slo.get.queryOptions({ id }, { enabled: false }));
  const { data, dataUpdatedAt: updatedAt } = page;
  const aheadMs = updatedAt - known.dataUpdatedAt;
  useEffect(() => {
    if (aheadMs > 0) client.setQueryData(trpc.slo.get.queryKey({ id }), data?.slo, { updatedAt });
  });
  return { slo: aheadMs < 0 ? known.data : data?.slo, page };
}

/** Reading of the page. While another window is being read its data are those of the last one. */
export type SloPageQuery = ReturnType<typeof useSloPage>['page'];

/** What is told when the page could not be read. */
export function troubleOf({ error, isFetching, refetch }: SloPageQuery) {
  return { error, retrying: isFetching, onRetry: () => void refetch() };
}
