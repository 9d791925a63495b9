import { z } from 'zod';
import { refuseHidden, refuseKeys } from './text.ts';

/** Id of a person. */
export const userId = z.string().regex(/^usr_[A-Za-z0-9_-]{1,60}$/, 'is no id of a person');

/** Id of a person in an object of its own. */
export const userIdInput = z.strictObject({ id: userId });

/** Why somebody did something to somebody, in 3 to 500 characters. */
export const actReason = z
  .string({ error: 'is missing' })
  .max(2_000, { error: 'must be at most 500 characters', abort: true })
  .superRefine(refuseHidden)
  .superRefine(refuseKeys)
  .transform((text) => text.normalize('NFC').replaceAll(/\s+/g, ' ').trim())
  .pipe(z.string().min(3, 'must say why, in at least 3 characters').max(500, 'must be at most 500 characters'));

/** A person as others name them; the name is null when they are no longer known. */
export interface PersonRef {
  id: string;
  name: string | null;
}
