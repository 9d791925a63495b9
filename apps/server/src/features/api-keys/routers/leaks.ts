import { leakHitsInput, reportLeakInput } from '@qd/shared/api-keys/ending';
import { pageInput } from '@qd/shared/paging';
import type { Ctx } from '../../../platform/context.ts';
import { guarded, router } from '../../../platform/trpc.ts';
import type { ApiKeysDeps } from '../service/deps.ts';
import { leakPatterns } from '../service/leaks/find.ts';
import { limitLeakReports } from '../service/leaks/intake.ts';
import { leakHits, listLeaks } from '../service/leaks/list.ts';
import { reportLeak } from '../service/leaks/report.ts';
import { createRevocationView } from '../service/revocation/view.ts';

/** Keys found where they must not be. */
export function leaksRouter(deps: ApiKeysDeps) {
  // Keys end by the database's clock: that of a replica may be ahead.
  const timed = (ctx: Ctx): Ctx => ({ ...ctx, now: () => deps.keys.now() });
  return router({
    report: guarded('api-keys:rotate')
      .input(reportLeakInput)
      .mutation(({ ctx, input }) => {
        limitLeakReports(ctx);
        return reportLeak(timed(ctx), deps, { ...input, source: 'paste' });
      }),
    list: guarded('api-keys:read')
      .input(pageInput.strict())
      .query(({ ctx, input }) => listLeaks(timed(ctx), input)),
    hits: guarded('api-keys:read')
      .input(leakHitsInput)
      .query(({ ctx, input }) => leakHits(timed(ctx), input)),
    patterns: guarded('api-keys:read').query(({ ctx }) => leakPatterns(ctx)),
  });
}

/** How soon ended keys are refused. */
export function revocationProcedures() {
  const read = createRevocationView();
  return { revocation: guarded('api-keys:read').query(({ ctx }) => read(ctx)) };
}
