import { changesDayInput } from '@qd/shared/changes';
import { guarded, router } from '../../platform/trpc.ts';
import { changesOfDay } from './service.ts';

/** What happened, for time axes. */
export const changesRouter = router({
  day: guarded('changes:read')
    .meta({ hot: ['changes'] })
    .input(changesDayInput)
    .query(({ ctx, input }) => changesOfDay(ctx, input)),
});
