import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';

/** What a change of one's own account makes old: the account itself, and who the session says one is. */
function useRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries(trpc.account.pathFilter()),
      client.invalidateQueries(trpc.session.pathFilter()),
    ]);
  };
}

/** Name and password. */
export function useProfileMutations() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return {
    // A change that comes too late is told beside what was saved meanwhile: that is read first.
    updateProfile: useMutation(trpc.account.updateProfile.mutationOptions({ onSettled: onSuccess })),
    changePassword: useMutation(trpc.account.changePassword.mutationOptions({ onSuccess })),
  };
}

/** Authenticator apps. Starting one changes nothing that is shown. */
export function useTotpMutations() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return {
    start: useMutation(trpc.account.startTotp.mutationOptions()),
    confirm: useMutation(trpc.account.confirmTotp.mutationOptions({ onSuccess })),
    remove: useMutation(trpc.account.removeTotp.mutationOptions({ onSuccess })),
  };
}

/** Passkeys. Starting one changes nothing that is shown. */
export function usePasskeyMutations() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return {
    start: useMutation(trpc.account.startPasskey.mutationOptions()),
    finish: useMutation(trpc.account.finishPasskey.mutationOptions({ onSuccess })),
    rename: useMutation(trpc.account.renamePasskey.mutationOptions({ onSuccess })),
    remove: useMutation(trpc.account.removePasskey.mutationOptions({ onSuccess })),
  };
}

/** New recovery codes in place of the old ones. */
export function useRecoveryMutation() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return useMutation(trpc.account.newRecoveryCodes.mutationOptions({ onSuccess }));
}

/** One's own sessions. One that ended meanwhile is what was asked for: the list is read again either way. */
export function useSessionMutations() {
  const trpc = useTRPC();
  const onSettled = useRefresh();
  return {
    end: useMutation(trpc.account.endSession.mutationOptions({ onSettled })),
    endOthers: useMutation(trpc.account.endOtherSessions.mutationOptions({ onSettled })),
  };
}

/** Identities of other providers. Linking one only gives the page to go on to. */
export function useIdentityMutations() {
  const trpc = useTRPC();
  const onSuccess = useRefresh();
  return {
    link: useMutation(trpc.account.linkOidc.mutationOptions()),
    unlink: useMutation(trpc.account.unlinkOidc.mutationOptions({ onSuccess })),
  };
}
