import { bigint, boolean, index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytea } from '../bytea.ts';
import { users } from '../users.ts';

const owner = () =>
  text()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

/** Authenticator apps (RFC 6238). The secret is sealed; `lastStep` is the last time step taken, so that no code works twice. */
export const totpFactors = pgTable(
  'totp_factors',
  {
    id: text().primaryKey(),
    userId: owner(),
    label: text().notNull(),
    sealedSecret: bytea().notNull(),
    lastStep: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    /** Null until the first code proved that the app has the secret; until then it opens nothing. */
    confirmedAt: timestamp({ withTimezone: true }),
    lastUsedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index('totp_factors_user').on(t.userId)],
);

/** Passkeys (WebAuthn). The id is the credential id, base64url. */
export const passkeys = pgTable(
  'passkeys',
  {
    id: text().primaryKey(),
    userId: owner(),
    label: text().notNull(),
    publicKey: bytea().notNull(),
    counter: bigint({ mode: 'number' }).notNull(),
    transports: text().array().notNull(),
    deviceType: text({ enum: ['singleDevice', 'multiDevice'] }).notNull(),
    isBackedUp: boolean().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    lastUsedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index('passkeys_user').on(t.userId)],
);

/** Codes for the day the phone is lost, ten at a time, each good once. Only keyed hashes are stored. */
export const recoveryCodes = pgTable(
  'recovery_codes',
  {
    id: text().primaryKey(),
    userId: owner(),
    hash: bytea().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    usedAt: timestamp({ withTimezone: true }),
  },
  (t) => [uniqueIndex('recovery_codes_hash').on(t.hash), index('recovery_codes_user').on(t.userId)],
);

/** Which roles must sign in with a second factor, and how long their holders have to set one up. */
export const factorPolicies = pgTable('factor_policies', {
  role: text().primaryKey(),
  isRequired: boolean().notNull(),
  graceMs: bigint({ mode: 'number' }).notNull(),
  /** Grace runs from here, or from the grant if that is later. */
  since: timestamp({ withTimezone: true }).notNull(),
  updatedBy: text(),
  version: integer().notNull().default(1),
});

/** Browsers a person has signed in from; a new one is told to them. */
export const devices = pgTable(
  'devices',
  {
    id: text().primaryKey(),
    userId: owner(),
    /** SHA-256 of the long-lived cookie that recognises the browser. */
    tokenHash: bytea().notNull(),
    userAgent: text().notNull(),
    firstSeenAt: timestamp({ withTimezone: true }).notNull(),
    lastSeenAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [uniqueIndex('devices_user_token').on(t.userId, t.tokenHash)],
);
