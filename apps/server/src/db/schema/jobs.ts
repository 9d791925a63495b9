import { doublePrecision, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** One row per job: who runs it now, until when, and how the last run went. Replicas lease, so only one runs. */
export const jobRuns = pgTable('job_runs', {
  name: text().primaryKey(),
  lockedBy: text(),
  lockedUntil: timestamp({ withTimezone: true }),
  lastStartedAt: timestamp({ withTimezone: true }),
  lastFinishedAt: timestamp({ withTimezone: true }),
  lastDurationMs: doublePrecision(),
  lastError: text(),
  runs: integer().notNull().default(0),
  failures: integer().notNull().default(0),
});
