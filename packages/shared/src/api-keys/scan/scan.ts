import { DomainError } from '../../errors/index.ts';
import type { Crc32, KeyEnvironment } from '../format.ts';
import { base64Pieces } from './base64.ts';
import { keysIn } from './find.ts';
import { foldLookAlikes, joined, unescaped, type LeakForm } from './views.ts';

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
  if (text.length > MAX_SCAN_LENGTH) throw tooMuch('The text is longer than 5 MB; split it.');
  const found = new Map<string, LeakCandidate>();
  const folded = foldLookAlikes(text);
  addKeys(found, folded.replaceAll('-', '_'), 'plain', options);
  const open = unescaped(text);
  const foldedOpen = open === null ? null : foldLookAlikes(open);
  if (foldedOpen !== null) addKeys(found, foldedOpen.replaceAll('-', '_'), 'escaped', options);
  addKeys(found, joined(folded), 'split', options);
  if (foldedOpen !== null) addKeys(found, joined(foldedOpen), 'split', options);
  const pieces = base64Pieces(open ?? text, MAX_SCAN_CANDIDATES);
  if (pieces === null) throw tooMany();
  for (const piece of pieces) addKeys(found, piece, 'base64', options);
  if (options.opaque) addTokens(found, text);
  return [...found.values()];
}

type Found = Map<string, LeakCandidate>;

function addKeys(found: Found, view: string, form: LeakForm, options: ScanOptions): void {
  const lineAt = lineCounter(view);
  for (const { at, ...key } of keysIn(view, options)) {
    const isCertain = key.isCertain && (form !== 'split' || key.format === 'v2');
    add(found, { ...key, isCertain, form, line: form === 'plain' ? lineAt(at) : null });
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

/** 16 to 128 characters with a digit and a letter: by the usual signs of tokens, and by what separates words. */
const tokens = [/[0-9A-Za-z_-]{16,}/g, /[^\s"'`<>,;(){}[\]]{16,}/g];
const MAX_TOKEN = 128;

function addTokens(found: Found, text: string): void {
  for (const shape of tokens) {
    for (const { 0: token } of text.matchAll(shape)) {
      if (token.length > MAX_TOKEN || !/\d/.test(token) || !/[A-Za-z]/.test(token) || !/^[!-~]+$/.test(token)) continue;
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
