import { DAY_MS, HOUR_MS, MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { localZone, utc } from '../../../lib/zone.ts';
import { aRow, END, NOW } from '../test/story.ts';
import { runsOut } from './runs-out.ts';

const at = (ahead: number) => aRow({ exhaustion: { kind: 'at', at: NOW + ahead } });

describe('when the budget runs out', () => {
  it.each([
    ['14:49, in 99 s', at(99_000)],
    ['15:08, in 21 min', at(21 * MINUTE_MS)],
    ['today 22:44', at(7.95 * HOUR_MS)],
    ['4 Oct 00:08', at(9.35 * HOUR_MS)],
    ['7 Oct', at(4 * DAY_MS)],
    ['about now', at(-5_000)],
    ['not this window', aRow({ exhaustion: { kind: 'at', at: END } })],
    ['not this window', aRow({ exhaustion: { kind: 'never' } })],
    ['', aRow({ exhaustion: { kind: 'unknown' } })],
    ['gone', aRow({ exhaustion: { kind: 'already', since: null } })],
    ['gone 1 Oct', aRow({ exhaustion: { kind: 'already', since: NOW - 2.5 * DAY_MS } })],
    ['', aRow({ freshness: 'stale', exhaustion: { kind: 'at', at: NOW + MINUTE_MS } })],
    ['', aRow({ leftRatio: null, exhaustion: { kind: 'never' } })],
  ])('says “%s”', (text, slo) => {
    expect(runsOut(slo, NOW, utc)).toBe(text);
  });

  it('speaks in the zone of the reader', () => {
    expect(runsOut(at(99_000), NOW, localZone('Europe/Lisbon'))).toBe('15:49, in 99 s');
  });
});
