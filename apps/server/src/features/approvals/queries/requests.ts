import { and, desc, eq, inArray, not, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../db/client.ts';
import type { ApprovalRow } from '../../db/queries/approvals.ts';
import { approvals, approvalVotes, users } from '../../db/schema/index.ts';

/** What one approver said, as stored. */
export type VoteRow = typeof approvalVotes.$inferSelect;

/** Name of the index that gives each person one voice. */
export const ONE_VOICE = 'approval_votes_one';

/** Which requests may be seen: of these platforms (`*`: all), and one's own. */
export interface ApprovalScope {
  platforms: '*' | readonly string[];
  userId: string | null;
}

/** Requests as they are listed. */
export interface ApprovalPage {
  scope: ApprovalScope;
  mineOnly: boolean;
  state: 'open' | 'settled' | null;
  now: Date;
  after: { at: Date; id: string } | null;
  limit: number;
}

const instant = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;

/** Requests, newest first. One more than `limit`. */
export async function selectApprovals(db: ReadDb, page: ApprovalPage): Promise<ApprovalRow[]> {
  const { after, now, state } = page;
  return db
    .select()
    .from(approvals)
    .where(
      and(
        inScope(page.scope),
        page.mineOnly ? eq(approvals.requestedBy, page.scope.userId ?? '') : undefined,
        state === null ? undefined : state === 'open' ? isOpen(now) : not(isOpen(now)),
        after === null
          ? undefined
          : sql`(${approvals.requestedAt}, ${approvals.id}) < (${instant(after.at)}, ${after.id})`,
      ),
    )
    .orderBy(desc(approvals.requestedAt), desc(approvals.id))
    .limit(page.limit + 1);
}

/** A request that may be seen, or null. */
export async function selectApproval(db: ReadDb, id: string, scope: ApprovalScope): Promise<ApprovalRow | null> {
  const [row] = await db
    .select()
    .from(approvals)
    .where(and(eq(approvals.id, id), inScope(scope)));
  return row ?? null;
}

/** A request that may be seen, locked until the transaction ends, or null. */
export async function lockApproval(tx: Tx, id: string, scope: ApprovalScope): Promise<ApprovalRow | null> {
  const [row] = await tx
    .select()
    .from(approvals)
    .where(and(eq(approvals.id, id), inScope(scope)))
    .for('update');
  return row ?? null;
}

function inScope({ platforms, userId }: ApprovalScope): SQL | undefined {
  if (platforms === '*') return undefined;
  const readable = platforms.length === 0 ? sql`false` : inArray(approvals.platform, [...platforms]);
  return userId === null ? readable : or(readable, eq(approvals.requestedBy, userId));
}

/** As `approvalPhase`, in SQL: what ran out is not open, whatever its row says. */
function isOpen(now: Date): SQL {
  const at = instant(now);
  return sql`(${approvals.state} in ('pending', 'approved')
    and (${approvals.executeBefore} is null or ${approvals.executeBefore} > ${at})
    and (${approvals.state} = 'approved' or ${approvals.coolsOffAt} is not null or ${approvals.expiresAt} > ${at}))`;
}

/** True if the time of a request ran out and its row does not say so yet. */
export async function hasLapsed(db: ReadDb, now: Date): Promise<boolean> {
  const rows = await db.select({ id: approvals.id }).from(approvals).where(ranOut(now)).limit(1);
  return rows.length > 0;
}

/** Such requests, locked; those somebody else is settling are left to them. */
export async function lockLapsed(tx: Tx, now: Date, limit: number): Promise<ApprovalRow[]> {
  return tx.select().from(approvals).where(ranOut(now)).limit(limit).for('update', { skipLocked: true });
}

function ranOut(now: Date): SQL | undefined {
  return and(inArray(approvals.state, ['pending', 'approved']), not(isOpen(now)));
}

/** Moves a locked request on. */
export async function updateApproval(
  tx: Tx,
  id: string,
  change: Partial<Pick<ApprovalRow, 'state' | 'approvedAt' | 'executeBefore' | 'settledAt' | 'outcome'>>,
): Promise<void> {
  await tx.update(approvals).set(change).where(eq(approvals.id, id));
}

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

/** Names of people by id. */
export async function selectNames(db: ReadDb, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row.name]));
}
