import { expect, it } from 'vitest';
import { csvText } from './csv.ts';

it.each([
  ['numbers and nothing', [1.5, -2, null], '1.5,-2,'],
  ['quotes, commas and lines', ['a "b"', 'c,d', 'e\nf'], '"a ""b""","c,d","e\nf"'],
  ['no formulas', ['=1+1', '-x', '@y', '+z'], "'=1+1,'-x,'@y,'+z"],
  ['no formulas in wide letters', ['＝1+1', '－x', '＠y', '＋z'], "'＝1+1,'－x,'＠y,'＋z"],
  ['plain text', ['2026-05-20T12:00:00Z', 'é'], '2026-05-20T12:00:00Z,é'],
])('writes %s', (_what, row, line) => {
  expect(csvText(['a', 'b'], [row])).toBe(`a,b\r\n${line}\r\n`);
});
