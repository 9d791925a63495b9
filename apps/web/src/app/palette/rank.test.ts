import { expect, test } from 'vitest';
import { aSlo, burning, silent } from '../../../test/fixtures.ts';
import { platformEntries, search, sloEntries } from './entries.ts';
import { cut, matchEntry } from './rank.ts';

test('every word must be found, in the label or the keywords', () => {
  expect(matchEntry('hash bud', 'HashInsight availability', 'error budget')?.spans).toEqual([[0, 4]]);
  expect(matchEntry('hash xyz', 'HashInsight availability', 'error budget')).toBeNull();
  expect(matchEntry('', 'Anything', '')).toEqual({ score: 0, spans: [] });
});

test('a word at its start beats one inside, a label beats keywords', () => {
  const score = (label: string, keywords = '') => matchEntry('aud', label, keywords)?.score ?? -1;
  expect(score('Audit log')).toBeGreaterThan(score('Web3 Audit'));
  expect(score('Web3 Audit')).toBeGreaterThan(score('Applaud'));
  expect(score('Applaud')).toBeLessThan(score('Log', 'audit'));
});

test('signs of patterns are letters here', () => {
  expect(matchEntry('5..', 'status 5.. errors', '')?.spans).toEqual([[7, 10]]);
  expect(matchEntry('(', 'plain', '')).toBeNull();
});

test('overlapping finds are underlined once', () => {
  const spans = matchEntry('ha hash', 'HashInsight', '')?.spans ?? [];
  expect(cut('HashInsight', spans)).toEqual([
    { text: 'Hash', isMatch: true },
    { text: 'Insight', isMatch: false },
  ]);
});

test('idle shows the most urgent budgets; a stale one offers no figure', () => {
  const found = search('', sloEntries([aSlo(), silent, burning]));
  expect(found[0]?.entries.map((entry) => entry.label)).toEqual([
    'HashInsight availability',
    'Web3 Audit audit completion',
    'HashInsight latency P95',
  ]);
  expect(found[0]?.entries[2]?.note).toBe('no fresh data');
});

test('the platform in force is not offered again, all of them are', () => {
  const platforms = [{ id: 'shop', name: 'Shop', isDemo: false, sloCount: 1 }];
  expect(platformEntries(platforms, 'shop').map((entry) => entry.label)).toEqual(['All platforms']);
  expect(platformEntries(platforms, null).map((entry) => entry.label)).toEqual(['Shop']);
});
