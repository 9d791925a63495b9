import { boolean, index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { platforms } from '../platforms.ts';
import { origins, users } from '../users.ts';

/** An account a person has on one of the platforms, with that platform's own role; the console gives no right by it. */
export const memberships = pgTable(
  'memberships',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    platform: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    /** Name of a role in the platform's catalog, e.g. `broker`. */
    role: text().notNull(),
    state: text({ enum: ['active', 'suspended'] }).notNull(),
    reason: text().notNull(),
    grantedBy: text(),
    origin: text({ enum: origins }).notNull().default('console'),
    importId: text(),
    isDemo: boolean().notNull().default(false),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    updatedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [
    uniqueIndex('memberships_user_platform').on(t.userId, t.platform),
    index('memberships_platform').on(t.platform, t.role, t.userId),
  ],
);
