import { z } from 'zod';

export const MIN_PASSWORD_LENGTH = 15;
export const MAX_PASSWORD_LENGTH = 256;
const MIN_DISTINCT = 5;

/** The form in which a password is hashed: NFC, so that it does not matter which keyboard composed it. */
export function normalPassword(password: string): string {
  return password.normalize('NFC');
}

/**
 * A new password: 15 to 256 characters after NFC, any of them, no rules of composition
 * (OWASP ASVS 5.0 §6.2); refused here only when it is a few characters over and over. The server also refuses what would be
 * guessed soon.
 */
export const newPassword = z
  .string()
  .max(MAX_PASSWORD_LENGTH * 4, { error: `use at most ${MAX_PASSWORD_LENGTH} characters`, abort: true })
  .refine((text) => text.isWellFormed(), 'has a broken character; type it again')
  .transform(normalPassword)
  .superRefine((text, context) => {
    const characters = [...text];
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    if (characters.length < MIN_PASSWORD_LENGTH)
      refuse(`use at least ${MIN_PASSWORD_LENGTH} characters, e.g. four words`);
    else if (characters.length > MAX_PASSWORD_LENGTH) refuse(`use at most ${MAX_PASSWORD_LENGTH} characters`);
    else if (new Set(characters).size < MIN_DISTINCT) refuse(`use at least ${MIN_DISTINCT} different characters`);
  });

/** A password someone signs in with: bounded, otherwise taken as it comes. */
export const presentedPassword = z
  .string()
  .min(1, 'give your password')
  .max(MAX_PASSWORD_LENGTH * 4, { error: 'is too long', abort: true })
  .refine((text) => text.isWellFormed(), 'has a broken character; type it again')
  .transform(normalPassword);
