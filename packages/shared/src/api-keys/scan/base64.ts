import { mapSlices } from './slices.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map<string, number>([
  ...[...alphabet].map((c, i): [string, number] => [c, i]),
  ['-', 62],
  ['_', 63],
]);

const WORD = '_key_';
/** Before the word a key has at most 8 + 1 + 7 characters, behind it at most 46. */
const BEFORE = 24;
const BEHIND = 72;

/** The characters of base64 that tell the word wherever it begins in a group of three bytes, and where in a group of four they begin. */
const marks = [0, 1, 2].map((offset) => {
  const bits = [...WORD].map((c) => c.charCodeAt(0).toString(2).padStart(8, '0')).join('');
  const skipped = (6 - ((8 * offset) % 6)) % 6;
  const whole = bits.slice(skipped);
  const text = Array.from({ length: Math.floor(whole.length / 6) }, (_, i) =>
    alphabet.charAt(parseInt(whole.slice(i * 6, i * 6 + 6), 2)),
  ).join('');
  return { text, phase: Math.ceil((8 * offset) / 6) };
});

/**
 * Pieces of what a text holds in base64 or base64url, each around one `_key_`, decoded byte by byte, and null after each slice.
 * Line ends inside are passed over.
 */
export function* base64Pieces(text: string, sliceLength: number): Generator<string | null> {
  const stripping = mapSlices(text, sliceLength, (slice) => slice.replaceAll(/\s+/g, ''));
  let step = stripping.next();
  for (; step.done !== true; step = stripping.next()) yield null;
  const dense = step.value;
  for (let from = 0; from < dense.length; from += sliceLength) {
    for (const { text: mark, phase } of marks) {
      const slice = dense.slice(from, from + sliceLength + mark.length - 1);
      for (let i = slice.indexOf(mark); i >= 0; i = slice.indexOf(mark, i + 1)) {
        const group = from + i - phase;
        yield decoded(dense, beginOf(dense, group), group + BEHIND);
      }
    }
    yield null;
  }
}

/** The first group of four that belongs to the same run, at most so many characters before. */
function beginOf(dense: string, group: number): number {
  let begin = Math.max(group, 0);
  while (begin - 4 >= 0 && group - begin < BEFORE && isRun(dense, begin - 4)) begin -= 4;
  return begin;
}

function isRun(dense: string, at: number): boolean {
  return [0, 1, 2, 3].every((i) => values.has(dense.charAt(at + i)));
}

function decoded(dense: string, from: number, to: number): string {
  let bytes = '';
  let bits = 0;
  let held = 0;
  for (let at = from; at < to; at += 1) {
    const value = values.get(dense.charAt(at));
    if (value === undefined) break;
    held = (held << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += String.fromCharCode((held >> bits) & 0xff);
    held &= (1 << bits) - 1;
  }
  return bytes;
}
