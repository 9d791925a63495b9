import type { UserState } from '@qd/shared/users';
import { and, eq, gt, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { Tx } from '../../../db/client.ts';
import { isLive } from '../../../db/queries/grants.ts';
import { grants, memberships, sessions, users } from '../../../db/schema/index.ts';

/** A person as acts need them; the row is locked until the transaction ends. */
export type LockedPerson = Pick<
  typeof users.$inferSelect,
  'id' | 'name' | 'email' | 'emailKey' | 'state' | 'version' | 'isDemo' | 'passwordHash'
>;

const lockedColumns = {
  id: users.id,
  name: users.name,
  email: users.email,
  emailKey: users.emailKey,
  state: users.state,
  version: users.version,
  isDemo: users.isDemo,
  passwordHash: users.passwordHash,
};

/** The person with an id, locked until the transaction ends, or null. */
export async function lockPerson(tx: Tx, userId: string): Promise<LockedPerson | null> {
  const [row] = await tx.select(lockedColumns).from(users).where(eq(users.id, userId)).for('update');
  return row ?? null;
}

/** Changes name and address; false when somebody else has the address. */
export async function updateProfileRow(
  tx: Tx,
  userId: string,
  profile: { name: string; email: string; emailKey: string },
): Promise<boolean> {
  const [taken] = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.emailKey, profile.emailKey), ne(users.id, userId)));
  if (taken) return false;
  await tx
    .update(users)
    .set({ ...profile, version: sql`${users.version} + 1` })
    .where(eq(users.id, userId));
  return true;
}

/** Sets the state with its reason, and makes every cached right of the person stale. */
export async function setState(
  tx: Tx,
  userId: string,
  to: { state: UserState; reason: string; since: Date },
): Promise<void> {
  await tx
    .update(users)
    .set({
      state: to.state,
      stateReason: to.reason,
      stateSince: to.since,
      version: sql`${users.version} + 1`,
      authzVersion: sql`${users.authzVersion} + 1`,
    })
    .where(eq(users.id, userId));
}

/** Ends live sessions of a person, one or all; gives when each was used last. */
export async function endSessions(
  tx: Tx,
  which: { userId: string; sessionId?: string },
  end: { at: Date; reason: string },
): Promise<{ id: string; lastSeenAt: Date }[]> {
  return tx
    .update(sessions)
    .set({ endedAt: end.at, endedReason: end.reason })
    .where(
      and(
        eq(sessions.userId, which.userId),
        which.sessionId === undefined ? undefined : eq(sessions.id, which.sessionId),
        isNull(sessions.endedAt),
        gt(sessions.expiresAt, end.at),
        gt(sessions.idleExpiresAt, end.at),
      ),
    )
    .returning({ id: sessions.id, lastSeenAt: sessions.lastSeenAt });
}

/** Where people have a role in force (`*`: on all platforms) or an account; nothing for who has neither. */
export async function selectPlacesOf(
  tx: Tx,
  userIds: readonly string[],
  now: Date,
): Promise<{ userId: string; platform: string }[]> {
  const ids = [...userIds];
  const roles = tx
    .select({ userId: grants.userId, platform: grants.platform })
    .from(grants)
    .where(and(inArray(grants.userId, ids), isLive(now)));
  const accounts = tx
    .select({ userId: memberships.userId, platform: memberships.platform })
    .from(memberships)
    .where(inArray(memberships.userId, ids));
  return roles.union(accounts);
}
