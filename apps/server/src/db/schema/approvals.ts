import { approvalStates, type ApprovalRule } from '@qd/shared/approvals';
import type { JsonObject } from '@qd/shared/audit';
import { index, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

/** Requests for acts that need a second pair of eyes; kept for ever. */
export const approvals = pgTable(
  'approvals',
  {
    id: text().primaryKey(),
    /** `feature.verb` of the act. */
    kind: text().notNull(),
    /** The exact input of the act; what is executed is this and nothing else. */
    params: jsonb().$type<JsonObject>().notNull(),
    /** SHA-256 of the canonical text of kind and params. */
    paramsHash: bytea().notNull(),
    /** One sentence people decide on. */
    summary: text().notNull(),
    platform: text(),
    rules: jsonb().$type<ApprovalRule[]>().notNull(),
    reason: text().notNull(),
    /** Plain ids here and in the votes: what was decided outlives the people. */
    requestedBy: text().notNull(),
    requestedAt: timestamp({ withTimezone: true }).notNull(),
    /** Without the agreement it needs by then, it lapses. */
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    state: text({ enum: approvalStates }).notNull(),
    /** Where nobody else could agree: the act may run from then on. */
    coolsOffAt: timestamp({ withTimezone: true }),
    approvedAt: timestamp({ withTimezone: true }),
    /** Counted from the approval. */
    executeBefore: timestamp({ withTimezone: true }),
    settledAt: timestamp({ withTimezone: true }),
    outcome: text(),
  },
  (t) => [index('approvals_state').on(t.state, t.requestedAt), index('approvals_requested_by').on(t.requestedBy)],
);

/** What each approver said; one voice per person. */
export const approvalVotes = pgTable(
  'approval_votes',
  {
    id: text().primaryKey(),
    approvalId: text()
      .notNull()
      .references(() => approvals.id),
    userId: text().notNull(),
    decision: text({ enum: ['approve', 'reject'] }).notNull(),
    reason: text().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [uniqueIndex('approval_votes_one').on(t.approvalId, t.userId)],
);
