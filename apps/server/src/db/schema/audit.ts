import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

/**
 * Append-only log of human acts and refusals; each row carries the hash of the row before.
 * Column names follow the HashInsight manual's JSON fields where it has one.
 */
export const auditEvents = pgTable(
  'audit_events',
  {
    seq: bigint({ mode: 'number' }).primaryKey(),
    eventId: text().notNull().unique('audit_events_event_id'),
    timestamp: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    level: text({ enum: ['info', 'warning', 'critical'] }).notNull(),
    category: text().notNull(),
    action: text().notNull(),
    status: text({ enum: ['success', 'denied', 'failure'] }).notNull(),
    actorKind: text({ enum: ['user', 'key', 'system', 'cli', 'anonymous'] }).notNull(),
    userId: text(),
    userEmail: text(),
    userRole: text(),
    ipAddress: text(),
    requestId: text().notNull(),
    platform: text(),
    targetKind: text(),
    targetId: text(),
    details: jsonb().$type<Record<string, unknown>>().notNull(),
    before: jsonb().$type<Record<string, unknown> | null>(),
    after: jsonb().$type<Record<string, unknown> | null>(),
    /** Who acted in the person's name; always null until impersonation exists. */
    impersonatorId: text(),
    prevHash: bytea().notNull(),
    hash: bytea().notNull(),
  },
  (t) => [
    index('audit_events_time').on(t.timestamp),
    index('audit_events_action').on(t.action, t.seq),
    index('audit_events_user').on(t.userId, t.seq),
    index('audit_events_email').on(sql`lower(${t.userEmail})`, t.seq),
    index('audit_events_target').on(t.targetKind, t.targetId, t.seq),
    index('audit_events_status').on(t.status, t.seq),
    index('audit_events_platform').on(t.platform, t.seq),
  ],
);

/** The one row that names the head of the chain; writers lock it. */
export const auditHead = pgTable('audit_head', {
  id: text().primaryKey(),
  seq: bigint({ mode: 'number' }).notNull(),
  hash: bytea().notNull(),
});
