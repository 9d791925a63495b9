import { actReason } from '@qd/shared/users';

/** True if the server would take the text as the reason of an act. */
export function isReason(text: string): boolean {
  return actReason.safeParse(text).success;
}

export const REASON_MISSING = 'Say why, in 3 to 500 characters.';
