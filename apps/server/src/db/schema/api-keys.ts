import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';
import { users } from './users.ts';

/** Machine callers. The secret is never stored, only its keyed hash. */
export const apiKeys = pgTable(
  'api_keys',
  {
    /** Public part of the key, shown everywhere. */
    id: text().primaryKey(),
    name: text().notNull(),
    platform: text().notNull(),
    environment: text({ enum: ['prod', 'staging', 'dev', 'test'] }).notNull(),
    hash: bytea().notNull(),
    pepperVersion: integer().notNull(),
    scopes: text()
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    ownerId: text().references(() => users.id),
    isDemo: boolean().notNull().default(false),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    expiresAt: timestamp({ withTimezone: true }),
    revokedAt: timestamp({ withTimezone: true }),
    lastUsedAt: timestamp({ withTimezone: true }),
  },
  (t) => [uniqueIndex('api_keys_hash').on(t.hash), index('api_keys_platform').on(t.platform)],
);
