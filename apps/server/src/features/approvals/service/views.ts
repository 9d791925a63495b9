import { approvalPhase, isOpen, rulesProgress, type ApprovalRuleView, type ApprovalView } from '@qd/shared/approvals';
import { can } from '@qd/shared/permissions';
import type { ApprovalRow } from '../../../db/queries/approvals.ts';
import { agreedWith, refTo, takingPart, type Participants, wasHelpedIn } from './participants.ts';

/** For whom a request is shown, and when. */
export interface Showing extends Participants {
  /** Null for the command line. */
  readerId: string | null;
  now: Date;
}

/** A request as it is shown to a reader. */
export function approvalView(row: ApprovalRow, of: Showing): ApprovalView {
  const { id, kind, summary, reason, platform, params, outcome } = row;
  const rules = ruleViews(row, of);
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
    requestedBy: refTo(of, row.requestedBy),
    requestedAt: row.requestedAt.getTime(),
    expiresAt: row.expiresAt.getTime(),
    coolsOffAt: row.coolsOffAt?.getTime() ?? null,
    approvedAt: row.approvedAt?.getTime() ?? null,
    executeBefore: row.executeBefore?.getTime() ?? null,
    settledAt: row.settledAt?.getTime() ?? null,
    votes: of.votes
      .filter((vote) => vote.approvalId === id)
      .map(({ userId, decision, at, reason: why }) => ({
        by: refTo(of, userId),
        decision,
        reason: why,
        at: at.getTime(),
      })),
    may: mayOf(row, rules, of),
  };
}

function ruleViews(row: ApprovalRow, of: Showing): ApprovalRuleView[] {
  if (!isOpen(approvalPhase(row, of.now))) {
    return row.rules.map((rule) => ({ ...rule, metBy: [], missing: null, byMe: false }));
  }
  const reader = decider(row, of);
  const mayAgree = reader !== null && !wasHelpedIn(row, reader.id, of);
  const progress = rulesProgress(row, agreedWith(row, of), mayAgree ? reader : null);
  return row.rules.map((rule, index) => {
    const { metBy = [], missing = rule.approvals, byReader = false } = progress[index] ?? {};
    return { ...rule, metBy: metBy.map((id) => refTo(of, id)), missing, byMe: byReader };
  });
}

/** The reader, if they may still say something about the request; null otherwise. */
function decider(row: ApprovalRow, of: Showing) {
  const { readerId, now, votes } = of;
  const hasSpoken = votes.some((vote) => vote.approvalId === row.id && vote.userId === readerId);
  if (readerId === null || hasSpoken || row.state !== 'pending' || !isOpen(approvalPhase(row, now))) return null;
  const approver = takingPart(row, readerId, of);
  return approver !== null && can(approver.grants, 'approvals:decide', row.platform) ? approver : null;
}

function mayOf(row: ApprovalRow, rules: readonly ApprovalRuleView[], of: Showing): ApprovalView['may'] {
  const phase = approvalPhase(row, of.now);
  const isOwn = of.readerId !== null && row.requestedBy === of.readerId;
  return {
    approve: rules.some((rule) => rule.byMe),
    // Who may not let it through may still stop it.
    reject: decider(row, of) !== null,
    cancel: isOwn && isOpen(phase),
    execute: isOwn && phase === 'ready',
  };
}
