import { maskedKeys } from '@qd/shared/api-keys';
import { looksLikeValue } from '@qd/shared/secrets';

/** No key is shorter. */
const MIN_KEY_CHARS = 16;
const MAX_SHOWN_CHARS = 200;
const MASK = '…';

/**
 * The path of a request as it may be logged: keys of ours are cut to their public part, and what else may be a credential, as a
 * long word that is no word, is left out.
 */
export function shownPath(path: string): string {
  return path.split('/').map(shownSegment).join('/').slice(0, MAX_SHOWN_CHARS);
}

/** Texts in a path that may be credentials made elsewhere. */
export function credentialsInPath(path: string): string[] {
  return path
    .split('/')
    .filter((segment) => segment.length >= MIN_KEY_CHARS)
    .map(decoded)
    .filter((text) => maskedKeys(text) === text && looksLikeValue(text));
}

function shownSegment(segment: string): string {
  if (segment.length < MIN_KEY_CHARS) return segment;
  const text = decoded(segment);
  const masked = maskedKeys(text);
  // What is left of a key of ours looks like none.
  if (looksLikeValue(masked)) return MASK;
  return masked === text ? segment : masked;
}

/** A text without percent escapes; as written where one is broken, which hides no key: its letters need none. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
