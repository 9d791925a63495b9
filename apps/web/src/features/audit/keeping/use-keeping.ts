import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';

const PAGE_ROWS = 20;

/** The newest checkpoint, and what verifying elsewhere needs. */
export function useLastCheckpoint() {
  const trpc = useTRPC();
  return useQuery(trpc.audit.checkpoints.queryOptions({ limit: 1 }));
}

/** Signed checkpoints, the newest first, page by page. */
export function useCheckpoints() {
  const trpc = useTRPC();
  return useInfiniteQuery(
    trpc.audit.checkpoints.infiniteQueryOptions(
      { limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
}

/** Archived parts of the log, the newest first, page by page. */
export function useSegments() {
  const trpc = useTRPC();
  return useInfiniteQuery(
    trpc.audit.segments.infiniteQueryOptions(
      { limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
}

/** Storing old rows outside, and removing what is stored. */
export function useKeepingMutations() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const onSettled = async () => {
    await Promise.all([
      client.invalidateQueries(trpc.audit.pathFilter()),
      client.invalidateQueries(trpc.approvals.pathFilter()),
    ]);
  };
  return {
    archive: useMutation(trpc.audit.archive.mutationOptions({ onSettled })),
    prune: useMutation(trpc.audit.prune.mutationOptions({ onSettled })),
  };
}
