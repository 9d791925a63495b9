import { describe, expect, it } from 'vitest';
import { anAlert, aRow, NOW } from '../test/story.ts';
import { listRows, liveSources, newestDataAt, sharedWindow } from './list-rows.ts';

const rows = [
  aRow({ id: 'calm', platformId: 'b', platformName: 'Beta', name: 'Uptime', state: 'on_course', leftRatio: 0.9 }),
  aRow({ id: 'tight', platformId: 'a', platformName: 'Alpha', name: 'Latency', state: 'caution', leftRatio: 0.12 }),
  aRow({ id: 'tighter', platformId: 'a', platformName: 'Alpha', name: 'Errors', state: 'caution', leftRatio: 0.11 }),
  aRow({ id: 'frozen', platformId: 'b', platformName: 'Beta', name: 'API', state: 'freeze', leftRatio: 0.05 }),
];
const ids = (filter: Partial<Parameters<typeof listRows>[1]> = {}) =>
  listRows(rows, { show: 'all', text: '', ...filter }).map((row) => row.id);

describe('rows of the list', () => {
  it('puts the platform with the worst row first, and the worst row first in each', () => {
    expect(ids()).toEqual(['frozen', 'calm', 'tighter', 'tight']);
  });

  it('can leave out what needs no decision', () => {
    expect(ids({ show: 'decisions' })).toEqual(['frozen', 'tighter', 'tight']);
  });

  it('can show only what has an alert that fires or is frozen', () => {
    const alert = { ...anAlert(), state: 'frozen' as const };
    const loud = aRow({ id: 'loud', state: 'on_course', leftRatio: 0.8, alerts: [alert] });
    const quiet = aRow({ id: 'quiet', state: 'on_course', alerts: [{ ...alert, state: 'ok' }] });
    expect(listRows([loud, quiet], { show: 'alerting', text: '' })).toEqual([loud]);
    expect(listRows([loud, quiet], { show: 'decisions', text: '' })).toEqual([loud]);
  });

  it.each([
    ['latency', ['tight']],
    ['ALPHA err', ['tighter']],
    ['  beta  ', ['frozen', 'calm']],
    ['99.95%', ['frozen', 'calm', 'tighter', 'tight']],
    ['nothing like it', []],
  ])('filters by the words “%s”', (text, expected) => {
    expect(ids({ text })).toEqual(expected);
  });

  it('names a window only when every row has it', () => {
    const [first] = rows;
    expect(sharedWindow(rows)).toEqual(first?.budget.window);
    const other = aRow({ id: 'week' });
    const week = {
      ...other,
      budget: { ...other.budget, window: { ...other.budget.window, windowMs: 7 * 86_400_000 } },
    };
    expect(sharedWindow([...rows, week])).toBeNull();
    expect(sharedWindow([])).toBeNull();
  });

  it('takes the age from the newest row, and names only sources that answer', () => {
    expect(newestDataAt([aRow({ dataAt: 5 }), aRow({ dataAt: null }), aRow({ dataAt: 9 })])).toBe(9);
    expect(newestDataAt([aRow({ dataAt: null })])).toBeNull();
    const dead = aRow({ freshness: 'stale', dataAt: NOW - 1e6, source: { id: 's2', kind: 'scrape', name: 'Gone' } });
    expect(liveSources([aRow(), aRow(), dead]).map((source) => source.name)).toEqual(['Prometheus']);
  });
});
