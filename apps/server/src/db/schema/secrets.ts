import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { platforms } from './platforms.ts';
import { users } from './users.ts';

/** Secrets the console does not hold but sees rotated in time: passwords of stores, credentials of services. */
export const secrets = pgTable(
  'secrets',
  {
    id: text().primaryKey(),
    platform: text()
      .notNull()
      .references(() => platforms.id, { onDelete: 'cascade' }),
    /** As the platform calls it, e.g. `POSTGRES_PASSWORD`. Never its value. */
    name: text().notNull(),
    description: text().notNull().default(''),
    ownerId: text().references(() => users.id, { onDelete: 'set null' }),
    /** Who answers for it where no person of the console does. */
    ownerName: text().notNull().default(''),
    procedureUrl: text(),
    procedure: text().notNull().default(''),
    cadence: text({ enum: ['days', 'quarterly', 'yearly', 'manual'] }).notNull(),
    /** Days between rotations, with cadence `days`. */
    everyDays: integer(),
    lastRotatedAt: timestamp({ withTimezone: true }),
    nextDueAt: timestamp({ withTimezone: true }),
    isDemo: boolean().notNull().default(false),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    updatedAt: timestamp({ withTimezone: true }).notNull(),
    archivedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('secrets_name')
      .on(t.platform, t.name)
      .where(sql`archived_at is null`),
    index('secrets_due').on(t.nextDueAt),
  ],
);

/** Every rotation of a secret, with what shows that it happened. */
export const secretRotations = pgTable(
  'secret_rotations',
  {
    id: text().primaryKey(),
    secretId: text()
      .notNull()
      .references(() => secrets.id, { onDelete: 'cascade' }),
    rotatedAt: timestamp({ withTimezone: true }).notNull(),
    evidence: text().notNull(),
    evidenceUrl: text(),
    recordedBy: text(),
    recordedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [index('secret_rotations_secret').on(t.secretId, t.rotatedAt)],
);
