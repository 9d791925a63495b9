import { computeBudget, expectedEvents, parseTarget } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS, startOfMinute } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { bindStory } from './history.ts';
import { stories } from './stories.ts';

const targets: Record<string, string> = {
  'hashinsight/availability': '99.95',
  'hashinsight/core-api': '99.9',
  'hashinsight/latency-p95': '95',
  'hashinsight/latency-p99': '99',
  'hashinsight/client-errors': '99',
  'web3audit/audit-completion': '99',
  'web3audit/audit-duration': '95',
  'web3audit/api-health': '99.9',
  'stellarescrow/availability': '99.9',
  'stellarescrow/ttfb': '95',
  'stellarescrow/indexer-lag': '99.5',
};
const windowMinutes = 30 * 1_440;

function binding(nowMinute: number, key: string) {
  const windowStartMinute = Math.floor(nowMinute / 1_440) * 1_440 - 24 * 1_440;
  return { nowMinute, windowStartMinute, windowMinutes, targetPercent: targets[key] ?? '' };
}

function sum(counts: { total: number; bad: number }[]) {
  return counts.reduce((s, c) => ({ total: s.total + c.total, bad: s.bad + c.bad }), { total: 0, bad: 0 });
}

describe('the demo stories', () => {
  // A night, a noon and the last minute of a day: the story must hold whenever it is told.
  const moments = [29_500_000, 29_500_607, 29_501_279];

  it.each(stories.flatMap((s) => moments.map((m) => [s.key, m] as const)))(
    '%s at minute %i leaves the budget it tells of',
    (key, nowMinute) => {
      const story = stories.find((s) => s.key === key);
      if (!story) throw new Error(key);
      const b = binding(nowMinute, key);
      const history = bindStory(story, b);
      const inWindow = history.minutes(b.windowStartMinute, nowMinute);
      const { total, bad } = sum(inWindow);
      const before = history.minutes(b.windowStartMinute - windowMinutes, b.windowStartMinute);
      const elapsed = nowMinute - b.windowStartMinute;
      const measured = inWindow.filter((c) => c.observed).length;
      const budget = computeBudget({
        target: parseTarget(b.targetPercent),
        window: {
          view: 'window',
          startAt: startOfMinute(b.windowStartMinute),
          endAt: startOfMinute(b.windowStartMinute) + 30 * DAY_MS,
          windowMs: windowMinutes * MINUTE_MS,
        },
        now: startOfMinute(nowMinute),
        reading: { good: total - bad, bad, total, observedMinutes: measured, expectedMinutes: elapsed },
        expected: expectedEvents({
          soFar: total,
          elapsedRatio: elapsed / windowMinutes,
          observedRatio: measured / windowMinutes,
          previous: {
            total: sum(before).total,
            totalAtSameElapsed: sum(before.slice(0, elapsed)).total,
            coverageRatio: 1,
          },
        }),
      });
      expect(Math.abs((budget.leftRatio ?? Number.NaN) - story.leftRatio)).toBeLessThan(0.02);
    },
  );

  it.each(stories.map((s) => s.key))('%s tells the same twice, and never more failures than events', (key) => {
    const story = stories.find((s) => s.key === key);
    if (!story) throw new Error(key);
    const tell = () => bindStory(story, binding(29_500_000, key)).minutes(29_500_000 - 3_000, 29_500_000 + 300);
    const told = tell();
    expect(tell()).toEqual(told);
    expect(told.every((c) => c.bad >= 0 && c.bad <= c.total && Number.isInteger(c.total))).toBe(true);
  });

  it('the outage fails more than a third of the requests now and is over after 49 minutes', () => {
    const story = stories.find((s) => s.key === 'hashinsight/availability');
    if (!story) throw new Error('the story is gone');
    const now = 29_500_000;
    const history = bindStory(story, binding(now, story.key));
    const ratio = (from: number, to: number) => {
      const { total, bad } = sum(history.minutes(from, to));
      return bad / total;
    };
    expect(ratio(now - 5, now)).toBeGreaterThan(0.33);
    expect(ratio(now + 26, now + 180)).toBeLessThan(0.001);
  });
});
