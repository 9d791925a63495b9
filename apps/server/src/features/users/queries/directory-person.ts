import { and, desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { ReadDb } from '../../../db/client.ts';
import { isLive } from '../../../db/queries/grants.ts';
import {
  apiKeys,
  auditEvents,
  grants,
  invitations,
  memberships,
  platforms,
  roles,
  sessions,
  users,
} from '../../../db/schema/index.ts';
import { listColumns, type ListedPerson } from './directory.ts';
import { isOpenInvitation } from './invitation-state.ts';

/** A person as their page shows them. */
export interface PersonRecord extends ListedPerson {
  version: number;
  origin: (typeof users.$inferSelect)['origin'];
  stateReason: string | null;
  stateSince: Date | null;
}

/** The person, or null. */
export async function selectPerson(db: ReadDb, userId: string): Promise<PersonRecord | null> {
  const [row] = await db
    .select({
      ...listColumns,
      version: users.version,
      origin: users.origin,
      stateReason: users.stateReason,
      stateSince: users.stateSince,
    })
    .from(users)
    .where(eq(users.id, userId));
  return row ?? null;
}

/** The grants of a person in force, with how they came to be. */
export async function selectGrantsInFull(db: ReadDb, userId: string, now: Date) {
  return db
    .select({
      id: grants.id,
      role: grants.role,
      title: roles.title,
      platform: grants.platform,
      reason: grants.reason,
      grantedBy: grants.grantedBy,
      createdAt: grants.createdAt,
      expiresAt: grants.expiresAt,
    })
    .from(grants)
    .leftJoin(roles, eq(roles.id, grants.role))
    .where(and(eq(grants.userId, userId), isLive(now)))
    .orderBy(grants.role, grants.platform);
}

/** The accounts of a person on the platforms. */
export async function selectMembershipsInFull(db: ReadDb, userId: string) {
  return db
    .select({
      id: memberships.id,
      platform: memberships.platform,
      platformName: platforms.name,
      role: memberships.role,
      state: memberships.state,
      reason: memberships.reason,
      createdAt: memberships.createdAt,
      updatedAt: memberships.updatedAt,
    })
    .from(memberships)
    .innerJoin(platforms, eq(platforms.id, memberships.platform))
    .where(eq(memberships.userId, userId))
    .orderBy(memberships.platform);
}

/** The newest invitation of a person that can still be accepted, or null. */
export async function selectOpenInvitation(db: ReadDb, userId: string, now: Date) {
  const [row] = await db
    .select({
      id: invitations.id,
      role: invitations.role,
      title: roles.title,
      platform: invitations.platform,
      invitedBy: invitations.invitedBy,
      createdAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .leftJoin(roles, eq(roles.id, invitations.role))
    .where(and(eq(invitations.userId, userId), isOpenInvitation(now)))
    .orderBy(desc(invitations.createdAt))
    .limit(1);
  return row ?? null;
}

/** A session that can still be used. */
const isLiveSession = (userId: string, now: Date) =>
  and(
    eq(sessions.userId, userId),
    isNull(sessions.endedAt),
    gt(sessions.expiresAt, now),
    gt(sessions.idleExpiresAt, now),
  );

/** The live sessions of a person, the one used last first; never their tokens. */
export async function selectSessions(db: ReadDb, userId: string, now: Date) {
  return db
    .select({
      id: sessions.id,
      userAgent: sessions.userAgent,
      address: sessions.address,
      method: sessions.method,
      assurance: sessions.assurance,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .where(isLiveSession(userId, now))
    .orderBy(desc(sessions.lastSeenAt), sessions.id);
}

/** Keys that act for a person and still work. */
export async function selectLiveKeysOf(db: ReadDb, userId: string, now: Date) {
  return db
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      platform: apiKeys.platform,
      environment: apiKeys.environment,
      scopes: apiKeys.scopes,
      lastUsedAt: apiKeys.lastUsedAt,
      expiresAt: apiKeys.expiresAt,
    })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.ownerId, userId),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)),
      ),
    )
    .orderBy(apiKeys.name, apiKeys.id);
}

/** Names of people by id; those who are gone are missing. */
export async function selectNames(db: ReadDb, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...userIds]));
  return new Map(rows.map((row) => [row.id, row.name]));
}

const actColumns = {
  seq: auditEvents.seq,
  at: auditEvents.timestamp,
  action: auditEvents.action,
  status: auditEvents.status,
  platform: auditEvents.platform,
  targetKind: auditEvents.targetKind,
  targetId: auditEvents.targetId,
};

/**
 * What a person did last, newest first, and attempts to sign in as them. `platforms` are those whose log the reader may read;
 * sign-ins are shown to everybody who may see the person.
 */
export async function selectRecentActs(
  db: ReadDb,
  userId: string,
  of: { platforms: '*' | readonly string[]; limit: number },
) {
  const readable =
    of.platforms === '*'
      ? undefined
      : or(
          eq(auditEvents.category, 'authentication'),
          of.platforms.length === 0 ? undefined : inArray(auditEvents.platform, [...of.platforms]),
        );
  const own = await db
    .select(actColumns)
    .from(auditEvents)
    .where(and(eq(auditEvents.userId, userId), readable))
    .orderBy(desc(auditEvents.seq))
    .limit(of.limit);
  const refused = await db
    .select(actColumns)
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.targetKind, 'user'),
        eq(auditEvents.targetId, userId),
        eq(auditEvents.category, 'authentication'),
        sql`${auditEvents.userId} is distinct from ${userId}`,
      ),
    )
    .orderBy(desc(auditEvents.seq))
    .limit(of.limit);
  return [...own, ...refused].toSorted((a, b) => b.seq - a.seq).slice(0, of.limit);
}
