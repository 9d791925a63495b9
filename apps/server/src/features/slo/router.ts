import { sloIdInput, sloLanesInput, sloListInput, sloPageInput } from '@qd/shared/slo';
import { guarded, router } from '../../platform/trpc.ts';
import { createAlertsRouter } from './routers/alerts.ts';
import { createDefinitionsRouter } from './routers/definitions.ts';
import { createExchangeRouter } from './routers/exchange.ts';
import { createExclusionsRouter } from './routers/exclusions.ts';
import type { SloDeps } from './service/deps.ts';
import { getSlo } from './service/detail.ts';
import { listLanes } from './service/lanes.ts';
import { listSlos } from './service/list.ts';
import { sloPage } from './service/slo-page.ts';

/** Objectives as the screens read them: every figure comes from the read model, only a preview asks a source. */
export function createSloRouter(deps: SloDeps) {
  return router({
    definitions: createDefinitionsRouter(deps),
    exclusions: createExclusionsRouter(deps),
    alerts: createAlertsRouter(deps),
    exchange: createExchangeRouter(deps),
    list: guarded('slo:read')
      .meta({ hot: ['slo'] })
      .input(sloListInput)
      .query(({ ctx, input }) => listSlos(ctx, input)),
    get: guarded('slo:read')
      .meta({ hot: ['slo', 'changes'] })
      .input(sloIdInput)
      .query(({ ctx, input }) => getSlo(ctx, input.id)),
    page: guarded('slo:read')
      .meta({ hot: ['slo', 'changes'] })
      .input(sloPageInput)
      .query(({ ctx, input }) => sloPage(ctx, input)),
    lanes: guarded('slo:read')
      .meta({ hot: ['slo', 'changes'] })
      .input(sloLanesInput)
      .query(({ ctx, input }) => listLanes(ctx, input)),
  });
}
