import { z } from 'zod';
import { platformId } from '../platforms/index.ts';
import { LAST_INSTANT_MS, MINUTE_MS } from '../time/index.ts';
import { sloId } from './push.ts';

/** Names one objective. */
export const sloIdInput = z.strictObject({ id: sloId });
export type SloIdInput = z.output<typeof sloIdInput>;

/** Names one objective, the reading of its budget, and which of its windows: 0 for the first, then the further ones. */
export const burnDownInput = z.strictObject({
  id: sloId,
  view: z.enum(['window', 'rolling'], { error: 'is either window or rolling' }),
  window: z.int({ error: 'must be the number of a window' }).min(0, 'must be 0 or more').optional(),
});
export type BurnDownInputQuery = z.output<typeof burnDownInput>;

/** All objectives the caller may see, or those of one platform. */
export const sloListInput = z.strictObject({ platform: platformId.optional() });
export type SloListInput = z.output<typeof sloListInput>;

/** The lanes of a day: the UTC day of now, or the day that begins at `dayStartAt` (epoch ms, a whole minute). */
export const sloLanesInput = sloListInput.extend({
  dayStartAt: z.number().int().min(0).max(LAST_INSTANT_MS).multipleOf(MINUTE_MS, 'is a whole minute').optional(),
});
export type SloLanesInput = z.output<typeof sloLanesInput>;
