import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../../lib/trpc.ts';

/** Rules for second factors, and identity providers. Read again either way: a change that came too late is told beside the other. */
export function usePolicyMutations() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const onSettled = async (): Promise<void> => {
    await Promise.all([
      client.invalidateQueries(trpc.users.factorPolicies.pathFilter()),
      client.invalidateQueries(trpc.users.factorCoverage.pathFilter()),
      client.invalidateQueries(trpc.users.oidcProviders.pathFilter()),
      client.invalidateQueries(trpc.session.pathFilter()),
    ]);
  };
  return {
    setRule: useMutation(trpc.users.setFactorPolicy.mutationOptions({ onSettled })),
    saveProvider: useMutation(trpc.users.saveOidcProvider.mutationOptions({ onSettled })),
    removeProvider: useMutation(trpc.users.removeOidcProvider.mutationOptions({ onSettled })),
  };
}
