import type { Exclusion, ExclusionCategory } from '@qd/shared/slo';
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { platforms } from '../platforms.ts';
import { slos } from '../slo.ts';

/** Time that does not count, as it is defined now. */
export const exclusions = pgTable(
  'exclusions',
  {
    id: text().primaryKey(),
    platformId: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    /** Null for every objective of the platform. */
    sloId: text().references(() => slos.id, { onDelete: 'cascade' }),
    category: text().$type<ExclusionCategory>().notNull(),
    reason: text().notNull(),
    startsAt: timestamp({ withTimezone: true }).notNull(),
    durationMs: bigint({ mode: 'number' }).notNull(),
    rrule: text(),
    timeZone: text().notNull(),
    version: integer().notNull().default(1),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    createdBy: text().notNull(),
    updatedAt: timestamp({ withTimezone: true }).notNull(),
    updatedBy: text().notNull(),
    withdrawnAt: timestamp({ withTimezone: true }),
    isDemo: boolean().notNull().default(false),
  },
  (t) => [index('exclusions_platform').on(t.platformId, t.startsAt)],
);

/** What an exclusion said before each change. */
export const exclusionVersions = pgTable(
  'exclusion_versions',
  {
    exclusionId: text()
      .notNull()
      .references(() => exclusions.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    definition: jsonb().$type<Exclusion>().notNull(),
    changedAt: timestamp({ withTimezone: true }).notNull(),
    changedBy: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.exclusionId, t.version] })],
);
