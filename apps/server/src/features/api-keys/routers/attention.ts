import { keyAttentionInput } from '@qd/shared/api-keys';
import { guarded } from '../../../platform/trpc.ts';
import { keyAttention } from '../service/attention.ts';

/** What of keys asks for somebody. Answers change by the clock alone, so none is kept. */
export function attentionProcedures() {
  return {
    attention: guarded('api-keys:read')
      .input(keyAttentionInput)
      .query(({ ctx, input }) => keyAttention(ctx, input)),
  };
}
