import { index, integer, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { bytea } from '../bytea.ts';
import { users } from '../users.ts';

/** What a challenge stands for. */
export const challengeKinds = [
  /** The password was right, the second factor is still to come. */
  'second_factor',
  'passkey_sign_in',
  'passkey_registration',
  'oidc',
  /** Asked to prove oneself again for one act. */
  'step_up',
  /** Proved; lets that one act pass once. */
  'step_up_proof',
] as const;

/** Short-lived, single-use secrets between two requests. Only the SHA-256 of the token is stored. */
export const authChallenges = pgTable(
  'auth_challenges',
  {
    id: text().primaryKey(),
    kind: text({ enum: challengeKinds }).notNull(),
    tokenHash: bytea().notNull(),
    userId: text().references(() => users.id, { onDelete: 'cascade' }),
    sessionId: text(),
    payload: jsonb().$type<Record<string, unknown>>().notNull(),
    tries: integer().notNull().default(0),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    usedAt: timestamp({ withTimezone: true }),
  },
  (t) => [uniqueIndex('auth_challenges_token_hash').on(t.tokenHash), index('auth_challenges_expires').on(t.expiresAt)],
);
