import { slotRoles } from '@qd/shared/oncall';
import { boolean, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { platforms } from './platforms.ts';
import { users } from './users.ts';

/**
 * Who is on call for a platform from an instant to an instant. Rows are never deleted by hand: a slot that is given up keeps its
 * plan and says when it ended. The database itself lets no two slots of a role, nor two of a person, overlap on a platform.
 */
export const oncallSlots = pgTable(
  'oncall_slots',
  {
    id: text().primaryKey(),
    platformId: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text({ enum: slotRoles }).notNull(),
    startsAt: timestamp({ withTimezone: true }).notNull(),
    /** As planned; a slot that ended early keeps it. */
    endsAt: timestamp({ withTimezone: true }).notNull(),
    note: text().notNull().default(''),
    /** Rises with every change; a change names the one it saw. */
    version: integer().notNull().default(1),
    isDemo: boolean().notNull().default(false),
    /** Id of the person; null for the command line. */
    createdBy: text(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    /** When the slot was given up; not later than `endsAt`, and before `startsAt` when it never began. */
    endedAt: timestamp({ withTimezone: true }),
    endedBy: text(),
    endedReason: text(),
  },
  (t) => [
    index('oncall_slots_platform').on(t.platformId, t.startsAt),
    index('oncall_slots_person').on(t.userId, t.endsAt),
    index('oncall_slots_starts').on(t.startsAt, t.id),
  ],
);
