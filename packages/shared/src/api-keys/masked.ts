import { BODY_LENGTH, keyLike, KID_LENGTH } from './format.ts';

const everyKey = new RegExp(keyLike.source, 'g');

/** A text with every key in it cut to what may be shown: its beginning, and its public id where it has one. */
export function maskedKeys(text: string): string {
  // Short keys have no public part: all of them is secret.
  return text.replaceAll(
    everyKey,
    (_, begin: string, body: string) => `${begin}${body.length < BODY_LENGTH ? '' : body.slice(0, KID_LENGTH)}…`,
  );
}

/** True if a text holds something shaped like a key, in full-width letters too. */
export function holdsKey(text: string): boolean {
  return keyLike.test(text) || keyLike.test(text.normalize('NFKC'));
}
