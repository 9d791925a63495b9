import { expect, test } from 'vitest';
import { holds, versus, within, type Report } from './rows.ts';
import { tableOf, tally } from './table.ts';

const report = (rows: Report['rows']): Report => ({
  bench: 'x',
  title: 'X',
  measured: ['on paper'],
  rows,
  figures: {},
});

test('a ratio says how many times better ours is, whichever way is better', () => {
  expect(versus({ what: 'wall', ours: 2, peer: 800, unit: 'ms' }, 200)).toMatchObject({
    ratio: '400x',
    target: '>= 200x',
    verdict: 'met',
  });
  expect(versus({ what: 'wall', ours: 5, peer: 800, unit: 'ms' }, 200).verdict).toBe('MISSED');
  expect(versus({ what: 'rps', ours: 900, peer: 100, unit: '/s', moreIsBetter: true }, 5)).toMatchObject({
    ratio: '9x',
    verdict: 'met',
  });
});

test('a limit is met at the limit, and what cannot be measured is never met', () => {
  expect(within('p95', 30, 'ms', 30).verdict).toBe('met');
  expect(within('p95', 30.1, 'ms', 30).verdict).toBe('MISSED');
  expect(within('CPU', Number.NaN, 'ms', 30)).toMatchObject({ ours: '–', verdict: 'MISSED' });
  expect(within('p95', 30, 'ms').verdict).toBe('');
});

test('the table lines columns up and the tally counts targets only', () => {
  const rows = [within('short', 1, 'ms', 2), holds('a longer name', 'no', 'yes', false), within('plain', 3, 'ms')];
  const lines = tableOf(report(rows)).split('\n');
  expect(lines[0]).toBe('== x: X');
  expect(lines[4]?.indexOf('1 ms')).toBe(lines[5]?.indexOf('no'));
  expect(tally([report(rows), report(rows)])).toEqual({ met: 2, missed: 2 });
});
