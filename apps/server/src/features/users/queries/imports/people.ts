import type { KnownPerson } from '@qd/shared/users';
import { inArray, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Tx } from '../../../../db/client.ts';
import { grants, memberships, platforms, roles, users } from '../../../../db/schema/index.ts';

type GrantRow = typeof grants.$inferSelect;
type MembershipRow = typeof memberships.$inferSelect;

/** A person of a file as stored, with what an import may change. */
export interface StoredPerson extends KnownPerson {
  emailKey: string;
  version: number;
  authzVersion: number;
  /** Ended grants too; `grants` holds those in force. */
  allGrants: GrantRow[];
  memberships: MembershipRow[];
}

const person = {
  id: users.id,
  emailKey: users.emailKey,
  name: users.name,
  state: users.state,
  version: users.version,
  authzVersion: users.authzVersion,
};

/**
 * True for rows whose column is one of thousands of texts. A plan made once for any list looks each row up in all of the
 * list with `= any(…)`; of a subselect it makes a join.
 */
function inTexts(column: PgColumn, texts: readonly string[]): SQL {
  return sql`${column} in (select unnest(${sql.param(texts)}::text[]))`;
}

/** The people of these addresses; with `lock` nobody else changes them until the transaction ends. */
export async function selectPeopleOf(
  tx: Tx,
  emailKeys: readonly string[],
  options: { now: Date; lock: boolean },
): Promise<StoredPerson[]> {
  const found = tx
    .select(person)
    .from(users)
    .where(inTexts(users.emailKey, emailKeys))
    // Always in the same order: two imports that share people must not wait for each other.
    .orderBy(users.id);
  return withRights(tx, options.lock ? await found.for('update') : await found, options.now);
}

/** The people of these ids, held until the transaction ends. */
export async function lockPeople(tx: Tx, ids: readonly string[], now: Date): Promise<StoredPerson[]> {
  const found = await tx.select(person).from(users).where(inTexts(users.id, ids)).orderBy(users.id).for('update');
  return withRights(tx, found, now);
}

type Found = Pick<StoredPerson, 'id' | 'emailKey' | 'name' | 'state' | 'version' | 'authzVersion'>;

async function withRights(tx: Tx, found: readonly Found[], now: Date): Promise<StoredPerson[]> {
  if (found.length === 0) return [];
  const ids = found.map((p) => p.id);
  const granted = groupByPerson(
    await tx.select().from(grants).where(inTexts(grants.userId, ids)).orderBy(grants.role, grants.platform),
  );
  const joined = groupByPerson(
    await tx.select().from(memberships).where(inTexts(memberships.userId, ids)).orderBy(memberships.platform),
  );
  return found.map((p) => {
    const allGrants = granted.get(p.id) ?? [];
    return {
      ...p,
      allGrants,
      grants: allGrants.filter((g) => g.expiresAt === null || g.expiresAt > now),
      memberships: joined.get(p.id) ?? [],
    };
  });
}

function groupByPerson<Row extends { userId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.userId);
    if (group === undefined) groups.set(row.userId, [row]);
    else group.push(row);
  }
  return groups;
}

/** Platforms and custom roles a file may name. */
export async function selectImportWorld(
  tx: Tx,
): Promise<{ platforms: string[]; roles: { id: string; title: string }[] }> {
  const known = await tx.select({ id: platforms.id }).from(platforms).orderBy(platforms.id);
  const custom = await tx
    .select({ id: roles.id, title: roles.title })
    .from(roles)
    .where(inArray(roles.isArchived, [false]));
  return { platforms: known.map((p) => p.id), roles: custom };
}
