import {
  exclusionIdInput,
  exclusionInput,
  exclusionListInput,
  exclusionPreviewInput,
  exclusionUpdate,
  exclusionWithdrawal,
} from '@qd/shared/slo';
import { guarded, router } from '../../../platform/trpc.ts';
import type { SloDeps } from '../service/deps.ts';
import { createExclusion, updateExclusion, withdrawExclusion } from '../service/exclusions/change.ts';
import { exclusionVersions, listExclusions } from '../service/exclusions/list.ts';
import { previewExclusion } from '../service/exclusions/preview.ts';

/** Time that does not count: maintenance and the like. */
export function createExclusionsRouter(deps: SloDeps) {
  return router({
    list: guarded('slo:read')
      .input(exclusionListInput)
      .query(({ ctx, input }) => listExclusions(ctx, input)),
    versions: guarded('slo:read')
      .input(exclusionIdInput)
      .query(({ ctx, input }) => exclusionVersions(ctx, input.id)),
    preview: guarded('slo:exclude')
      .input(exclusionPreviewInput)
      .mutation(({ ctx, input }) => previewExclusion(ctx, input)),
    create: guarded('slo:exclude')
      .input(exclusionInput)
      .mutation(({ ctx, input }) => createExclusion(ctx, deps, input)),
    update: guarded('slo:exclude')
      .input(exclusionUpdate)
      .mutation(({ ctx, input }) => updateExclusion(ctx, deps, input)),
    withdraw: guarded('slo:exclude')
      .input(exclusionWithdrawal)
      .mutation(({ ctx, input }) => withdrawExclusion(ctx, deps, input)),
  });
}
