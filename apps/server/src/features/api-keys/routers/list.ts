import { countKeysInput, keyIdInput, keyUsageInput, listKeyRowsInput } from '@qd/shared/api-keys';
import { guarded } from '../../../platform/trpc.ts';
import { keyDetail, keyScopeUse, keyUsage } from '../service/list/detail.ts';
import { countKeyRows, listKeyRows } from '../service/list/list.ts';

/** Looking at keys and at how they are used. */
export function listProcedures() {
  return {
    list: guarded('api-keys:read')
      .input(listKeyRowsInput)
      .query(({ ctx, input }) => listKeyRows(ctx, input)),
    counts: guarded('api-keys:read')
      .input(countKeysInput)
      .query(({ ctx, input }) => countKeyRows(ctx, input)),
    get: guarded('api-keys:read')
      .input(keyIdInput)
      .query(({ ctx, input }) => keyDetail(ctx, input.id)),
    usage: guarded('api-keys:read')
      .input(keyUsageInput)
      .query(({ ctx, input }) => keyUsage(ctx, input)),
    scopeUse: guarded('api-keys:read')
      .input(keyIdInput)
      .query(({ ctx, input }) => keyScopeUse(ctx, input)),
  };
}
