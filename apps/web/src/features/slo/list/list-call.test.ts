import type { Freshness, SloState } from '@qd/shared/slo';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callGroup, countWord, listCall, needsDecision } from './list-call.ts';

const rows = (...states: (SloState | [SloState, Freshness])[]) =>
  states.map((state) =>
    Array.isArray(state) ? { state: state[0], freshness: state[1] } : { state, freshness: 'fresh' as const },
  );
const sentence = (...states: Parameters<typeof rows>) => {
  const call = listCall(rows(...states));
  return call.lead + call.rest;
};

describe('the call of the list', () => {
  it.each<[string, Parameters<typeof rows>]>([
    ['No SLO is set up yet.', []],
    ['The one SLO is on course.', ['on_course']],
    ['Both SLOs are on course.', ['on_course', 'on_course']],
    ['All three SLOs are on course.', ['on_course', 'on_course', 'on_course']],
    ['One SLO is frozen. One is on course.', ['freeze', 'on_course']],
    ['Two SLOs are overspent. None is on course.', ['overspent', 'overspent']],
    [
      'One SLO is frozen, two are in caution, two burn fast, and one has no data. Five are on course.',
      [
        'freeze',
        ...(['caution', 'caution', 'fast_burn', 'fast_burn', 'no_data'] as const),
        ...(['on_course', 'on_course', 'on_course', 'on_course', 'on_course'] as const),
      ],
    ],
    ['One SLO has too little data. One is on course.', ['insufficient', 'on_course']],
  ])('%s', (text, states) => {
    expect(sentence(...states)).toBe(text);
  });

  it('counts old figures as unknown, whatever they said last', () => {
    expect(sentence(['on_course', 'stale'], ['freeze', 'stale'], 'on_course')).toBe(
      'Two SLOs have no data. One is on course.',
    );
    expect(sentence(['on_course', 'never'])).toBe('One SLO has no data. None is on course.');
  });

  it('still trusts figures that are a little late', () => {
    expect(sentence(['on_course', 'late'])).toBe('The one SLO is on course.');
  });

  it.each([
    ['on_course', 'fresh', false],
    ['on_course', 'late', false],
    ['on_course', 'stale', true],
    ['no_data', 'never', true],
    ['insufficient', 'fresh', true],
    ['caution', 'fresh', true],
  ] as const)('%s and %s needs a decision: %s', (state, freshness, needed) => {
    expect(needsDecision({ state, freshness, alerts: [] })).toBe(needed);
  });

  it('never says on course of more rows than are known to be', () => {
    const state = fc.constantFrom<SloState>(
      'overspent',
      'freeze',
      'fast_burn',
      'caution',
      'no_data',
      'insufficient',
      'on_course',
    );
    const freshness = fc.constantFrom<Freshness>('fresh', 'late', 'stale', 'never');
    fc.assert(
      fc.property(fc.array(fc.record({ state, freshness }), { minLength: 3, maxLength: 12 }), (some) => {
        const good = some.filter((row) => callGroup(row) === 'good').length;
        const call = listCall(some);
        if (good === some.length) expect(call.lead).toContain(countWord(good));
        else if (good === 0) expect(call.rest).toContain('None is on course');
        else expect(call.rest.toLowerCase()).toContain(`${countWord(good)} ${good === 1 ? 'is' : 'are'} on course`);
      }),
    );
  });
});
