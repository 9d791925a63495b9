import { rulesFor } from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import { isPermission, permissionsBeyond, platformsWith } from '@qd/shared/permissions';
import { permissionDiff, type PermissionDiff, type PreviewRoleInput, type RoleChangePreview } from '@qd/shared/roles';
import { selectRole } from '../../../db/queries/roles.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectInvitedTo } from '../queries/invited.ts';
import { selectHolderPage } from '../queries/people.ts';
import { selectGrantsOfRole, type HeldGrant } from '../queries/roles.ts';
import { risksOfChange } from './change-rules.ts';
import { toHolder } from './holders.ts';
import { whereOf } from './words.ts';

const SHOWN = 50;

/** What a change of a role would add, remove and touch, and whether the caller may make it. Throws `not_found`. */
export async function previewChange(
  ctx: Pick<Ctx, 'db' | 'now' | 'actor'>,
  input: PreviewRoleInput,
): Promise<RoleChangePreview> {
  const role = await selectRole(ctx.db, input.id);
  if (role === null || role.isArchived) {
    throw new DomainError('not_found', 'There is no such role to change; load the list again.');
  }
  const now = ctx.now();
  const diff = permissionDiff(role.permissions.filter(isPermission), input.permissions);
  const held = await selectGrantsOfRole(ctx.db, role.id, now);
  const concerned = [...held, ...(await selectInvitedTo(ctx.db, role.id, now))];
  const seen = platformsWith(ctx.actor.grants, 'roles:read');
  const shown = await selectHolderPage(ctx.db, { role: role.id, seen, now }, { after: null, limit: SHOWN });
  return {
    ...diff,
    affected: shown.slice(0, SHOWN).map(toHolder),
    affectedCount: new Set(held.map((grant) => grant.userId)).size,
    refusal: refusalOf(ctx, concerned, diff),
    needsApproval: rulesFor(risksOfChange(concerned, diff)).length > 0,
  };
}

/** Why the caller could not make the change now; asked again, of the database, when they try. */
function refusalOf({ actor }: Pick<Ctx, 'actor'>, held: readonly HeldGrant[], diff: PermissionDiff): string | null {
  if (actor.kind === 'cli' || actor.kind === 'system') return null;
  const touched = [...diff.added, ...diff.removed];
  if (touched.length === 0) return null;
  if (held.some((grant) => grant.userId === actor.id))
    return 'You hold this role yourself; ask somebody else to change it.';
  for (const platform of new Set(held.map((grant) => grant.platform))) {
    const lacking = permissionsBeyond(actor.grants, ['roles:write', ...touched], platform);
    if (lacking.length > 0) return `You do not hold ${lacking.slice(0, 5).join(', ')} on ${whereOf(platform)}.`;
  }
  const nowhere = diff.added.filter((p) => !actor.grants.some((g) => g.permissions.includes(p)));
  return nowhere.length === 0 ? null : `You hold ${nowhere.slice(0, 5).join(', ')} nowhere.`;
}
