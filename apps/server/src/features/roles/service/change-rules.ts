import { criticalPermissions, MANY_PEOPLE, type Risk } from '@qd/shared/approvals';
import { permissionsBeyond, type Permission } from '@qd/shared/permissions';
import type { PermissionDiff } from '@qd/shared/roles';
import type { Tx } from '../../../db/client.ts';
import { assertCanSomewhere, denied } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { actingScopes, assertMayGive, assertSomebodyElse } from '../../../platform/escalation.ts';
import type { HeldGrant } from '../queries/roles.ts';

type Caller = Pick<Ctx, 'actor' | 'now'>;

/** A role may name only what its author holds somewhere. Throws `forbidden`. */
export async function assertMayName(tx: Tx, ctx: Caller, permissions: readonly Permission[]): Promise<void> {
  const scopes = await actingScopes(tx, ctx);
  if (scopes === 'everything') return;
  assertCanSomewhere({ actor: { ...ctx.actor, grants: scopes } }, 'roles:write');
  const lacking = permissions.filter((p) => !scopes.some((s) => permissionsBeyond([s], [p], s.platform).length === 0));
  if (lacking[0] === undefined) return;
  throw denied(
    { permission: lacking[0], platform: null },
    'forbidden',
    `Nobody puts into a role what they lack; you hold ${lacking.slice(0, 5).join(', ')} nowhere.`,
  );
}

/**
 * Who changes a role changes the rights of everybody who holds it: they must hold what is added and what is removed on
 * every platform somebody holds the role on, and must not hold the role themselves. Throws `forbidden` or `not_found`.
 */
export async function assertMayChangeRole(
  tx: Tx,
  ctx: Caller,
  change: { held: readonly HeldGrant[]; diff: PermissionDiff },
): Promise<void> {
  const { added, removed } = change.diff;
  await assertMayName(tx, ctx, added);
  const touched = [...added, ...removed];
  for (const platform of new Set(change.held.map((grant) => grant.platform))) {
    await assertMayGive(tx, ctx, { permissions: touched, platform }, 'roles:write');
  }
  if (touched.length === 0) return;
  for (const { userId } of change.held) assertSomebodyElse(ctx, userId, 'roles:write');
}

/** What is risky about changing a role these people hold. */
export function risksOfChange(held: readonly HeldGrant[], { added, removed }: PermissionDiff): Risk[] {
  if (held.length === 0 || added.length + removed.length === 0) return [];
  const platforms = [...new Set(held.map((grant) => grant.platform))].toSorted();
  const gives = platforms.map((platform) => ({ platform, permissions: added }));
  const risks: Risk[] = [];
  if (added.some((p) => criticalPermissions.includes(p))) risks.push({ kind: 'gives_critical', gives });
  if (new Set(held.map((grant) => grant.userId)).size > MANY_PEOPLE) risks.push({ kind: 'many_people', gives });
  return risks;
}
