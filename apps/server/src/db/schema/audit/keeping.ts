import { bigint, index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from '../bytea.ts';

/** Signed statements of where the chain stood, also written outside the database: what is cut off later shows. */
export const auditCheckpoints = pgTable('audit_checkpoints', {
  /** Last row the checkpoint covers. */
  seq: bigint({ mode: 'number' }).primaryKey(),
  hash: bytea().notNull(),
  /** The signed text as written outside. */
  note: text().notNull(),
  keyId: text().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull(),
  writtenAt: timestamp({ withTimezone: true }),
});

/** Parts of the chain archived outside; rows may be pruned only behind a verified one. */
export const auditSegments = pgTable(
  'audit_segments',
  {
    fromSeq: bigint({ mode: 'number' }).primaryKey(),
    toSeq: bigint({ mode: 'number' }).notNull(),
    /** Hash of the last row: the chain goes on from here. */
    hash: bytea().notNull(),
    place: text().notNull(),
    sha256: text().notNull(),
    rowCount: integer().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    /** When the archive was read back and every row fitted. */
    verifiedAt: timestamp({ withTimezone: true }),
    prunedAt: timestamp({ withTimezone: true }),
  },
  (t) => [index('audit_segments_to').on(t.toSeq)],
);
