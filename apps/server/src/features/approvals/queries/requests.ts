import { and, count, desc, eq, inArray, not, or, sql, type SQL } from 'drizzle-orm';
import type { ReadDb, Tx } from '../../../db/client.ts';
import type { ApprovalRow } from '../../../db/queries/approvals.ts';
import { approvals } from '../../../db/schema/index.ts';
import { instant, isOpen } from './phase.ts';
import { waitsFor, type WaitingFor } from './waiting.ts';

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
  /** Only those somebody counts for and has not spoken about, and their own that are ready; null: all. */
  waitingFor: WaitingFor | null;
  now: Date;
  after: { at: Date; id: string } | null;
  limit: number;
}

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
        page.waitingFor === null ? undefined : waitsFor(page.waitingFor, now),
        state === null ? undefined : state === 'open' ? isOpen(now) : not(isOpen(now)),
        after === null
          ? undefined
          : sql`(${approvals.requestedAt}, ${approvals.id}) < (${instant(after.at)}, ${after.id})`,
      ),
    )
    .orderBy(desc(approvals.requestedAt), desc(approvals.id))
    .limit(page.limit + 1);
}

/** How many open requests may be seen. */
export async function countOpenApprovals(db: ReadDb, scope: ApprovalScope, now: Date): Promise<number> {
  const [row] = await db
    .select({ open: count() })
    .from(approvals)
    .where(and(inScope(scope), isOpen(now)));
  return Number(row?.open ?? 0);
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
