import { builtInRoles, rolePermissions, type Permission } from '@qd/shared/permissions';
import { and, arrayContains, asc, eq, gt, inArray, isNotNull, or, sql, type SQL } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { ReadDb } from '../client.ts';
import { grants, resetLinks, roles, users } from '../schema/index.ts';
import { isLive } from './grants.ts';
import type { LiveGrant } from './sessions.ts';

/** A person as others name and reach them. */
export interface Holder {
  id: string;
  name: string;
  email: string;
  isDemo: boolean;
}

/** Whose grants are asked for. `platform` null: only grants on all platforms count. */
export interface HolderQuery {
  permission: Permission;
  platform: string | null;
  now: Date;
  limit: number;
}

/** Active people who hold the permission on the platform, by address. */
export async function selectHolders(db: ReadDb, query: HolderQuery): Promise<Holder[]> {
  return db
    .selectDistinct({ id: users.id, name: users.name, email: users.email, isDemo: users.isDemo, key: users.emailKey })
    .from(grants)
    .innerJoin(users, and(eq(users.id, grants.userId), eq(users.state, 'active')))
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
    .where(and(isLive(query.now), contains(query.platform), givesPermission(query.permission)))
    .orderBy(asc(users.emailKey))
    .limit(query.limit);
}

/** Rows of `grants` whose role (joined as `roles` when it was made here) gives the permission. */
export function givesPermission(permission: Permission): SQL | undefined {
  const builtIn = builtInRoles.filter((role) => rolePermissions[role].includes(permission));
  return or(inArray(grants.role, builtIn), and(isNotNull(roles.id), arrayContains(roles.permissions, [permission])));
}

function contains(platform: string | null): SQL | undefined {
  return platform === null ? eq(grants.platform, '*') : inArray(grants.platform, ['*', platform]);
}

/** The grants in force of several people, by person; nobody who has none, and nobody who is not active. */
export async function selectActingGrantsOf(
  db: ReadDb,
  userIds: readonly string[],
  now: Date,
): Promise<Map<string, LiveGrant[]>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .select({
      userId: grants.userId,
      role: grants.role,
      platform: grants.platform,
      expiresAt: grants.expiresAt,
      permissions: roles.permissions,
    })
    .from(grants)
    .innerJoin(users, and(eq(users.id, grants.userId), eq(users.state, 'active')))
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
    .where(and(inArray(grants.userId, [...userIds]), isLive(now)));
  const found = new Map<string, LiveGrant[]>();
  for (const { userId, ...grant } of rows) found.set(userId, [...(found.get(userId) ?? []), grant]);
  return found;
}

/** A person to write to, or null when they are gone or suspended. */
export async function selectActivePerson(db: ReadDb, userId: string): Promise<Holder | null> {
  const [row] = await db
    .select({ id: users.id, name: users.name, email: users.email, isDemo: users.isDemo })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.state, 'active')));
  return row ?? null;
}

/** Somebody who got in or got a role, and through whom; null: through nobody who signs in. */
export interface HelpedIn {
  userId: string;
  by: string | null;
  /** True if the account itself is no older than that. */
  isNew: boolean;
}

/** Who of these people used a link back in, or was given a role they have, after the instant. */
export async function selectHelpedIn(db: ReadDb, userIds: readonly string[], since: Date): Promise<HelpedIn[]> {
  if (userIds.length === 0) return [];
  const isNew = sql<boolean>`${users.createdAt} > ${since.toISOString()}::timestamptz`;
  const among = inArray(users.id, [...userIds]);
  const links = db
    .select({ userId: users.id, by: resetLinks.createdBy, isNew })
    .from(users)
    .innerJoin(resetLinks, eq(resetLinks.userId, users.id))
    .where(and(among, gt(resetLinks.usedAt, since)));
  const given = db
    .select({ userId: users.id, by: grants.grantedBy, isNew })
    .from(users)
    .innerJoin(grants, eq(grants.userId, users.id))
    .where(and(among, gt(grants.createdAt, since)));
  return unionAll(links, given);
}
