import { and, desc, eq, gt, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { sessions, users } from '../../../db/schema/index.ts';
import type { Account, UserRow } from './accounts.ts';

export type StoredSession = typeof sessions.$inferSelect;

/** A person by id, or null. */
export async function selectPerson(db: ReadDb, userId: string): Promise<UserRow | null> {
  const [row] = await db.select().from(users).where(eq(users.id, userId));
  return row ?? null;
}

/** What sign-in needs of a person, locked until the transaction ends, or null. */
export async function lockAccountById(tx: Tx, userId: string): Promise<Account | null> {
  const [row] = await tx.select().from(users).where(eq(users.id, userId)).for('update');
  return row ?? null;
}

/** Changes a name if the row is still the version seen; false otherwise. */
export async function updateName(tx: Tx, change: { userId: string; name: string; version: number }): Promise<boolean> {
  const changed = await tx
    .update(users)
    .set({ name: change.name, version: sql`${users.version} + 1` })
    .where(and(eq(users.id, change.userId), eq(users.version, change.version)))
    .returning({ id: users.id });
  return changed.length > 0;
}

const isLive = (now: Date) =>
  and(isNull(sessions.endedAt), gt(sessions.expiresAt, now), gt(sessions.idleExpiresAt, now));

/** Live sessions of a person, newest first, after a place in the list. One more than `limit`. */
export async function selectLiveSessions(
  db: ReadDb,
  page: { userId: string; after: { createdAt: Date; id: string } | null; limit: number; now: Date },
): Promise<StoredSession[]> {
  const { after } = page;
  const older =
    after === null
      ? undefined
      : or(
          lt(sessions.createdAt, after.createdAt),
          and(eq(sessions.createdAt, after.createdAt), lt(sessions.id, after.id)),
        );
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, page.userId), isLive(page.now), older))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(page.limit + 1);
}

/** Ends one live session of a person; true if there was one. */
export async function endOwnSession(
  tx: Tx,
  of: { userId: string; sessionId: string; now: Date; reason: string },
): Promise<boolean> {
  const ended = await tx
    .update(sessions)
    .set({ endedAt: of.now, endedReason: of.reason })
    .where(and(eq(sessions.userId, of.userId), eq(sessions.id, of.sessionId), isLive(of.now)))
    .returning({ id: sessions.id });
  return ended.length > 0;
}

/** Ends every live session of a person but one; gives how many there were. */
export async function endSessionsBut(
  tx: Tx,
  of: { userId: string; sessionId: string; now: Date; reason: string },
): Promise<number> {
  const ended = await tx
    .update(sessions)
    .set({ endedAt: of.now, endedReason: of.reason })
    .where(and(eq(sessions.userId, of.userId), ne(sessions.id, of.sessionId), isLive(of.now)))
    .returning({ id: sessions.id });
  return ended.length;
}
