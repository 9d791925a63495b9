import { boolean, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

/** Roles made here. The built-in ones are code and never stored. */
export const roles = pgTable(
  'roles',
  {
    /** `role_…`; never the name of a built-in role. */
    id: text().primaryKey(),
    title: text().notNull(),
    titleKey: text().notNull(),
    description: text().notNull(),
    permissions: text().array().notNull(),
    /** The role it was cloned from. */
    base: text(),
    isArchived: boolean().notNull().default(false),
    version: integer().notNull().default(1),
    createdBy: text(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    updatedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [uniqueIndex('roles_title_key').on(t.titleKey)],
);
