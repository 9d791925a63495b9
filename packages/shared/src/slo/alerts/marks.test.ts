import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../time/index.ts';
import { type AlertEpisode, alertMarks, MAX_ALERT_MARKS } from './marks.ts';

const START = Date.UTC(2026, 4, 1);
const windowMs = 30 * DAY_MS;

const episode = (firedAt: number, over: Partial<AlertEpisode> = {}): AlertEpisode => ({
  kind: 'burn',
  severity: 'page',
  tier: 'fast',
  firedAt,
  resolvedAt: firedAt + 20 * MINUTE_MS,
  summary: `fired at ${firedAt}`,
  isDemo: false,
  ...over,
});

const marks = (episodes: readonly AlertEpisode[], active: { kind: 'burn'; firedAt: number }[] = []) =>
  alertMarks({ platformId: 'shop', episodes, active, windowMs });

describe('alerts on a time axis', () => {
  it('last from firing to being resolved, and name their kind', () => {
    const [burn, silent, ends] = marks([
      episode(START),
      episode(START + DAY_MS, { kind: 'absent', tier: null, severity: 'ticket' }),
      episode(START + 2 * DAY_MS, { kind: 'exhaustion', tier: null }),
    ]);
    expect(burn).toMatchObject({
      kind: 'alert',
      label: 'Fast burn alert',
      at: START,
      endAt: START + 20 * MINUTE_MS,
      open: false,
      severity: 'page',
      url: null,
    });
    expect([silent?.label, ends?.label]).toEqual(['No data alert', 'Budget runs out alert']);
  });

  it('are open only while they fire; one whose end is not on record is an instant', () => {
    const unresolved = episode(START, { resolvedAt: null });
    expect(marks([unresolved], [{ kind: 'burn', firedAt: START }])[0]).toMatchObject({ open: true, endAt: null });
    expect(marks([unresolved])[0]).toMatchObject({ open: false, endAt: START });
  });

  it('become one mark where those of a kind come close together', () => {
    const near = [0, 2, 4].map((hours) => episode(START + hours * HOUR_MS));
    const found = marks([...near.toReversed(), episode(START + HOUR_MS, { kind: 'absent', tier: null })]);
    expect(found.map(({ label }) => label)).toEqual(['Fast burn alert, 3 times', 'No data alert']);
    expect(found[0]).toMatchObject({ at: START, endAt: START + 4 * HOUR_MS + 20 * MINUTE_MS });
    expect(new Set(found.map(({ id }) => id)).size).toBe(2);
  });

  it('are bounded, the newest kept', () => {
    const many = Array.from({ length: 200 }, (_, i) => episode(START + i * DAY_MS));
    const found = marks(many);
    expect(found).toHaveLength(MAX_ALERT_MARKS);
    expect(found.at(-1)?.at).toBe(START + 199 * DAY_MS);
  });
});
