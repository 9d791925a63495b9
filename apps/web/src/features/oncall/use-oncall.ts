import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';

/** Put people on call, hand slots over, and end them. */
export function useOncallMutations() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries(trpc.oncall.pathFilter());
  return {
    create: useMutation(trpc.oncall.create.mutationOptions({ onSuccess: refresh })),
    // A change that comes too late is told beside what somebody else did: that is read first.
    handOver: useMutation(trpc.oncall.handOver.mutationOptions({ onSettled: refresh })),
    end: useMutation(trpc.oncall.end.mutationOptions({ onSettled: refresh })),
  };
}
