import { boolean, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { platforms } from './platforms.ts';

/** What went wrong, when, and how bad; the incident feature grows on it. */
export const incidents = pgTable(
  'incidents',
  {
    id: text().primaryKey(),
    platformId: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    severity: text().notNull(),
    title: text().notNull(),
    summary: text().notNull(),
    status: text({ enum: ['open', 'mitigating', 'resolved'] }).notNull(),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    resolvedAt: timestamp({ withTimezone: true }),
    isDemo: boolean().notNull().default(false),
  },
  (t) => [index('incidents_platform_started').on(t.platformId, t.startedAt)],
);
