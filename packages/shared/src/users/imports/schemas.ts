import { z } from 'zod';
import type { FieldError } from '../../errors/index.ts';
import { pageInput, type Page } from '../../paging/index.ts';
import { personName } from '../text.ts';

/** Most rows one file may have. */
export const MAX_IMPORT_ROWS = 1_000_000;
/** Largest file, in bytes. */
export const MAX_IMPORT_BYTES = 200 * 1_024 * 1_024;
/** Longest field, in UTF-16 units. */
export const MAX_FIELD_LENGTH = 1_024;
/** Most people one import invites by mail; how many of the mails fall due in a second. */
export const MAX_IMPORT_INVITATIONS = 10_000;
export const IMPORT_MAILS_PER_SECOND = 5;
/** How long after it was committed an import can be taken back. */
export const ROLLBACK_WITHIN_MS = 24 * 60 * 60 * 1_000;

export const importStates = ['reading', 'checked', 'committing', 'committed', 'rolled_back', 'failed'] as const;
export type ImportState = (typeof importStates)[number];

export const importVerdicts = ['create', 'update', 'same', 'error'] as const;
export type ImportVerdict = (typeof importVerdicts)[number];

/** `all`: nothing when any row is wrong; `valid`: the rows that are right. */
export const importModes = ['all', 'valid'] as const;
export type ImportMode = (typeof importModes)[number];

const importId = z.string().regex(/^imp_[A-Za-z0-9_-]{4,40}$/, 'is not the id of an import');

export const importInput = z.strictObject({ id: importId });
export type ImportInput = z.output<typeof importInput>;

/** Imports, the newest first. */
export const importsInput = z.strictObject(pageInput.shape);
export type ImportsInput = z.output<typeof importsInput>;

/** Rows of one import in the order of the file. */
export const importRowsInput = z.strictObject({
  ...pageInput.shape,
  id: importId,
  verdict: z.enum(importVerdicts, `use one of ${importVerdicts.join(', ')}`).optional(),
  /** True: only rows about which there is something to say, wrong ones and ones that could not be taken back. */
  faulty: z.boolean().default(false),
  /** Part of the address or the name, in any case. */
  search: z.string().trim().max(100, 'use at most 100 characters').optional(),
});
export type ImportRowsInput = z.output<typeof importRowsInput>;

export const commitImportInput = z.strictObject({
  id: importId,
  mode: z.enum(importModes, 'use all or valid').default('all'),
  reason: personName,
  /** Mail everybody the import makes a link that lets them in, once. */
  sendInvitations: z.boolean().default(false),
});
export type CommitImportInput = z.output<typeof commitImportInput>;

export const rollbackImportInput = z.strictObject({ id: importId, reason: personName });
export type RollbackImportInput = z.output<typeof rollbackImportInput>;

/** An uploaded file of people. Instants are epoch ms. */
export interface ImportView {
  id: string;
  fileName: string;
  /** Hex, of the bytes as they came. */
  sha256: string;
  state: ImportState;
  /** What is wrong with the file as a whole; null when it could be read. */
  fault: string | null;
  rowCount: number;
  createCount: number;
  updateCount: number;
  sameCount: number;
  errorCount: number;
  /** Rows done of the step that is running. */
  doneCount: number;
  mode: ImportMode | null;
  createdBy: { id: string; name: string } | null;
  createdAt: number;
  committedAt: number | null;
  rolledBackAt: number | null;
  /** Until when it can be taken back; null when it cannot. */
  rollbackUntil: number | null;
  /** True where a mail server is configured: without one no invitations can be sent along. */
  canMail: boolean;
}

/** One row of an uploaded file. */
export interface ImportRowView {
  /** Line of the file the row begins on, from 1. */
  line: number;
  email: string;
  name: string;
  role: string | null;
  platform: string | null;
  platformRole: string | null;
  verdict: ImportVerdict;
  faults: FieldError[];
  userId: string | null;
}

/** What taking an import back did. */
export interface RollbackAnswer {
  import: ImportView;
  /** People removed or set back. */
  restored: number;
  /** People somebody changed since; their rows say so. */
  kept: number;
}

export type ImportPage = Page<ImportView>;
export type ImportRowPage = Page<ImportRowView>;
