import { keyAttentionInput } from '@qd/shared/api-keys';
import { guarded } from '../../../platform/trpc.ts';
import { keyAttention } from '../service/attention.ts';
import type { ApiKeysDeps } from '../service/deps.ts';
import { ledgerView } from '../service/ending/ledger-view.ts';

/** What of keys asks for somebody, and how their ledger fares. Answers change by the clock alone, so none is kept. */
export function attentionProcedures(deps: Pick<ApiKeysDeps, 'tombstones'>) {
  return {
    attention: guarded('api-keys:read')
      .input(keyAttentionInput)
      .query(({ ctx, input }) => keyAttention(ctx, deps, input)),
    ledger: guarded('api-keys:read').query(({ ctx }) => ledgerView(ctx, deps)),
  };
}
