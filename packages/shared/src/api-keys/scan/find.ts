import { SHORT_BODY_LENGTH } from '../candidate.ts';
import { BODY_LENGTH, keyEnvironments, readKey, type Crc32, type KeyEnvironment } from '../format.ts';
import type { PrefixIndex } from './prefixes.ts';

const WORD = '_key_';
const MAX_PREFIX = 8;
const MIN_PREFIX = 2;

/** A text that may be a key, and where its `_key_` stands. */
export interface FoundKey {
  text: string;
  format: 'v2' | 'seed16';
  environment: KeyEnvironment;
  /** True when its form alone tells that it is one: the checksum fits, or it has the short form and ends where that ends. */
  isCertain: boolean;
  at: number;
}

/** What a text is searched with. `prefixes`: those in use, by which keys are found that are glued to something or mistyped. */
export interface KeySearch {
  crc32: Crc32;
  prefixes: PrefixIndex;
  sliceLength: number;
}

/**
 * Every key of a format with a prefix in a text of ASCII, and after each slice the place up to which was searched. Looks at each
 * character a bounded number of times.
 */
export function* keysIn(text: string, of: KeySearch): Generator<FoundKey | number> {
  for (let from = 0; from < text.length; from += of.sliceLength) {
    const slice = text.slice(from, from + of.sliceLength + WORD.length - 1);
    for (let i = slice.indexOf(WORD); i >= 0; i = slice.indexOf(WORD, i + WORD.length - 1)) {
      yield* keysAt(text, from + i, of);
    }
    yield Math.min(from + of.sliceLength, text.length);
  }
}

function* keysAt(text: string, at: number, of: KeySearch): Generator<FoundKey> {
  const environment = keyEnvironments.find((e) => text.endsWith(`_${e}`, at));
  if (environment === undefined) return;
  const before = runBefore(text, at - environment.length - 1);
  const behind = runBehind(text, at + WORD.length);
  if (before.length < MIN_PREFIX || behind.length < SHORT_BODY_LENGTH) return;
  const middle = `_${environment}${WORD}`;
  const long = longKey({ before, middle, behind }, of);
  if (long !== null) yield { text: long, format: 'v2', environment, isCertain: true, at };
  else yield* shortKeys({ before, middle, behind }, of.prefixes, { environment, at });
}

interface Parts {
  before: string;
  middle: string;
  behind: string;
}

function longKey({ before, middle, behind }: Parts, of: KeySearch): string | null {
  if (behind.length < BODY_LENGTH) return null;
  const body = behind.slice(0, BODY_LENGTH);
  const literal = Array.from({ length: MAX_PREFIX - MIN_PREFIX + 1 }, (_, i) => before.slice(-(MAX_PREFIX - i)));
  for (const prefix of new Set([...literal, ...of.prefixes.meantBy(before)])) {
    const key = readKey(prefix + middle + body, of.crc32);
    if (key !== null) return key.text;
  }
  return null;
}

function* shortKeys(
  { before, middle, behind }: Parts,
  prefixes: PrefixIndex,
  of: Pick<FoundKey, 'environment' | 'at'>,
): Generator<FoundKey> {
  const body = behind.slice(0, SHORT_BODY_LENGTH);
  const ends = behind.length === SHORT_BODY_LENGTH;
  const isWhole = before.length <= MAX_PREFIX;
  const candidates = new Set([...prefixes.endingIn(before), ...prefixes.meantBy(before), ...(isWhole ? [before] : [])]);
  for (const prefix of candidates) {
    const isCertain = ends && isWhole && prefix === before;
    yield { text: prefix + middle + body, format: 'seed16', isCertain, ...of };
  }
}

function runBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start <= MAX_PREFIX && /[a-z0-9]/.test(text.charAt(start - 1))) start -= 1;
  return text.slice(start, end);
}

function runBehind(text: string, start: number): string {
  let end = start;
  while (end < text.length && end - start <= BODY_LENGTH && /[0-9A-Za-z]/.test(text.charAt(end))) end += 1;
  return text.slice(start, end);
}
