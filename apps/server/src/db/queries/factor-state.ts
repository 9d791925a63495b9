import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { ReadDb } from '../client.ts';
import { factorPolicies, grants, passkeys, recoveryCodes, totpFactors, users } from '../schema/index.ts';
import { enrolByMs } from './factor-rules.ts';

/** What a person can prove themselves with. */
export interface FactorState {
  hasPassword: boolean;
  hasTotp: boolean;
  hasPasskey: boolean;
  recoveryCodesLeft: number;
  /** True when a role the person holds now requires a second factor. */
  isRequired: boolean;
  /** Instant (epoch ms) by which a missing factor must be set up; null when none is missing. */
  enrolBy: number | null;
}

const inForce = (now: Date) =>
  and(eq(grants.userId, users.id), or(isNull(grants.expiresAt), gt(grants.expiresAt, now)));

/** What the person can prove themselves with at the instant; null when there is no such person. */
export async function selectFactorState(db: ReadDb, userId: string, now: Date): Promise<FactorState | null> {
  const [row] = await db
    .select({
      hasPassword: sql<boolean>`${users.passwordHash} is not null`,
      hasTotp: sql<boolean>`exists (select from ${totpFactors}
        where ${totpFactors.userId} = ${users.id} and ${totpFactors.confirmedAt} is not null)`,
      hasPasskey: sql<boolean>`exists (select from ${passkeys} where ${passkeys.userId} = ${users.id})`,
      recoveryCodesLeft: sql<number>`(select count(*)::int from ${recoveryCodes}
        where ${recoveryCodes.userId} = ${users.id} and ${recoveryCodes.usedAt} is null)`,
      isRequired: sql<boolean>`coalesce(bool_or(${factorPolicies.isRequired}), false)`,
      enrolBy: sql<number | null>`min(${enrolByMs})`,
    })
    .from(users)
    .leftJoin(grants, inForce(now))
    .leftJoin(factorPolicies, and(eq(factorPolicies.role, grants.role), factorPolicies.isRequired))
    .where(eq(users.id, userId))
    .groupBy(users.id);
  return row ?? null;
}
