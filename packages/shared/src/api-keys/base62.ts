/** Fresh random bytes, from a cryptographic source. */
export type RandomBytes = (count: number) => Uint8Array;

export const base62Alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Bytes from here on would favour the first letters of the alphabet: 248 is the largest multiple of 62 a byte can reach. */
const REJECT_FROM = 248;

/** A text of `length` letters, each equally likely: bytes that would skew the choice are thrown away. */
export function base62(length: number, randomBytes: RandomBytes): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < REJECT_FROM && text.length < length) text += base62Alphabet.charAt(byte % 62);
    }
  }
  return text;
}

/** A whole number >= 0 in base 62, padded with 0 to `length`. Throws RangeError when it does not fit. */
export function toBase62(value: number, length: number): string {
  let text = '';
  let rest = value;
  while (rest > 0) {
    text = base62Alphabet.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  if (text.length > length) throw new RangeError(`${value} needs more than ${length} characters in base 62`);
  return text.padStart(length, '0');
}

/** True if the text has letters and digits of ASCII only. */
export function isBase62(text: string): boolean {
  return /^[0-9A-Za-z]*$/.test(text);
}
