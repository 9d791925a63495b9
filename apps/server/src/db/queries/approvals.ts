import { and, eq, inArray } from 'drizzle-orm';
import type { ReadDb, Tx } from '../client.ts';
import { approvals } from '../schema/index.ts';

/** A request for approval as stored. */
export type ApprovalRow = typeof approvals.$inferSelect;

const open = ['pending', 'approved'] as const;

/** Stores a request. */
export async function insertApproval(tx: Tx, row: typeof approvals.$inferInsert): Promise<void> {
  await tx.insert(approvals).values(row);
}

/** Requests of one person that are neither settled nor known to have lapsed. */
export async function selectOpenApprovalsOf(db: ReadDb, userId: string): Promise<ApprovalRow[]> {
  return db
    .select()
    .from(approvals)
    .where(and(eq(approvals.requestedBy, userId), inArray(approvals.state, [...open])));
}

/** Cancels every open request of a person, for whoever ends their access; gives their ids. */
export async function cancelApprovalsOf(
  tx: Tx,
  userId: string,
  settled: { now: Date; outcome: string },
): Promise<string[]> {
  const rows = await tx
    .update(approvals)
    .set({ state: 'cancelled', settledAt: settled.now, outcome: settled.outcome })
    .where(and(eq(approvals.requestedBy, userId), inArray(approvals.state, [...open])))
    .returning({ id: approvals.id });
  return rows.map((row) => row.id);
}
