import type { ApprovalListInput, ApprovalView } from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import type { ApprovalRow } from '../../../db/queries/approvals.ts';
import { selectActingGrants } from '../../../db/queries/grants.ts';
import { approverOf } from '../../../platform/approvals.ts';
import type { Ctx } from '../../../platform/context.ts';
import { selectApproval, selectApprovals, selectNames, selectVotes, type ApprovalScope } from '../queries.ts';
import { approvalViews } from './views.ts';

type ReadCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

/** Which requests the caller may see: those of their platforms, and their own. */
export function approvalScope({ actor }: Pick<Ctx, 'actor'>): ApprovalScope {
  return { platforms: platformsWith(actor.grants, 'approvals:read'), userId: actor.kind === 'user' ? actor.id : null };
}

/** One page of requests, newest first. Throws `invalid` for a foreign marker. */
export async function listApprovals(ctx: ReadCtx, input: ApprovalListInput): Promise<Page<ApprovalView>> {
  const { cursor, limit, state = null, mine = false } = input;
  const found = await selectApprovals(ctx.db, {
    scope: approvalScope(ctx),
    mineOnly: mine,
    state,
    now: ctx.now(),
    after: cursor === undefined ? null : positionOf(cursor),
    limit,
  });
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return {
    rows: await viewsOf(ctx, rows),
    nextCursor: last === undefined ? null : `${last.requestedAt.getTime()}.${last.id}`,
  };
}

/** One request. Throws `not_found`, for those the caller may not see too. */
export async function getApproval(ctx: ReadCtx, id: string): Promise<ApprovalView> {
  const row = await selectApproval(ctx.db, id, approvalScope(ctx));
  const [view] = row === null ? [] : await viewsOf(ctx, [row]);
  if (view === undefined) throw noSuchRequest();
  return view;
}

/** The refusal of a request that is not there, or not to be seen. */
export function noSuchRequest(): DomainError {
  return new DomainError('not_found', 'There is no such request; load the list again.');
}

async function viewsOf(ctx: ReadCtx, rows: readonly ApprovalRow[]): Promise<ApprovalView[]> {
  const { actor } = ctx;
  const now = ctx.now();
  const votes = await selectVotes(
    ctx.db,
    rows.map((row) => row.id),
  );
  const names = await selectNames(ctx.db, [...rows.map((row) => row.requestedBy), ...votes.map((vote) => vote.userId)]);
  const readerId = actor.kind === 'user' ? actor.id : null;
  const approver = readerId === null ? null : approverOf(readerId, await selectActingGrants(ctx.db, readerId, now));
  return approvalViews(rows, { votes, names, reader: { id: readerId, approver }, now });
}

function positionOf(cursor: string): { at: Date; id: string } {
  const [, ms, id] = /^(\d{1,15})\.(apr_[A-Za-z0-9_-]{4,40})$/.exec(cursor) ?? [];
  if (ms !== undefined && id !== undefined) return { at: new Date(Number(ms)), id };
  const message = 'is not a marker of this list; begin at its first page';
  throw new DomainError('invalid', `cursor ${message}.`, { fields: [{ field: 'cursor', message }] });
}
