import { platformsWith } from '@qd/shared/permissions';
import { guarded, router } from '../../platform/trpc.ts';
import { sourceLights, type HealthDeps } from './service.ts';

/** Health as the console's own screens show it. */
export function createHealthRouter(deps: HealthDeps) {
  return router({
    sources: guarded('health:read').query(async ({ ctx }) => ({
      sources: await sourceLights(deps, ctx, platformsWith(ctx.actor.grants, 'health:read')),
      asOf: ctx.now().getTime(),
    })),
  });
}
