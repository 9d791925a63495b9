import type { BurnDownSeries } from '@qd/shared/slo';
import { expect, it } from 'vitest';
import { aBudget, aSlo, DAY_START, NOW } from '../../../../test/fixtures.ts';
import { historyCsv } from './history-csv.ts';
import { listCsv } from './list-csv.ts';

const cells = (csv: string) =>
  csv
    .slice(1)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));

it('writes the list with units in its head, and leaves empty what is not known', () => {
  const known = aSlo({ name: '=cmd()', targetPercent: '99.95', burn5m: 1.25, freshness: 'fresh', state: 'on_course' });
  const stale = aSlo({ budget: aBudget({ leftRatio: null }), freshness: 'stale', burn5m: 3, dataAt: NOW });
  const [head = [], first = [], second = []] = cells(listCsv([known, stale]));
  const at = (name: string) => head.indexOf(name);
  expect(head.filter((name) => /\((%|min|x|count|UTC)\)/.test(name))).toHaveLength(13);
  expect(first[at('SLO')]).toBe("'=cmd()");
  expect(first[at('Target (%)')]).toBe('99.95');
  expect(first[at('Budget left (%)')]).toBe('64.1');
  expect(first[at('Budget (min)')]).toBe('21.6');
  expect(first[at('Burn over 5 min (x)')]).toBe('1.25');
  expect(second[at('State')]).toBe('No data');
  expect(second[at('Budget left (%)')]).toBe('');
  expect(second[at('Burn over 5 min (x)')]).toBe('');
  expect(second[at('Measured until (UTC)')]).toBe('2026-10-03T14:47:30Z');
});

it('writes how the budget ran down, beside even use', () => {
  const series: BurnDownSeries = {
    view: 'window',
    window: aBudget().window,
    at: [DAY_START, DAY_START + 1_800_000, DAY_START + 3_600_000],
    leftRatio: [0.5, null, -0.25],
    ideal: { at: [DAY_START, DAY_START + 3_600_000], leftRatio: [1, 0] },
    forecast: null,
    gaps: [],
    lens: null,
    asOf: NOW,
  };
  expect(cells(historyCsv(series, 21.6 * 60_000))).toEqual([
    ['At (UTC)', 'Budget left (%)', 'Budget left (min)', 'Even use (% left)'],
    ['2026-10-03T00:00:00Z', '50', '10.8', '100'],
    ['2026-10-03T00:30:00Z', '', '', '50'],
    ['2026-10-03T01:00:00Z', '-25', '-5.4', '0'],
  ]);
  expect(cells(historyCsv({ ...series, ideal: null }, 60_000))[1]?.at(-1)).toBe('');
});
