import { z } from 'zod';
import { hiddenCharacterAt, refuseKeys } from '../users/text.ts';

const lineBreaks = /[\t\n\r]/g;

function refuseAt(position: number | null, ctx: z.RefinementCtx<string>): void {
  if (position === null) return;
  ctx.addIssue({ code: 'custom', message: `has a hidden character at position ${position}; type it again` });
}

/** One line of up to `max` characters without any that hide, reorder or cannot be stored. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .max(max, { error: `must be at most ${max} characters`, abort: true })
    .superRefine((text, ctx) => refuseAt(hiddenCharacterAt(text), ctx))
    .superRefine(refuseKeys);

/** The same for text that may run over several lines. */
export const prose = (max: number) =>
  z
    .string({ error: 'is missing' })
    .trim()
    .max(max, { error: `must be at most ${max} characters`, abort: true })
    .superRefine((text, ctx) => refuseAt(hiddenCharacterAt(text.replaceAll(lineBreaks, ' ')), ctx))
    .superRefine(refuseKeys);

/** Why somebody did something, in 3 to 500 characters. */
export const reasonText = prose(500).min(3, 'must say why, in at least 3 characters');

/** True if a store can keep the text as it is: no NUL, no half of a character. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Labels of an objective. */
export const labelsField = (max: number) =>
  z.record(line(63), line(253)).refine((labels) => Object.keys(labels).length <= max, `at most ${max} labels`);
