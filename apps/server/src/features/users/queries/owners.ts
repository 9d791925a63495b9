import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { isLive, isOwnerGrant } from '../../../db/queries/grants.ts';
import { bootstrapTokens, grants, platforms, users } from '../../../db/schema/index.ts';

/** True if anybody real owns the console at the instant. */
export async function hasOwner(db: ReadDb, now: Date): Promise<boolean> {
  const rows = await db
    .select({ id: grants.id })
    .from(grants)
    .innerJoin(users, eq(users.id, grants.userId))
    .where(and(isOwnerGrant(), isLive(now)))
    .limit(1);
  return rows.length > 0;
}

/** Whether demo platforms and demo accounts exist. */
export async function selectDemoState(db: ReadDb): Promise<{ demo: boolean; demoAccounts: boolean }> {
  const result = await db
    .select({
      demo: sql<boolean>`exists (select 1 from ${platforms} where ${platforms.isDemo})`,
      demoAccounts: sql<boolean>`exists (select 1 from ${users} where ${users.isDemo} and ${users.state} = 'active')`,
    })
    .from(sql`(values (1)) as one`);
  return result[0] ?? { demo: false, demoAccounts: false };
}

/** Stores the hash of a one-time link; links that ran out are removed. */
export async function insertBootstrapToken(
  tx: Tx,
  row: typeof bootstrapTokens.$inferInsert & { createdAt: Date },
): Promise<void> {
  await tx.delete(bootstrapTokens).where(lt(bootstrapTokens.expiresAt, row.createdAt));
  await tx.insert(bootstrapTokens).values(row);
}

/** True if the link may still be used. */
export async function isUsableToken(db: ReadDb, tokenHash: Uint8Array, now: Date): Promise<boolean> {
  const rows = await db.select({ id: bootstrapTokens.id }).from(bootstrapTokens).where(isUsable(tokenHash, now));
  return rows.length > 0;
}

/** Uses a link up; true for the one caller who got it. */
export async function useBootstrapToken(tx: Tx, tokenHash: Uint8Array, now: Date): Promise<boolean> {
  const used = await tx
    .update(bootstrapTokens)
    .set({ usedAt: now })
    .where(isUsable(tokenHash, now))
    .returning({ id: bootstrapTokens.id });
  return used.length > 0;
}

function isUsable(tokenHash: Uint8Array, now: Date) {
  return and(
    eq(bootstrapTokens.tokenHash, tokenHash),
    isNull(bootstrapTokens.usedAt),
    gt(bootstrapTokens.expiresAt, now),
  );
}
