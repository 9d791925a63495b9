import { containKeyInput, endingInput, lookUpInput, revokeKeyInput, revokeManyInput } from '@qd/shared/api-keys/ending';
import type { Ctx } from '../../../platform/context.ts';
import { guarded, router } from '../../../platform/trpc.ts';
import type { ApiKeysDeps } from '../service/deps.ts';
import { createLookUpLimit, lookUpKey } from '../service/ending/look-up.ts';
import { endingPreview } from '../service/ending/preview.ts';
import { quarantineKey, releaseKey } from '../service/ending/quarantine.ts';
import { revokeByName, revokeMany } from '../service/ending/revoke.ts';

/** Ending keys. Containing is quick and undone easily, so it asks for no proof. */
export function endingRouter(deps: ApiKeysDeps) {
  // Ends are set by the clock keys are judged by, which is the database's: that of a replica may be ahead.
  const timed = (ctx: Ctx): Ctx => ({ ...ctx, now: () => deps.keys.now() });
  const limitLookUps = createLookUpLimit();
  return router({
    preview: guarded('api-keys:read')
      .input(endingInput)
      .query(({ ctx, input }) => endingPreview(ctx, input)),
    revoke: guarded('api-keys:rotate', { stepUp: true })
      .input(revokeKeyInput)
      .mutation(({ ctx, input }) => revokeByName(timed(ctx), deps, input)),
    revokeMany: guarded('api-keys:rotate', { stepUp: true })
      .input(revokeManyInput)
      .mutation(({ ctx, input }) => revokeMany(timed(ctx), deps, input)),
    quarantine: guarded('api-keys:rotate')
      .input(containKeyInput)
      .mutation(({ ctx, input }) => quarantineKey(timed(ctx), deps, input)),
    release: guarded('api-keys:rotate', { stepUp: true })
      .input(containKeyInput)
      .mutation(({ ctx, input }) => releaseKey(timed(ctx), deps, input)),
    lookUp: guarded('api-keys:read')
      .input(lookUpInput)
      .mutation(({ ctx, input }) => {
        limitLookUps(ctx);
        return lookUpKey(ctx, deps, input);
      }),
  });
}
