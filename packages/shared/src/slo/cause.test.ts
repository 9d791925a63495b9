import { describe, expect, it } from 'vitest';
import { causeKey, marksOfCause, parseCause } from './cause.ts';
import type { Mark } from './types.ts';

const mark = (id: string, at: number, kind: Mark['kind'] = 'exclusion'): Mark => ({
  id,
  kind,
  platformId: 'shop',
  at,
  endAt: at + 60_000,
  label: id,
  detail: '',
  severity: null,
  open: false,
  url: null,
  isDemo: false,
});

describe('a cause in an address', () => {
  it.each(['incident:INC-1', 'deploy:dep_1', 'exclusion:exc_1', 'alert:burn:17', 'background', 'smaller'])(
    'reads %s as it was written',
    (text) => {
      expect(parseCause(text)).toBe(text);
    },
  );

  it.each([null, '', 'deploy', 'deploy:', 'person:1', '__proto__:x', `deploy:${'x'.repeat(400)}`])(
    'takes %s for none',
    (text) => {
      expect(parseCause(text)).toBeNull();
    },
  );

  it('holds every occurrence of an exclusion, by time, and nothing else', () => {
    const marks = [mark('exc_1', 300), mark('exc_2', 200), mark('exc_1', 100), mark('exc_1', 50, 'deploy')];
    expect(marksOfCause(causeKey(mark('exc_1', 0)), marks).map(({ at }) => at)).toEqual([100, 300]);
  });
});
