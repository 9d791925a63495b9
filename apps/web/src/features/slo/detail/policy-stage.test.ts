import type { Freshness, SloState } from '@qd/shared/slo';
import { describe, expect, it } from 'vitest';
import { utc } from '../../../lib/zone.ts';
import { aDetail, NOW } from '../test/story.ts';
import { policyStage } from './policy-stage.ts';

function stage(
  leftRatio: number | null,
  state: SloState,
  freshness: Freshness = 'fresh',
  policy?: { cautionRatio: number; freezeRatio: number },
) {
  const slo = aDetail({ state, freshness, ...(policy === undefined ? {} : { policy }) });
  return policyStage({ ...slo, budget: { ...slo.budget, leftRatio } }, utc, NOW);
}

describe('what the policy allows', () => {
  it.each([
    [0.71, 'on_course', 'ship', 'Ship', 'over 20% left'],
    [0.2, 'on_course', 'ship', 'Ship', 'over 20% left'],
    [0.42, 'fast_burn', 'ship', 'Fast burn', 'over 20% left'],
    [0.182, 'caution', 'caution', 'Caution', 'under 20% left'],
    [0.15, 'fast_burn', 'caution', 'Caution', 'under 20% left'],
    [0.1, 'caution', 'caution', 'Caution', 'under 20% left'],
    [0.029, 'freeze', 'freeze', 'Freeze', 'under 10% left'],
    [0, 'overspent', 'overspent', 'Overspent', 'nothing left'],
    [-0.4, 'overspent', 'overspent', 'Overspent', 'nothing left'],
  ] as const)('%s left and %s: %s', (left, state, ...[key, word, because]) => {
    expect(stage(left, state)).toMatchObject({ key, word, because });
  });

  it.each([
    [0.71, 'on_course', 'stale', 'no fresh data'],
    [null, 'no_data', 'never', 'nothing measured yet'],
    [0.71, 'insufficient', 'fresh', 'not enough data'],
  ] as const)('allows nothing on %s, %s, %s', (left, state, freshness, because) => {
    expect(stage(left, state, freshness)).toMatchObject({ key: 'unknown', because });
  });

  it('takes its thresholds from the policy of the objective', () => {
    const policy = { cautionRatio: 0.5, freezeRatio: 0.25 };
    expect(stage(0.4, 'caution', 'fresh', policy)).toMatchObject({ key: 'caution', because: 'under 50% left' });
    expect(stage(0.2, 'freeze', 'fresh', policy)).toMatchObject({ key: 'freeze', because: 'under 25% left' });
  });
});
