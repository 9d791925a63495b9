import { sloSourceInput } from '@qd/shared/slo';
import { describe, expect, it } from 'vitest';
import { ANOTHER, isComplete, platformOf, type SourceDraft, sourceInputOf } from './source-draft.ts';

const draft: SourceDraft = {
  platform: 'shop',
  platformName: '',
  kind: 'prometheus',
  url: ' http://prometheus:9090 ',
  intervalSeconds: 15,
};

describe('a source that is being added', () => {
  it.each([
    ['My Shop', 'my-shop'],
    ['  24/7 Café ', 'cafe'],
    ['Überblick 2', 'uberblick-2'],
    ['!!!', ''],
    ['a'.repeat(40), 'a'.repeat(32)],
    [`${'a'.repeat(31)} b`, 'a'.repeat(31)],
  ])('gives the new platform “%s” the short name “%s”', (platformName, id) => {
    expect(platformOf({ ...draft, platform: ANOTHER, platformName })).toBe(id);
  });

  it('is sent as the server reads it', () => {
    for (const one of [
      draft,
      { ...draft, platform: ANOTHER, platformName: 'My Shop' },
      { ...draft, kind: 'push' as const },
    ]) {
      const input = sourceInputOf(one);
      expect(sloSourceInput.parse(input)).toEqual(input);
    }
    expect(sourceInputOf(draft)).toEqual({
      platform: 'shop',
      kind: 'prometheus',
      url: 'http://prometheus:9090',
      intervalMs: 15_000,
    });
    expect(sourceInputOf({ ...draft, kind: 'push' }).url).toBeNull();
  });

  it('is complete with a platform and, unless counts are pushed, an address', () => {
    expect(isComplete(draft)).toBe(true);
    expect(isComplete({ ...draft, url: '  ' })).toBe(false);
    expect(isComplete({ ...draft, url: '', kind: 'push' })).toBe(true);
    expect(isComplete({ ...draft, platform: ANOTHER, platformName: 'x' })).toBe(false);
  });
});
