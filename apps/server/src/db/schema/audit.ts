import { sql } from 'drizzle-orm';
import {
  bigint,
  type ExtraConfigColumn,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

/** The platform of a row as indexes hold it: empty where there is none, for absent values cannot be leapt over. */
const facetPlatform = (t: { platform: ExtraConfigColumn }) => sql`coalesce(${t.platform}, '')`;
const facetTargetKind = (t: { targetKind: ExtraConfigColumn }) => sql`coalesce(${t.targetKind}, '')`;

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
    // Every way in which these occur together, and the rows of each from the newest. The number is negated: no other
    // index gives that order, so that no plan walks the whole log for a way that seldom occurs.
    index('audit_events_facets').on(t.action, t.status, facetPlatform(t), facetTargetKind(t), sql`(-${t.seq})`),
    index('audit_events_user').on(t.userId, t.seq),
    index('audit_events_user_facets').on(
      t.userId,
      t.action,
      t.status,
      facetPlatform(t),
      facetTargetKind(t),
      sql`(-${t.seq})`,
    ),
    index('audit_events_email').on(sql`lower(${t.userEmail})`, t.seq),
    index('audit_events_target').on(t.targetKind, t.targetId, t.seq),
  ],
);

/**
 * Every address and every target there is in the log, once, kept by a trigger: a text is looked for in these, and then in the rows
 * of those that hold it.
 */
export const auditWords = pgTable(
  'audit_words',
  {
    /** Empty for the address of an actor. */
    targetKind: text().notNull(),
    /** An address in lower case, or the id of a target. */
    word: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.targetKind, t.word] })],
);

/** The one row that names the head of the chain; writers lock it. */
export const auditHead = pgTable('audit_head', {
  id: text().primaryKey(),
  seq: bigint({ mode: 'number' }).notNull(),
  hash: bytea().notNull(),
});
