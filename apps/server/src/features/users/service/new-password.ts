import { assertHardToGuess, type PasswordOwner } from '../../../platform/password-guesses.ts';
import type { UsersDeps } from './deps.ts';

/** A password somebody chose, and whose it is. */
export interface NewPassword {
  password: string;
  person: PasswordOwner;
  /** Where it was typed. */
  field?: 'password' | 'newPassword';
}

/** PHC string of a password that replaces another or none. Throws `invalid` that names the field when it would be guessed soon. */
export async function hashNewPassword(deps: Pick<UsersDeps, 'passwords'>, given: NewPassword): Promise<string> {
  const { password, person, field = 'password' } = given;
  await assertHardToGuess(password, person, field);
  return deps.passwords.hash(password);
}
