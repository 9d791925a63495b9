import { z } from 'zod';
import { refuseHidden } from './text.ts';

/** Longest address mail can be sent to (RFC 5321 §4.5.3.1.3, without the angle brackets). */
export const MAX_EMAIL_LENGTH = 254;

/**
 * An e-mail address as people type it: blanks around it removed, plain ASCII, so that no look-alike of another script can pass
 * for someone else's. An international domain is written in its `xn--` form.
 */
export const emailAddress = z
  .string()
  .max(MAX_EMAIL_LENGTH + 50, { error: 'is too long', abort: true })
  .transform((text) => text.normalize('NFC').trim())
  .superRefine(refuseHidden)
  .pipe(
    z
      .string()
      .max(MAX_EMAIL_LENGTH, 'is too long')
      .regex(/^[\u0020-\u007e]*$/, { error: 'use plain letters; write an international domain as xn--…', abort: true })
      .refine((text) => z.email().safeParse(text).success, 'give an address like name@example.com'),
  );

/** The form under which an address is unique: letters in lower case. */
export function emailKey(email: string): string {
  return email.toLowerCase();
}
