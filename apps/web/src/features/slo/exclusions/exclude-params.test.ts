import type { SpendItem } from '@qd/shared/slo';
import { MINUTE_MS } from '@qd/shared/time';
import { describe, expect, it } from 'vitest';
import { aDetail, NOW } from '../test/story.ts';
import { excludeParams, stretchParams } from './exclude-params.ts';

const minute = Math.floor(NOW / MINUTE_MS) * MINUTE_MS;
const spent = (id: string): SpendItem => {
  const found = aDetail().spend.find((item) => item.mark?.id === id);
  if (found === undefined) throw new Error(`the story has no ${id}`);
  return found;
};

describe('the address of a form about a stretch', () => {
  it.each([
    { what: 'whole minutes as they are', from: [0, 5], to: [0, 5] },
    { what: 'begun minutes as a whole', from: [0.1, 1.1], to: [0, 2] },
    { what: 'at least a minute', from: [0, 0], to: [0, 1] },
  ])('takes $what', ({ from: [start = 0, end = 0], to: [first = 0, last = 0] }) => {
    const params = stretchParams({
      slo: 's',
      startAt: minute + start * MINUTE_MS,
      endAt: minute + end * MINUTE_MS,
      reason: '',
    });
    const [from, to] = [minute + first * MINUTE_MS, minute + last * MINUTE_MS];
    expect(params).toEqual({ slo: 's', edit: 'new', from: String(from), to: String(to), reason: '' });
  });

  it('is offered for an incident that is over, and for nothing else', () => {
    expect(excludeParams(spent('INC-2026-0919-001'), 's')).toMatchObject({
      slo: 's',
      reason: 'INC-2026-0919-001: CoinWarz breaker half-open',
    });
    expect(excludeParams(spent('INC-2026-1003-001'), 's')).toBeNull();
    expect(excludeParams(spent('dep_v1.9.0'), 's')).toBeNull();
    const background = aDetail().spend.find((item) => item.mark === null);
    expect(background && excludeParams(background, 's')).toBeNull();
  });

  it('keeps the reason within what can be stored', () => {
    const item = { ...spent('INC-2026-0919-001'), detail: 'x'.repeat(900) };
    expect(excludeParams(item, 's')?.reason).toHaveLength(500);
  });
});
