import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';

/** Naming who uses a key. */
export function useConsumerMutations() {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const onSettled = () => void cache.invalidateQueries(trpc.apiKeys.pathFilter());
  return {
    add: useMutation(trpc.apiKeys.consumers.add.mutationOptions({ onSettled })),
    update: useMutation(trpc.apiKeys.consumers.update.mutationOptions({ onSettled })),
    remove: useMutation(trpc.apiKeys.consumers.remove.mutationOptions({ onSettled })),
  };
}
