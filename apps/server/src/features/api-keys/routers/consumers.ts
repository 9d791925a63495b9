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
    add: guarded('api-keys:write')
      .input(addConsumerInput)
      .mutation(({ ctx, input }) => addConsumer(ctx, deps, input)),
    update: guarded('api-keys:write')
      .input(updateConsumerInput)
      .mutation(({ ctx, input }) => updateConsumer(ctx, deps, input)),
    remove: guarded('api-keys:write')
      .input(removeConsumerInput)
      .mutation(({ ctx, input }) => removeConsumer(ctx, input.id)),
  });
}
