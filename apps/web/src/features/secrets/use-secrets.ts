import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';

/** Enter, change and archive secrets, and record rotations. */
export function useSecretMutations() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries(trpc.secrets.pathFilter());
  return {
    create: useMutation(trpc.secrets.create.mutationOptions({ onSuccess: refresh })),
    // A change that comes too late is told beside what somebody else saved: that is read first.
    update: useMutation(trpc.secrets.update.mutationOptions({ onSettled: refresh })),
    record: useMutation(trpc.secrets.recordRotation.mutationOptions({ onSuccess: refresh })),
    archive: useMutation(trpc.secrets.archive.mutationOptions({ onSettled: refresh })),
    addSchedule: useMutation(trpc.secrets.addSchedule.mutationOptions({ onSuccess: refresh })),
  };
}
