import { sql, type SQL } from 'drizzle-orm';
import { approvals } from '../../../db/schema/index.ts';

/** An instant for comparing with columns. */
export const instant = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;

/** As `approvalPhase`, in SQL: what ran out is not open, whatever its row says. */
export function isOpen(now: Date): SQL {
  const at = instant(now);
  return sql`(${approvals.state} in ('pending', 'approved')
    and (${approvals.executeBefore} is null or ${approvals.executeBefore} > ${at})
    and (${approvals.state} = 'approved' or ${approvals.coolsOffAt} is not null or ${approvals.expiresAt} > ${at}))`;
}

/** As `approvalPhase` says `ready`. */
export function isReady(now: Date): SQL {
  return sql`(${isOpen(now)} and (${approvals.state} = 'approved' or ${approvals.coolsOffAt} <= ${instant(now)}))`;
}
