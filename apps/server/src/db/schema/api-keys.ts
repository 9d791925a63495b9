import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';
import { users } from './users.ts';

/** Machine callers. The secret is never stored, only its keyed hash. Rows stay for ever: a key that was ours is known as such. */
export const apiKeys = pgTable(
  'api_keys',
  {
    /** Public part of the key, shown everywhere. Keys of a format without one are given an id of their own. */
    id: text().primaryKey(),
    name: text().notNull(),
    platform: text().notNull(),
    environment: text({ enum: ['prod', 'staging', 'dev', 'test'] }).notNull(),
    format: text({ enum: ['v2', 'seed16', 'opaque'] })
      .notNull()
      .default('v2'),
    /** What stands before the first `_`; empty for opaque keys. */
    prefix: text().notNull().default(''),
    /** Null until a claim link is opened: before that there is no secret. */
    hash: bytea(),
    pepperVersion: integer().notNull(),
    scopes: text()
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    ownerId: text().references(() => users.id),
    /** First key of the row of successors this one belongs to; consumers belong to all of them. */
    lineageId: text().notNull(),
    /** CIDR ranges the key may be used from; empty: from anywhere. */
    ipAllow: text()
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    rateLimitPerMin: integer(),
    isDemo: boolean().notNull().default(false),
    /** The key by which the console measures how soon ended keys are refused; no list shows it. */
    isProbe: boolean().notNull().default(false),
    createdBy: text(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    /** Last change of its name, scopes or limits; null before the first. */
    updatedAt: timestamp({ withTimezone: true }),
    /** When the secret came to be; null while its claim link waits. */
    activatedAt: timestamp({ withTimezone: true }),
    expiresAt: timestamp({ withTimezone: true }),
    /** When a rotation ends this key; null outside rotations. */
    endsAt: timestamp({ withTimezone: true }),
    quarantinedAt: timestamp({ withTimezone: true }),
    revokedAt: timestamp({ withTimezone: true }),
    /** Why it is revoked or quarantined. */
    endReason: text(),
    endedBy: text(),
    firstUsedAt: timestamp({ withTimezone: true }),
    lastUsedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('api_keys_hash').on(t.hash),
    index('api_keys_platform').on(t.platform),
    index('api_keys_lineage').on(t.lineageId),
    index('api_keys_owner').on(t.ownerId),
    index('api_keys_pepper').on(t.pepperVersion),
  ],
);
