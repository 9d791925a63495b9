import { expect, it } from 'vitest';
import { costWords } from './ending-words.ts';

const said = (preview: Parameters<typeof costWords>[0]) => {
  const { before, rate, behind } = costWords(preview);
  return `${before}${rate ?? ''}${behind}`;
};
const quiet = { perMinute: 0, lastHour: 0, lastDay: 0, from: [] };

it.each([
  [
    { ...quiet, perMinute: 1_403.2, lastHour: 84_180, from: ['edge-gw-2', 'batch-import'] },
    'Would refuse about 1,403 requests a minute, from edge-gw-2 and batch-import',
  ],
  [{ ...quiet, perMinute: 0.4, from: ['a', 'b', 'c'] }, 'Would refuse about 0.4 requests a minute, from a, b and c'],
  [{ ...quiet, perMinute: 1, from: ['a'] }, 'Would refuse about 1 request a minute, from a'],
  [{ ...quiet, lastHour: 12, from: ['203.0.113.9'] }, 'Would refuse about 12 requests an hour, from 203.0.113.9'],
  [{ ...quiet, lastDay: 1 }, 'Nobody called within the last hour, but there were 1 request in 24 h'],
  [quiet, 'Nobody called with this key in the last 24 h'],
])('says what ending a key costs: %o', (preview, words) => {
  expect(said(preview)).toBe(words);
});
