import { boolean, index, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { apiKeys } from '../api-keys.ts';

/** A text somebody searched for our keys. The text itself is never stored. */
export const keyLeakReports = pgTable(
  'key_leak_reports',
  {
    id: text().primaryKey(),
    source: text({ enum: ['paste', 'file', 'cli'] }).notNull(),
    /** Where the text was found, in the words of who reported it. */
    place: text().notNull(),
    /** Since when it lay there, if known. */
    leakedAt: timestamp({ withTimezone: true }),
    characters: integer().notNull(),
    candidates: integer().notNull(),
    isDemo: boolean().notNull().default(false),
    reportedBy: text(),
    reportedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [index('key_leak_reports_at').on(t.reportedAt)],
);

/** A key that was found in such a text, and what was done about it. */
export const keyLeakHits = pgTable(
  'key_leak_hits',
  {
    reportId: text()
      .notNull()
      .references(() => keyLeakReports.id),
    keyId: text()
      .notNull()
      .references(() => apiKeys.id),
    action: text({ enum: ['quarantined', 'reported', 'ended_before'] }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.reportId, t.keyId] }), index('key_leak_hits_key').on(t.keyId)],
);
