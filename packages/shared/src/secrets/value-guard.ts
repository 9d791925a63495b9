import type { z } from 'zod';
import { keyLike } from '../api-keys/index.ts';

/** This many characters of a word that are no word of a language make it a value: 16 of 36 letters are 82 bits. */
const RANDOM_FROM = 16;
/** Runs of digits up to here are dates and numbers. */
const LONGEST_NUMBER = 12;

const identifiers = [/^[0-9a-f]{40}$/, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i];

/**
 * True if a text holds something that looks like a secret itself: one of our keys, or a long word that is no word, such as a
 * random password or a block of a private key. Short passwords look like any other word and are not found. In https links, names
 * of commits and UUIDs in the path are fine.
 */
export function looksLikeValue(text: string): boolean {
  if (keyLike.test(text)) return true;
  return text.split(/\s+/).some((word) => pieces(word).some((piece) => randomLength(piece) >= RANDOM_FROM));
}

/** Parts of a word to be judged each by itself: of a link its segments, else the word. */
function pieces(word: string): string[] {
  const link = /https:\/\/\S+/.exec(word)?.[0];
  if (link === undefined) return [word];
  const parts = link.split(/[/?#&=]/).filter((part) => !identifiers.some((shape) => shape.test(part)));
  return [word.slice(0, word.indexOf(link)), ...parts];
}

/** Characters that belong to no word and to no number, in the runs of letters and digits of one word. */
function randomLength(word: string): number {
  return word
    .split(/[^0-9A-Za-z+]+/)
    .filter((run) => !isNumber(run) && !isWords(run))
    .reduce((length, run) => length + run.length, 0);
}

function isNumber(run: string): boolean {
  return /^\d*$/.test(run) && run.length <= LONGEST_NUMBER;
}

/** Letters only, of one case or in capitalised words: few places where a capital follows a small letter. */
function isWords(run: string): boolean {
  if (!/^[A-Za-z]+$/.test(run)) return false;
  const humps = run.match(/[a-z][A-Z]/g)?.length ?? 0;
  return humps <= run.length / 5;
}

/** Adds an issue when a text looks like a secret itself; its message repeats nothing of it. */
export function refuseValue(text: string, context: z.RefinementCtx<string>): void {
  if (!looksLikeValue(text)) return;
  context.addIssue({ code: 'custom', message: 'looks like a secret itself; write about it, never its value' });
}
