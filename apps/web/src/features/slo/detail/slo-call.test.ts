import type { SloDetail } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { localZone, utc } from '../../../lib/zone.ts';
import { aDetail, END, NOW } from '../test/story.ts';
import { sloCall } from './slo-call.ts';

const now = { nowMs: NOW, zone: utc };
const say = (slo: SloDetail, view: 'window' | 'rolling' = 'window') => {
  const call = sloCall(slo, view === 'rolling' ? slo.rolling : slo.budget, now);
  return `${call.lead} ${call.rest}`.trim();
};
const left = (leftRatio: number | null, over: Partial<SloDetail> = {}) => {
  const slo = aDetail(over);
  return { ...slo, budget: { ...slo.budget, leftRatio } };
};
const at = (ahead: number) => ({ exhaustion: { kind: 'at', at: NOW + ahead } }) as const;

describe('the call of one objective', () => {
  it.each([
    ['2.9% of the error budget is left. At this burn it is gone at 14:49 UTC, in 99 seconds.', left(0.029, at(99_000))],
    ['2.9% of the error budget is left. At this burn it is gone at 14:47 UTC, in 1 second.', left(0.029, at(400))],
    ['2.9% of the error budget is left. At this burn it is gone about now.', left(0.029, at(-100))],
    [
      '18.2% of the error budget is left. At this burn it is gone at 15:08 UTC, in 21 min.',
      left(0.182, { state: 'caution', ...at(21 * MINUTE_MS) }),
    ],
    [
      '18.2% of the error budget is left. At this burn it is gone at 4 Oct, 00:07 UTC, in 9 h 20 min.',
      left(0.182, { state: 'caution', ...at(9 * HOUR_MS + 20 * MINUTE_MS) }),
    ],
    [
      '42.0% of the error budget is left. At this burn it is gone on 7 Oct, in 4 d.',
      left(0.42, { state: 'fast_burn', ...at(4 * DAY_MS) }),
    ],
    [
      '71.0% of the error budget is left. At this burn it lasts past the end of the window on 9 Oct.',
      left(0.71, { state: 'on_course', exhaustion: { kind: 'at', at: END + 1 } }),
    ],
    [
      '71.0% of the error budget is left. Nothing is being spent right now.',
      left(0.71, { state: 'on_course', exhaustion: { kind: 'never' } }),
    ],
    ['71.0% of the error budget is left.', left(0.71, { state: 'on_course', exhaustion: { kind: 'unknown' } })],
    [
      'The error budget is gone. The next one starts on 9 Oct.',
      left(0, { state: 'overspent', exhaustion: { kind: 'already', since: null } }),
    ],
    [
      'The error budget is overspent by 12.4%. It ran out at 1 Oct, 14:47 UTC. The next one starts on 9 Oct.',
      left(-0.124, { state: 'overspent', exhaustion: { kind: 'already', since: NOW - 2 * DAY_MS } }),
    ],
    [
      'At 14:43 UTC 12.0% of the error budget was left. We cannot see newer figures.',
      left(0.12, { freshness: 'stale', dataAt: NOW - 4 * MINUTE_MS }),
    ],
    [
      'At 2 Oct, 14:47 UTC the error budget was overspent by 3.0%. We cannot see newer figures.',
      left(-0.03, { freshness: 'stale', state: 'overspent', dataAt: NOW - DAY_MS }),
    ],
    [
      'No data since 13:58 UTC. What is left of the budget is not known.',
      left(null, { state: 'no_data', freshness: 'stale', dataAt: NOW - 49 * MINUTE_MS }),
    ],
    [
      'Nothing has happened yet in this window. Without a single event there is no budget to speak of.',
      left(null, { state: 'no_data' }),
    ],
    [
      'Nothing has been measured yet. The budget is not known until the first minute arrives.',
      left(null, { state: 'no_data', freshness: 'never', dataAt: null }),
    ],
  ])('%s', (text, slo) => {
    expect(say(slo)).toBe(text);
  });

  it('gives the span instead of a number when too little is measured', () => {
    const slo = aDetail({ state: 'insufficient' });
    const thin = {
      ...slo,
      budget: { ...slo.budget, coverageRatio: 0.34, bounds: { bestLeftRatio: 0.71, worstLeftRatio: -0.4 } },
    };
    expect(say(thin)).toBe(
      'Too little is measured to judge this budget. Between −40.0% and 71.0% is left; 34% of the window so far is covered.',
    );
    const even = { ...thin, budget: { ...thin.budget, bounds: null } };
    expect(say(even)).toBe('Too little is measured to judge this budget. 34% of the window so far is covered.');
  });

  it('never lets the rolling view judge alone', () => {
    const slo = left(0.029);
    expect(say({ ...slo, rolling: { ...slo.rolling, leftRatio: 0.4 } }, 'rolling')).toBe(
      'Over the last 30 days, 40.0% of the error budget is left. The fixed window, which decides, has 2.9%.',
    );
    expect(say({ ...slo, rolling: { ...slo.rolling, leftRatio: -0.4 } }, 'rolling')).toBe(
      'The error budget is overspent by 40.0%. Counted over the last 30 days. The fixed window, which decides, has 2.9%.',
    );
  });

  it.each([
    [0.05, 'freeze', 'fresh', 'crit'],
    [0.15, 'caution', 'fresh', 'warn'],
    [0.6, 'fast_burn', 'fresh', 'warn'],
    [0.6, 'on_course', 'fresh', 'none'],
    [-0.1, 'overspent', 'fresh', 'crit'],
    [0.05, 'freeze', 'stale', 'stale'],
    [0.6, 'insufficient', 'fresh', 'stale'],
  ] as const)('%s left, %s and %s is told in the tone %s', (ratio, state, freshness, tone) => {
    const slo = left(ratio, { state, freshness });
    expect(sloCall(slo, slo.budget, now).tone).toBe(tone);
  });

  it('tells times in the zone of the reader', () => {
    const lisbon = { nowMs: NOW, zone: localZone('Europe/Lisbon') };
    const slo = left(0.029, at(99_000));
    expect(sloCall(slo, slo.budget, lisbon).rest).toBe('At this burn it is gone at 15:49 Lisbon, in 99 seconds.');
  });
});
