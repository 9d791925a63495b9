import { z } from 'zod';
import { pageInput } from '../paging/index.ts';
import { platformId } from '../platforms/index.ts';
import { LAST_INSTANT_MS } from '../time/index.ts';
import { auditStatuses, MIN_TEXT_LENGTH } from './types.ts';

const word = z.string().trim().min(1).max(200);
/** In epoch ms. */
const instant = z.number().int().min(0).max(LAST_INSTANT_MS, 'must be before the year 10000');

/** Filters of the audit list; all given must hold. */
export const auditFilters = z.strictObject({
  /** Id or e-mail address of who acted, whole. */
  actor: word.optional(),
  /** Whole action, or a feature: `users` finds every `users.…`. */
  action: word.optional(),
  status: z.enum(auditStatuses).optional(),
  platform: platformId.optional(),
  targetKind: word.optional(),
  /** First instant, inclusive (epoch ms). */
  from: instant.optional(),
  /** Last instant, exclusive (epoch ms). */
  to: instant.optional(),
  /** Part of the action, the actor's address or the target, in any case. */
  text: word.min(MIN_TEXT_LENGTH, `has at least ${MIN_TEXT_LENGTH} characters`).optional(),
});
export type AuditFilters = z.output<typeof auditFilters>;

/** Input of the audit list, newest row first. */
export const auditListInput = auditFilters.extend(pageInput.shape);
export type AuditListInput = z.output<typeof auditListInput>;

/** Checkpoints, the newest first. */
export const auditCheckpointsInput = z.strictObject(pageInput.shape);
export type AuditCheckpointsInput = z.output<typeof auditCheckpointsInput>;

/** Archived parts, the newest first. */
export const auditSegmentsInput = z.strictObject(pageInput.shape);
export type AuditSegmentsInput = z.output<typeof auditSegmentsInput>;

/** Archives every row written before the instant (epoch ms). */
export const archiveInput = z.strictObject({ before: instant });
export type ArchiveInput = z.output<typeof archiveInput>;

/** Removes archived rows written before the instant (epoch ms), and why. */
export const pruneInput = z.strictObject({
  before: instant,
  reason: word,
  /** Last row that may go; by default the last archived one, which is what others then agree to. */
  throughSeq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});
export type PruneInput = z.output<typeof pruneInput>;

/** Rows younger than this are never pruned. */
export const MIN_KEPT_MS = 90 * 24 * 60 * 60 * 1_000;
