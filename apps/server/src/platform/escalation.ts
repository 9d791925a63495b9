import { DomainError } from '@qd/shared/errors';
import {
  isBuiltInRole,
  isPermission,
  permissionsBeyond,
  rolePermissions,
  type GrantScope,
  type Permission,
} from '@qd/shared/permissions';
import type { ReadDb, Tx } from '../db/client.ts';
import {
  countLastingOwners,
  lockOwners,
  selectActingGrants,
  selectLiveGrants,
  selectMembershipPlatforms,
} from '../db/queries/grants.ts';
import { holdRole } from '../db/queries/roles.ts';
import type { LiveGrant } from '../db/queries/sessions.ts';
import { assertCan, denied } from './access.ts';
import type { Ctx } from './context.ts';
import { grantScopes } from './session.ts';

/** Something about to be given (or taken) on a platform, `*` for all: a role by name or id, or permissions one by one. */
export type Given = { platform: string } & ({ role: string } | { permissions: readonly Permission[] });

type Caller = Pick<Ctx, 'actor' | 'now'>;

/**
 * Nobody gives what they lack: the caller holds `by`, the permission to give, and every permission given, at a scope that
 * contains the platform; only an owner of all platforms makes or unmakes an owner. Asked inside the transaction of the
 * change, of the grants in force then. Throws `forbidden` (or `not_found` for a platform or role that cannot be seen).
 */
export async function assertMayGive(tx: Tx, ctx: Caller, given: Given, by: Permission = 'roles:grant'): Promise<void> {
  const wanted = 'role' in given ? await permissionsOf(tx, given.role) : given.permissions;
  if (isInside(ctx)) return;
  const held = await actingGrants(tx, ctx);
  const platform = scopeOf(given.platform);
  assertCan(withGrants(ctx, held), by, platform);
  const beyond = permissionsBeyond(grantScopes(held), wanted, given.platform);
  if (beyond[0] !== undefined) {
    const where = platform === null ? 'on all platforms' : `on ${platform}`;
    throw denied(
      { permission: beyond[0], platform },
      'forbidden',
      `Nobody gives or takes what they lack; you do not hold ${listed(beyond)} ${where}.`,
    );
  }
  if ('role' in given && given.role === 'owner') assertOwner(held, by, platform);
}

/** True if someone with these grants could give the permissions on the platform (null: on all of them). */
export function canGive(
  held: readonly LiveGrant[],
  permissions: readonly Permission[],
  platform: string | null,
): boolean {
  return permissionsBeyond(grantScopes(held), ['roles:grant', ...permissions], platform ?? '*').length === 0;
}

/**
 * Nobody touches someone who may do more: the caller holds `by`, the permission of the act, wherever the other has a role
 * or an account (everywhere for who has none), and all that the other's roles may do there. Throws `forbidden` or `not_found`.
 */
export async function assertMayTouch(db: ReadDb, ctx: Caller, userId: string, by: Permission): Promise<void> {
  const theirs = await selectLiveGrants(db, userId, ctx.now());
  const places = new Set([...theirs.map((g) => g.platform), ...(await selectMembershipPlatforms(db, userId))]);
  await assertWithin(db, ctx, theirs, { by, places: places.size === 0 ? ['*'] : [...places] });
}

/** The same for an act on what the other has on one platform: `by` is needed there alone. */
export async function assertMayTouchOn(
  db: ReadDb,
  ctx: Caller,
  userId: string,
  on: { by: Permission; platform: string },
): Promise<void> {
  const theirs = await selectLiveGrants(db, userId, ctx.now());
  await assertWithin(db, ctx, theirs, { by: on.by, places: [on.platform] });
}

async function assertWithin(
  db: ReadDb,
  ctx: Caller,
  theirs: readonly LiveGrant[],
  { by, places }: { by: Permission; places: readonly string[] },
): Promise<void> {
  if (isInside(ctx)) return;
  const held = await actingGrants(db, ctx);
  for (const place of places) assertCan(withGrants(ctx, held), by, scopeOf(place));
  const scopes = grantScopes(held);
  const beyond = grantScopes(theirs).flatMap((s) => permissionsBeyond(scopes, s.permissions, s.platform));
  refuseBeyond(beyond, 'This person may do more than you');
  if (theirs.some((g) => g.role === 'owner')) assertOwner(held, by, null);
}

/**
 * Nobody takes from someone who may do more there: the caller holds all that the other's roles may do on the platform (`*`: on
 * any). Throws `forbidden`, or `not_found` for a platform that cannot be seen.
 */
export async function assertMayTake(tx: Tx, ctx: Caller, userId: string, platform: string): Promise<void> {
  if (isInside(ctx)) return;
  const held = await actingGrants(tx, ctx);
  const theirs = (await selectLiveGrants(tx, userId, ctx.now())).filter(
    (g) => platform === '*' || g.platform === '*' || g.platform === platform,
  );
  const scopes = grantScopes(held);
  const beyond = grantScopes(theirs).flatMap((s) =>
    permissionsBeyond(scopes, s.permissions, platform === '*' ? s.platform : platform),
  );
  refuseBeyond(beyond, 'This person may do more there than you');
  if (theirs.some((g) => g.role === 'owner')) assertOwner(held, 'roles:grant', scopeOf(platform));
}

/** Nobody changes their own rights. Throws `forbidden`, which the log keeps. */
export function assertSomebodyElse(ctx: Pick<Ctx, 'actor'>, userId: string, by: Permission = 'roles:grant'): void {
  if (ctx.actor.id === null || ctx.actor.id !== userId) return;
  throw denied(
    { permission: by, platform: null },
    'forbidden',
    'Nobody changes their own roles; ask another owner or admin.',
  );
}

/**
 * Runs a change of who owns the console, one at a time, and refuses it when nobody would own it any more. Rights are checked
 * inside, behind the lock: the caller may have been demoted while waiting.
 * Before the first owner exists nothing is refused.
 */
export async function keepingAnOwner<T>(tx: Tx, change: () => Promise<T>): Promise<T> {
  await lockOwners(tx);
  const before = await countLastingOwners(tx);
  const result = await change();
  if (before > 0 && (await countLastingOwners(tx)) === 0) {
    throw new DomainError('conflict', 'This would leave the console without an owner; make someone else owner first.');
  }
  return result;
}

/** What a role gives, the row held until the transaction ends. Throws `invalid` for one that is unknown or archived. */
export async function permissionsOf(tx: Tx, role: string): Promise<readonly Permission[]> {
  if (isBuiltInRole(role)) return rolePermissions[role];
  const stored = await holdRole(tx, role);
  if (stored !== null && !stored.isArchived) return stored.permissions.filter(isPermission);
  const message = stored === null ? 'is no role here; see the list of roles' : 'is archived; choose another role';
  throw new DomainError('invalid', `The role ${stored?.title ?? role.slice(0, 50)} ${message}.`, {
    fields: [{ field: 'role', message }],
  });
}

/** The command line and the console itself need the machine anyway; their acts are recorded as theirs. */
function isInside({ actor }: Pick<Ctx, 'actor'>): boolean {
  return actor.kind === 'cli' || actor.kind === 'system';
}

/** What the caller may do at this moment, read from the database; the command line and the console itself: everything. */
export async function actingScopes(tx: Tx, ctx: Caller): Promise<GrantScope[] | 'everything'> {
  return isInside(ctx) ? 'everything' : grantScopes(await actingGrants(tx, ctx));
}

async function actingGrants(db: ReadDb, { actor, now }: Caller): Promise<LiveGrant[]> {
  return actor.kind === 'user' && actor.id !== null ? selectActingGrants(db, actor.id, now()) : [];
}

function withGrants({ actor }: Caller, held: readonly LiveGrant[]) {
  return { actor: { ...actor, grants: grantScopes(held) } };
}

function refuseBeyond(beyond: readonly Permission[], words: string): void {
  if (beyond[0] === undefined) return;
  throw denied(
    { permission: beyond[0], platform: null },
    'forbidden',
    `${words} (${listed([...new Set(beyond)])}); ask someone who holds that too.`,
  );
}

function assertOwner(held: readonly LiveGrant[], by: Permission, platform: string | null): void {
  if (held.some((g) => g.role === 'owner' && g.platform === '*')) return;
  throw denied({ permission: by, platform }, 'forbidden', 'Only an owner can make, unmake or touch an owner.');
}

function scopeOf(platform: string): string | null {
  return platform === '*' ? null : platform;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
