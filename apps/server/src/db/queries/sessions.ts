import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../client.ts';
import { preparedOnce } from '../prepared.ts';
import { factorPolicies, grants, roles, sessions, users } from '../schema/index.ts';
import { selectEnrolBy } from './factor-rules.ts';

/** A session that has neither ended nor expired, of a person who is active, with the grants in force. */
export interface LiveSession {
  session: typeof sessions.$inferSelect;
  user: { id: string; email: string; name: string; authzVersion: number };
  grants: LiveGrant[];
  /** Instant (epoch ms) by which a second factor must be set up; null when none is missing. */
  enrolBy: number | null;
}

/** A grant in force: a role on one platform, or on all (`*`). */
export interface LiveGrant {
  role: string;
  platform: string;
  expiresAt: Date | null;
  /** What a custom role may do; null for built-in ones, whose permissions are code. */
  permissions: readonly string[] | null;
}

const liveSession = preparedOnce((db) => {
  const now = sql`${sql.placeholder('now')}::timestamptz`;
  return db
    .select({
      session: sessions,
      user: { id: users.id, email: users.email, name: users.name, authzVersion: users.authzVersion },
      grant: { role: grants.role, platform: grants.platform, expiresAt: grants.expiresAt },
      permissions: roles.permissions,
      // Asked of the whole table: joining rules nobody has set would double what each call costs the planner.
      hasRules: sql<boolean>`exists (select from ${factorPolicies} where ${factorPolicies.isRequired})`,
    })
    .from(sessions)
    .innerJoin(users, and(eq(users.id, sessions.userId), eq(users.state, 'active')))
    .leftJoin(grants, and(eq(grants.userId, users.id), or(isNull(grants.expiresAt), gt(grants.expiresAt, now))))
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
    .where(
      and(
        eq(sessions.tokenHash, sql.placeholder('tokenHash')),
        isNull(sessions.endedAt),
        gt(sessions.idleExpiresAt, now),
        gt(sessions.expiresAt, now),
      ),
    )
    .prepare('');
});

/** The live session of a token hash, or null. State and grants come in one statement, so that they are of one moment. */
export async function selectLiveSession(db: ReadDb, tokenHash: Uint8Array, now: Date): Promise<LiveSession | null> {
  const rows = await liveSession(db).execute({ tokenHash, now: now.toISOString() });
  const [first] = rows;
  if (!first) return null;
  return {
    session: first.session,
    user: first.user,
    grants: rows.flatMap(({ grant, permissions }) => (grant === null ? [] : [{ ...grant, permissions }])),
    enrolBy: first.hasRules ? await selectEnrolBy(db, first.user.id, now) : null,
  };
}

/** Stores a new session; its person was seen when it began. */
export async function insertSession(tx: Tx, row: typeof sessions.$inferInsert): Promise<void> {
  await tx.insert(sessions).values(row);
  await noteSeen(tx, row.userId, row.createdAt);
}

async function noteSeen(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx
    .update(users)
    .set({ lastSeenAt: now })
    .where(and(eq(users.id, userId), or(isNull(users.lastSeenAt), lt(users.lastSeenAt, now))));
}

/** Notes that a session was used, unless someone else noted it since `notSince` or it ended meanwhile. */
export async function touchSession(
  tx: Tx,
  session: { id: string; userId: string },
  seen: { now: Date; idleExpiresAt: Date; notSince: Date },
): Promise<void> {
  const touched = await tx
    .update(sessions)
    .set({ lastSeenAt: seen.now, idleExpiresAt: seen.idleExpiresAt })
    .where(and(eq(sessions.id, session.id), isNull(sessions.endedAt), lt(sessions.lastSeenAt, seen.notSince)))
    .returning({ id: sessions.id });
  if (touched.length > 0) await noteSeen(tx, session.userId, seen.now);
}

/** Puts a new token, and what was proved, in the place of the old. Gives the end of the session; null when it has ended. */
export async function renewSession(
  tx: Tx,
  sessionId: string,
  to: { tokenHash: Uint8Array; assurance: number; provedAt: Date },
): Promise<Date | null> {
  const [renewed] = await tx
    .update(sessions)
    .set(to)
    .where(and(eq(sessions.id, sessionId), isNull(sessions.endedAt)))
    .returning({ expiresAt: sessions.expiresAt });
  return renewed?.expiresAt ?? null;
}

/** Notes that the person of a session proved themselves at the instant. */
export async function updateProvedAt(tx: Tx, sessionId: string, provedAt: Date): Promise<void> {
  await tx.update(sessions).set({ provedAt }).where(eq(sessions.id, sessionId));
}

/** When its person last proved themselves in a session, or null. */
export async function selectProvedAt(db: ReadDb, sessionId: string): Promise<Date | null> {
  const [row] = await db.select({ provedAt: sessions.provedAt }).from(sessions).where(eq(sessions.id, sessionId));
  return row?.provedAt ?? null;
}

/** Ends one session; true if it was still live. */
export async function endSession(tx: Tx, sessionId: string, now: Date): Promise<boolean> {
  const ended = await tx
    .update(sessions)
    .set({ endedAt: now })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.endedAt)))
    .returning({ id: sessions.id });
  return ended.length > 0;
}

/** Ends every session of a person; gives how many were live. */
export async function endSessionsOf(tx: Tx, userId: string, now: Date): Promise<number> {
  const ended = await tx
    .update(sessions)
    .set({ endedAt: now })
    .where(and(eq(sessions.userId, userId), isNull(sessions.endedAt), gt(sessions.expiresAt, now)))
    .returning({ id: sessions.id });
  return ended.length;
}

/** Removes sessions that ended or expired before the instant. */
export async function deleteSessionsBefore(tx: Tx, before: Date): Promise<void> {
  await tx.delete(sessions).where(or(lt(sessions.expiresAt, before), lt(sessions.endedAt, before)));
}
