import { pruneInput, type JsonObject } from '@qd/shared/audit';
import { giveRoleInput, updateRoleInput } from '@qd/shared/roles';
import { assignMembershipInput, bulkInput, commitImportInput, inviteInput } from '@qd/shared/users';
import { z } from 'zod';
import type { ApprovableAct, ApprovableActs } from './features/approvals/service/acts.ts';
import { pruneAudit } from './features/audit/keeping/prune.ts';
import { CHANGE, changeRole } from './features/roles/service/change.ts';
import { GIVE, giveRole } from './features/roles/service/give.ts';
import { BULK_ACT, bulk } from './features/users/service/directory/bulk.ts';
import { ASSIGN_ACT, assignMembership } from './features/users/service/directory/memberships.ts';
import { commitImport } from './features/users/service/imports/commit.ts';
import { inviteUser } from './features/users/service/invitations/invite.ts';
import type { Ctx } from './platform/context.ts';
import type { Services } from './services.ts';

/** What binds a request to the thing as it was, and is no input of the verb, which finds it again by itself. */
const binding = { roleVersion: z.number().nullable(), sha256: z.string() };

/** Plugs a verb in: the stored input is read by the schema it was checked by when it was asked for. */
function plug<Schema extends z.ZodType>(
  schema: Schema,
  verb: (ctx: Ctx, input: z.output<Schema>) => Promise<unknown>,
): ApprovableAct {
  return (ctx: Ctx, params: JsonObject) => verb(ctx, schema.parse(params));
}

/** Every verb that may wait for approval, by the kind it asks under. */
export function approvableActs({
  users,
  imports,
  audit,
}: Pick<Services, 'users' | 'imports' | 'audit'>): ApprovableActs {
  const { roleVersion, sha256 } = binding;
  return {
    [GIVE]: plug(giveRoleInput.extend({ roleVersion }), (ctx, { roleVersion: _bound, ...input }) =>
      giveRole(ctx, input),
    ),
    [CHANGE]: plug(updateRoleInput, changeRole),
    [BULK_ACT]: plug(bulkInput, bulk),
    [ASSIGN_ACT]: plug(assignMembershipInput, assignMembership),
    'audit.prune': plug(pruneInput, (ctx, input) => pruneAudit(ctx, audit, input)),
    'users.invite': plug(inviteInput, (ctx, input) => inviteUser(ctx, users, input)),
    'users.import': plug(commitImportInput.extend({ sha256 }), (ctx, { sha256: _bound, ...input }) =>
      commitImport(ctx, imports, input),
    ),
  };
}
