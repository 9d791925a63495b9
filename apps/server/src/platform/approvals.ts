import { createHash, randomBytes } from 'node:crypto';
import {
  approvalPhase,
  COOLING_OFF_MS,
  EXECUTE_WITHIN_MS,
  REQUEST_LIFE_MS,
  rulesMet,
  type ActOutcome,
  type ApprovalNotice,
  type ApprovalRule,
  type Approver,
} from '@qd/shared/approvals';
import { canonicalJson, logText, type JsonObject } from '@qd/shared/audit';
import { DomainError } from '@qd/shared/errors';
import { DAY_MS } from '@qd/shared/time';
import { noticeWords } from '@qd/shared/users';
import type { ReadDb, Tx } from '../db/client.ts';
import { insertApproval, selectOpenApprovalsOf, type ApprovalRow } from '../db/queries/approvals.ts';
import {
  selectActingGrantsOf,
  selectActivePerson,
  selectHelpedIn,
  selectHolders,
  type Holder,
} from '../db/queries/holders.ts';
import type { LiveGrant } from '../db/queries/sessions.ts';
import type { Ctx } from './context.ts';
import { notice } from './notices.ts';
import { grantScopes } from './session.ts';
import type { AuditEntry } from './write.ts';

/** A risky act, exactly as it would be carried out. */
export interface RiskyAct {
  /** `feature.verb`; the verb that carries it out is plugged in under this name where the console is put together. */
  kind: string;
  /** The whole input of the verb. Kept for ever and shown to approvers: never a secret. */
  params: JsonObject;
  /** Platform the approvers must hold their permission on; null: all platforms. */
  platform: string | null;
  /** One sentence people decide on. */
  summary: string;
  /** From `rulesFor(risks)`; none means that the act needs nobody else. */
  rules: readonly ApprovalRule[];
  reason: string;
}

/**
 * Whoever makes a link back in may use it, and whoever invites somebody may have invented them: for so long such a person agrees
 * to nothing the other asks for, and everybody has the time to notice.
 */
export const HELPED_IN_MS = DAY_MS;

const MAX_OPEN_REQUESTS = 20;
const MAX_APPROVERS = 200;
const MAX_NOTICES = 20;
const MAX_SUMMARY = 500;
/** Where people decide, for notices. */
export const APPROVALS_PAGE = '/users/approvals';

/**
 * Null when the act may be done at once: it is not risky, the console or its command line acts, or this very act was
 * approved and is being carried out (`ctx.approved`). Otherwise stores a request in the caller's transaction, records it,
 * tells the approvers, and gives what to answer; the verb must then change nothing else, return, and publish `approvals`
 * after commit. Ask after the caller's own rights were checked. Throws `conflict` for what was asked for already or is not
 * what was approved, and `precondition` for too many open requests.
 */
export async function needsApproval(
  ctx: Ctx,
  tx: Tx,
  act: RiskyAct,
  record: (entry: AuditEntry) => void,
): Promise<ApprovalNotice | null> {
  const { actor } = ctx;
  if (act.rules.length === 0 || actor.kind === 'cli' || actor.kind === 'system') return null;
  if (actor.kind !== 'user' || actor.id === null) {
    throw new DomainError('forbidden', 'This act needs a second person and is for people only.');
  }
  const paramsHash = approvalHash(act);
  if (ctx.approved !== undefined) {
    assertApproved(ctx.approved, act, paramsHash);
    return null;
  }
  const requester = { id: actor.id, name: actor.name };
  await assertNotAsked(tx, requester.id, { paramsHash, now: ctx.now() });
  return storeRequest({ ctx, tx, record }, act, { requester, paramsHash });
}

/** SHA-256 of the canonical text of what is to be done: approval is for this and nothing else. */
export function approvalHash(act: Pick<RiskyAct, 'kind' | 'params'>): Uint8Array {
  return createHash('sha256')
    .update(canonicalJson({ kind: act.kind, params: act.params }), 'utf8')
    .digest();
}

/** The answer of an act that was done at once. */
export const doneAtOnce: ActOutcome = { approval: null };

/** Somebody who could agree to a request. */
export interface PossibleApprover extends Approver {
  person: Holder;
  /** Got in or got a role through the requester within the last day, and so agrees to nothing of theirs for now. */
  isHelpedIn: boolean;
  /** The same, and was not there at all before. */
  isNew: boolean;
}

/** People who could take part in a decision on the platform, with their grants; the requester is left out. */
export async function selectApprovers(
  db: ReadDb,
  request: { platform: string | null; requestedBy: string },
  now: Date,
): Promise<PossibleApprover[]> {
  const { platform, requestedBy } = request;
  const holders = await selectHolders(db, { permission: 'approvals:decide', platform, now, limit: MAX_APPROVERS });
  const requester = { id: requestedBy, isDemo: (await selectActivePerson(db, requestedBy))?.isDemo ?? false };
  const others = holders.filter((holder) => mayTakePart(holder, requester));
  const ids = others.map((holder) => holder.id);
  const grants = await selectActingGrantsOf(db, ids, now);
  const helped = (await selectHelpedIn(db, ids, new Date(now.getTime() - HELPED_IN_MS))).filter(
    ({ by }) => by === requestedBy,
  );
  return others.map((person) => ({
    ...approverOf(person.id, grants.get(person.id) ?? []),
    person,
    isHelpedIn: helped.some(({ userId }) => userId === person.id),
    isNew: helped.some(({ userId, isNew }) => userId === person.id && isNew),
  }));
}

/**
 * True if the person may take part in a decision about what the other asked for, as far as that hangs on who they are: nobody
 * decides for themselves, and accounts of the demo, which have no real person behind them, decide among themselves alone.
 */
export function mayTakePart(
  person: { id: string; isDemo: boolean },
  requester: { id: string; isDemo: boolean },
): boolean {
  return person.id !== requester.id && (requester.isDemo || !person.isDemo);
}

/** Somebody as the rules see them. */
export function approverOf(id: string, held: readonly LiveGrant[]): Approver {
  return { id, grants: grantScopes(held), isOwner: held.some((g) => g.role === 'owner' && g.platform === '*') };
}

interface Change {
  ctx: Ctx;
  tx: Tx;
  record: (entry: AuditEntry) => void;
}

async function storeRequest(
  { ctx, tx, record }: Change,
  act: RiskyAct,
  of: { requester: { id: string; name: string }; paramsHash: Uint8Array },
): Promise<ApprovalNotice> {
  const now = ctx.now();
  const approvers = await selectApprovers(tx, { platform: act.platform, requestedBy: of.requester.id }, now);
  // Whoever was there before counts, helped in or not: locking somebody out must not leave the requester alone.
  const independent = approvers.filter(({ isNew }) => !isNew);
  const isAlone = !rulesMet(act.rules, act.platform, independent);
  const row = requestRow(act, { paramsHash: of.paramsHash, requestedBy: of.requester.id, isAlone, now });
  await insertApproval(tx, row);
  const words = noticeWords('approvals.requested', {
    by: of.requester.name,
    summary: row.summary,
    reason: row.reason,
    expiresAt: (row.executeBefore ?? row.expiresAt).getTime(),
  });
  for (const { person } of approvers.slice(0, MAX_NOTICES)) {
    await notice(tx, ctx, { to: person, ...words, url: APPROVALS_PAGE });
  }
  const { kind, summary, reason, rules, state, expiresAt, coolsOffAt } = row;
  const hash = Buffer.from(row.paramsHash).toString('hex');
  record({
    action: 'approvals.requested',
    category: 'approvals',
    level: isAlone ? 'critical' : 'warning',
    platform: act.platform,
    target: { kind: 'approval', id: row.id },
    details: { kind, summary, reason, rules, paramsHash: hash, nobodyElseCouldAgree: isAlone },
    after: { state, expiresAt, coolsOffAt },
  });
  return {
    id: row.id,
    summary,
    phase: approvalPhase(row, now),
    expiresAt: expiresAt.getTime(),
    coolsOffAt: coolsOffAt?.getTime() ?? null,
  };
}

function requestRow(
  act: RiskyAct,
  of: Pick<ApprovalRow, 'paramsHash' | 'requestedBy'> & { isAlone: boolean; now: Date },
): ApprovalRow {
  const after = (ms: number): Date => new Date(of.now.getTime() + ms);
  return {
    id: `apr_${randomBytes(9).toString('base64url')}`,
    kind: act.kind,
    params: act.params,
    paramsHash: of.paramsHash,
    summary: logText(act.summary, MAX_SUMMARY),
    platform: act.platform,
    rules: [...act.rules],
    reason: act.reason,
    requestedBy: of.requestedBy,
    requestedAt: of.now,
    expiresAt: after(REQUEST_LIFE_MS),
    state: 'pending',
    coolsOffAt: of.isAlone ? after(COOLING_OFF_MS) : null,
    approvedAt: null,
    executeBefore: of.isAlone ? after(COOLING_OFF_MS + EXECUTE_WITHIN_MS) : null,
    settledAt: null,
    outcome: null,
  };
}

/** What is carried out must be what was agreed to, and must not take more agreement by now than it got. */
function assertApproved(approved: NonNullable<Ctx['approved']>, act: RiskyAct, paramsHash: Uint8Array): void {
  if (approved.kind !== act.kind || Buffer.compare(approved.paramsHash, paramsHash) !== 0) {
    throw new DomainError('conflict', 'This is not what was approved; ask again.');
  }
  const agreed = new Set(approved.rules.map(ruleText));
  const isWider = approved.platform !== null && approved.platform !== act.platform;
  if (isWider || !act.rules.every((rule) => agreed.has(ruleText(rule)))) {
    throw new DomainError('conflict', 'By now this takes more agreement than it got; ask again.');
  }
}

function ruleText({ permission, approvals, holds, ownersOnly }: ApprovalRule): string {
  const scopes = holds.map(({ platform, permissions }) => ({ platform, permissions: [...permissions].toSorted() }));
  return canonicalJson({ permission, approvals, holds: scopes, ownersOnly });
}

async function assertNotAsked(tx: Tx, userId: string, asked: { paramsHash: Uint8Array; now: Date }): Promise<void> {
  const open = (await selectOpenApprovalsOf(tx, userId)).filter((row) => approvalPhase(row, asked.now) !== 'lapsed');
  const same = open.find((row) => Buffer.compare(row.paramsHash, asked.paramsHash) === 0);
  if (same !== undefined) {
    throw new DomainError('conflict', `You have asked for this already; the request is ${same.id}.`);
  }
  if (open.length >= MAX_OPEN_REQUESTS) {
    throw new DomainError(
      'precondition',
      `You have ${open.length} open requests; cancel some, or wait until others have decided.`,
    );
  }
}
