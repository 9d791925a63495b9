import { describe, expect, it } from 'vitest';
import { cheapestWay, passes, says } from './facets.ts';

const facet = { action: 'users.signed_in', status: 'denied', platform: 'hashinsight', targetKind: 'user' };

describe('a facet', () => {
  it.each([
    [{}, true],
    [{ action: 'users' }, true],
    [{ action: 'users.signed_in' }, true],
    [{ action: 'user' }, false],
    [{ action: 'users.signed' }, false],
    [{ status: 'denied' as const, targetKind: 'user' }, true],
    [{ status: 'success' as const }, false],
    [{ platform: 'web3audit' }, false],
    [{ targetKind: 'slo' }, false],
  ])('passes %j: %s', (filters, does) => {
    expect(passes(facet, filters, '*')).toBe(does);
  });

  it('is seen on its platform, and without one by those alone who may see all', () => {
    expect(passes(facet, {}, ['hashinsight'])).toBe(true);
    expect(passes(facet, {}, ['web3audit'])).toBe(false);
    expect(passes({ ...facet, platform: '' }, {}, [''])).toBe(false);
    expect(passes({ ...facet, platform: '' }, {}, '*')).toBe(true);
  });

  it('says what its action or kind of target contains, in any case', () => {
    expect(['SIGNED', 's.s', 'ser'].map((text) => says(facet, text))).toEqual([true, true, true]);
    expect(says(facet, 'denied')).toBe(false);
  });
});

describe('the way to a text', () => {
  const log = { words: 100, total: 1_000_000, limit: 51, newest: 0 };
  const sample = { rows: 2_000, holding: 0, passing: 2_000, both: 0 };

  it('is through the words when they are few and nothing else is asked', () => {
    expect(cheapestWay({ ...sample, holding: 40, both: 40 }, log)).toBe('words');
  });
  it('is through the words when they are in few rows', () => {
    expect(cheapestWay({ ...sample, passing: 1_000 }, log)).toBe('words');
  });
  it('is through the facets when these are in few rows', () => {
    expect(cheapestWay({ ...sample, holding: 1_000, passing: 0 }, log)).toBe('facets');
    expect(cheapestWay({ ...sample, passing: 0, holding: 1_000 }, { ...log, words: null })).toBe('facets');
  });
  it('is from the newest on when both are in many', () => {
    expect(cheapestWay({ rows: 2_000, holding: 200, passing: 1_000, both: 100 }, { ...log, newest: 0.01 })).toBe(
      'walk',
    );
    expect(cheapestWay({ ...sample, holding: 200, passing: 1_000 }, { ...log, words: null })).toBe('walk');
  });
});
