import { boolean, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Platforms the console watches. The id is the short name used in URLs, keys and scopes. */
export const platforms = pgTable('platforms', {
  id: text().primaryKey(),
  name: text().notNull(),
  isDemo: boolean().notNull().default(false),
  createdAt: timestamp({ withTimezone: true }).notNull(),
});
