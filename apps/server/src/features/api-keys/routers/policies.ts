import { keyPolicyInput, setKeyPolicyInput } from '@qd/shared/api-keys';
import { guarded, router } from '../../../platform/trpc.ts';
import { keyPolicy, setKeyPolicy } from '../service/policies.ts';

/** How keys of a platform are made. */
export function policiesRouter() {
  return router({
    get: guarded('api-keys:read')
      .input(keyPolicyInput)
      .query(({ ctx, input }) => keyPolicy(ctx, input.platform)),
    set: guarded('api-keys:write', { stepUp: true })
      .input(setKeyPolicyInput)
      .mutation(({ ctx, input }) => setKeyPolicy(ctx, input)),
  });
}
