import { approvalPhase, isOpen, meetsRule, type Approver, type ApprovalView } from '@qd/shared/approvals';
import type { PersonRef } from '@qd/shared/users';
import type { ApprovalRow } from '../../../db/queries/approvals.ts';
import type { VoteRow } from '../queries.ts';

/** Who looks at requests. */
export interface Reader {
  id: string | null;
  /** The reader as the rules see them; null for the command line. */
  approver: Approver | null;
}

/** Requests as they are shown to a reader. */
export function approvalViews(
  rows: readonly ApprovalRow[],
  of: { votes: readonly VoteRow[]; names: ReadonlyMap<string, string>; reader: Reader; now: Date },
): ApprovalView[] {
  const ref = (id: string): PersonRef => ({ id, name: of.names.get(id) ?? null });
  return rows.map((row) => {
    const { id, kind, summary, reason, platform, params, rules, outcome } = row;
    const votes = of.votes.filter((vote) => vote.approvalId === id);
    return {
      id,
      kind,
      summary,
      reason,
      platform,
      params,
      rules,
      outcome,
      phase: approvalPhase(row, of.now),
      requestedBy: ref(row.requestedBy),
      requestedAt: row.requestedAt.getTime(),
      expiresAt: row.expiresAt.getTime(),
      coolsOffAt: row.coolsOffAt?.getTime() ?? null,
      approvedAt: row.approvedAt?.getTime() ?? null,
      executeBefore: row.executeBefore?.getTime() ?? null,
      settledAt: row.settledAt?.getTime() ?? null,
      votes: votes.map(({ userId, decision, at, reason: why }) => ({
        by: ref(userId),
        decision,
        reason: why,
        at: at.getTime(),
      })),
      may: mayOf(row, votes, of),
    };
  });
}

function mayOf(
  row: ApprovalRow,
  votes: readonly VoteRow[],
  { reader, now }: { reader: Reader; now: Date },
): ApprovalView['may'] {
  const phase = approvalPhase(row, now);
  const isOwn = reader.id !== null && row.requestedBy === reader.id;
  const { approver } = reader;
  const hasSpoken = votes.some((vote) => vote.userId === reader.id);
  const counts = approver !== null && row.rules.some((rule) => meetsRule(rule, row.platform, approver));
  return {
    decide: row.state === 'pending' && isOpen(phase) && !isOwn && !hasSpoken && counts,
    cancel: isOwn && isOpen(phase),
    execute: isOwn && phase === 'ready',
  };
}
