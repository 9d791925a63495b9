import { sql } from 'drizzle-orm';
import { index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { apiKeys } from '../api-keys.ts';
import { bytea } from '../bytea.ts';

/** Who uses a key and its successors: a program with somebody to tell when the key ends. */
export const keyConsumers = pgTable(
  'key_consumers',
  {
    id: text().primaryKey(),
    /** `lineage_id` of the keys. */
    lineageId: text().notNull(),
    name: text().notNull(),
    ownerName: text().notNull(),
    channel: text({ enum: ['email', 'slack', 'webhook'] }).notNull(),
    /** Address for e-mail; a name of the channel for Slack; a URL for webhooks. */
    address: text().notNull(),
    /** Who gave the address; null: the command line or the console, or not kept yet (see `addressScopes`). */
    addressSetBy: text(),
    /** Permissions of the console on the keys that who gave the address could give then; null: it was not kept yet. */
    addressScopes: text().array(),
    /** CIDR ranges and beginnings of user agents by which its calls are told from others'. Both empty: not told apart. */
    ranges: text()
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    agents: text()
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    createdBy: text(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    removedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    index('key_consumers_lineage').on(t.lineageId),
    uniqueIndex('key_consumers_name')
      .on(t.lineageId, t.name)
      .where(sql`removed_at is null`),
  ],
);

/** Single-use links by which whoever is to use a key draws its secret. Only the SHA-256 of the token is stored. */
export const keyClaims = pgTable(
  'key_claims',
  {
    id: text().primaryKey(),
    keyId: text()
      .notNull()
      .references(() => apiKeys.id),
    tokenHash: bytea().notNull(),
    recipientName: text().notNull(),
    recipientEmail: text().notNull(),
    createdBy: text(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    claimedAt: timestamp({ withTimezone: true }),
    claimedFrom: text(),
    /** Taken back, or replaced by another link. */
    cancelledAt: timestamp({ withTimezone: true }),
  },
  (t) => [uniqueIndex('key_claims_token').on(t.tokenHash), index('key_claims_key').on(t.keyId)],
);
