import { describe, expect, it } from 'vitest';
import { moveCursor, moveOfKey } from './table-cursor.ts';

const keys = ['a', 'b', 'c'];

describe('moveCursor', () => {
  it.each([
    ['a', 'next', 'b'],
    ['c', 'next', 'c'],
    ['b', 'previous', 'a'],
    ['a', 'previous', 'a'],
    ['b', 'first', 'a'],
    ['b', 'last', 'c'],
    [null, 'next', 'a'],
    [null, 'previous', 'c'],
    ['gone', 'next', 'a'],
    ['gone', 'previous', 'c'],
  ] as const)('from %s %s is %s', (from, move, to) => {
    expect(moveCursor(keys, from, move)).toBe(to);
  });

  it.each(['next', 'previous', 'first', 'last'] as const)('%s over no rows is none', (move) => {
    expect(moveCursor([], null, move)).toBeNull();
    expect(moveCursor([], 'gone', move)).toBeNull();
  });
});

describe('moveOfKey', () => {
  it('knows letters, arrows and ends', () => {
    expect(['j', 'k', 'ArrowDown', 'ArrowUp', 'Home', 'End', 'x'].map((key) => moveOfKey(key))).toEqual([
      'next',
      'previous',
      'next',
      'previous',
      'first',
      'last',
      null,
    ]);
  });
});
