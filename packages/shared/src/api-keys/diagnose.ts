import { base62Alphabet } from './base62.ts';
import { bodyLengthMeant, candidateOf, SHORT_BODY_LENGTH, type KeyCandidate } from './candidate.ts';
import { BODY_LENGTH, hasChecksum, keyEnvironments, readKey, type Crc32 } from './format.ts';

/** Why a text is no key, found without asking anyone. */
export interface KeyFault {
  kind:
    | 'empty'
    | 'too_long'
    | 'blank'
    | 'look_alike'
    | 'character'
    | 'shape'
    | 'environment'
    | 'length'
    | 'typo'
    | 'checksum';
  /** Place of the fault, counted in characters from 1; null when it has no single place. */
  position: number | null;
  /** What is wrong and what to do. Never holds more of the key than one character. */
  message: string;
}

/** A key of one of our own two formats, or what is wrong with the text. */
export type ParsedKey = { ok: true; key: Exclude<KeyCandidate, { format: 'opaque' }> } | { ok: false; fault: KeyFault };

const MAX_LENGTH = 200;

/** Letters of other scripts that look like one of ours and that no normalisation maps to it. */
const lookAlikes: Readonly<Record<string, string>> = {
  ı: 'i',
  і: 'i',
  ι: 'i',
  ɩ: 'i',
  ӏ: 'l',
  ǀ: 'l',
  ℓ: 'l',
  а: 'a',
  α: 'a',
  ɑ: 'a',
  е: 'e',
  о: 'o',
  ο: 'o',
  σ: 'o',
  р: 'p',
  ρ: 'p',
  с: 'c',
  ϲ: 'c',
  у: 'y',
  γ: 'y',
  х: 'x',
  χ: 'x',
  ѕ: 's',
  ј: 'j',
  һ: 'h',
  ԁ: 'd',
  к: 'k',
  κ: 'k',
  т: 't',
  τ: 't',
  ν: 'v',
  ѵ: 'v',
  ԝ: 'w',
  ω: 'w',
  п: 'n',
  г: 'r',
  в: 'b',
  м: 'm',
  А: 'A',
  Α: 'A',
  В: 'B',
  Β: 'B',
  С: 'C',
  Ϲ: 'C',
  Е: 'E',
  Ε: 'E',
  Н: 'H',
  Η: 'H',
  І: 'I',
  Ι: 'I',
  Ј: 'J',
  К: 'K',
  Κ: 'K',
  М: 'M',
  Μ: 'M',
  Ν: 'N',
  О: 'O',
  Ο: 'O',
  Р: 'P',
  Ρ: 'P',
  Ѕ: 'S',
  Т: 'T',
  Τ: 'T',
  Х: 'X',
  Χ: 'X',
  У: 'Y',
  Υ: 'Y',
  Ζ: 'Z',
  '＿': '_',
  '‗': '_',
  '-': '_',
  '‐': '_',
  '‑': '_',
  '–': '_',
  '—': '_',
};

/** Characters of our own alphabet people and scanners take for each other. */
const twins = ['0Oo', '1Iil', '2Zz', '5Ss', '6b', '8B', '9gq', 'Cc', 'Kk', 'Pp', 'Uu', 'Vv', 'Ww', 'Xx', 'nr', 'uv'];

/**
 * Takes a key apart, or says what is wrong with it and where: look-alike characters, blanks, a wrong environment, a missing
 * or doubled character, one mistyped character (short keys have no checksum, so one mistyped there is not seen). Keys made
 * elsewhere have no form to judge: they give a fault of `shape`, and `candidateOf` tells whether they may be keys all the same.
 * For people who paste keys; verification uses `candidateOf`.
 */
export function parseKey(text: string, crc32: Crc32): ParsedKey {
  const key = candidateOf(text, crc32);
  if (key !== null && key.format !== 'opaque') return { ok: true, key };
  return { ok: false, fault: faultOf(text, crc32) };
}

function faultOf(text: string, crc32: Crc32): KeyFault {
  if (text.length === 0) return fault('empty', null, 'The key is empty; paste the whole key.');
  if (text.length > MAX_LENGTH) return fault('too_long', null, 'This is far too long for a key; paste the key alone.');
  return characterFault(text) ?? shapeFault(text) ?? checksumFault(text, crc32);
}

/** The first character that is none of those that may stand in a key; null when all are. */
export function characterFault(text: string, allowed = /^[0-9A-Za-z_]$/): KeyFault | null {
  let position = 0;
  for (const character of text) {
    position += 1;
    if (allowed.test(character)) continue;
    if (/^[\s\p{Cc}\p{Cf}\p{Z}]$/u.test(character)) {
      return fault('blank', position, `There is a blank or an invisible character at position ${position}; remove it.`);
    }
    const meant = intended(character);
    const code = codePoint(character);
    return meant === null
      ? fault('character', position, `The character at position ${position} (${code}) cannot stand in a key.`)
      : fault(
          'look_alike',
          position,
          `Look-alike character at position ${position}: ${code} stands where "${meant}" belongs.`,
        );
  }
  return null;
}

/** The letter of ours a character of another script or width stands for; null for what stands for none. */
export function intended(character: string): string | null {
  const listed = lookAlikes[character];
  if (listed !== undefined) return listed;
  const plain = character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return /^[0-9A-Za-z_]$/.test(plain) ? plain : (lookAlikes[plain] ?? null);
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function shapeFault(text: string): KeyFault | null {
  const [prefix = '', environment = '', word, body, ...rest] = text.split('_');
  if (word === undefined || body === undefined || rest.length > 0) {
    return fault('shape', null, 'A key looks like name_prod_key_… with three underscores; paste the whole key.');
  }
  if (!/^[a-z0-9]{2,8}$/.test(prefix)) return prefixFault(prefix);
  const environmentAt = prefix.length + 2;
  if (!keyEnvironments.some((e) => e === environment)) {
    return fault(
      'environment',
      environmentAt,
      `"${environment.slice(0, 20)}" is no environment; a key says ${keyEnvironments.join(', ')}.`,
    );
  }
  const wordAt = environmentAt + environment.length + 1;
  if (word !== 'key') return fault('shape', wordAt, `At position ${wordAt} a key says "key".`);
  return lengthFault(body.length);
}

function prefixFault(prefix: string): KeyFault {
  const capital = prefix.search(/[A-Z]/) + 1;
  if (capital > 0) return fault('look_alike', capital, `The character at position ${capital} must be a small letter.`);
  return fault('shape', 1, 'A key begins with 2 to 8 small letters and digits.');
}

function lengthFault(length: number): KeyFault | null {
  if (length === BODY_LENGTH) return null;
  const meant = bodyLengthMeant(length);
  const what = meant > length ? `${meant - length} missing` : `${length - meant} too many`;
  const short = meant === SHORT_BODY_LENGTH ? ' of the short form' : '';
  return fault('length', null, `After "_key_" a key${short} has ${meant} characters; here are ${length} (${what}).`);
}

/** The shape is right, so one character is wrong, two changed places, or it is no key at all. */
function checksumFault(text: string, crc32: Crc32): KeyFault {
  const fits = (candidate: string): boolean => readKey(candidate, crc32) !== null && hasChecksum(candidate, crc32);
  for (const [index, character] of [...text].entries()) {
    for (const twin of twinsOf(character)) {
      if (!fits(replaced(text, index, twin))) continue;
      return fault(
        'look_alike',
        index + 1,
        `Look-alike character at position ${index + 1}: "${character}" stands where "${twin}" belongs.`,
      );
    }
  }
  for (let index = 0; index + 1 < text.length; index += 1) {
    const swapped = text.slice(0, index) + text.charAt(index + 1) + text.charAt(index) + text.slice(index + 2);
    if (swapped !== text && fits(swapped)) {
      return fault('typo', index + 1, `The characters at positions ${index + 1} and ${index + 2} have changed places.`);
    }
  }
  const index = [...text].findIndex((_, i) => [...base62Alphabet].some((c) => fits(replaced(text, i, c))));
  if (index >= 0)
    return fault('typo', index + 1, `The character at position ${index + 1} is wrong; copy the key again.`);
  return fault('checksum', null, 'More than one character is wrong; copy the whole key again.');
}

/** Characters of our alphabet that are taken for this one. */
export function twinsOf(character: string): string[] {
  return twins
    .filter((group) => group.includes(character))
    .flatMap((group) => [...group].filter((c) => c !== character));
}

function replaced(text: string, index: number, character: string): string {
  return text.slice(0, index) + character + text.slice(index + 1);
}

function fault(kind: KeyFault['kind'], position: number | null, message: string): KeyFault {
  return { kind, position, message };
}
