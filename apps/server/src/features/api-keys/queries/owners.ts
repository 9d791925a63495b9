import type { UserState } from '@qd/shared/users';
import { and, asc, eq } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { selectLiveGrants } from '../../../db/queries/grants.ts';
import type { LiveGrant } from '../../../db/queries/sessions.ts';
import { memberships, platforms, users } from '../../../db/schema/index.ts';

/** A person a key acts for. */
export interface KeyOwner {
  id: string;
  name: string;
  email: string;
  state: UserState;
  isDemo: boolean;
  /** Role of their account on the platform, while that works; null without one. */
  platformRole: string | null;
  grants: LiveGrant[];
}

/** A person, what they hold in the console and their role on the platform, or null. */
export async function selectKeyHolder(
  db: ReadDb,
  of: { userId: string; platform: string },
  now: Date,
): Promise<KeyOwner | null> {
  const [row] = await db
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      state: users.state,
      isDemo: users.isDemo,
      platformRole: memberships.role,
    })
    .from(users)
    .leftJoin(
      memberships,
      and(eq(memberships.userId, users.id), eq(memberships.platform, of.platform), eq(memberships.state, 'active')),
    )
    .where(eq(users.id, of.userId));
  if (row === undefined) return null;
  return { ...row, grants: await selectLiveGrants(db, of.userId, now) };
}

/** Holds a person's row until the transaction ends, so that nobody is suspended between the check and the change. */
export async function holdPerson(tx: Tx, userId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('share');
}

/** Name and address of a person, or null. */
export async function selectPersonAddress(
  db: ReadDb,
  userId: string,
): Promise<{ id: string; name: string; email: string; isDemo: boolean } | null> {
  const [row] = await db
    .select({ id: users.id, name: users.name, email: users.email, isDemo: users.isDemo })
    .from(users)
    .where(eq(users.id, userId));
  return row ?? null;
}

/** Working accounts of a person, with the names of their platforms. */
export async function selectAccounts(
  db: ReadDb,
  userId: string,
): Promise<{ platform: string; platformName: string; role: string }[]> {
  return db
    .select({ platform: memberships.platform, platformName: platforms.name, role: memberships.role })
    .from(memberships)
    .innerJoin(platforms, eq(platforms.id, memberships.platform))
    .where(and(eq(memberships.userId, userId), eq(memberships.state, 'active')))
    .orderBy(asc(platforms.name));
}

/** Id of the person with an address (see `emailKey`), or null. */
export async function selectPersonId(db: ReadDb, key: string): Promise<string | null> {
  const [row] = await db.select({ id: users.id }).from(users).where(eq(users.emailKey, key));
  return row?.id ?? null;
}
