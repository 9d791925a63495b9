import { approvalPhase, rulesMet } from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import { noticeWords } from '@qd/shared/users';
import type { Tx } from '../../../db/client.ts';
import type { ApprovalRow } from '../../../db/queries/approvals.ts';
import { lockOwners } from '../../../db/queries/grants.ts';
import { selectActivePerson } from '../../../db/queries/holders.ts';
import { approvalHash, APPROVALS_PAGE, selectApprovers } from '../../../platform/approvals.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { Topic } from '../../../platform/hub.ts';
import { notice } from '../../../platform/notices.ts';
import { write, type AuditEntry } from '../../../platform/write.ts';
import { lockApproval, updateApproval } from '../queries/requests.ts';
import { selectVotes } from '../queries/voices.ts';
import type { ApprovableActs } from './acts.ts';
import { assertRequester, isAgreed } from './decide.ts';
import { approvalScope, noSuchRequest } from './read.ts';

/** An act that was approved and could not be done; its cause says why. */
class ActFailed extends Error {
  override readonly cause: DomainError;
  constructor(cause: DomainError) {
    super(cause.message, { cause });
    this.cause = cause;
  }
}

/** Failures that may pass by themselves, and leave the request as it is. */
const passing = new Set(['upstream', 'rate_limited', 'step_up', 'unauthenticated']);

/**
 * Carries out what the caller asked for and others agreed to, with exactly the stored input, in one transaction with the
 * settling of the request, and gives what the verb gives. Everybody's rights are checked again: the verb checks the caller's,
 * the votes count only of those who still may. Throws `not_found`, `forbidden` for somebody else's request, `conflict` when
 * it is not ready, and what the verb throws, which settles the request as failed.
 */
export async function executeApproval(ctx: Ctx, acts: ApprovableActs, id: string): Promise<unknown> {
  const topics = new Set<Topic>(['approvals']);
  try {
    return await write(ctx, (tx, record) => carryOut({ ctx, tx, record }, { acts, topics, id }));
  } catch (error) {
    if (!(error instanceof ActFailed)) throw error;
    await recordFailure(ctx, id, error.cause);
    throw error.cause;
  } finally {
    for (const topic of topics) ctx.hub.publish(topic);
  }
}

interface Change {
  ctx: Ctx;
  tx: Tx;
  record: (entry: AuditEntry) => void;
}

async function carryOut(
  change: Change,
  of: { acts: ApprovableActs; topics: Set<Topic>; id: string },
): Promise<unknown> {
  const { ctx, tx, record } = change;
  // Before the request, as acts that change who owns the console do it: two that wait for each other would both fail.
  await lockOwners(tx);
  const row = await lockedReady(ctx, tx, of.id);
  const act = Object.hasOwn(of.acts, row.kind) ? of.acts[row.kind] : undefined;
  if (act === undefined) throw new DomainError('precondition', `This console cannot carry out ${row.kind}.`);
  const result = await failingFor(async () => {
    await assertStillAgreed(ctx, tx, row);
    return act(within(ctx, tx, row, of.topics), row.params);
  });
  await updateApproval(tx, row.id, { state: 'executed', settledAt: ctx.now(), outcome: 'Carried out.' });
  record({ ...entryOf(row), details: { kind: row.kind, summary: row.summary }, after: { state: 'executed' } });
  await tellApprovers(change, row);
  return result;
}

/** The context of the verb: a part of this transaction, for this request; what it publishes waits for the commit. */
function within(ctx: Ctx, tx: Tx, row: ApprovalRow, topics: Set<Topic>): Ctx {
  const { id, kind, paramsHash, platform, rules } = row;
  const hub = { ...ctx.hub, publish: (topic: Topic) => void topics.add(topic) };
  return { ...ctx, db: tx, hub, approved: { id, kind, paramsHash, platform, rules } };
}

async function lockedReady(ctx: Ctx, tx: Tx, id: string): Promise<ApprovalRow> {
  const row = await lockApproval(tx, id, approvalScope(ctx));
  if (row === null) throw noSuchRequest();
  assertRequester(ctx, row, 'carries out');
  const phase = approvalPhase(row, ctx.now());
  if (phase === 'ready') return row;
  const waiting = phase === 'pending' || phase === 'cooling';
  const words = waiting ? 'not ready yet' : `${phase} already`;
  throw new DomainError('conflict', `This request is ${words}; nothing was changed.`);
}

/** The request is the one people agreed to, and they still may; where nobody could, still nobody can. */
async function assertStillAgreed(ctx: Ctx, tx: Tx, row: ApprovalRow): Promise<void> {
  if (Buffer.compare(approvalHash(row), row.paramsHash) !== 0) {
    throw new DomainError('conflict', 'What is stored is not what was asked for; ask again, and tell an owner.');
  }
  if (row.state === 'approved') {
    if (await isAgreed(tx, row, ctx.now())) return;
    throw new DomainError('conflict', 'Somebody who agreed may no longer do so; ask again.');
  }
  const approvers = await selectApprovers(tx, row, ctx.now());
  if (rulesMet(row.rules, row.platform, approvers)) {
    throw new DomainError('conflict', 'By now there is somebody else who can agree; ask again.');
  }
}

async function failingFor<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof DomainError && !passing.has(error.code)) throw new ActFailed(error);
    throw error;
  }
}

/** Settles the request in a transaction of its own: the one of the act was rolled back. */
async function recordFailure(ctx: Ctx, id: string, cause: DomainError): Promise<void> {
  await write(ctx, async (tx, record) => {
    const row = await lockApproval(tx, id, approvalScope(ctx));
    const isReady = row !== null && approvalPhase(row, ctx.now()) === 'ready';
    if (isReady) await updateApproval(tx, id, { state: 'failed', settledAt: ctx.now(), outcome: cause.message });
    record({
      ...(row === null ? failed : entryOf(row)),
      status: 'failure',
      details: { kind: row?.kind ?? null, summary: row?.summary ?? null, reason: cause.message },
      after: { state: isReady ? 'failed' : (row?.state ?? null) },
    });
  });
}

const failed: AuditEntry = { action: 'approvals.executed', category: 'approvals', level: 'critical' };

function entryOf(row: ApprovalRow): AuditEntry {
  return {
    ...failed,
    platform: row.platform,
    target: { kind: 'approval', id: row.id },
    before: { state: row.state },
  };
}

async function tellApprovers({ ctx, tx }: Change, row: ApprovalRow): Promise<void> {
  const words = noticeWords('approvals.executed', { by: ctx.actor.name, summary: row.summary });
  for (const { userId } of await selectVotes(tx, [row.id])) {
    const to = await selectActivePerson(tx, userId);
    if (to !== null) await notice(tx, ctx, { to, ...words, url: APPROVALS_PAGE });
  }
}
