import { SHORT_BODY_LENGTH } from '../candidate.ts';
import { twinsOf } from '../diagnose.ts';
import { BODY_LENGTH, keyEnvironments, readKey, type Crc32, type KeyEnvironment } from '../format.ts';

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

/**
 * Every key of a format with a prefix in a text of ASCII. `prefixes` are those in use: with them keys are found whose beginning
 * is glued to something else or mistyped. Looks at each character a bounded number of times.
 */
export function* keysIn(text: string, of: { crc32: Crc32; prefixes: readonly string[] }): Generator<FoundKey> {
  for (let at = text.indexOf(WORD); at >= 0; at = text.indexOf(WORD, at + WORD.length - 1)) {
    const environment = keyEnvironments.find((e) => text.endsWith(`_${e}`, at));
    if (environment === undefined) continue;
    const before = runBefore(text, at - environment.length - 1);
    const behind = runBehind(text, at + WORD.length);
    if (before.length < MIN_PREFIX || behind.length < SHORT_BODY_LENGTH) continue;
    const middle = `_${environment}${WORD}`;
    const long = longKey({ before, middle, behind }, of);
    if (long !== null) yield { text: long, format: 'v2', environment, isCertain: true, at };
    else yield* shortKeys({ before, middle, behind }, of.prefixes, { environment, at });
  }
}

interface Parts {
  before: string;
  middle: string;
  behind: string;
}

function longKey({ before, middle, behind }: Parts, of: { crc32: Crc32; prefixes: readonly string[] }): string | null {
  if (behind.length < BODY_LENGTH) return null;
  const body = behind.slice(0, BODY_LENGTH);
  const literal = Array.from({ length: MAX_PREFIX - MIN_PREFIX + 1 }, (_, i) => before.slice(-(MAX_PREFIX - i)));
  for (const prefix of new Set([...literal, ...meant(before, of.prefixes)])) {
    const key = readKey(prefix + middle + body, of.crc32);
    if (key !== null) return key.text;
  }
  return null;
}

function* shortKeys(
  { before, middle, behind }: Parts,
  prefixes: readonly string[],
  of: Pick<FoundKey, 'environment' | 'at'>,
): Generator<FoundKey> {
  const body = behind.slice(0, SHORT_BODY_LENGTH);
  const ends = behind.length === SHORT_BODY_LENGTH;
  const isWhole = before.length <= MAX_PREFIX;
  const glued = prefixes.filter((prefix) => before.endsWith(prefix));
  const candidates = new Set([...glued, ...meant(before, prefixes), ...(isWhole ? [before] : [])]);
  for (const prefix of candidates) {
    const isCertain = ends && isWhole && prefix === before;
    yield { text: prefix + middle + body, format: 'seed16', isCertain, ...of };
  }
}

/** Prefixes in use that differ from what is written in look-alikes only, as `hs1` from `hsi`. */
function meant(before: string, prefixes: readonly string[]): string[] {
  return prefixes.filter(
    (prefix) =>
      prefix.length === before.length &&
      prefix !== before &&
      [...prefix].every((c, i) => c === before.charAt(i) || twinsOf(c).includes(before.charAt(i))),
  );
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
