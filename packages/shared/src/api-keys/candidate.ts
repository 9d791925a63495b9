import { base62, type RandomBytes } from './base62.ts';
import { BODY_LENGTH, isKeyPrefix, keyEnvironments, readKey, type Crc32, type KeyEnvironment } from './format.ts';

/** Characters after `_key_` in the short form of the HashInsight manual: all of them secret (95 bits), without id or checksum. */
export const SHORT_BODY_LENGTH = 16;

/** A key of the short form taken apart. */
export interface ShortKeyParts {
  /** The whole key, as it is sent. */
  text: string;
  prefix: string;
  environment: KeyEnvironment;
}

/** What a text can be, going by its form alone. Only a `v2` key names its own id. */
export type KeyCandidate =
  | { format: 'v2'; text: string; prefix: string; environment: KeyEnvironment; kid: string }
  | ({ format: 'seed16' } & ShortKeyParts)
  | { format: 'opaque'; text: string };

const shortShape = /^([a-z0-9]{2,8})_(prod|staging|dev|test)_key_[0-9A-Za-z]{16}$/;
/** Our own family, in whatever state: a damaged key of ours is no key made elsewhere. */
const ownFamily = /^[a-z0-9]{2,8}_(?:prod|staging|dev|test)_key_/i;
/** 16 to 128 printable characters of ASCII, no blank among them. */
const opaqueShape = /^[!-~]{16,128}$/;

/**
 * What a text can be as a key, or null for what is none in any format: damaged keys of ours, blanks, other alphabets, and texts
 * too short or too long. Tells nothing of whether there is such a key.
 */
export function candidateOf(text: string, crc32: Crc32): KeyCandidate | null {
  const key = readKey(text, crc32);
  if (key !== null) {
    const { prefix, environment, kid } = key;
    return { format: 'v2', text, prefix, environment, kid };
  }
  const short = readShortKey(text);
  if (short !== null) return { format: 'seed16', ...short };
  return opaqueShape.test(text) && !ownFamily.test(text) ? { format: 'opaque', text } : null;
}

/** Takes a key of the short form apart; null when it has another shape. */
export function readShortKey(text: string): ShortKeyParts | null {
  const [, prefix, word] = shortShape.exec(text) ?? [];
  const environment = keyEnvironments.find((e) => e === word);
  return prefix === undefined || environment === undefined ? null : { text, prefix, environment };
}

/**
 * Makes a new key `{prefix}_{environment}_key_` and 16 characters, as in the HashInsight manual.
 * Throws RangeError for a prefix that is not 2 to 8 of a-z and 0-9.
 */
export function formatShortKey(
  parts: { prefix: string; environment: KeyEnvironment },
  randomBytes: RandomBytes,
): ShortKeyParts {
  if (!isKeyPrefix(parts.prefix)) throw new RangeError('a key prefix has 2 to 8 of a-z and 0-9');
  const { prefix, environment } = parts;
  return { prefix, environment, text: `${prefix}_${environment}_key_${base62(SHORT_BODY_LENGTH, randomBytes)}` };
}

/** Length of the part after `_key_` in the format meant, by which of the two it is nearer to. */
export function bodyLengthMeant(length: number): number {
  return Math.abs(length - SHORT_BODY_LENGTH) < Math.abs(length - BODY_LENGTH) ? SHORT_BODY_LENGTH : BODY_LENGTH;
}
