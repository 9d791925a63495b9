import { sql } from 'drizzle-orm';
import type { Tx } from '../../../../db/client.ts';
import { invitations, users } from '../../../../db/schema/index.ts';

/** Stores invitations of one batch of rows. */
export async function insertInvitations(tx: Tx, rows: readonly (typeof invitations.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await tx.insert(invitations).values([...rows]);
}

/** Notes that people were let in by the command line: an invitation without an inviter counts only then. */
export async function markFromCommandLine(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(users)
    .set({ origin: 'cli' })
    .where(sql`${users.id} = any(${sql.param(ids)}::text[])`);
}
