import { randomBytes } from 'node:crypto';
import {
  approvalPhase,
  EXECUTE_WITHIN_MS,
  isOpen,
  meetsRule,
  rulesMet,
  rulesProgress,
  type ApprovalPhase,
  type Approver,
  type DecideApprovalInput,
} from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import { can } from '@qd/shared/permissions';
import { noticeWords } from '@qd/shared/users';
import type { Tx } from '../../../db/client.ts';
import type { ApprovalRow } from '../../../db/queries/approvals.ts';
import { selectActivePerson } from '../../../db/queries/holders.ts';
import { isTaken } from '../../../db/taken.ts';
import { denied } from '../../../platform/access.ts';
import { APPROVALS_PAGE } from '../../../platform/approvals.ts';
import type { Ctx } from '../../../platform/context.ts';
import { notice } from '../../../platform/notices.ts';
import { write, type AuditEntry } from '../../../platform/write.ts';
import { lockApproval, updateApproval } from '../queries/requests.ts';
import { insertVote, ONE_VOICE } from '../queries/voices.ts';
import { agreedWith, participantsOf, takingPart, type Participants, wasHelpedIn } from './participants.ts';
import { approvalScope, noSuchRequest } from './read.ts';

/** Where a request stands after somebody spoke or withdrew it. */
export interface ApprovalProgress {
  phase: ApprovalPhase;
  /** Until when (epoch ms) it may be carried out, once it is ready. */
  executeBefore: number | null;
}

/**
 * Approves or rejects somebody else's request. One rejection ends it; it is approved when distinct people meet every rule,
 * and from that moment may be carried out for 30 minutes. Throws `not_found`, `forbidden` for one's own request or for who
 * does not count, and `conflict` when it is settled, the caller has spoken, or others met all that the caller could.
 */
export async function decideApproval(ctx: Ctx, input: DecideApprovalInput): Promise<ApprovalProgress> {
  const progress = await refusingSecondVoices(() =>
    write(ctx, async (tx, record) => {
      const row = await lockedOpen(ctx, tx, input.id);
      const userId = await assertMayDecide(ctx, tx, row, input.decision);
      const now = ctx.now();
      const { decision, reason } = input;
      await insertVote(tx, {
        id: `vot_${randomBytes(9).toString('base64url')}`,
        approvalId: row.id,
        userId,
        decision,
        reason,
        at: now,
      });
      const after = decision === 'reject' ? rejection(ctx) : await approvalIfMet(ctx, tx, row);
      if (after !== null) await updateApproval(tx, row.id, after);
      record(decisionEntry(row, input, after?.state ?? row.state));
      await tellRequester(ctx, tx, row, input);
      const moved = { ...row, ...after };
      return { phase: approvalPhase(moved, now), executeBefore: moved.executeBefore?.getTime() ?? null };
    }),
  );
  ctx.hub.publish('approvals');
  return progress;
}

/** Withdraws one's own request. Throws `not_found`, `forbidden` for somebody else's, and `conflict` when it is settled. */
export async function cancelApproval(ctx: Ctx, id: string): Promise<void> {
  await write(ctx, async (tx, record) => {
    const row = await lockedOpen(ctx, tx, id);
    assertRequester(ctx, row, 'withdraws');
    await updateApproval(tx, id, { state: 'cancelled', settledAt: ctx.now(), outcome: 'Withdrawn by who asked.' });
    record({
      action: 'approvals.cancelled',
      category: 'approvals',
      platform: row.platform,
      target: { kind: 'approval', id },
      details: { kind: row.kind, summary: row.summary },
      before: { state: row.state },
      after: { state: 'cancelled' },
    });
  });
  ctx.hub.publish('approvals');
}

/** Passes for whoever asked. Throws `forbidden`, which the log keeps. */
export function assertRequester({ actor }: Pick<Ctx, 'actor'>, row: ApprovalRow, verb: string): void {
  if (actor.kind === 'user' && actor.id === row.requestedBy) return;
  throw denied(
    { permission: 'approvals:decide', platform: row.platform },
    'forbidden',
    `Only who asked ${verb} a request.`,
  );
}

async function lockedOpen(ctx: Ctx, tx: Tx, id: string): Promise<ApprovalRow> {
  const row = await lockApproval(tx, id, approvalScope(ctx));
  if (row === null) throw noSuchRequest();
  const phase = approvalPhase(row, ctx.now());
  if (isOpen(phase)) return row;
  throw new DomainError('conflict', `This request is ${phase} already; nothing was changed.`);
}

async function assertMayDecide(
  ctx: Ctx,
  tx: Tx,
  row: ApprovalRow,
  decision: DecideApprovalInput['decision'],
): Promise<string> {
  const { actor } = ctx;
  const refuse = (message: string): DomainError =>
    denied({ permission: 'approvals:decide', platform: row.platform }, 'forbidden', message);
  if (actor.kind !== 'user' || actor.id === null) throw refuse('Requests are decided by people, signed in.');
  if (actor.id === row.requestedBy) throw refuse('Nobody decides about their own request; ask somebody else.');
  if (row.state !== 'pending') throw new DomainError('conflict', 'This request is approved already.');
  const among = await participantsOf(tx, [row], { readerId: actor.id, now: ctx.now() });
  const approver = takingPart(row, actor.id, among);
  if (approver === null || !can(approver.grants, 'approvals:decide', row.platform)) {
    throw refuse('This takes the permission approvals:decide where the request is for.');
  }
  if (decision === 'approve') assertCounts(row, approver, { among, refuse });
  return actor.id;
}

function assertCounts(
  row: ApprovalRow,
  approver: Approver,
  { among, refuse }: { among: Participants; refuse: (message: string) => DomainError },
): void {
  if (wasHelpedIn(row, approver.id, among)) {
    throw refuse('You got in, or got a role, through whoever asks within the last day; somebody else must agree.');
  }
  if (!row.rules.some((rule) => meetsRule(rule, row.platform, approver))) {
    throw refuse('Nobody lets through what they could not give; this takes somebody who holds all of it.');
  }
  // Whoever has spoken is told so by the store, which also sees those who speak twice at once.
  if (among.votes.some((vote) => vote.userId === approver.id)) return;
  if (rulesProgress(row, agreedWith(row, among), approver).some((rule) => rule.byReader)) return;
  throw new DomainError(
    'conflict',
    'Others have agreed to all that you could agree to; what is still open takes somebody who holds more.',
  );
}

function rejection(ctx: Ctx): Partial<ApprovalRow> & Pick<ApprovalRow, 'state'> {
  return { state: 'rejected', settledAt: ctx.now(), outcome: `Rejected by ${ctx.actor.name}.` };
}

/** What the request becomes when all who agreed, and still may, meet every rule; null when more must agree. */
async function approvalIfMet(
  ctx: Ctx,
  tx: Tx,
  row: ApprovalRow,
): Promise<(Partial<ApprovalRow> & Pick<ApprovalRow, 'state'>) | null> {
  const now = ctx.now();
  if (!(await isAgreed(tx, row, now))) return null;
  return { state: 'approved', approvedAt: now, executeBefore: new Date(now.getTime() + EXECUTE_WITHIN_MS) };
}

/** True if those who approved, and still may, meet every rule of the request at the instant. */
export async function isAgreed(tx: Tx, row: ApprovalRow, now: Date): Promise<boolean> {
  const among = await participantsOf(tx, [row], { readerId: null, now });
  return rulesMet(row.rules, row.platform, agreedWith(row, among));
}

function decisionEntry(row: ApprovalRow, input: DecideApprovalInput, state: ApprovalRow['state']): AuditEntry {
  return {
    action: 'approvals.decided',
    category: 'approvals',
    level: 'warning',
    platform: row.platform,
    target: { kind: 'approval', id: row.id },
    details: { kind: row.kind, summary: row.summary, decision: input.decision, reason: input.reason },
    before: { state: row.state },
    after: { state },
  };
}

async function tellRequester(ctx: Ctx, tx: Tx, row: ApprovalRow, input: DecideApprovalInput): Promise<void> {
  const to = await selectActivePerson(tx, row.requestedBy);
  if (to === null) return;
  const { decision, reason } = input;
  const words = noticeWords('approvals.decided', { by: ctx.actor.name, summary: row.summary, decision, reason });
  await notice(tx, ctx, { to, ...words, url: APPROVALS_PAGE });
}

async function refusingSecondVoices<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isTaken(error, ONE_VOICE)) throw error;
    throw new DomainError('conflict', 'You have decided about this request already.', { cause: error });
  }
}
