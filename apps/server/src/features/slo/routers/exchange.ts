import { exportInput, importInput } from '@qd/shared/slo';
import { guarded, router } from '../../../platform/trpc.ts';
import type { SloDeps } from '../service/deps.ts';
import { exportSlos } from '../service/exchange/export.ts';
import { importSlos, inspectImport } from '../service/exchange/import.ts';

/** Objectives on their way to and from other tools, as OpenSLO v1. */
export function createExchangeRouter(deps: SloDeps) {
  return router({
    export: guarded('slo:read')
      .input(exportInput)
      .query(({ ctx, input }) => exportSlos(ctx, input)),
    inspect: guarded('slo:write')
      .input(importInput)
      .mutation(({ ctx, input }) => inspectImport(ctx, deps, input)),
    import: guarded('slo:write')
      .input(importInput)
      .mutation(({ ctx, input }) => importSlos(ctx, deps, input)),
  });
}
