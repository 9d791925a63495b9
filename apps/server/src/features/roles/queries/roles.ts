import { and, asc, countDistinct, eq, inArray, ne, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { isLive } from '../../../db/queries/grants.ts';
import type { RoleRow } from '../../../db/queries/roles.ts';
import { grants, invitations, roles, users } from '../../../db/schema/index.ts';

export type { RoleRow } from '../../../db/queries/roles.ts';

/** Name of the index that keeps titles apart. */
export const TITLE_INDEX = 'roles_title_key';

/** Roles made here, by title; archived ones last. */
export async function selectRoles(db: ReadDb): Promise<RoleRow[]> {
  return db.select().from(roles).orderBy(asc(roles.isArchived), asc(roles.titleKey));
}

/** A role made here, locked until the transaction ends, or null. */
export async function lockRole(tx: Tx, id: string): Promise<RoleRow | null> {
  const [row] = await tx.select().from(roles).where(eq(roles.id, id)).for('update');
  return row ?? null;
}

/** How many roles were made here and are not archived. */
export async function countRoles(db: ReadDb): Promise<number> {
  const rows = await db.select({ id: roles.id }).from(roles).where(eq(roles.isArchived, false));
  return rows.length;
}

/** Stores a role. */
export async function insertRole(tx: Tx, row: typeof roles.$inferInsert): Promise<void> {
  await tx.insert(roles).values(row);
}

/** Changes a locked role; its version rises. */
export async function updateRole(
  tx: Tx,
  id: string,
  change: Partial<Pick<RoleRow, 'title' | 'titleKey' | 'description' | 'permissions' | 'isArchived'>> & {
    updatedAt: Date;
  },
): Promise<RoleRow> {
  const [row] = await tx
    .update(roles)
    .set({ ...change, version: sql`${roles.version} + 1` })
    .where(eq(roles.id, id))
    .returning();
  if (row === undefined) throw new Error('a locked role is gone');
  return row;
}

/** Grants in force on platforms the reader may see, those on all platforms among them. */
export interface SeenGrants {
  seen: '*' | readonly string[];
  now: Date;
}

function isSeen({ seen, now }: SeenGrants): SQL | undefined {
  return and(isLive(now), seen === '*' ? undefined : inArray(grants.platform, ['*', ...seen]));
}

/** How many people hold each role by a grant the reader may see; people who are gone for good do not count. */
export async function countHolders(db: ReadDb, of: SeenGrants): Promise<Map<string, number>> {
  const rows = await db
    .select({ role: grants.role, holders: countDistinct(grants.userId) })
    .from(grants)
    .innerJoin(users, and(eq(users.id, grants.userId), ne(users.state, 'offboarded')))
    .where(isSeen(of))
    .groupBy(grants.role);
  return new Map(rows.map((row) => [row.role, Number(row.holders)]));
}

/** Roles that are held, and held on single platforms only, as far as the reader may see. */
export async function selectRolesOnOwnPlatformOnly(db: ReadDb, of: SeenGrants): Promise<string[]> {
  const rows = await db
    .select({ role: grants.role })
    .from(grants)
    .where(isSeen(of))
    .groupBy(grants.role)
    .having(sql`bool_and(${grants.platform} <> '*')`);
  return rows.map((row) => row.role);
}

/** A person's grant of a role, as far as a change of the role concerns it. */
export interface HeldGrant {
  userId: string;
  platform: string;
}

/** Every grant of a role in force, whatever the state of its holder: a suspended one may come back. */
export async function selectGrantsOfRole(db: ReadDb, role: string, now: Date): Promise<HeldGrant[]> {
  return db
    .select({ userId: grants.userId, platform: grants.platform })
    .from(grants)
    .where(and(eq(grants.role, role), isLive(now)));
}

/** Open invitations to a role. */
export async function countInvitationsTo(db: ReadDb, role: string, now: Date): Promise<number> {
  const rows = await db
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(
        eq(invitations.role, role),
        sql`${invitations.acceptedAt} is null and ${invitations.revokedAt} is null`,
        sql`${invitations.expiresAt} > ${now.toISOString()}::timestamptz`,
      ),
    );
  return rows.length;
}

/** Makes every cached right of these people stale. */
export async function raiseAuthzVersions(tx: Tx, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  // In one order, so that two changes never wait for each other.
  const locked = await tx
    .select({ id: users.id })
    .from(users)
    .where(inArray(users.id, [...userIds]))
    .orderBy(asc(users.id))
    .for('update');
  await tx
    .update(users)
    .set({ authzVersion: sql`${users.authzVersion} + 1` })
    .where(
      inArray(
        users.id,
        locked.map((row) => row.id),
      ),
    );
}
