import { and, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../client.ts';
import { sessions, signInFailures, users } from '../schema/index.ts';

/** Failures counted under one key. */
export type FailureRow = typeof signInFailures.$inferSelect;

/** The rows of the keys, locked until the transaction ends; missing ones are made first, with no failures. */
export async function lockFailures(tx: Tx, keys: readonly string[], now: Date): Promise<FailureRow[]> {
  // Always in the same order, or two attempts could wait for each other.
  const sorted = [...keys].toSorted();
  await tx
    .insert(signInFailures)
    .values(sorted.map((key) => ({ key, failures: 0, firstAt: now, blockedUntil: null })))
    .onConflictDoNothing();
  return tx
    .select()
    .from(signInFailures)
    .where(inArray(signInFailures.key, sorted))
    .orderBy(signInFailures.key)
    .for('update');
}

/** Replaces one locked row. */
export async function updateFailures(tx: Tx, row: FailureRow): Promise<void> {
  const { key, ...values } = row;
  await tx.update(signInFailures).set(values).where(eq(signInFailures.key, key));
}

/** Forgets keys altogether. */
export async function deleteFailures(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.delete(signInFailures).where(inArray(signInFailures.key, [...keys]));
}

/** Takes one failure back from each key, and with it the wait it caused. */
export async function takeBackFailure(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx
    .update(signInFailures)
    .set({ failures: sql`greatest(${signInFailures.failures} - 1, 0)`, blockedUntil: null })
    .where(inArray(signInFailures.key, [...keys]));
}

/** Forgets what happened before the instant and blocks nobody any more. */
export async function deleteFailuresBefore(tx: Tx, before: Date): Promise<void> {
  await tx
    .delete(signInFailures)
    .where(
      and(
        lt(signInFailures.firstAt, before),
        or(isNull(signInFailures.blockedUntil), lt(signInFailures.blockedUntil, before)),
      ),
    );
}

/** Addresses from which the account is signed in at this moment. */
export async function selectLiveAddresses(db: ReadDb, emailKey: string, now: Date): Promise<string[]> {
  const rows = await db
    .selectDistinct({ address: sessions.address })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(users.emailKey, emailKey),
        isNull(sessions.endedAt),
        gt(sessions.idleExpiresAt, now),
        gt(sessions.expiresAt, now),
      ),
    )
    .limit(50);
  return rows.map((r) => r.address);
}
