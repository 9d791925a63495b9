import { boolean, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { platforms } from './platforms.ts';

/** A version that went live. */
export const deploys = pgTable(
  'deploys',
  {
    id: text().primaryKey(),
    platformId: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    service: text().notNull(),
    version: text().notNull(),
    summary: text().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
    /** End of the span in which errors are attributed to it; null means 30 minutes. */
    settledAt: timestamp({ withTimezone: true }),
    actor: text(),
    url: text(),
    isDemo: boolean().notNull().default(false),
  },
  (t) => [index('deploys_platform_at').on(t.platformId, t.at)],
);
