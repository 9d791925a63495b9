import { inArray } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import { approvalVotes, users } from '../../../db/schema/index.ts';

/** What one approver said, as stored. */
export type VoteRow = typeof approvalVotes.$inferSelect;

/** Name of the index that gives each person one voice. */
export const ONE_VOICE = 'approval_votes_one';

/** Stores what somebody said. */
export async function insertVote(tx: Tx, row: VoteRow): Promise<void> {
  await tx.insert(approvalVotes).values(row);
}

/** What was said about these requests, in order of time. */
export async function selectVotes(db: ReadDb, approvalIds: readonly string[]): Promise<VoteRow[]> {
  if (approvalIds.length === 0) return [];
  return db
    .select()
    .from(approvalVotes)
    .where(inArray(approvalVotes.approvalId, [...approvalIds]))
    .orderBy(approvalVotes.at, approvalVotes.id);
}

/** What is shown of somebody who takes part, and what it hangs on. */
export interface Participant {
  id: string;
  name: string;
  isDemo: boolean;
}

/** People by id; those who are gone are missing. */
export async function selectParticipants(db: ReadDb, ids: readonly string[]): Promise<Map<string, Participant>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: users.id, name: users.name, isDemo: users.isDemo })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}
