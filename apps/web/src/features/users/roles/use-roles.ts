import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';

/** Making, changing and archiving roles; whatever came of it, what is on screen is read again. */
export function useRoleMutations() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const onSettled = async (): Promise<void> => {
    await Promise.all([
      client.invalidateQueries(trpc.roles.pathFilter()),
      client.invalidateQueries(trpc.approvals.pathFilter()),
      client.invalidateQueries(trpc.users.pathFilter()),
    ]);
  };
  return {
    create: useMutation(trpc.roles.create.mutationOptions({ onSettled })),
    update: useMutation(trpc.roles.update.mutationOptions({ onSettled })),
    archive: useMutation(trpc.roles.archive.mutationOptions({ onSettled })),
  };
}
