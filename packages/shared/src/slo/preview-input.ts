import { z } from 'zod';
import { sloDefinition } from './definition.ts';

/** How far back a preview may look, in days. */
export const MAX_PREVIEW_DAYS = 90;

/** A definition to be tried on the past. */
export const sloPreviewInput = z.strictObject({
  definition: sloDefinition,
  days: z
    .int({ error: 'must be whole days' })
    .min(1, 'must be at least 1')
    .max(MAX_PREVIEW_DAYS, `must be at most ${MAX_PREVIEW_DAYS}`)
    .default(30),
});
export type SloPreviewInput = z.output<typeof sloPreviewInput>;
