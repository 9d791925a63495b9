import { platformsWith } from '@qd/shared/permissions';
import { guarded, router } from '../../platform/trpc.ts';
import { listPlatforms } from './queries.ts';

/** Platforms the caller may see. */
export const platformsRouter = router({
  list: guarded('platforms:read')
    .meta({ hot: ['platforms', 'slo'] })
    .query(({ ctx }) => listPlatforms(ctx.db, platformsWith(ctx.actor.grants, 'platforms:read'))),
});
