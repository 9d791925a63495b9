import { and, eq, gt, inArray, isNotNull, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { ReadDb, Tx } from '../../../db/client.ts';
import {
  approvals,
  authChallenges,
  devices,
  exclusions,
  grants,
  invitations,
  memberships,
  oidcIdentities,
  resetLinks,
  sloOverrides,
  slos,
  users,
} from '../../../db/schema/index.ts';
import { deleteFactors } from './factors.ts';
import { isOpenInvitation } from './invitation-state.ts';

/** Open invitations a person sent, with whom they are for. */
export async function selectInvitationsSent(db: ReadDb, userId: string, now: Date) {
  return db
    .select({ id: invitations.id, email: users.email, role: invitations.role, platform: invitations.platform })
    .from(invitations)
    .innerJoin(users, eq(users.id, invitations.userId))
    .where(and(eq(invitations.invitedBy, userId), isOpenInvitation(now)))
    .orderBy(users.emailKey, invitations.id);
}

/** Requests of a person that wait for an answer or to be carried out. */
export async function selectWaitingApprovals(db: ReadDb, userId: string) {
  return db
    .select({ id: approvals.id, summary: approvals.summary, platform: approvals.platform })
    .from(approvals)
    .where(and(eq(approvals.requestedBy, userId), inArray(approvals.state, ['pending', 'approved'])))
    .orderBy(approvals.requestedAt);
}

/** Whose excluded time and overrides, on which platforms (`*`: all), at which instant. */
export interface LeftBehindOf {
  email: string;
  platforms: '*' | readonly string[];
  now: Date;
}

/** Excluded time of a person that is not over, or recurs, with what it is for; at most 100. */
export async function selectExclusionsLeft(db: ReadDb, { email, platforms, now }: LeftBehindOf) {
  return db
    .select({ exclusion: exclusions, slo: named })
    .from(exclusions)
    .leftJoin(slos, eq(slos.id, exclusions.sloId))
    .where(
      and(
        eq(exclusions.createdBy, email),
        isNull(exclusions.withdrawnAt),
        isNull(slos.archivedAt),
        isWithin(exclusions.platformId, platforms),
        or(
          isNotNull(exclusions.rrule),
          gt(
            sql`${exclusions.startsAt} + ${exclusions.durationMs} * interval '1 millisecond'`,
            sql`${now.toISOString()}::timestamptz`,
          ),
        ),
      ),
    )
    .orderBy(exclusions.startsAt, exclusions.id)
    .limit(LEFT_BEHIND);
}

/** Overrides of a person that hold, with the objective; at most 100. */
export async function selectOverridesLeft(db: ReadDb, { email, platforms, now }: LeftBehindOf) {
  return db
    .select({ override: sloOverrides, slo: named, platform: slos.platformId })
    .from(sloOverrides)
    .innerJoin(slos, eq(slos.id, sloOverrides.sloId))
    .where(
      and(
        eq(sloOverrides.createdBy, email),
        isNull(sloOverrides.withdrawnAt),
        isNull(slos.archivedAt),
        isWithin(slos.platformId, platforms),
        gt(sloOverrides.until, now),
      ),
    )
    .orderBy(sloOverrides.until, sloOverrides.id)
    .limit(LEFT_BEHIND);
}

const named = { id: slos.id, name: slos.name };

function isWithin(column: PgColumn, platforms: LeftBehindOf['platforms']): SQL | undefined {
  if (platforms === '*') return undefined;
  return platforms.length === 0 ? sql`false` : inArray(column, [...platforms]);
}

/** Longest list of what stays. */
const LEFT_BEHIND = 100;

/** Takes every role of the console and every account on a platform away; gives what there was. */
export async function deleteRights(tx: Tx, userId: string) {
  const gone = await tx
    .delete(grants)
    .where(eq(grants.userId, userId))
    .returning({ role: grants.role, platform: grants.platform });
  const accounts = await tx
    .delete(memberships)
    .where(eq(memberships.userId, userId))
    .returning({ platform: memberships.platform, role: memberships.role });
  return { grants: gone, memberships: accounts };
}

/** Takes back the open invitations a person sent, and those sent to them; gives how many. */
export async function revokeInvitationsOf(tx: Tx, userId: string, now: Date): Promise<number> {
  const revoked = await tx
    .update(invitations)
    .set({ revokedAt: now })
    .where(and(sql`(${invitations.invitedBy} = ${userId} or ${invitations.userId} = ${userId})`, isOpenInvitation(now)))
    .returning({ id: invitations.id });
  return revoked.length;
}

/** Removes everything a person could prove themselves with or come back in by. */
export async function deleteCredentials(tx: Tx, userId: string): Promise<void> {
  await deleteFactors(tx, userId);
  for (const table of [oidcIdentities, devices, resetLinks, authChallenges]) {
    await tx.delete(table).where(eq(table.userId, userId));
  }
  await tx.update(users).set({ passwordHash: null }).where(eq(users.id, userId));
}

/** True if the person was invited and never came in. */
export async function isStillInvited(tx: Tx, userId: string): Promise<boolean> {
  const rows = await tx
    .select({ acceptedAt: invitations.acceptedAt, revokedAt: invitations.revokedAt })
    .from(invitations)
    .where(eq(invitations.userId, userId));
  return rows.some((row) => row.revokedAt === null) && rows.every((row) => row.acceptedAt === null);
}
