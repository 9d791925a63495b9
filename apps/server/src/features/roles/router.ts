import {
  archiveRoleInput,
  createRoleInput,
  effectiveInput,
  explainInput,
  giveRoleInput,
  holdersInput,
  previewRoleInput,
  roleInput,
  takeRoleInput,
  updateRoleInput,
} from '@qd/shared/roles';
import { guarded, router } from '../../platform/trpc.ts';
import { archiveRole, changeRole, createRole } from './service/change.ts';
import { effectiveRights, explain } from './service/explain.ts';
import { giveRole, takeRole } from './service/give.ts';
import { listHolders } from './service/holders.ts';
import { previewChange } from './service/preview.ts';
import { getRole, listRoles, roleMatrix } from './service/read.ts';

const change = guarded('roles:write', { stepUp: true });
const grant = guarded('roles:grant', { stepUp: true });

/** Roles, who holds them, who may give them, and why somebody may do something. */
export const rolesRouter = router({
  list: guarded('roles:read').query(({ ctx }) => listRoles(ctx)),
  matrix: guarded('roles:read').query(({ ctx }) => roleMatrix(ctx)),
  get: guarded('roles:read')
    .input(roleInput)
    .query(({ ctx, input }) => getRole(ctx, input.id)),
  holders: guarded('roles:read')
    .input(holdersInput)
    .query(({ ctx, input }) => listHolders(ctx, input)),
  explain: guarded('roles:read')
    .input(explainInput)
    .query(({ ctx, input }) => explain(ctx, input)),
  effective: guarded('roles:read')
    .input(effectiveInput)
    .query(({ ctx, input }) => effectiveRights(ctx, input.userId)),
  previewChange: guarded('roles:write')
    .input(previewRoleInput)
    .query(({ ctx, input }) => previewChange(ctx, input)),
  create: change.input(createRoleInput).mutation(({ ctx, input }) => createRole(ctx, input)),
  update: change.input(updateRoleInput).mutation(({ ctx, input }) => changeRole(ctx, input)),
  archive: change.input(archiveRoleInput).mutation(({ ctx, input }) => archiveRole(ctx, input)),
  grant: grant.input(giveRoleInput).mutation(({ ctx, input }) => giveRole(ctx, input)),
  revoke: grant.input(takeRoleInput).mutation(({ ctx, input }) => takeRole(ctx, input)),
});
