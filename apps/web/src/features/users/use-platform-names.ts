import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';

/** Names of platforms by id; the id itself for one that cannot be seen, "all platforms" for `*`. */
export function usePlatformNames(): { nameOf(id: string): string; list: readonly { id: string; name: string }[] } {
  const trpc = useTRPC();
  const { data: list = [] } = useQuery(trpc.platforms.list.queryOptions());
  return {
    list,
    nameOf: (id) => (id === '*' ? 'all platforms' : (list.find((platform) => platform.id === id)?.name ?? id)),
  };
}
