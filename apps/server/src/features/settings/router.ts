import { assertCan } from '../../platform/access.ts';
import { guarded, router } from '../../platform/trpc.ts';
import { removeDemo } from './demo.ts';

/** Settings of the installation; so far the demo and its end. */
export const settingsRouter = router({
  removeDemo: guarded('settings:write').mutation(({ ctx }) => {
    assertCan(ctx, 'settings:write', null);
    return removeDemo(ctx);
  }),
});
