import {
  bigint,
  date,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

/**
 * Calls with a key by caller, counted in spans of ten minutes and, when older, of a day. Written in batches beside the calls,
 * never by them.
 */
export const keyUsage = pgTable(
  'key_usage',
  {
    keyId: text().notNull(),
    startsAt: timestamp({ withTimezone: true }).notNull(),
    spanMs: integer().notNull(),
    /** Address of the caller; `other` for callers beyond the sixteen kept apart in a span. */
    address: text().notNull(),
    /** User agent of the caller, cut to 100 characters; empty where it named none. */
    agent: text().notNull(),
    /** `ok`, or why the call was refused. */
    outcome: text().notNull(),
    count: bigint({ mode: 'number' }).notNull(),
    lastAt: timestamp({ withTimezone: true }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.keyId, t.startsAt, t.spanMs, t.address, t.agent, t.outcome] }),
    index('key_usage_starts').on(t.startsAt),
  ],
);

/** Calls with a key by minute, for a day: what a limit would refuse. */
export const keyMinutes = pgTable(
  'key_minutes',
  {
    keyId: text().notNull(),
    minuteAt: timestamp({ withTimezone: true }).notNull(),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.keyId, t.minuteAt] }), index('key_minutes_at').on(t.minuteAt)],
);

/** Which scopes of a key were used on which day (UTC). */
export const keyScopeUsage = pgTable(
  'key_scope_usage',
  {
    keyId: text().notNull(),
    scope: text().notNull(),
    day: date({ mode: 'string' }).notNull(),
    count: bigint({ mode: 'number' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.keyId, t.scope, t.day] })],
);

/** How long it took each replica to refuse a key after it was ended, measured again and again. */
export const keyRevocationProbes = pgTable(
  'key_revocation_probes',
  {
    replicaId: text().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
    /** Null when the key was still accepted after the bound. */
    latencyMs: doublePrecision(),
  },
  (t) => [primaryKey({ columns: [t.replicaId, t.at] }), index('key_revocation_probes_at').on(t.at)],
);
