import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** Lasting facts about the installation, e.g. whether the demo was loaded or removed. */
export const facts = pgTable('facts', {
  key: text().primaryKey(),
  value: jsonb().$type<unknown>().notNull(),
  updatedAt: timestamp({ withTimezone: true }).notNull(),
});
