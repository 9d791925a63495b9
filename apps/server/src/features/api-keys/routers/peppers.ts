import { peppersInput } from '@qd/shared/api-keys';
import { guarded } from '../../../platform/trpc.ts';
import type { ApiKeysDeps } from '../service/deps.ts';
import { readPeppers } from '../service/peppers.ts';

/** How far keys have moved to the current pepper. */
export function pepperProcedures(deps: Pick<ApiKeysDeps, 'peppers'>) {
  return {
    peppers: guarded('api-keys:read')
      .input(peppersInput)
      .query(({ ctx, input }) => readPeppers(ctx, deps, input)),
  };
}
