import { and, eq, exists, gt, isNotNull, isNull, or, sql, count } from 'drizzle-orm';
import type { ReadDb, Tx } from '../client.ts';
import { grants, memberships, oidcIdentities, passkeys, roles, users } from '../schema/index.ts';
import type { LiveGrant } from './sessions.ts';

/** A grant as stored. */
export type GrantRow = typeof grants.$inferSelect;

/** Which grant of a person. */
export interface GrantKey {
  userId: string;
  role: string;
  platform: string;
}

const isGrant = (key: GrantKey) =>
  and(eq(grants.userId, key.userId), eq(grants.role, key.role), eq(grants.platform, key.platform));

/** Grants without an end, or with one that is still to come. */
export const isLive = (now: Date) => or(isNull(grants.expiresAt), gt(grants.expiresAt, now));

/** A grant in force with the title of its role, which is null for built-in roles and archived ones. */
export type TitledGrant = LiveGrant & { title: string | null };

/** The grants of a person in force at the instant, whatever the state of the person. */
export async function selectLiveGrants(db: ReadDb, userId: string, now: Date): Promise<TitledGrant[]> {
  return db
    .select({
      role: grants.role,
      platform: grants.platform,
      expiresAt: grants.expiresAt,
      permissions: roles.permissions,
      title: roles.title,
    })
    .from(grants)
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
    .where(and(eq(grants.userId, userId), isLive(now)))
    .orderBy(grants.role, grants.platform);
}

/** The grants a person may act by at the instant: none unless the person is active. */
export async function selectActingGrants(db: ReadDb, userId: string, now: Date): Promise<LiveGrant[]> {
  const active = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.state, 'active')));
  return active.length === 0 ? [] : selectLiveGrants(db, userId, now);
}

/** Platforms on which a person has an account. */
export async function selectMembershipPlatforms(db: ReadDb, userId: string): Promise<string[]> {
  const rows = await db
    .select({ platform: memberships.platform })
    .from(memberships)
    .where(eq(memberships.userId, userId));
  return rows.map((row) => row.platform);
}

/** The grant, or null. */
export async function selectGrant(tx: Tx, key: GrantKey): Promise<GrantRow | null> {
  const [row] = await tx.select().from(grants).where(isGrant(key));
  return row ?? null;
}

/** Stores a grant; one for the same role and platform is replaced and keeps its id. */
export async function upsertGrant(tx: Tx, row: typeof grants.$inferInsert): Promise<void> {
  const { reason, grantedBy, createdAt, expiresAt } = row;
  await tx
    .insert(grants)
    .values(row)
    .onConflictDoUpdate({
      target: [grants.userId, grants.role, grants.platform],
      set: { reason, grantedBy, createdAt, expiresAt },
    });
}

/** Removes a grant; true if there was one. */
export async function deleteGrant(tx: Tx, key: GrantKey): Promise<boolean> {
  const removed = await tx.delete(grants).where(isGrant(key)).returning({ id: grants.id });
  return removed.length > 0;
}

/** Makes every cached right of the person stale. */
export async function raiseAuthzVersion(tx: Tx, userId: string): Promise<void> {
  await tx
    .update(users)
    .set({ authzVersion: sql`${users.authzVersion} + 1` })
    .where(eq(users.id, userId));
}

/** The lock that the database's own rule (`qd_keep_an_owner`) takes at commit; taken early here, so that counting is safe. */
const OWNERS_LOCK = 1_902_409_070;

/** Lets one transaction at a time change who owns the console. Two owners who demote each other at once must not both succeed. */
export async function lockOwners(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${OWNERS_LOCK})`);
}

/** A grant that makes its holder, an active person who is not of the demo, an owner of all platforms. */
export const isOwnerGrant = () =>
  and(eq(grants.role, 'owner'), eq(grants.platform, '*'), eq(users.state, 'active'), eq(users.isDemo, false));

/** How many people own the console for good: active, able to sign in, not of the demo, with a grant that does not end. */
export async function countLastingOwners(db: ReadDb): Promise<number> {
  const passkey = db
    .select({ one: sql`1` })
    .from(passkeys)
    .where(eq(passkeys.userId, users.id));
  const identity = db
    .select({ one: sql`1` })
    .from(oidcIdentities)
    .where(eq(oidcIdentities.userId, users.id));
  const canSignIn = or(isNotNull(users.passwordHash), exists(passkey), exists(identity));
  const [row] = await db
    .select({ owners: count() })
    .from(grants)
    .innerJoin(users, eq(users.id, grants.userId))
    .where(and(isOwnerGrant(), isNull(grants.expiresAt), canSignIn));
  return Number(row?.owners ?? 0);
}
