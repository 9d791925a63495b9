import type { ImportRowsInput } from '@qd/shared/users';
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';

const PAGE_ROWS = 100;
const PAGE_IMPORTS = 20;

/** Imports the reader may see, the newest first, page by page. */
export function useImports() {
  const trpc = useTRPC();
  return useInfiniteQuery(
    trpc.users.imports.infiniteQueryOptions(
      { limit: PAGE_IMPORTS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined },
    ),
  );
}

const ASK_AGAIN_MS = 2_000;

/** One import as it is now; follows what others and the server do to it, and asks again while it is committed. */
export function useImport(id: string) {
  const trpc = useTRPC();
  return useQuery(
    trpc.users.import.queryOptions(
      { id },
      // One that others agreed to says nothing to open pages before it is done.
      { refetchInterval: ({ state: { data } }) => (data?.state === 'committing' ? ASK_AGAIN_MS : false) },
    ),
  );
}

/** Rows of an import in the order of the file, page by page. */
export function useImportRows(input: Pick<ImportRowsInput, 'id' | 'faulty' | 'verdict' | 'search'>) {
  const trpc = useTRPC();
  return useInfiniteQuery(
    trpc.users.importRows.infiniteQueryOptions(
      { ...input, limit: PAGE_ROWS },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
}

/** Doing what a file asks for, and taking that back. */
export function useImportMutations() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const onSettled = async () => {
    await Promise.all([
      client.invalidateQueries(trpc.users.pathFilter()),
      client.invalidateQueries(trpc.roles.pathFilter()),
      client.invalidateQueries(trpc.approvals.pathFilter()),
    ]);
  };
  return {
    commit: useMutation(trpc.users.commitImport.mutationOptions({ onSettled })),
    rollback: useMutation(trpc.users.rollbackImport.mutationOptions({ onSettled })),
  };
}
