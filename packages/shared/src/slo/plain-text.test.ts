import { describe, expect, it } from 'vitest';
import { exclusionInput } from './exclusions/schemas.ts';
import { archiveSloInput, overrideInput, sloDefinition, sloSourceInput } from './index.ts';
import { isStorable, line, prose } from './plain-text.ts';

const refused: [what: string, text: string][] = [
  ['NUL', 'a\0b'],
  ['half of a character', 'a\ud800b'],
  ['one that turns the direction', 'ab\u202Egnp'],
  ['one without width', 'a\u200bb'],
  ['an escape', 'a\u001b[31m'],
];

describe('text people read', () => {
  it.each(refused)('has no %s', (_, text) => {
    const message = `has a hidden character at position ${text.startsWith('ab') ? 3 : 2}; type it again`;
    for (const schema of [line(120), prose(500)])
      expect(schema.safeParse(text).error?.issues).toMatchObject([{ message }]);
  });

  it('keeps letters of every script, joiners and signs', () => {
    for (const text of ['Größe', 'می\u200cخواهم', '👩\u200d💻 checkout', '結帳'])
      expect(line(120).parse(` ${text} `)).toBe(text);
  });

  it('runs over lines only where it may', () => {
    expect(prose(20).parse('one\n\ttwo')).toBe('one\n\ttwo');
    expect(line(20).safeParse('one\ntwo').success).toBe(false);
  });

  it('is looked through only when it is short enough', () => {
    expect(line(5).safeParse('\0'.repeat(1_000_000)).error?.issues).toHaveLength(1);
  });
});

describe('everything that defines an objective', () => {
  const definition = {
    platform: 'shop',
    slug: 'checkout',
    name: 'Checkout',
    sourceId: 'src',
    indicator: { kind: 'counters', total: 'hits_total', bad: 'hits_bad' },
    targetPercent: '99',
    windows: [{ kind: 'rolling', windowMs: 86_400_000 }],
  };

  it.each(refused)('refuses %s, naming the field', (_, text) => {
    const faultOf = (more: object) => sloDefinition.safeParse({ ...definition, ...more }).error?.issues[0]?.path;
    for (const field of ['name', 'description', 'owner', 'service'])
      expect(faultOf({ [field]: text })).toEqual([field]);
    expect(faultOf({ labels: { team: text } })).toEqual(['labels', 'team']);
    expect(faultOf({ labels: { [text]: 'x' } })).toEqual(['labels', text]);
    expect(faultOf({ meanings: { ship: text, caution: '', freeze: '', overspent: '' } })).toEqual(['meanings', 'ship']);
  });

  it.each(refused.slice(0, 2))('refuses %s in queries', (_, text) => {
    const indicator = { kind: 'counters', total: `hits_total{a="${text}"}`, bad: 'hits_bad' };
    expect(sloDefinition.safeParse({ ...definition, indicator }).success).toBe(false);
  });

  it.each(refused)('and every reason refuses %s', (_, text) => {
    const reason = `because ${text}`;
    const id = 'slo_shop_checkout';
    expect(overrideInput.safeParse({ id, reason, until: 5 }).error?.issues[0]?.path).toEqual(['reason']);
    expect(archiveSloInput.safeParse({ id, reason }).error?.issues[0]?.path).toEqual(['reason']);
    const exclusion = { platformId: 'shop', category: 'maintenance', reason, startsAt: 0, durationMs: 60_000 };
    expect(exclusionInput.safeParse(exclusion).error?.issues[0]?.path).toEqual(['reason']);
    const source = { platform: 'shop', platformName: text, kind: 'push', url: null };
    expect(sloSourceInput.safeParse(source).error?.issues[0]?.path).toEqual(['platformName']);
  });

  it('repeats only the beginning of a target that is none', () => {
    const parsed = sloDefinition.safeParse({ ...definition, targetPercent: '9'.repeat(100_000) });
    expect(parsed.error?.issues[0]?.message.length).toBeLessThan(200);
  });

  it('begins its cycles at an instant that calendars have', () => {
    const at = (anchorAt: number) => ({ ...definition, windows: [{ kind: 'cycle', windowMs: 86_400_000, anchorAt }] });
    expect(sloDefinition.safeParse(at(8.64e15)).error?.issues[0]?.path).toEqual(['windows', 0, 'anchorAt']);
    expect(sloDefinition.safeParse(at(Date.parse('2999-01-01'))).success).toBe(true);
  });
});

it('tells text a store can keep from text it cannot', () => {
  expect(['plain', '\0', 'a\udfff', '😀'].map(isStorable)).toEqual([true, false, false, true]);
});
