import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';

export const shows = ['waiting', 'mine', 'open', 'settled'] as const;
export type Show = (typeof shows)[number];

const PAGE_ROWS = 100;

/** Which requests the address asks for. */
export function showOf(text: string | undefined): Show {
  return shows.find((show) => show === text) ?? 'waiting';
}

const questions = {
  waiting: { waiting: true },
  mine: { mine: true },
  open: { state: 'open' },
  settled: { state: 'settled' },
} as const;

/** Requests of the choice, newest first, page by page. */
export function useApprovals(show: Show) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.approvals.list.infiniteQueryOptions(
      { ...questions[show], limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
  return { query, rows: query.data?.pages.flatMap((page) => page.rows) };
}

/** How many requests wait for the reader, and how many are open. */
export function useApprovalCounts() {
  const trpc = useTRPC();
  return useQuery(trpc.approvals.counts.queryOptions());
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
