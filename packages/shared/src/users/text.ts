import { z } from 'zod';
import { holdsKey } from '../api-keys/masked.ts';

/** Longest name, in characters. */
export const MAX_NAME_LENGTH = 100;

// Format characters hide or reorder what follows; only the two joiners that Persian, Hindi and emoji need are text.
// The last ones count as letters, marks and symbols, and are drawn as nothing.
const hidden =
  /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}]|[\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}]|\u{34f}|\u{17b4}|\u{17b5}|(?![\u200c\u200d])\p{Cf}/u;
/** Something to see by itself, unlike joiners and accents. */
const seen = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Place (from 1) of the first control, reordering or otherwise invisible character, or null. */
export function hiddenCharacterAt(text: string): number | null {
  // Nearly every text is free of them, and imports ask a million times.
  if (!hidden.test(text)) return null;
  const index = [...text].findIndex((character) => hidden.test(character));
  return index < 0 ? null : index + 1;
}

/** One line for a message that goes out: whatever is hidden, or would break the line, becomes a blank. */
export function visibleText(text: string): string {
  return [...text.toWellFormed()]
    .map((character) => (hidden.test(character) ? ' ' : character))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** One line of text a person reads: no hidden characters, blanks made single, NFC, 1 to 100 characters. */
export const personName = z
  .string()
  // The bound on raw units comes first: nothing below may run over a huge text.
  .max(MAX_NAME_LENGTH * 4, { error: `use at most ${MAX_NAME_LENGTH} characters`, abort: true })
  .superRefine(refuseHidden)
  .superRefine(refuseKeys)
  .transform((text) => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim())
  .superRefine((text, context) => {
    if (!seen.test(text)) context.addIssue({ code: 'custom', message: 'give a name' });
    if ([...text].length > MAX_NAME_LENGTH) {
      context.addIssue({ code: 'custom', message: `use at most ${MAX_NAME_LENGTH} characters` });
    }
  });

/** Adds an issue when a text holds a character nobody can see. */
export function refuseHidden(text: string, context: z.RefinementCtx<string>): void {
  const position = hiddenCharacterAt(text);
  if (position !== null) {
    context.addIssue({ code: 'custom', message: `has a hidden character at position ${position}; type it again` });
  }
}

/** Adds an issue when a text that is kept and shown holds an API key; its message repeats nothing of it. */
export function refuseKeys(text: string, context: z.RefinementCtx<string>): void {
  if (!holdsKey(text)) return;
  const message = 'contains an API key; take it out, and treat that key as leaked: rotate or revoke it';
  context.addIssue({ code: 'custom', message });
}
