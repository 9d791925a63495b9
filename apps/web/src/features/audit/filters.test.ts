import { describe, expect, test } from 'vitest';
import { anAuditRow, NOW } from '../../../test/fixtures.ts';
import { localZone, utc } from '../../lib/zone.ts';
import { diffOf, linesOf } from './diff.ts';
import { dayEdge, isFiltered, toFilter } from './filters.ts';
import { actionWords, actorName } from './words.ts';

const scope = { platform: null, now: NOW, zone: utc };

describe('filters from the address', () => {
  test('nothing set asks for everything', () => {
    expect(toFilter({}, scope)).toEqual({});
    expect(isFiltered({})).toBe(false);
  });

  test('everything set', () => {
    const values = { text: ' burn ', actor: 'a@b.test', action: 'slo', target: 'user', status: 'denied', range: '24h' };
    expect(toFilter(values, { ...scope, platform: 'hashinsight' })).toEqual({
      text: 'burn',
      actor: 'a@b.test',
      action: 'slo',
      targetKind: 'user',
      status: 'denied',
      platform: 'hashinsight',
      from: NOW - 86_400_000,
    });
  });

  test('days are whole days of the shown zone, the last inclusive', () => {
    const values = { range: 'days', from: '2026-10-01', to: '2026-10-01' };
    expect(toFilter(values, scope)).toEqual({ from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 9, 2) });
    expect(toFilter(values, { ...scope, zone: localZone('Asia/Tokyo') }).from).toBe(Date.UTC(2026, 8, 30, 15));
  });

  test('a text that is only begun is not looked for', () => {
    expect(toFilter({ text: ' ab ' }, scope)).toEqual({});
    expect(isFiltered({ text: 'ab' })).toBe(false);
    expect(toFilter({ text: 'abc' }, scope)).toEqual({ text: 'abc' });
    expect(isFiltered({ text: 'abc' })).toBe(true);
  });

  test('what makes no sense is left out', () => {
    expect(toFilter({ status: 'maybe', range: 'forever', text: '   ' }, scope)).toEqual({});
    expect(dayEdge('2026-13-40', 'start', utc)).toBeUndefined();
    expect(dayEdge('yesterday', 'start', utc)).toBeUndefined();
  });
});

describe('what changed', () => {
  test('changed, added and removed fields, nested ones by their path', () => {
    const before = { target: '99.9', policy: { freeze: 0.1, caution: 0.2 }, owner: 'x' };
    const after = { target: '99.95', policy: { freeze: 0.05, caution: 0.2 }, tags: ['a'] };
    expect(diffOf(before, after)).toEqual({
      changes: [
        { path: 'owner', before: 'x', after: null },
        { path: 'policy.freeze', before: '0.1', after: '0.05' },
        { path: 'tags', before: null, after: '["a"]' },
        { path: 'target', before: '99.9', after: '99.95' },
      ],
      same: 1,
    });
  });

  test('a new record has no before', () => {
    expect(diffOf(null, { a: null }).changes).toEqual([{ path: 'a', before: null, after: 'null' }]);
  });

  test('details are listed by path', () => {
    expect(linesOf({ method: 'password', from: { kind: 'web' } })).toEqual([
      { path: 'method', value: 'password' },
      { path: 'from.kind', value: 'web' },
    ]);
  });
});

test('an act is read as feature and verb, its actor by the best name there is', () => {
  expect(actionWords('slo.target_changed')).toEqual({ feature: 'slo', verb: 'target changed' });
  expect(actorName(anAuditRow())).toBe('ines@example.test');
  expect(actorName(anAuditRow({ user_email: null, actor_kind: 'key', user_id: 'key_1' }))).toBe('key_1');
  expect(actorName(anAuditRow({ user_email: null, actor_kind: 'system', user_id: null }))).toBe('The console');
});
