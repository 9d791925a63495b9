import { and, eq, gt, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb } from '../client.ts';
import { preparedOnce } from '../prepared.ts';
import { factorPolicies, grants, passkeys, totpFactors, users } from '../schema/index.ts';

/** True for a row of `users` whose person has a second factor: a confirmed authenticator app, or a passkey. */
export const hasFactor: SQL<boolean> = sql<boolean>`(
  exists (select from ${totpFactors} where ${totpFactors.userId} = ${users.id} and ${totpFactors.confirmedAt} is not null)
  or exists (select from ${passkeys} where ${passkeys.userId} = ${users.id}))`;

/**
 * Instant (epoch ms) by which the person of a row of `users`, `grants` and `factor_policies` (joined where it requires a
 * factor) must have set one up; null when they have one or need none. Grace runs from the rule, or from the grant if that is later.
 */
export const enrolByMs: SQL<number | null> = sql<number | null>`(case
  when ${factorPolicies.isRequired} and not ${hasFactor}
  then extract(epoch from greatest(${factorPolicies.since}, ${grants.createdAt})) * 1000 + ${factorPolicies.graceMs}
end)::float8`;

const enrolByOf = preparedOnce((db) =>
  db
    .select({ enrolBy: sql<number | null>`min(${enrolByMs})` })
    .from(grants)
    .innerJoin(users, eq(users.id, grants.userId))
    .innerJoin(factorPolicies, and(eq(factorPolicies.role, grants.role), factorPolicies.isRequired))
    .where(
      and(
        eq(grants.userId, sql.placeholder('userId')),
        or(isNull(grants.expiresAt), gt(grants.expiresAt, sql`${sql.placeholder('now')}::timestamptz`)),
      ),
    )
    .prepare(''),
);

/** Instant (epoch ms) by which a person must have a second factor, by the grants in force; null when none is missing. */
export async function selectEnrolBy(db: ReadDb, userId: string, now: Date): Promise<number | null> {
  const [row] = await enrolByOf(db).execute({ userId, now: now.toISOString() });
  return row?.enrolBy ?? null;
}
