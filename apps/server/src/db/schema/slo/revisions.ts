import type { SloDefinition } from '@qd/shared/slo';
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { slos } from '../slo.ts';

/** Every definition an objective ever had; the newest is the one in force. */
export const sloRevisions = pgTable(
  'slo_revisions',
  {
    sloId: text()
      .notNull()
      .references(() => slos.id, { onDelete: 'cascade' }),
    revision: integer().notNull(),
    /** Counts this revision measured; shared with its neighbours where measuring went on. */
    sliId: integer().notNull(),
    definition: jsonb().$type<SloDefinition>().notNull(),
    isRemeasured: boolean().notNull().default(false),
    reason: text().notNull().default(''),
    changedAt: timestamp({ withTimezone: true }).notNull(),
    changedBy: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.sloId, t.revision] })],
);

/** Decisions to let releases pass a frozen budget. */
export const sloOverrides = pgTable(
  'slo_overrides',
  {
    id: text().primaryKey(),
    sloId: text()
      .notNull()
      .references(() => slos.id, { onDelete: 'cascade' }),
    reason: text().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    createdBy: text().notNull(),
    until: timestamp({ withTimezone: true }).notNull(),
    withdrawnAt: timestamp({ withTimezone: true }),
  },
  (t) => [index('slo_overrides_slo').on(t.sloId, t.until)],
);
