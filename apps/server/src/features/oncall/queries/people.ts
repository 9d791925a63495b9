import { searchWords } from '@qd/shared/users';
import { and, asc, eq, inArray, like } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { isLive } from '../../../db/queries/grants.ts';
import { givesPermission } from '../../../db/queries/holders.ts';
import { grants, roles, users } from '../../../db/schema/index.ts';

/** Somebody who can be put on call, and how to reach them. */
export interface CallPerson {
  id: string;
  name: string;
  email: string;
  isDemo: boolean;
}

/** Where and when somebody must be able to see who is on call. */
export interface CallPlace {
  platform: string;
  now: Date;
}

const columns = { id: users.id, name: users.name, email: users.email, isDemo: users.isDemo, key: users.emailKey };

function callable(db: ReadDb | Tx) {
  return db
    .selectDistinct(columns)
    .from(grants)
    .innerJoin(users, and(eq(users.id, grants.userId), eq(users.state, 'active')))
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)));
}

const seesPlatform = ({ platform, now }: CallPlace) =>
  and(isLive(now), inArray(grants.platform, ['*', platform]), givesPermission('oncall:read'));

/** Active people who may see who is on call for the platform, by address; those whose name or address has every word. */
export async function selectCallPeople(
  db: ReadDb,
  of: CallPlace & { search: string; limit: number },
): Promise<CallPerson[]> {
  const words = searchWords(of.search).map((word) => like(users.searchText, `%${escaped(word.toLowerCase())}%`));
  return callable(db)
    .where(and(seesPlatform(of), ...words))
    .orderBy(asc(users.emailKey))
    .limit(of.limit);
}

/**
 * The person if they are active and may see who is on call for the platform, else null. Their row is held until the transaction
 * ends, so that nobody is suspended or leaves between the check and the change.
 */
export async function holdCallPerson(tx: Tx, userId: string, of: CallPlace): Promise<CallPerson | null> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('share');
  const [row] = await callable(tx).where(and(eq(users.id, userId), seesPlatform(of)));
  return row ?? null;
}

/** Name and address of a person, whatever their state, or null. */
export async function selectReach(tx: Tx, userId: string): Promise<CallPerson | null> {
  const [row] = await tx.select(columns).from(users).where(eq(users.id, userId));
  return row ?? null;
}

/** Id of the person with an address (see `emailKey`), or null. */
export async function selectPersonId(db: ReadDb, key: string): Promise<string | null> {
  const [row] = await db.select({ id: users.id }).from(users).where(eq(users.emailKey, key));
  return row?.id ?? null;
}

/** Letters that mean something in a pattern, taken as themselves. */
function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
