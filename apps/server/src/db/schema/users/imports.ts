import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** An uploaded file of people: checked first, then committed, and it can be taken back. */
export const userImports = pgTable(
  'user_imports',
  {
    id: text().primaryKey(),
    fileName: text().notNull(),
    /** SHA-256 of the file, hex. */
    sha256: text().notNull(),
    state: text({ enum: ['reading', 'checked', 'committing', 'committed', 'rolled_back', 'failed'] }).notNull(),
    /** What is wrong with the file as a whole. */
    fault: text(),
    rowCount: integer().notNull().default(0),
    createCount: integer().notNull().default(0),
    updateCount: integer().notNull().default(0),
    sameCount: integer().notNull().default(0),
    errorCount: integer().notNull().default(0),
    /** Rows done of the step that is running. */
    doneCount: integer().notNull().default(0),
    /** `all`: nothing when any row is wrong; `valid`: the rows that are right. */
    mode: text({ enum: ['all', 'valid'] }),
    createdBy: text(),
    createdAt: timestamp({ withTimezone: true }).notNull(),
    committedAt: timestamp({ withTimezone: true }),
    rolledBackAt: timestamp({ withTimezone: true }),
  },
  (t) => [index('user_imports_created').on(t.createdAt, t.id)],
);

/** One row of an uploaded file and what was found of it. */
export const userImportRows = pgTable(
  'user_import_rows',
  {
    importId: text()
      .notNull()
      .references(() => userImports.id, { onDelete: 'cascade' }),
    /** Line of the file the row begins on, from 1. */
    line: integer().notNull(),
    email: text().notNull(),
    name: text().notNull(),
    role: text(),
    platform: text(),
    platformRole: text(),
    verdict: text({ enum: ['create', 'update', 'same', 'error'] }).notNull(),
    faults: jsonb().$type<{ field: string; message: string }[]>().notNull(),
    userId: text(),
    /** The person before the import changed them. */
    before: jsonb().$type<Record<string, unknown> | null>(),
  },
  (t) => [
    primaryKey({ columns: [t.importId, t.line] }),
    index('user_import_rows_verdict').on(t.importId, t.verdict, t.line),
  ],
);
