import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { LAST_INSTANT_MS, MINUTE_MS } from '../time/index.ts';
import { sloId } from './push.ts';

/** Names one objective. */
export const sloIdInput = z.strictObject({ id: sloId });
export type SloIdInput = z.output<typeof sloIdInput>;

/**
 * Names one objective and the line to draw of it: by itself the budget that decides, with `view` one reading of the first
 * window, with `window` one of the further ones, from 1.
 */
export const sloPageInput = z.strictObject({
  id: sloId,
  view: z.enum(['window', 'rolling'], { error: 'is either window or rolling' }).optional(),
  window: z.int({ error: 'must be the number of a window' }).min(0, 'must be 0 or more').optional(),
});
export type SloPageInput = z.output<typeof sloPageInput>;

/** All objectives the caller may see, or those of one platform. */
export const sloListInput = z.strictObject({ platform: platformId.optional() });
export type SloListInput = z.output<typeof sloListInput>;

/** The lanes of a day: the UTC day of now, or the day that begins at `dayStartAt` (epoch ms, a whole minute). */
export const sloLanesInput = sloListInput.extend({
  dayStartAt: z.number().int().min(0).max(LAST_INSTANT_MS).multipleOf(MINUTE_MS, 'is a whole minute').optional(),
});
export type SloLanesInput = z.output<typeof sloLanesInput>;
