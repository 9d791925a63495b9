import { index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytea } from '../bytea.ts';
import { users } from '../users.ts';

/** Single-use links that let an invited person in with a first role. Only the SHA-256 of the token is stored. */
export const invitations = pgTable(
  'invitations',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tokenHash: bytea().notNull(),
    role: text().notNull(),
    platform: text().notNull(),
    reason: text().notNull(),
    /** End of the grant the invitation brings; null: until it is taken back. */
    grantExpiresAt: timestamp({ withTimezone: true }),
    invitedBy: text().references(() => users.id, { onDelete: 'set null' }),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    acceptedAt: timestamp({ withTimezone: true }),
    revokedAt: timestamp({ withTimezone: true }),
  },
  (t) => [uniqueIndex('invitations_token_hash').on(t.tokenHash), index('invitations_user').on(t.userId)],
);

/** Single-use links back in, made by someone who may help: a new password, or second factors taken off. */
export const resetLinks = pgTable(
  'reset_links',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tokenHash: bytea().notNull(),
    kind: text({ enum: ['password', 'factors'] }).notNull(),
    createdBy: text(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    usedAt: timestamp({ withTimezone: true }),
  },
  (t) => [uniqueIndex('reset_links_token_hash').on(t.tokenHash), index('reset_links_user').on(t.userId)],
);
