import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../client.ts';
import { authChallenges, type challengeKinds } from '../schema/index.ts';

/** A short-lived secret between two requests. */
export type ChallengeRow = typeof authChallenges.$inferSelect;
export type ChallengeKind = (typeof challengeKinds)[number];

/** Which challenge, and when it is asked for. */
export interface ChallengeKey {
  kind: ChallengeKind;
  tokenHash: Uint8Array;
  now: Date;
}

const isOpen = ({ kind, tokenHash, now }: ChallengeKey) =>
  and(
    eq(authChallenges.kind, kind),
    eq(authChallenges.tokenHash, tokenHash),
    isNull(authChallenges.usedAt),
    gt(authChallenges.expiresAt, now),
  );

/** Stores a challenge; false when one with the same token exists. */
export async function insertChallenge(tx: Tx, row: typeof authChallenges.$inferInsert): Promise<boolean> {
  const stored = await tx.insert(authChallenges).values(row).onConflictDoNothing().returning({ id: authChallenges.id });
  return stored.length > 0;
}

/** Stores a challenge, or opens the one of the same token again with a new payload. */
export async function reopenChallenge(tx: Tx, row: typeof authChallenges.$inferInsert): Promise<void> {
  const { payload, createdAt, expiresAt } = row;
  await tx
    .insert(authChallenges)
    .values(row)
    .onConflictDoUpdate({
      target: authChallenges.tokenHash,
      set: { payload, createdAt, expiresAt, tries: 0, usedAt: null },
    });
}

/** A challenge that is neither used nor too old, or null. */
export async function selectChallenge(db: ReadDb, key: ChallengeKey): Promise<ChallengeRow | null> {
  const [row] = await db.select().from(authChallenges).where(isOpen(key));
  return row ?? null;
}

/** Counts a try at an open challenge and gives it; null when it is used, too old, or had `most` tries. */
export async function countTry(tx: Tx, key: ChallengeKey, most: number): Promise<ChallengeRow | null> {
  const [row] = await tx
    .update(authChallenges)
    .set({ tries: sql`${authChallenges.tries} + 1` })
    .where(and(isOpen(key), lt(authChallenges.tries, most)))
    .returning();
  return row ?? null;
}

/** Uses an open challenge up; the one caller who got it has the row, everybody else null. */
export async function useChallenge(tx: Tx, key: ChallengeKey): Promise<ChallengeRow | null> {
  const [row] = await tx.update(authChallenges).set({ usedAt: key.now }).where(isOpen(key)).returning();
  return row ?? null;
}

/** Changes what an open challenge remembers; false when it is used or too old. */
export async function updateChallenge(tx: Tx, key: ChallengeKey, payload: Record<string, unknown>): Promise<boolean> {
  const changed = await tx
    .update(authChallenges)
    .set({ payload })
    .where(isOpen(key))
    .returning({ id: authChallenges.id });
  return changed.length > 0;
}

/** Removes challenges that ran out before the instant. */
export async function deleteChallengesBefore(tx: Tx, before: Date): Promise<void> {
  await tx.delete(authChallenges).where(lt(authChallenges.expiresAt, before));
}
