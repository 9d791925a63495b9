import type { MembershipState } from '@qd/shared/users';
import { and, eq } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { memberships, platforms } from '../../../db/schema/index.ts';

/** An account on a platform as stored. */
export type MembershipRow = typeof memberships.$inferSelect;

/** The account of a person on a platform, locked until the transaction ends, or null. */
export async function lockMembership(tx: Tx, of: { userId: string; platform: string }): Promise<MembershipRow | null> {
  const [row] = await tx
    .select()
    .from(memberships)
    .where(and(eq(memberships.userId, of.userId), eq(memberships.platform, of.platform)))
    .for('update');
  return row ?? null;
}

/** Stores an account; the one there is on the platform is replaced and keeps its id and first day. */
export async function upsertMembership(tx: Tx, row: typeof memberships.$inferInsert): Promise<void> {
  const { role, state, reason, grantedBy, updatedAt } = row;
  await tx
    .insert(memberships)
    .values(row)
    .onConflictDoUpdate({
      target: [memberships.userId, memberships.platform],
      set: { role, state, reason, grantedBy, updatedAt },
    });
}

/** Suspends an account, or lets it work again. */
export async function updateMembershipState(
  tx: Tx,
  id: string,
  to: { state: MembershipState; reason: string; updatedAt: Date },
): Promise<void> {
  await tx.update(memberships).set(to).where(eq(memberships.id, id));
}

/** Removes an account. */
export async function deleteMembership(tx: Tx, id: string): Promise<void> {
  await tx.delete(memberships).where(eq(memberships.id, id));
}

/** Display name of a platform, or null when there is none. */
export async function selectPlatformName(db: ReadDb, platform: string): Promise<string | null> {
  const [row] = await db.select({ name: platforms.name }).from(platforms).where(eq(platforms.id, platform));
  return row?.name ?? null;
}
