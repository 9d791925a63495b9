import { z } from 'zod';
import type { JsonObject } from '../audit/index.ts';
import { pageInput } from '../paging/index.ts';
import { actReason, type PersonRef } from '../users/index.ts';
import type { ApprovalPhase } from './phase.ts';
import type { ApprovalRule } from './rules.ts';

/** Id of a request for approval. */
export const approvalId = z.string().regex(/^apr_[A-Za-z0-9_-]{4,40}$/, 'is not the id of a request');

/** Which requests to list. */
export const approvalListInput = pageInput.extend({
  /** `open`: still undecided or not carried out; `settled`: the others. */
  state: z.enum(['open', 'settled']).optional(),
  /** Only the caller's own. */
  mine: z.boolean().optional(),
  /** Only what waits for the caller: to agree to, or to carry out. A page may then hold fewer rows than asked for. */
  waiting: z.boolean().optional(),
});
export type ApprovalListInput = z.output<typeof approvalListInput>;

/** One request, by its id. */
export const approvalInput = z.strictObject({ id: approvalId });

/** A decision about somebody else's request. */
export const decideApprovalInput = z.strictObject({
  id: approvalId,
  decision: z.enum(['approve', 'reject'], 'is approve or reject'),
  reason: actReason,
});
export type DecideApprovalInput = z.output<typeof decideApprovalInput>;

/** What whoever asked for a risky act is told in place of its result. Instants are epoch ms. */
export interface ApprovalNotice {
  id: string;
  /** One sentence: what was asked for. */
  summary: string;
  phase: ApprovalPhase;
  /** Without the agreement it needs by then, the request lapses. */
  expiresAt: number;
  /** Set where nobody else could agree: the act may be carried out from then on. */
  coolsOffAt: number | null;
}

/** What a risky act answers: done, or asked for. */
export interface ActOutcome {
  /** Null when the act was done at once. */
  approval: ApprovalNotice | null;
}

/** What one approver said. */
export interface ApprovalVoteView {
  by: PersonRef;
  decision: 'approve' | 'reject';
  reason: string;
  at: number;
}

/** One rule of a request, and how far it has come. */
export interface ApprovalRuleView extends ApprovalRule {
  /** Who agreed and counts here by what they hold now; empty once the request is settled. */
  metBy: PersonRef[];
  /** How many more must agree; null once it is settled: what people held then is not known any more. */
  missing: number | null;
  /** True while the caller's own agreement would count here. */
  byMe: boolean;
}

/** A request as the screens show it. Instants are epoch ms. */
export interface ApprovalView {
  id: string;
  /** `feature.verb` of the act. */
  kind: string;
  summary: string;
  reason: string;
  /** Null: all platforms. */
  platform: string | null;
  /** The exact input of the act. */
  params: JsonObject;
  rules: ApprovalRuleView[];
  phase: ApprovalPhase;
  requestedBy: PersonRef;
  requestedAt: number;
  expiresAt: number;
  coolsOffAt: number | null;
  approvedAt: number | null;
  executeBefore: number | null;
  settledAt: number | null;
  outcome: string | null;
  votes: ApprovalVoteView[];
  /** What the caller may do with it now. */
  may: { approve: boolean; reject: boolean; cancel: boolean; execute: boolean };
}

/** One request with whom it could still be put to. */
export interface ApprovalDetail extends ApprovalView {
  /** For each of `rules`, some of those who may still agree besides the caller, and how many more there are. */
  askable: { people: PersonRef[]; more: number }[];
}

/** How many requests there are for a person. */
export interface ApprovalCounts {
  /** Those they may agree to. */
  toApprove: number;
  /** Their own that may be carried out now. */
  toExecute: number;
  /** True when more wait than were counted. */
  isCut: boolean;
  /** All open ones they may see. */
  open: number;
}
