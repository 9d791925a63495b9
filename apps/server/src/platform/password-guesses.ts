import { DomainError } from '@qd/shared/errors';

/** Whose password it is: attackers try what belongs to a person first. */
export interface PasswordOwner {
  name: string;
  email: string;
}

/** Guesses, as a power of ten, below which a password is refused: "safely unguessable" of zxcvbn begins here. */
const ENOUGH = 8;
/** The same for one that holds a word others know of the person or of this console. */
const ENOUGH_WITH_KNOWN_WORD = 10;
/** Estimating takes longer than in proportion to the length. */
const ESTIMATED_CHARACTERS = 64;
const SHORTEST_WORD = 3;
const SERVICE_WORDS = ['quarterdeck'];

const REMEDY = 'use e.g. four words that do not belong together';

const refusals = {
  common: `is among the first that attackers try; ${REMEDY}`,
  known: `is built on the name of the person or of this console, or on their address; ${REMEDY}`,
} as const;

/**
 * Passes when a new password is not on the list of common ones, nor made of a few of them, of rows of keys, of repeats, or of
 * what others know of its owner (NIST SP 800-63B-4 §3.1.1.2). Throws `invalid` that names the field.
 */
export async function assertHardToGuess(
  password: string,
  owner: PasswordOwner,
  field: 'password' | 'newPassword',
): Promise<void> {
  const weakness = await weaknessOf(password, owner);
  if (weakness === null) return;
  const message = refusals[weakness];
  throw new DomainError('invalid', `The password ${message}.`, { fields: [{ field, message }] });
}

/** Why a password would be guessed soon, or null. A long one is weak when both its ends are. */
export async function weaknessOf(password: string, owner: PasswordOwner): Promise<keyof typeof refusals | null> {
  const estimator = await (estimating ??= openEstimator());
  const known = knownWords(owner);
  const ends = new Set([password.slice(0, ESTIMATED_CHARACTERS), password.slice(-ESTIMATED_CHARACTERS)]);
  let weakness: keyof typeof refusals | null = null;
  for (const end of ends) {
    const { guessesLog10, sequence } = estimator.check(end, known);
    const hasKnownWord = sequence.some((match) => match['dictionaryName'] === 'userInputs');
    if (guessesLog10 >= (hasKnownWord ? ENOUGH_WITH_KNOWN_WORD : ENOUGH)) return null;
    weakness = hasKnownWord ? 'known' : 'common';
  }
  return weakness;
}

let estimating: ReturnType<typeof openEstimator> | undefined;

/** The lists take some 10 MB and a tenth of a second, so they are read when the first password is set. */
async function openEstimator() {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: ESTIMATED_CHARACTERS });
}

/** Words others know of the person and of the console, whole and in parts. */
function knownWords({ name, email }: PasswordOwner): string[] {
  const [local = '', domain = ''] = email.split('@');
  const parts = [name, local, domain].flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  const words = [...SERVICE_WORDS, name, name.replaceAll(/\s+/gu, ''), email, local, domain, ...parts];
  return [...new Set(words.map((word) => word.toLowerCase()))].filter((word) => [...word].length >= SHORTEST_WORD);
}
