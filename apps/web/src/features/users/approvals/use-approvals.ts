import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';

export const shows = ['waiting', 'mine', 'open', 'settled'] as const;
export type Show = (typeof shows)[number];

const PAGE_ROWS = 100;

/** Which requests the address asks for. */
export function showOf(text: string | undefined): Show {
  return shows.find((show) => show === text) ?? 'waiting';
}

/** Requests of the choice, newest first, page by page. */
export function useApprovals(show: Show) {
  const trpc = useTRPC();
  const input =
    show === 'mine' ? { mine: true } : show === 'settled' ? { state: 'settled' as const } : { state: 'open' as const };
  const query = useInfiniteQuery(
    trpc.approvals.list.infiniteQueryOptions(
      { ...input, limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  const rows = query.data?.pages
    .flatMap((page) => page.rows)
    .filter((row) => show !== 'waiting' || row.may.decide || row.may.execute);
  return { query, rows };
}

/** Deciding about requests, and carrying one's own out; whatever came of it, what is on screen is read again. */
export function useApprovalMutations() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const onSettled = async (): Promise<void> => {
    await Promise.all([
      client.invalidateQueries(trpc.approvals.pathFilter()),
      client.invalidateQueries(trpc.users.pathFilter()),
      client.invalidateQueries(trpc.roles.pathFilter()),
    ]);
  };
  return {
    decide: useMutation(trpc.approvals.decide.mutationOptions({ onSettled })),
    cancel: useMutation(trpc.approvals.cancel.mutationOptions({ onSettled })),
    execute: useMutation(trpc.approvals.execute.mutationOptions({ onSettled })),
  };
}
