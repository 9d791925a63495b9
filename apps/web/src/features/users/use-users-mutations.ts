import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';

/** What a change of people makes old, whether it went through or somebody else's came first. */
function useRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries(trpc.users.pathFilter()),
      client.invalidateQueries(trpc.roles.pathFilter()),
      client.invalidateQueries(trpc.approvals.pathFilter()),
    ]);
  };
}

/** Acts on a person and on their sessions. */
export function usePersonMutations() {
  const trpc = useTRPC();
  const onSettled = useRefresh();
  return {
    updateProfile: useMutation(trpc.users.updateProfile.mutationOptions({ onSettled })),
    suspend: useMutation(trpc.users.suspend.mutationOptions({ onSettled })),
    reinstate: useMutation(trpc.users.reinstate.mutationOptions({ onSettled })),
    offboard: useMutation(trpc.users.offboard.mutationOptions({ onSettled })),
    bulk: useMutation(trpc.users.bulk.mutationOptions({ onSettled })),
    endSession: useMutation(trpc.users.endSession.mutationOptions({ onSettled })),
    endSessions: useMutation(trpc.users.endSessions.mutationOptions({ onSettled })),
    sendResetLink: useMutation(trpc.users.sendResetLink.mutationOptions({ onSettled })),
  };
}

/** Roles of the console, and accounts on the platforms. */
export function useRightsMutations() {
  const trpc = useTRPC();
  const onSettled = useRefresh();
  return {
    grant: useMutation(trpc.roles.grant.mutationOptions({ onSettled })),
    revoke: useMutation(trpc.roles.revoke.mutationOptions({ onSettled })),
    assign: useMutation(trpc.users.assignMembership.mutationOptions({ onSettled })),
    suspendAccount: useMutation(trpc.users.suspendMembership.mutationOptions({ onSettled })),
    removeAccount: useMutation(trpc.users.removeMembership.mutationOptions({ onSettled })),
  };
}

/** Inviting people, and making their links anew. */
export function useInviteMutations() {
  const trpc = useTRPC();
  const onSettled = useRefresh();
  return {
    invite: useMutation(trpc.users.invite.mutationOptions({ onSettled })),
    resend: useMutation(trpc.users.resendInvite.mutationOptions({ onSettled })),
    revoke: useMutation(trpc.users.revokeInvite.mutationOptions({ onSettled })),
  };
}
