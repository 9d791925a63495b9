import {
  isOpen,
  meetsRule,
  type ApprovalCounts,
  type ApprovalDetail,
  type ApprovalListInput,
  type ApprovalView,
} from '@qd/shared/approvals';
import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import type { ApprovalRow } from '../../../db/queries/approvals.ts';
import { selectApprovers } from '../../../platform/approvals.ts';
import type { Ctx } from '../../../platform/context.ts';
import { countOpenApprovals, selectApproval, selectApprovals, type ApprovalScope } from '../queries/requests.ts';
import type { WaitingFor } from '../queries/waiting.ts';
import { participantsOf } from './participants.ts';
import { approvalView } from './views.ts';

const MAX_COUNTED = 100;
const MAX_ASKABLE = 8;

type ReadCtx = Pick<Ctx, 'db' | 'now' | 'actor'>;

/** Which requests the caller may see: those of their platforms, and their own. */
export function approvalScope({ actor }: Pick<Ctx, 'actor'>): ApprovalScope {
  return { platforms: platformsWith(actor.grants, 'approvals:read'), userId: actor.kind === 'user' ? actor.id : null };
}

/** One page of the requests the caller may see, newest first. Throws `invalid` for a foreign marker. */
export async function listApprovals(ctx: ReadCtx, input: ApprovalListInput): Promise<Page<ApprovalView>> {
  const { cursor, limit, state = null, mine = false, waiting = false } = input;
  const person = waiting ? await waitingFor(ctx) : null;
  if (waiting && person === null) return { rows: [], nextCursor: null };
  const found = await selectApprovals(ctx.db, {
    scope: approvalScope(ctx),
    mineOnly: mine,
    state,
    waitingFor: person,
    now: ctx.now(),
    after: cursor === undefined ? null : positionOf(cursor),
    limit,
  });
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  const views = await viewsOf(ctx, rows);
  return {
    rows: waiting ? views.filter(({ may }) => may.approve || may.execute) : views,
    nextCursor: last === undefined ? null : `${last.requestedAt.getTime()}.${last.id}`,
  };
}

/** How many requests wait for the caller, counted up to 100, and how many are open. */
export async function countApprovals(ctx: ReadCtx): Promise<ApprovalCounts> {
  const { rows, nextCursor } = await listApprovals(ctx, { waiting: true, limit: MAX_COUNTED });
  return {
    toApprove: rows.filter(({ may }) => may.approve).length,
    toExecute: rows.filter(({ may }) => may.execute).length,
    isCut: nextCursor !== null,
    open: await countOpenApprovals(ctx.db, approvalScope(ctx), ctx.now()),
  };
}

/** One request. Throws `not_found`, for those the caller may not see too. */
export async function getApproval(ctx: ReadCtx, id: string): Promise<ApprovalDetail> {
  const row = await selectApproval(ctx.db, id, approvalScope(ctx));
  const [view] = row === null ? [] : await viewsOf(ctx, [row]);
  if (row === null || view === undefined) throw noSuchRequest();
  return { ...view, askable: await askableFor(ctx, row, view) };
}

/** The refusal of a request that is not there, or not to be seen. */
export function noSuchRequest(): DomainError {
  return new DomainError('not_found', 'There is no such request; load the list again.');
}

async function viewsOf(ctx: ReadCtx, rows: readonly ApprovalRow[]): Promise<ApprovalView[]> {
  const readerId = readerOf(ctx);
  const now = ctx.now();
  const among = await participantsOf(ctx.db, rows, { readerId, now });
  return rows.map((row) => approvalView(row, { ...among, readerId, now }));
}

/** For whom requests wait, or null when somebody looks who decides about none. */
async function waitingFor(ctx: ReadCtx): Promise<WaitingFor | null> {
  const id = readerOf(ctx);
  if (id === null) return null;
  const { people, approvers } = await participantsOf(ctx.db, [], { readerId: id, now: ctx.now() });
  const { grants = [], isOwner = false } = approvers.get(id) ?? {};
  const held = grants.flatMap(({ platform, permissions }) => permissions.map((one) => `${one}@${platform}`));
  return { id, isOwner, isDemo: people.get(id)?.isDemo ?? false, held };
}

const readerOf = ({ actor }: Pick<Ctx, 'actor'>): string | null => (actor.kind === 'user' ? actor.id : null);

/** For each rule whom it could still be put to, besides the reader and those who spoke. */
async function askableFor(ctx: ReadCtx, row: ApprovalRow, view: ApprovalView): Promise<ApprovalDetail['askable']> {
  const isUndecided = row.state === 'pending' && isOpen(view.phase);
  const approvers = isUndecided ? await selectApprovers(ctx.db, row, ctx.now()) : [];
  const spoken = new Set([readerOf(ctx), ...view.votes.map((vote) => vote.by.id)]);
  const left = approvers.filter((one) => !spoken.has(one.id) && !one.isHelpedIn);
  return view.rules.map((rule) => {
    const fitting = rule.missing === 0 ? [] : left.filter((one) => meetsRule(rule, row.platform, one));
    const people = fitting.slice(0, MAX_ASKABLE).map(({ person: { id, name } }) => ({ id, name }));
    return { people, more: fitting.length - people.length };
  });
}

function positionOf(cursor: string): { at: Date; id: string } {
  const [, ms, id] = /^(\d{1,14})\.(apr_[A-Za-z0-9_-]{4,40})$/.exec(cursor) ?? [];
  if (ms !== undefined && id !== undefined) return { at: new Date(Number(ms)), id };
  const message = 'is not a marker of this list; begin at its first page';
  throw new DomainError('invalid', `cursor ${message}.`, { fields: [{ field: 'cursor', message }] });
}
