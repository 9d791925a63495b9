import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';
import { useCan } from '../../../lib/use-can.ts';

/** What the form chooses from: platforms the person may define objectives on, and their sources. */
export function useFormSources() {
  const trpc = useTRPC();
  const can = useCan();
  const sources = useQuery(trpc.slo.definitions.sources.queryOptions({}));
  const platforms = useQuery(trpc.platforms.list.queryOptions());
  return {
    sources: sources.data,
    platforms: platforms.data?.filter(({ id, isDemo }) => !isDemo && can('slo:write', id)),
    error: sources.error ?? platforms.error,
    isFetching: sources.isFetching || platforms.isFetching,
    retry: () => void Promise.all([sources.refetch(), platforms.refetch()]),
  };
}
