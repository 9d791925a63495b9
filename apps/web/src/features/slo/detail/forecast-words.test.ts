import type { Exhaustion, Forecast } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { utc } from '../../../lib/zone.ts';
import { aDetail, NOW } from '../test/story.ts';
import { exhaustionWords, forecastWords } from './forecast-words.ts';

const now = { nowMs: NOW, zone: utc };
const { rolling, budget } = aDetail();
const spending: Exhaustion = { kind: 'at', at: NOW + 3 * DAY_MS };
const words = (over: Partial<Forecast>, of = rolling, freshness: 'fresh' | 'stale' = 'fresh') =>
  forecastWords(
    {
      freshness,
      budget: of,
      forecast: { atCurrentBurn: spending, afterRollOff: { kind: 'never' }, lowest: null, burnRate: 1.4, ...over },
    },
    now,
  );

describe('what a rolling budget comes to', () => {
  it.each<[string | null, Partial<Forecast>]>([
    [
      'As old failures leave the last 30 days, at 1.4× burn, it does not run out. The least is 0.4%, on 7 Oct.',
      { lowest: { at: NOW + 4 * DAY_MS, leftRatio: 0.004 } },
    ],
    [
      'As old failures leave the last 30 days, at 1.4× burn, it does not run out. It is at its lowest now.',
      { lowest: { at: NOW, leftRatio: 0.011 } },
    ],
    [
      'As old failures leave the last 30 days, at 1.4× burn, it is gone at 3 Oct, 18:47 UTC.',
      { afterRollOff: { kind: 'at', at: NOW + 4 * HOUR_MS } },
    ],
    [
      'As old failures leave the last 30 days, it is gone on 13 Oct.',
      { afterRollOff: { kind: 'at', at: NOW + 10 * DAY_MS }, burnRate: null },
    ],
    [
      'As old failures leave the last 30 days, at 1.4× burn, it stays overspent for now. The least is −3.0%, on 7 Oct.',
      { afterRollOff: { kind: 'already', since: null }, lowest: { at: NOW + 4 * DAY_MS, leftRatio: -0.03 } },
    ],
    [null, { afterRollOff: { kind: 'unknown' } }],
    [null, { atCurrentBurn: { kind: 'never' } }],
  ])('%s', (expected, over) => {
    expect(words(over)).toBe(expected);
  });

  it('is not foretold for a fixed window, from old figures, or without any', () => {
    expect(words({}, budget)).toBeNull();
    expect(words({}, rolling, 'stale')).toBeNull();
    expect(words({}, { ...rolling, leftRatio: null })).toBeNull();
  });

  it.each<[string, Exhaustion]>([
    ['never', { kind: 'never' }],
    ['already', { kind: 'already', since: null }],
    ['not known', { kind: 'unknown' }],
    ['3 Oct, 18:47 UTC', { kind: 'at', at: NOW + 4 * HOUR_MS }],
    ['13 Oct', { kind: 'at', at: NOW + 10 * DAY_MS }],
  ])('%s in a table', (expected, exhaustion) => {
    expect(exhaustionWords(exhaustion, now)).toBe(expected);
  });
});
