import type { Permission } from '@qd/shared/permissions';
import type { UserState } from '@qd/shared/users';
import { and, asc, eq, exists, gt, inArray, ne, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { isLive } from '../../../db/queries/grants.ts';
import { givesPermission } from '../../../db/queries/holders.ts';
import { grants, memberships, platforms, roles, users } from '../../../db/schema/index.ts';

/** A person as roles name them. */
export interface PersonRow {
  id: string;
  name: string;
  email: string;
  state: UserState;
}

const person = { id: users.id, name: users.name, email: users.email, state: users.state };

/** A person, locked until the transaction ends, or null. */
export async function lockPerson(tx: Tx, id: string): Promise<PersonRow | null> {
  const [row] = await tx.select(person).from(users).where(eq(users.id, id)).for('update');
  return row ?? null;
}

/** A person who has a grant or an account on one of the platforms (`*`: anybody), or null. */
export async function selectSeenPerson(
  db: ReadDb,
  id: string,
  platformScope: '*' | readonly string[],
): Promise<PersonRow | null> {
  const [row] = await db
    .select(person)
    .from(users)
    .where(and(eq(users.id, id), platformScope === '*' ? undefined : isOn(db, platformScope)));
  return row ?? null;
}

function isOn(db: ReadDb, on: readonly string[]): SQL | undefined {
  const one = { one: sql`1` };
  const granted = db
    .select(one)
    .from(grants)
    .where(and(eq(grants.userId, users.id), inArray(grants.platform, ['*', ...on])));
  const member = db
    .select(one)
    .from(memberships)
    .where(and(eq(memberships.userId, users.id), inArray(memberships.platform, [...on])));
  return or(exists(granted), exists(member));
}

/** The active ones of these people, to write to, by address. */
export async function selectActivePeople(db: ReadDb, ids: readonly string[]): Promise<PersonRow[]> {
  if (ids.length === 0) return [];
  return db
    .select(person)
    .from(users)
    .where(and(inArray(users.id, [...ids]), eq(users.state, 'active')))
    .orderBy(asc(users.emailKey));
}

/** Names of people by id. */
export async function selectNames(db: ReadDb, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** True if there is such a platform. */
export async function platformExists(db: ReadDb, id: string): Promise<boolean> {
  const rows = await db.select({ id: platforms.id }).from(platforms).where(eq(platforms.id, id));
  return rows.length > 0;
}

/** A grant with what its role may do and who gave it. */
export interface GrantInFull {
  id: string;
  role: string;
  platform: string;
  reason: string;
  grantedBy: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  origin: string;
  title: string | null;
  permissions: string[] | null;
}

/** The grants of a person in force, widest first. */
export async function selectGrantsInFull(db: ReadDb, userId: string, now: Date): Promise<GrantInFull[]> {
  return db
    .select({
      id: grants.id,
      role: grants.role,
      platform: grants.platform,
      reason: grants.reason,
      grantedBy: grants.grantedBy,
      createdAt: grants.createdAt,
      expiresAt: grants.expiresAt,
      origin: grants.origin,
      title: roles.title,
      permissions: roles.permissions,
    })
    .from(grants)
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
    .where(and(eq(grants.userId, userId), isLive(now)))
    .orderBy(sql`${grants.platform} <> '*'`, asc(grants.platform), asc(grants.role));
}

/** Somebody with a grant of a role. */
export interface HolderRow {
  id: string;
  name: string;
  email: string;
  emailKey: string;
  grantId: string;
  role: string;
  title: string | null;
  platform: string;
  expiresAt: Date | null;
}

/** Which holders: of a role or of a permission, on the platform (null: on all; undefined: anywhere), as far as may be seen. */
export interface HolderFilter {
  role?: string | undefined;
  permission?: Permission | undefined;
  platform?: string | null | undefined;
  seen: '*' | readonly string[];
  now: Date;
}

/** Grants of the role or permission by the address of their holder, after the marker. One more than `limit`. */
export async function selectHolderPage(
  db: ReadDb,
  filter: HolderFilter,
  page: { after: { emailKey: string; grantId: string } | null; limit: number },
): Promise<HolderRow[]> {
  const { after } = page;
  const onward =
    after === null
      ? undefined
      : or(gt(users.emailKey, after.emailKey), and(eq(users.emailKey, after.emailKey), gt(grants.id, after.grantId)));
  return db
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      emailKey: users.emailKey,
      grantId: grants.id,
      role: grants.role,
      title: roles.title,
      platform: grants.platform,
      expiresAt: grants.expiresAt,
    })
    .from(grants)
    .innerJoin(users, and(eq(users.id, grants.userId), ne(users.state, 'offboarded')))
    .leftJoin(roles, and(eq(roles.id, grants.role), eq(roles.isArchived, false)))
    .where(and(...holderConditions(filter), onward))
    .orderBy(asc(users.emailKey), asc(grants.id))
    .limit(page.limit + 1);
}

function holderConditions({ role, permission, platform, seen, now }: HolderFilter): (SQL | undefined)[] {
  return [
    isLive(now),
    role === undefined ? undefined : eq(grants.role, role),
    permission === undefined ? undefined : givesPermission(permission),
    platform === undefined ? undefined : inArray(grants.platform, platform === null ? ['*'] : ['*', platform]),
    seen === '*' ? undefined : inArray(grants.platform, ['*', ...seen]),
  ];
}
