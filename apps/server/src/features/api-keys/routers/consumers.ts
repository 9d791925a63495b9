import { addConsumerInput, keyConsumersInput, removeConsumerInput, updateConsumerInput } from '@qd/shared/api-keys';
import { guarded, router } from '../../../platform/trpc.ts';
import { addConsumer, listConsumers, removeConsumer, updateConsumer } from '../service/consumers.ts';
import type { ApiKeysDeps } from '../service/deps.ts';

/** Who uses keys. */
export function consumersRouter(deps: ApiKeysDeps) {
  return router({
    list: guarded('api-keys:read')
      .input(keyConsumersInput)
      .query(({ ctx, input }) => listConsumers(ctx, input.keyId)),
    // They decide where links of keys go, so whoever took over a session is asked for proof.
    add: guarded('api-keys:write', { stepUp: true })
      .input(addConsumerInput)
      .mutation(({ ctx, input }) => addConsumer(ctx, deps, input)),
    update: guarded('api-keys:write', { stepUp: true })
      .input(updateConsumerInput)
      .mutation(({ ctx, input }) => updateConsumer(ctx, deps, input)),
    remove: guarded('api-keys:write')
      .input(removeConsumerInput)
      .mutation(({ ctx, input }) => removeConsumer(ctx, input.id)),
  });
}
