import type { Indicator } from '@qd/shared/slo';
import { describe, expect, it } from 'vitest';
import { utc } from '../../../lib/zone.ts';
import { aDetail, NOW } from '../test/story.ts';
import {
  bigCount,
  boundsWords,
  countedWords,
  lifeWords,
  queryLines,
  ruleWords,
  sourceWords,
} from './measured-words.ts';

const { budget, measurement, source } = aDetail();
const counted = (over: Partial<typeof budget>, of = measurement, unit: 'events' | 'minutes' = 'events') =>
  countedWords({ budget: { ...budget, ...over }, unit, measurement: of }, utc, NOW);

describe('how it is measured, in words', () => {
  it.each([
    [0, '0'],
    [98_234, '98,234'],
    [2_410_000, '2.41 million'],
    [3_200_000_000, '3.20 billion'],
  ])('counts %s as %s', (count, text) => {
    expect(bigCount(count)).toBe(text);
  });

  it('names source, version and interval', () => {
    expect(sourceWords(source, measurement)).toBe('Prometheus 2.42.0, every 30 s');
    const pushed = { ...measurement, serverVersion: null };
    expect(sourceWords({ id: 's', kind: 'push', name: 'Batch jobs' }, pushed)).toBe('Batch jobs, pushed by an API key');
  });

  it('does not explain a name that explains itself', () => {
    const own = { ...measurement, serverVersion: null, intervalMs: 15_000 };
    expect(sourceWords({ id: 's', kind: 'self', name: 'This console' }, own)).toBe('This console, every 15 s');
    expect(sourceWords({ id: 's', kind: 'demo', name: 'Demo history' }, own)).toBe('Demo history, every 15 s');
  });

  it('shows the queries as they are sent', () => {
    expect(queryLines(measurement)).toEqual([
      { name: 'bad', query: 'hashinsight_requests_total{status=~"5.."}' },
      { name: 'total', query: 'hashinsight_requests_total' },
    ]);
    expect(queryLines({ ...measurement, indicator: { kind: 'counters', total: 't', good: 'g' } })[0]).toEqual({
      name: 'good',
      query: 'g',
    });
    expect(queryLines({ ...measurement, indicator: { kind: 'push' } })).toEqual([]);
  });

  it('marks a projected total as estimated and counts gaps as unknown', () => {
    expect(counted({})).toBe(
      '2.41 million events in the window so far, 2.96 million expected by its end (estimated). ' +
        '2 gaps in the window, longest 1 min 30 s on 21 Sep, counted as unknown, not as good.',
    );
    const whole = { ...measurement, gaps: { count: 0, longestMs: 0, longestAt: null, minutes: 0 } };
    expect(counted({ estimated: false, totalEvents: 1 }, whole)).toBe('1 event in the window so far. No gaps.');
    expect(counted({ estimated: false, totalEvents: 30_240, expectedEvents: 43_200 }, whole, 'minutes')).toBe(
      '30,240 of 43,200 minutes in the window so far. No gaps.',
    );
    const one = { ...measurement, gaps: { count: 1, longestMs: 60_000, longestAt: null, minutes: 1 } };
    expect(counted({ estimated: false }, one)).toContain('1 gap in the window, 1 min, counted as unknown');
  });

  it('says what the gaps could hide, and since when there are figures', () => {
    expect(boundsWords(budget)).toBe('2.1% to 2.9%');
    expect(boundsWords({ ...budget, bounds: null })).toBeNull();
    expect(lifeWords(measurement, utc, NOW)).toBe('Measured since 11 Jul, 00:00 UTC.');
    expect(lifeWords({ ...measurement, measuredSince: null }, utc, NOW)).toBe('Not measured yet.');
  });

  it.each<[Indicator, string | null]>([
    [{ kind: 'counters', total: 't', bad: 'b' }, null],
    [{ kind: 'push' }, null],
    [{ kind: 'latency', buckets: 'b', le: '0.25' }, 'the event is in the bucket le="0.25"'],
    [{ kind: 'gauge', selector: 'up' }, 'the sample is 1'],
    [
      { kind: 'slices', query: 'q', op: 'gte', value: 12.5, sliceMinutes: 1 },
      'the value is ≥ 12.5 at the end of each minute',
    ],
    [
      { kind: 'percentile', buckets: 'b', quantile: 0.995, op: 'lte', value: 0.25, sliceMinutes: 5 },
      'P99.5 ≤ 0.25 over each 5 min',
    ],
  ])('says of %o when it is good', (indicator, words) => {
    expect(ruleWords(indicator)).toBe(words);
  });
});
