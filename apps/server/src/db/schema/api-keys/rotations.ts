import { sql } from 'drizzle-orm';
import { bigint, boolean, index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { apiKeys } from '../api-keys.ts';
import { bytea } from '../bytea.ts';
import { keyConsumers } from './consumers.ts';

/** An old key, its successor, and the time in which both work. */
export const keyRotations = pgTable(
  'key_rotations',
  {
    id: text().primaryKey(),
    oldKeyId: text()
      .notNull()
      .references(() => apiKeys.id),
    newKeyId: text()
      .notNull()
      .references(() => apiKeys.id),
    reason: text().notNull(),
    isEmergency: boolean().notNull().default(false),
    startedBy: text(),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    /** Hard end of the old key, never past its expiry. */
    deadlineAt: timestamp({ withTimezone: true }).notNull(),
    /** How long the old key works on after the successor's first use; null: until the deadline. */
    graceMs: bigint({ mode: 'number' }),
    /** End by that clock; null until the successor is used. */
    graceEndsAt: timestamp({ withTimezone: true }),
    /** Set when the rotation is over. */
    closedAt: timestamp({ withTimezone: true }),
    outcome: text({ enum: ['completed', 'closed_early', 'cancelled'] }),
    closedBy: text(),
  },
  (t) => [
    uniqueIndex('key_rotations_open')
      .on(t.oldKeyId)
      .where(sql`closed_at is null`),
    uniqueIndex('key_rotations_successor').on(t.newKeyId),
    index('key_rotations_started').on(t.oldKeyId, t.startedAt),
  ],
);

/** What consumers were told of a key's end, and whether they said they know. */
export const keyNotices = pgTable(
  'key_notices',
  {
    id: text().primaryKey(),
    keyId: text()
      .notNull()
      .references(() => apiKeys.id),
    consumerId: text()
      .notNull()
      .references(() => keyConsumers.id, { onDelete: 'cascade' }),
    /** Days before the end, negative after it: 7, 3, 1, 0, -1; null for a reminder sent by hand. */
    daysBefore: bigint({ mode: 'number' }),
    /** The end the notice speaks of; another one after an extension is told again. */
    endsAt: timestamp({ withTimezone: true }).notNull(),
    sentAt: timestamp({ withTimezone: true }).notNull(),
    tokenHash: bytea().notNull(),
    acknowledgedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('key_notices_token').on(t.tokenHash),
    uniqueIndex('key_notices_once')
      .on(t.keyId, t.consumerId, t.endsAt, t.daysBefore)
      .where(sql`days_before is not null`),
    index('key_notices_consumer').on(t.consumerId, t.sentAt),
  ],
);
