import { describe, expect, it } from 'vitest';
import { readText } from './read-text.ts';

const many = (count: number, of: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => of(i)).join('\n');

describe('text that would take long', () => {
  it.each<[what: string, text: string]>([
    ['one map of very many keys', many(90_000, (i) => `k${i}: 1`)],
    ['very many anchors', many(90_000, (i) => `k${i}: &a${i} 1`)],
    ['one map in one line', `{${many(40_000, (i) => `k${i}: 1,`)}}`],
  ])('is read in one pass: %s', (_, text) => {
    // What grows with the square of the keys would outlast the patience of any test.
    expect(readText(text)).toMatchObject({ faults: [], documents: [expect.anything()] });
  });

  it('is refused with a few of its faults', () => {
    const { documents, faults } = readText(many(60_000, () => 'k: 1'));
    expect(documents).toEqual([]);
    expect(faults).toHaveLength(20);
  });
});

describe('a key that comes twice', () => {
  it.each<[text: string, line: number]>([
    ['a: 1\na: 2', 2],
    ['a:\n  - b: 1\n    c: 2\n    b: 3', 4],
    ['1: x\n"1": y', 2],
    ['{"a": 1,\n "a": 2}', 2],
    ['? a\n: 1\n? a\n: 2', 3],
  ])('is told with its line: %j', (text, line) => {
    expect(readText(text).faults).toMatchObject([{ document: 1, line, message: expect.stringMatching(/unique/) }]);
  });

  it('is no fault in two maps', () => {
    expect(readText('a: {b: 1}\nc: {b: 1}\n---\na: 1').faults).toEqual([]);
  });
});
