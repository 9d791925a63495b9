import { DomainError } from '../../errors/index.ts';
import type { Crc32, KeyEnvironment } from '../format.ts';
import { base64Pieces } from './base64.ts';
import { keysIn, type KeySearch } from './find.ts';
import { indexPrefixes } from './prefixes.ts';
import { inOneGo, SCAN_SLICE_LENGTH, type Sliced } from './slices.ts';
import { foldLookAlikes, joined, underscored, unescaped, type LeakForm } from './views.ts';

/** Longest text that is searched, in characters (UTF-16), and in bytes where it arrives as bytes. */
export const MAX_SCAN_LENGTH = 5_000_000;
/** Most different candidates that are looked up for one text. */
export const MAX_SCAN_CANDIDATES = 20_000;

/** Something in a text that may be a key of ours. */
export interface LeakCandidate {
  /** The key as it would be sent. Never stored, shown or logged. */
  text: string;
  format: 'v2' | 'seed16' | 'opaque';
  environment: KeyEnvironment | null;
  form: LeakForm;
  /** Line of the text, from 1; null where it does not stand in one as it is. */
  line: number | null;
  /** True when its form alone tells that it is a key. */
  isCertain: boolean;
}

export interface ScanOptions {
  crc32: Crc32;
  /** What keys begin with here. */
  prefixes: readonly string[];
  /** Whether any token may be a key: there are keys that were made elsewhere. */
  opaque: boolean;
}

/**
 * Finds what may be a key in a text: in every format with a prefix, with look-alike characters, escaped for addresses, JSON or
 * HTML, broken over lines or strings, and inside base64; with `opaque` every token long enough to be a key made elsewhere. Time
 * grows with the length of the text alone. Throws `invalid` beyond 5,000,000 characters or 20,000 candidates.
 */
export function scanForKeys(text: string, options: ScanOptions): LeakCandidate[] {
  return inOneGo(scanInSlices(text, options));
}

/** As `scanForKeys`, but stops after every few milliseconds of work; go on with `next`. */
export function* scanInSlices(
  text: string,
  options: ScanOptions,
  sliceLength = SCAN_SLICE_LENGTH,
): Sliced<LeakCandidate[]> {
  if (text.length > MAX_SCAN_LENGTH) throw tooMuch('The text is longer than 5 MB; split it.');
  const found: Found = new Map();
  const search = { crc32: options.crc32, prefixes: indexPrefixes(options.prefixes), sliceLength };
  const open = yield* unescaped(text, sliceLength);
  const folded = yield* foldLookAlikes(text, sliceLength);
  yield* addKeys(found, yield* underscored(folded, sliceLength), 'plain', search);
  const foldedOpen = open === null ? null : yield* foldLookAlikes(open, sliceLength);
  if (foldedOpen !== null) yield* addKeys(found, yield* underscored(foldedOpen, sliceLength), 'escaped', search);
  yield* addKeys(found, yield* joined(folded, sliceLength), 'split', search);
  if (foldedOpen !== null) yield* addKeys(found, yield* joined(foldedOpen, sliceLength), 'split', search);
  yield* addEncoded(found, open ?? text, search);
  if (options.opaque) yield* addTokens(found, text, sliceLength);
  return [...found.values()];
}

type Found = Map<string, LeakCandidate>;

function* addKeys(found: Found, view: string, form: LeakForm, search: KeySearch): Sliced<void> {
  const lineAt = lineCounter(view);
  for (const key of keysIn(view, search)) {
    if (typeof key === 'number') {
      if (form === 'plain') lineAt(key);
      yield;
      continue;
    }
    const { at, ...rest } = key;
    const isCertain = rest.isCertain && (form !== 'split' || rest.format === 'v2');
    add(found, { ...rest, isCertain, form, line: form === 'plain' ? lineAt(at) : null });
  }
}

/** Keys inside base64. */
function* addEncoded(found: Found, text: string, search: KeySearch): Sliced<void> {
  let pieces = 0;
  for (const piece of base64Pieces(text, search.sliceLength)) {
    if (piece === null) {
      yield;
      continue;
    }
    pieces += 1;
    if (pieces > MAX_SCAN_CANDIDATES) throw tooMany();
    inOneGo(addKeys(found, piece, 'base64', search));
  }
}

/** Tells the line of a place, from 1; places must rise, and each line end is looked for once. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let end = endAfter(text, 0);
  return (at) => {
    while (end < at) {
      line += 1;
      end = endAfter(text, end + 1);
    }
    return line;
  };
}

function endAfter(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? Infinity : end;
}

/** Runs that may be tokens: by the usual signs of tokens, and by what separates words. */
const runs = [/[0-9A-Za-z_-]+/g, /[^\s"'`<>,;(){}[\]]+/g];
const MIN_TOKEN = 16;
const MAX_TOKEN = 128;

/** Tokens of 16 to 128 characters with a digit and a letter. */
function* addTokens(found: Found, text: string, sliceLength: number): Sliced<void> {
  for (const run of runs) {
    let pausedAt = 0;
    for (const { 0: token, index } of text.matchAll(run)) {
      if (index - pausedAt >= sliceLength) {
        pausedAt = index;
        yield;
      }
      if (token.length < MIN_TOKEN || token.length > MAX_TOKEN) continue;
      if (!/\d/.test(token) || !/[A-Za-z]/.test(token) || !/^[!-~]+$/.test(token)) continue;
      add(found, { text: token, format: 'opaque', environment: null, form: 'plain', line: null, isCertain: false });
    }
  }
}

function add(found: Found, candidate: LeakCandidate): void {
  if (found.has(candidate.text)) return;
  if (found.size >= MAX_SCAN_CANDIDATES) throw tooMany();
  found.set(candidate.text, candidate);
}

function tooMany(): DomainError {
  return tooMuch(`More than ${MAX_SCAN_CANDIDATES.toLocaleString('en')} places may be keys; split the text.`);
}

function tooMuch(message: string): DomainError {
  return new DomainError('invalid', message, { fields: [{ field: 'text', message }] });
}
