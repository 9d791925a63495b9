import { describe, expect, it } from 'vitest';
import { nextSort, sortRows } from './table-sort.ts';

const rows = [{ v: 10 }, { v: null }, { v: 9 }, { v: -1 }];

describe('sortRows', () => {
  it('orders numbers as numbers and keeps unknown ones last in both directions', () => {
    expect(sortRows(rows, (row) => row.v, 'asc').map((row) => row.v)).toEqual([-1, 9, 10, null]);
    expect(sortRows(rows, (row) => row.v, 'desc').map((row) => row.v)).toEqual([10, 9, -1, null]);
  });

  it('orders words with the numbers in them and leaves the given list as it was', () => {
    const names = ['run 10', 'run 9', 'Run 1'];
    expect(sortRows(names, (name) => name, 'asc')).toEqual(['Run 1', 'run 9', 'run 10']);
    expect(names[0]).toBe('run 10');
  });

  it('keeps the order of equal rows', () => {
    const pairs = [
      { v: 1, id: 'a' },
      { v: 1, id: 'b' },
    ];
    expect(sortRows(pairs, (row) => row.v, 'desc').map((row) => row.id)).toEqual(['a', 'b']);
  });
});

describe('nextSort', () => {
  it('goes up, down and back to the given order', () => {
    const up = nextSort(null, 'left');
    const down = nextSort(up, 'left');
    expect(up).toEqual({ key: 'left', direction: 'asc' });
    expect(down).toEqual({ key: 'left', direction: 'desc' });
    expect(nextSort(down, 'left')).toBeNull();
    expect(nextSort(down, 'burn')).toEqual({ key: 'burn', direction: 'asc' });
  });
});
