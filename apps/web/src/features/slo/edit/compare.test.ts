import { type SloDefinition, sloDefinition } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { changeEffect, changesBetween, effectSentence, mergeDefinitions } from './compare.ts';
import { describeDefinition, windowSpecWords } from './describe-definition.ts';

const base = sloDefinition.parse({
  platform: 'hashinsight',
  slug: 'availability',
  name: 'Availability',
  sourceId: 'src_1',
  indicator: { kind: 'counters', total: 'a', bad: 'b' },
  targetPercent: '99.9',
  windows: [{ kind: 'rolling', windowMs: 30 * DAY_MS }],
});
const but = (over: Partial<SloDefinition>): SloDefinition => ({ ...base, ...over });

describe('changes between two definitions', () => {
  it('are told in words, in the order of the form, and only where something differs', () => {
    const after = but({
      indicator: { kind: 'slices', query: 'q', op: 'lte', value: 0.25, sliceMinutes: 5 },
      targetPercent: '99.5',
      windows: [
        { kind: 'calendar', calendar: { unit: 'month', count: 1, timeZone: 'Europe/Berlin', startDate: '2026-01-01' } },
        { kind: 'rolling', windowMs: 36 * HOUR_MS },
      ],
      alerting: {
        ...base.alerting,
        policy: 'custom',
        rows: [{ shortMs: 5 * MINUTE_MS, longMs: HOUR_MS, limit: 14.4, severity: 'page' }],
        absentMs: null,
      },
    });
    expect(changesBetween(base, after).map(({ label, before, after: now }) => [label, before, now])).toEqual([
      ['What is counted', 'Bad of all', 'Value per slice'],
      ['Value', null, 'q'],
      ['Good when', null, 'the value is ≤ 0.25 in a slice of 5 min'],
      ['Target', '99.9%', '99.5%'],
      ['Window that decides', 'rolling 30 d', 'calendar month in Europe/Berlin, counted from 2026-01-01'],
      ['Further windows', 'none', 'rolling 1 d 12 h'],
      ['Alert rows', 'Same limit in every window', 'Own rows'],
      ['Row 1', null, 'page over 14.4× in 5 min and 1 h'],
      ['Alert on missing data', '15 min', 'off'],
      ['All events', 'a', null],
      ['Bad events', 'b', null],
    ]);
  });

  it('are none for the same, whatever the order of its keys', () => {
    expect(changesBetween(base, but({ labels: {} }))).toEqual([]);
    expect(changesBetween(but({ labels: { a: '1', b: '2' } }), but({ labels: { b: '2', a: '1' } }))).toEqual([]);
  });

  it('call a source by its name', () => {
    const lines = describeDefinition(base, (id) => `Prometheus (${id})`);
    expect(lines[0]).toMatchObject({ label: 'Source', value: 'Prometheus (src_1)' });
  });
});

it('says where a cycle begins', () => {
  expect(windowSpecWords({ kind: 'cycle', windowMs: 30 * DAY_MS, anchorAt: Date.UTC(2026, 8, 9, 7, 30) })).toBe(
    'every 30 d from 2026-09-09 07:30 UTC',
  );
});

describe('what a change does to history', () => {
  it.each([
    [base, true, 'none'],
    [but({ targetPercent: '99' }), true, 'reread'],
    [but({ name: 'Other' }), false, 'reread'],
    [but({ indicator: { kind: 'counters', total: 'a', bad: 'c' } }), true, 'remeasured'],
    [but({ indicator: { kind: 'counters', total: 'a', bad: 'c' } }), false, 'goes_on'],
    [but({ sourceId: 'src_2' }), true, 'remeasured'],
    [but({ indicator: { bad: 'b', total: 'a', kind: 'counters' } }), true, 'none'],
  ] as const)('%#', (after, hasHistory, effect) => {
    expect(changeEffect(base, after, hasHistory)).toBe(effect);
    expect(effectSentence(effect)).toMatch(/\.$/);
  });
});

describe('two people change one definition', () => {
  it('takes over what only the other one changed and keeps our own words where both did', () => {
    const theirs = but({ targetPercent: '99.5', name: 'API', owner: 'team-a' });
    const ours = but({ targetPercent: '99.8', description: 'Ours', owner: 'team-a' });
    expect(mergeDefinitions(base, theirs, ours)).toEqual({
      definition: but({ targetPercent: '99.8', name: 'API', description: 'Ours', owner: 'team-a' }),
      taken: ['name'],
      contested: ['targetPercent'],
    });
  });

  it('is ours where the other one changed nothing', () => {
    const ours = but({ name: 'Ours' });
    expect(mergeDefinitions(base, base, ours)).toEqual({ definition: ours, taken: [], contested: [] });
  });
});
