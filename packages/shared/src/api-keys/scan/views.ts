import { intended } from '../diagnose.ts';

/** Ways a key may stand in a text: as it is, written with escapes, broken over lines or strings, or inside base64. */
export type LeakForm = 'plain' | 'escaped' | 'split' | 'base64';

const beyondAscii = /[\u0080-\u{10ffff}]/gu;
const escapes = /%([0-9a-f]{2})|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,4});|&#(\d{1,5});/gi;
/** A text may have been escaped twice, as an address inside JSON is. */
const ESCAPED_TIMES = 2;

const folded = new Map<string, string>();

/** The text with letters of other scripts as ours; invisible characters and accents go, whatever else is no ASCII becomes a blank. */
export function foldLookAlikes(text: string): string {
  return text.replaceAll(beyondAscii, (character) => {
    const known = folded.get(character);
    if (known !== undefined) return known;
    const plain = /[\p{Cf}\p{M}]/u.test(character) ? '' : (intended(character) ?? ' ');
    folded.set(character, plain);
    return plain;
  });
}

/** The text with percent, JSON, C and HTML escapes undone; null when there are none. */
export function unescaped(text: string): string | null {
  let rest = text;
  for (let i = 0; i < ESCAPED_TIMES && rest.search(escapes) >= 0; i += 1) {
    rest = rest.replaceAll(escapes, (_all, ...codes: (string | undefined)[]) => {
      const [percent, json, c, hex, decimal] = codes;
      return String.fromCharCode(decimal === undefined ? parseInt(percent ?? json ?? c ?? hex ?? '', 16) : +decimal);
    });
  }
  return rest === text ? null : rest;
}

/** The text without anything that may stand between two halves of a key: line ends, quotes, signs. */
export function joined(text: string): string {
  return text.replaceAll(/\\[nrt]/g, '').replaceAll(/[^0-9A-Za-z_]+/g, '');
}
