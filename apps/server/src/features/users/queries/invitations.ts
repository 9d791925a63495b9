import { and, asc, desc, eq, exists, inArray, isNull, not, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { apiKeys, grants, invitations, memberships, platforms, roles, users } from '../../../db/schema/index.ts';
import { isOpenInvitation } from './invitation-state.ts';

/** An invitation as stored. */
export type InvitationRow = typeof invitations.$inferSelect;

/** An open invitation, the person it is for, and what its role is called here. */
export interface OpenInvitation {
  invitation: InvitationRow;
  person: { name: string; email: string; origin: string };
  /** Null where the role is for all. */
  platformName: string | null;
  /** Null when whoever invited is gone, or was the command line. */
  invitedBy: { name: string; email: string } | null;
}

/** Stores an invitation. */
export async function insertInvitation(tx: Tx, row: typeof invitations.$inferInsert): Promise<void> {
  await tx.insert(invitations).values(row);
}

/** The open invitation of a token, of somebody who has not come in yet, or null. */
export async function selectOpenInvitation(
  db: ReadDb,
  tokenHash: Uint8Array,
  now: Date,
): Promise<OpenInvitation | null> {
  const [row] = await db
    .select({
      invitation: invitations,
      person: { name: users.name, email: users.email, origin: users.origin },
      inviterName: sql<string | null>`(select i.name from users i where i.id = ${invitations.invitedBy})`,
      inviterEmail: sql<string | null>`(select i.email from users i where i.id = ${invitations.invitedBy})`,
      platformName: platforms.name,
    })
    .from(invitations)
    .innerJoin(users, and(eq(users.id, invitations.userId), eq(users.state, 'invited')))
    .leftJoin(platforms, eq(platforms.id, invitations.platform))
    .where(and(eq(invitations.tokenHash, tokenHash), isOpenInvitation(now)));
  if (row === undefined) return null;
  const { invitation, person, inviterName, inviterEmail, platformName } = row;
  const invitedBy = inviterName === null || inviterEmail === null ? null : { name: inviterName, email: inviterEmail };
  return { invitation, person, platformName, invitedBy };
}

/** The newest invitation of a person, open or not, or null. */
export async function selectNewestInvitation(db: ReadDb, userId: string): Promise<InvitationRow | null> {
  const [row] = await db
    .select()
    .from(invitations)
    .where(eq(invitations.userId, userId))
    .orderBy(desc(invitations.createdAt), desc(invitations.id))
    .limit(1);
  return row ?? null;
}

/** Uses an invitation up; true for the one caller who got it. */
export async function useInvitation(tx: Tx, id: string, now: Date): Promise<boolean> {
  const used = await tx
    .update(invitations)
    .set({ acceptedAt: now })
    .where(and(eq(invitations.id, id), isOpenInvitation(now)))
    .returning({ id: invitations.id });
  return used.length > 0;
}

/** Ends every invitation of a person that was neither used nor withdrawn; gives how many. */
export async function revokeInvitations(tx: Tx, userId: string, now: Date): Promise<number> {
  const ended = await tx
    .update(invitations)
    .set({ revokedAt: now })
    .where(and(eq(invitations.userId, userId), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)))
    .returning({ id: invitations.id });
  return ended.length;
}

/** Makes an invited person active, with the name they chose and a password if they have one. */
export async function activatePerson(
  tx: Tx,
  userId: string,
  to: { name: string; passwordHash: string | null; now: Date },
): Promise<void> {
  await tx
    .update(users)
    .set({
      name: to.name,
      passwordHash: to.passwordHash,
      state: 'active',
      stateReason: null,
      stateSince: to.now,
      lastSeenAt: to.now,
      version: sql`${users.version} + 1`,
      authzVersion: sql`${users.authzVersion} + 1`,
    })
    .where(and(eq(users.id, userId), eq(users.state, 'invited')));
}

/**
 * Notes who the last invitation of a person came from, as far as it matters: an invitation without an inviter counts only
 * while it is the command line's.
 */
export async function updateOrigin(tx: Tx, userId: string, by: 'person' | 'cli'): Promise<void> {
  const isCli = eq(users.origin, 'cli');
  await tx
    .update(users)
    .set({ origin: by === 'cli' ? 'cli' : 'invitation' })
    .where(and(eq(users.id, userId), by === 'cli' ? not(isCli) : isCli));
}

/** Removes a person who never came in and whom nothing else speaks of; true if they are gone. */
export async function removeInvited(tx: Tx, userId: string): Promise<boolean> {
  const removed = await tx
    .delete(users)
    .where(
      and(
        eq(users.id, userId),
        eq(users.state, 'invited'),
        isNull(users.importId),
        not(has(tx, grants, grants.userId)),
        not(has(tx, memberships, memberships.userId)),
        not(has(tx, apiKeys, apiKeys.ownerId)),
      ),
    )
    .returning({ id: users.id });
  return removed.length > 0;
}

function has(
  tx: Tx,
  table: typeof grants | typeof memberships | typeof apiKeys,
  column: typeof grants.userId | typeof memberships.userId | typeof apiKeys.ownerId,
): SQL {
  return exists(
    tx
      .select({ one: sql`1` })
      .from(table)
      .where(eq(column, users.id)),
  );
}

/** Names of platforms by id, in order of name: all of those seen for `*`. Empty when there is none such. */
export async function selectPlatformNames(
  db: ReadDb,
  platform: string,
  seen: '*' | readonly string[],
): Promise<string[]> {
  const rows = await db
    .select({ name: platforms.name })
    .from(platforms)
    .where(
      and(
        or(eq(sql`${platform}::text`, '*'), eq(platforms.id, platform)),
        seen === '*' ? undefined : inArray(platforms.id, [...seen]),
      ),
    )
    .orderBy(asc(platforms.name));
  return rows.map((row) => row.name);
}

/** What a role made here is called, or null. */
export async function selectRoleTitle(db: ReadDb, id: string): Promise<string | null> {
  const [row] = await db.select({ title: roles.title }).from(roles).where(eq(roles.id, id));
  return row?.title ?? null;
}

/** What a role made here may do, or null when there is none to give: unknown, or archived. */
export async function selectRolePermissions(db: ReadDb, id: string): Promise<string[] | null> {
  const [row] = await db
    .select({ permissions: roles.permissions })
    .from(roles)
    .where(and(eq(roles.id, id), eq(roles.isArchived, false)));
  return row?.permissions ?? null;
}
