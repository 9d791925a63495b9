import { claimKeyInput, claimTokenInput, resendClaimInput } from '@qd/shared/api-keys';
import { httpOf } from '../../../platform/http-call.ts';
import { guarded, open, router } from '../../../platform/trpc.ts';
import { cancelClaim, claimStanding, resendClaim } from '../service/claims/stand.ts';
import { lookAtClaim, takeClaim } from '../service/claims/take.ts';
import type { ApiKeysDeps } from '../service/deps.ts';

/**
 * Links by which a key is drawn. Looking and drawing are open, since whoever is to use a key need not be known here; both are
 * mutations: the input of a query stands in the address, and addresses are logged.
 */
export function claimsRouter(deps: ApiKeysDeps) {
  return router({
    look: open.input(claimTokenInput).mutation(({ ctx, input }) => lookAtClaim(ctx, input.token)),
    take: open.input(claimTokenInput).mutation(({ ctx, input }) => takeClaim(ctx, deps, input.token, httpOf(ctx))),
    get: guarded('api-keys:read')
      .input(claimKeyInput)
      .query(({ ctx, input }) => claimStanding(ctx, deps, input.keyId)),
    cancel: guarded('api-keys:deliver')
      .input(claimKeyInput)
      .mutation(({ ctx, input }) => cancelClaim(ctx, input.keyId)),
    resend: guarded('api-keys:deliver', { stepUp: true })
      .input(resendClaimInput)
      .mutation(({ ctx, input }) => resendClaim(ctx, deps, input)),
  });
}
