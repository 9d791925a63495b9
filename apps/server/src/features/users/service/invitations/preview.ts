import { DomainError } from '@qd/shared/errors';
import {
  can,
  isBuiltInRole,
  isPermission,
  permissionCatalog,
  permissionsBeyond,
  rolePermissions,
  type Permission,
} from '@qd/shared/permissions';
import type { InvitePreview, PreviewInviteInput } from '@qd/shared/users';
import type { ReadDb } from '../../../../db/client.ts';
import { selectActingGrants } from '../../../../db/queries/grants.ts';
import { assertCan, maySee } from '../../../../platform/access.ts';
import type { Actor, Ctx } from '../../../../platform/context.ts';
import { risksOfGiving } from '../../../../platform/grant-risks.ts';
import { grantScopes } from '../../../../platform/session.ts';
import { selectPlatformNames, selectRolePermissions } from '../../queries/invitations.ts';
import { titleOf } from './link.ts';

/**
 * What someone invited to the role will be able to do, before anybody is invited. Throws `invalid` for an unknown role or
 * platform, and `not_found` for one the caller may not see; that they may not invite to it is part of the answer.
 */
export async function previewInvite(ctx: Ctx, input: PreviewInviteInput): Promise<InvitePreview> {
  const { role, platform } = input;
  // Of a platform they may not see nobody learns the name, nor that it is there.
  if (platform !== '*' && !maySee(ctx.actor, platform)) assertCan(ctx, 'users:invite', platform);
  const wanted = await permissionsOfRole(ctx.db, role);
  const risks = await risksOfGiving(ctx.db, { role, platform, expiresAt: null }, null, ctx.now());
  return {
    role,
    title: await titleOf(ctx.db, role),
    platform,
    platforms: await platformNames(ctx.db, platform, seenPlatforms(ctx.actor)),
    permissions: sentencesOf(wanted),
    grants: [{ platform, permissions: wanted }],
    refusal: await refusalOf(ctx, input, wanted),
    needsApproval: ctx.actor.kind === 'user' && risks.length > 0,
  };
}

function seenPlatforms({ grants }: Actor): '*' | string[] {
  const platforms = grants.map((grant) => grant.platform);
  return platforms.includes('*') ? '*' : platforms;
}

/** Permissions with the sentence that names each. */
export function sentencesOf(permissions: readonly Permission[]): { permission: Permission; sentence: string }[] {
  return permissions.map((permission) => ({ permission, sentence: permissionCatalog[permission] }));
}

/** Names of the platforms a grant would be for, of those seen. Throws `invalid` for one that does not exist. */
export async function platformNames(
  db: ReadDb,
  platform: string,
  seen: '*' | readonly string[] = '*',
): Promise<string[]> {
  const names = await selectPlatformNames(db, platform, seen);
  if (names.length > 0 || platform === '*') return names;
  throw new DomainError('invalid', `There is no platform ${platform}; see the list of platforms.`, {
    fields: [{ field: 'platform', message: 'is unknown' }],
  });
}

/** What a role gives, as it is now. Throws `invalid` for one that cannot be given. */
export async function permissionsOfRole(db: ReadDb, role: string): Promise<readonly Permission[]> {
  if (isBuiltInRole(role)) return rolePermissions[role];
  const stored = await selectRolePermissions(db, role);
  if (stored !== null) return stored.filter(isPermission);
  throw new DomainError('invalid', 'There is no such role, or it is archived; see the list of roles.', {
    fields: [{ field: 'role', message: 'is no role here' }],
  });
}

async function refusalOf(ctx: Ctx, to: PreviewInviteInput, wanted: readonly Permission[]): Promise<string | null> {
  const { actor } = ctx;
  if (actor.kind !== 'user' || actor.id === null) return null;
  const held = await selectActingGrants(ctx.db, actor.id, ctx.now());
  const scopes = grantScopes(held);
  if (!can(scopes, 'users:invite', to.platform === '*' ? null : to.platform)) {
    return 'You may not invite people there; ask someone who may.';
  }
  const beyond = permissionsBeyond(scopes, wanted, to.platform);
  if (beyond.length > 0) {
    return `Nobody gives what they lack; there you do not hold ${beyond.slice(0, 5).join(', ')}.`;
  }
  const isOwner = held.some((g) => g.role === 'owner' && g.platform === '*');
  return to.role === 'owner' && !isOwner ? 'Only an owner can make an owner.' : null;
}
