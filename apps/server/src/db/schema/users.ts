import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, smallint, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

/** How a person, a grant or an account on a platform came to be. */
export const origins = ['console', 'invitation', 'import', 'oidc', 'cli', 'demo'] as const;

/**
 * Everybody the console knows: people who sign in here, and people who only have accounts on the platforms. `emailKey` is
 * the case-folded address that must be unique.
 */
export const users = pgTable(
  'users',
  {
    id: text().primaryKey(),
    email: text().notNull(),
    emailKey: text().notNull(),
    name: text().notNull(),
    /** PHC string of argon2id; null until the person sets a password. */
    passwordHash: text(),
    state: text({ enum: ['invited', 'active', 'suspended', 'offboarded'] }).notNull(),
    /** Why the person is in a state other than active. */
    stateReason: text(),
    stateSince: timestamp({ withTimezone: true }),
    origin: text({ enum: origins }).notNull().default('console'),
    /** The import that made the person, for taking it back. */
    importId: text(),
    isDemo: boolean().notNull().default(false),
    /** Rises with every change a person may make to the row; a change names the one it saw. */
    version: integer().notNull().default(1),
    /** Lower-case name and address, for searching parts of either. */
    searchText: text().generatedAlwaysAs(sql`lower(name || ' ' || email)`),
    /** Rises whenever grants or state change; long-lived streams compare it. */
    authzVersion: integer().notNull().default(1),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    lastSeenAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    uniqueIndex('users_email_key').on(t.emailKey),
    index('users_state').on(t.state, t.emailKey),
    index('users_name').on(sql`lower(${t.name})`, t.id),
    index('users_last_seen').on(t.lastSeenAt, t.id),
    index('users_import').on(t.importId),
  ],
);

/** A role given to a person on one platform or on all (`*`): the name of a built-in one, or the id of a custom one. */
export const grants = pgTable(
  'grants',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text().notNull(),
    platform: text().notNull(),
    reason: text().notNull(),
    grantedBy: text(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    expiresAt: timestamp({ withTimezone: true }),
    origin: text({ enum: origins }).notNull().default('console'),
    importId: text(),
  },
  (t) => [uniqueIndex('grants_user_role_platform').on(t.userId, t.role, t.platform), index('grants_role').on(t.role)],
);

/** Signed-in browsers. Only the SHA-256 of the token is stored. */
export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tokenHash: bytea().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    lastSeenAt: timestamp({ withTimezone: true }).notNull(),
    idleExpiresAt: timestamp({ withTimezone: true }).notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    endedAt: timestamp({ withTimezone: true }),
    userAgent: text().notNull(),
    address: text().notNull(),
    /** How the person signed in. */
    method: text({ enum: ['password', 'passkey', 'oidc', 'link'] })
      .notNull()
      .default('password'),
    /** Authenticator assurance level (NIST SP 800-63B): 1 one factor, 2 two factors or a verified passkey. */
    assurance: smallint().notNull().default(1),
    /** When a factor was last presented in this session. */
    provedAt: timestamp({ withTimezone: true }),
    deviceId: text(),
    endedReason: text(),
  },
  (t) => [uniqueIndex('sessions_token_hash').on(t.tokenHash), index('sessions_user').on(t.userId)],
);

/** One-time links: the first owner (no user yet). Only the hash is stored. */
export const bootstrapTokens = pgTable(
  'bootstrap_tokens',
  {
    id: text().primaryKey(),
    tokenHash: bytea().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    usedAt: timestamp({ withTimezone: true }),
  },
  (t) => [uniqueIndex('bootstrap_tokens_hash').on(t.tokenHash)],
);

/** Failed sign-ins per account key (HMAC of the address, known or not) and per socket address. */
export const signInFailures = pgTable(
  'sign_in_failures',
  {
    key: text().primaryKey(),
    failures: integer().notNull(),
    firstAt: timestamp({ withTimezone: true }).notNull(),
    blockedUntil: timestamp({ withTimezone: true }),
  },
  (t) => [
    index('sign_in_failures_first')
      .on(t.firstAt)
      .where(sql`blocked_until is null`),
  ],
);
