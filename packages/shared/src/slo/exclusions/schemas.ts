import { z } from 'zod';
import { pageInput } from '../../paging/index.ts';
import { platformId } from '../../platforms/index.ts';
import { DAY_MS, LAST_INSTANT_MS, MINUTE_MS } from '../../time/index.ts';
import { timeZone } from '../definition.ts';
import { reasonText } from '../plain-text.ts';
import { sloId } from '../push.ts';
import { plainRecurrence, recurrenceFault } from './recurrence.ts';
import { exclusionCategories } from './types.ts';

const MAX_DURATION_MS = 31 * DAY_MS;

const rrule = z.string().transform((text, ctx) => {
  const fault = recurrenceFault(text);
  if (fault === null) return plainRecurrence(text);
  ctx.addIssue({ code: 'custom', message: fault });
  return z.NEVER;
});

/** Names one exclusion. */
export const exclusionId = z.string().regex(/^exc_[\w-]{1,80}$/, 'names no exclusion');

/** Time that is not to count, as the form sends it. Instants are epoch ms. */
export const exclusionInput = z.strictObject({
  platformId,
  /** One objective of the platform, or null for all of them. */
  sloId: sloId.nullable().default(null),
  category: z.enum(exclusionCategories, { error: `is one of ${exclusionCategories.join(', ')}` }),
  reason: reasonText,
  startsAt: z
    .int({ error: 'must be an instant in ms' })
    .min(0)
    .max(LAST_INSTANT_MS - MAX_DURATION_MS, 'must be before the year 9999 ends')
    .multipleOf(MINUTE_MS, 'must be a whole minute'),
  durationMs: z
    .int({ error: 'must be a length in ms' })
    .min(MINUTE_MS, 'must be at least a minute')
    .max(MAX_DURATION_MS, 'must be at most 31 days')
    .multipleOf(MINUTE_MS, 'must be whole minutes'),
  rrule: rrule.nullable().default(null),
  timeZone: timeZone.default('UTC'),
});
export type ExclusionInput = z.output<typeof exclusionInput>;

/** An exclusion to try out; `replaces` names the one it would change. */
export const exclusionPreviewInput = exclusionInput.extend({ replaces: exclusionId.nullable().default(null) });
export type ExclusionPreviewInput = z.output<typeof exclusionPreviewInput>;

/** A change of an exclusion, made from the version that was read. */
export const exclusionUpdate = z.strictObject({
  id: exclusionId,
  version: z.int().min(1),
  exclusion: exclusionInput,
});
export type ExclusionUpdate = z.output<typeof exclusionUpdate>;

/** Taking an exclusion back: its time counts again, also in the past. */
export const exclusionWithdrawal = z.strictObject({ id: exclusionId, reason: reasonText });
export type ExclusionWithdrawal = z.output<typeof exclusionWithdrawal>;

export const exclusionIdInput = z.strictObject({ id: exclusionId });

/** Exclusions the caller may see, those that begin last first; withdrawn ones only when asked for. */
export const exclusionListInput = pageInput.extend({
  platform: platformId.optional(),
  slo: sloId.optional(),
  withdrawn: z.boolean().default(false),
});
export type ExclusionListInput = z.output<typeof exclusionListInput>;
