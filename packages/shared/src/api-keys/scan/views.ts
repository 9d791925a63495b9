import { intended } from '../diagnose.ts';
import { mapSlices, type Sliced } from './slices.ts';

/** Ways a key may stand in a text: as it is, written with escapes, broken over lines or strings, or inside base64. */
export type LeakForm = 'plain' | 'escaped' | 'split' | 'base64';

const beyondAscii = /[\u0080-\u{10ffff}]/gu;
const escapes = /%([0-9a-f]{2})|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,4});|&#(\d{1,5});/gi;
/** A text may have been escaped twice, as an address inside JSON is. */
const ESCAPED_TIMES = 2;

/** Characters whose letter is remembered: all of one large script. */
const REMEMBERED = 20_000;
const folded = new Map<string, string>();

/** The text with letters of other scripts as ours; invisible characters and accents go, whatever else is no ASCII becomes a blank. */
export function foldLookAlikes(text: string, sliceLength: number): Sliced<string> {
  return mapSlices(text, sliceLength, (slice) => slice.replaceAll(beyondAscii, asciiOf));
}

function asciiOf(character: string): string {
  const known = folded.get(character);
  if (known !== undefined) return known;
  const plain = /[\p{Cf}\p{M}]/u.test(character) ? '' : (intended(character) ?? ' ');
  if (folded.size >= REMEMBERED) folded.clear();
  folded.set(character, plain);
  return plain;
}

/** The text with percent, JSON, C and HTML escapes undone; null when there are none. */
export function* unescaped(text: string, sliceLength: number): Sliced<string | null> {
  let rest = text;
  for (let i = 0; i < ESCAPED_TIMES; i += 1) {
    const before = rest;
    rest = yield* mapSlices(before, sliceLength, (slice) => slice.replaceAll(escapes, meantByEscape));
    if (rest === before) break;
  }
  return rest === text ? null : rest;
}

function meantByEscape(_all: string, ...codes: (string | undefined)[]): string {
  const [percent, json, c, hex, decimal] = codes;
  return String.fromCharCode(decimal === undefined ? parseInt(percent ?? json ?? c ?? hex ?? '', 16) : +decimal);
}

/** The text without anything that may stand between two halves of a key: line ends, quotes, signs. */
export function joined(text: string, sliceLength: number): Sliced<string> {
  return mapSlices(text, sliceLength, (slice) => slice.replaceAll(/\\[nrt]/g, '').replaceAll(/[^0-9A-Za-z_]+/g, ''));
}

/** The text with dashes as the underscores they may stand for. */
export function underscored(text: string, sliceLength: number): Sliced<string> {
  return mapSlices(text, sliceLength, (slice) => slice.replaceAll('-', '_'));
}
