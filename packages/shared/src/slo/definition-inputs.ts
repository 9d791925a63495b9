import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { DAY_MS, LAST_INSTANT_MS } from '../time/index.ts';
import { prose, reasonText } from './plain-text.ts';
import { sloId } from './push.ts';

/** How far ahead a frozen budget can be passed over. */
export const MAX_OVERRIDE_MS = 7 * DAY_MS;
/** Longest text of definitions that is imported at once, in characters. */
export const MAX_EXCHANGE_CHARS = 1_000_000;

/** Takes an objective out of use. */
export const archiveSloInput = z.strictObject({ id: sloId, reason: prose(500).default('') });
export type ArchiveSloInput = z.output<typeof archiveSloInput>;

/** Lets releases pass a frozen budget until an instant (epoch ms). */
export const overrideInput = z.strictObject({
  id: sloId,
  reason: reasonText,
  until: z.int({ error: 'must be an instant in ms since 1970' }).min(0).max(LAST_INSTANT_MS),
});
export type OverrideInput = z.output<typeof overrideInput>;

/** Names an override. */
export const overrideIdInput = z.strictObject({
  id: z.string().regex(/^ovr_[\w-]{1,60}$/, 'names no override; reload the objective'),
});

/** Which objectives are written out, and how. */
export const exportInput = z.strictObject({
  platform: platformId.optional(),
  ids: z.array(sloId).max(2_000, 'at most 2000 objectives').optional(),
  format: z.enum(['yaml', 'json'], { error: 'is yaml or json' }).default('yaml'),
});
export type ExportInput = z.output<typeof exportInput>;

/** OpenSLO documents to take over; platform and source are for those that name none of their own. */
export const importInput = z.strictObject({
  text: z
    .string({ error: 'is missing' })
    .min(1, 'is empty')
    .max(MAX_EXCHANGE_CHARS, `must be at most ${MAX_EXCHANGE_CHARS} characters; split it`),
  platform: platformId.optional(),
  sourceId: z.string().min(1).max(200).optional(),
});
export type ImportInput = z.output<typeof importInput>;

export type ImportOutcome = 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed';

/** A fault or a remark, and the place it is about. */
export interface ImportFault {
  /** Which document, counted from 1. */
  document: number;
  /** Line of the text, counted from 1; null where it cannot be told. */
  line: number | null;
  /** Path of the field in its document, e.g. `spec.objectives[0].target`; empty for the whole document. */
  field: string;
  message: string;
}

/** What became of one document. */
export interface ImportedDocument {
  document: number;
  line: number | null;
  kind: string;
  name: string;
  outcome: ImportOutcome;
  /** The objectives it defines, by slug; their ids once they are stored. */
  objectives: { slug: string; platform: string; id: string | null; outcome: ImportOutcome }[];
  /** Why it was skipped; empty otherwise. */
  reason: string;
}

/** What an import would do, or did: all of it, or nothing where any document has a fault. */
export interface ImportReport {
  isStored: boolean;
  documents: ImportedDocument[];
  faults: ImportFault[];
  warnings: ImportFault[];
}
