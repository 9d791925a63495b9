import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { enrolByMs, hasFactor } from '../../../db/queries/factor-rules.ts';
import { factorPolicies, grants, roles, users } from '../../../db/schema/index.ts';

export type FactorPolicyRow = typeof factorPolicies.$inferSelect;

/** Every rule that was ever set. */
export async function selectFactorPolicies(db: ReadDb): Promise<FactorPolicyRow[]> {
  return db.select().from(factorPolicies).orderBy(asc(factorPolicies.role));
}

/** The rule of a role, locked until the transaction ends, or null. */
export async function lockFactorPolicy(tx: Tx, role: string): Promise<FactorPolicyRow | null> {
  const [row] = await tx.select().from(factorPolicies).where(eq(factorPolicies.role, role)).for('update');
  return row ?? null;
}

/** Stores the first rule of a role; false when another was stored meanwhile. */
export async function insertFactorPolicy(tx: Tx, row: typeof factorPolicies.$inferInsert): Promise<boolean> {
  const stored = await tx
    .insert(factorPolicies)
    .values(row)
    .onConflictDoNothing()
    .returning({ role: factorPolicies.role });
  return stored.length > 0;
}

/** Replaces the rule of a role. */
export async function updateFactorPolicy(tx: Tx, row: FactorPolicyRow): Promise<void> {
  await tx.update(factorPolicies).set(row).where(eq(factorPolicies.role, row.role));
}

/** Custom roles in use, with their titles. */
export async function selectCustomRoles(db: ReadDb): Promise<{ id: string; title: string }[]> {
  return db
    .select({ id: roles.id, title: roles.title })
    .from(roles)
    .where(eq(roles.isArchived, false))
    .orderBy(asc(roles.title));
}

/** Active people of one role, counted by how far they have come. */
export interface CoverageRow {
  role: string;
  people: number;
  withFactor: number;
  inGrace: number;
  overdue: number;
}

/** How far the people of every role have come at the instant. Each person counts once a role, by the grant due first. */
export async function selectFactorCoverage(db: ReadDb, now: Date): Promise<CoverageRow[]> {
  const nowMs = now.getTime();
  const people = db
    .select({
      role: grants.role,
      userId: grants.userId,
      has: sql<boolean>`bool_or(${hasFactor})`.as('has'),
      enrolBy: sql<number | null>`min(${enrolByMs})`.as('enrol_by'),
    })
    .from(grants)
    .innerJoin(users, and(eq(users.id, grants.userId), eq(users.state, 'active')))
    .leftJoin(factorPolicies, and(eq(factorPolicies.role, grants.role), factorPolicies.isRequired))
    .where(or(isNull(grants.expiresAt), gt(grants.expiresAt, now)))
    .groupBy(grants.role, grants.userId)
    .as('people');
  return db
    .select({
      role: people.role,
      people: sql<number>`count(*)::int`,
      withFactor: sql<number>`(count(*) filter (where ${people.has}))::int`,
      inGrace: sql<number>`(count(*) filter (where ${people.enrolBy} > ${nowMs}))::int`,
      overdue: sql<number>`(count(*) filter (where ${people.enrolBy} <= ${nowMs}))::int`,
    })
    .from(people)
    .groupBy(people.role);
}
