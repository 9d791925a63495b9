import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors/index.ts';
import { DAY_MS } from '../time/index.ts';
import { checkPoints, fieldPath, MAX_PUSH_POINTS, parseSliPush, sliPushInput } from './push.ts';

const NOW = Date.parse('2026-11-21T14:47:30.500Z');
const point = (at: unknown, good: unknown, total: unknown) => ({ at, good, total });
const body = (...points: unknown[]) => ({ slo: 'slo_abc', points });

function faultsOf(input: unknown): { message: string; fields: Record<string, string> } {
  try {
    parseSliPush(input, NOW);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.code).toBe('invalid');
    return { message: error.message, fields: Object.fromEntries(error.fields.map((f) => [f.field, f.message])) };
  }
  throw new Error('was accepted');
}

describe('parseSliPush', () => {
  it('reads ISO times with any zone and epoch ms, cut to the second', () => {
    const push = parseSliPush(
      body(point('2026-11-21T14:47:00Z', 9, 10), point('2026-11-21T15:46:59.999+01:00', 0, 0), point(NOW - 600, 5, 5)),
      NOW,
    );
    expect(push).toEqual({
      slo: 'slo_abc',
      points: [
        { at: Date.parse('2026-11-21T14:47:00Z'), good: 9, total: 10 },
        { at: Date.parse('2026-11-21T14:46:59Z'), good: 0, total: 0 },
        { at: Date.parse('2026-11-21T14:47:29Z'), good: 5, total: 5 },
      ],
    });
  });

  it.each<[string, unknown, string, RegExp]>([
    ['a body that is no object', 'hello', '', /expected object/i],
    ['null', null, '', /expected object/i],
    ['a list', [], '', /expected object/i],
    ['no objective', { points: [point(NOW, 1, 1)] }, 'slo', /id of an objective/],
    ['an objective that is no id', { slo: "x' or 1=1", points: [point(NOW, 1, 1)] }, 'slo', /not an id/],
    ['an id too long', { slo: 'x'.repeat(65), points: [point(NOW, 1, 1)] }, 'slo', /not an id/],
    ['no points', { slo: 'slo_1' }, 'points', /list of points/],
    ['an empty list', body(), 'points', /at least one/],
    ['an unknown field', { ...body(point(NOW, 1, 1)), extra: 1 }, 'extra', /not a known field/],
    [
      'an unknown field in a point',
      body(point(NOW, 1, 1), { ...point(NOW - 5000, 1, 1), bad: 0 }),
      'points[1].bad',
      /not a known field/,
    ],
    ['negative good', body(point(NOW, -1, 1)), 'points[0].good', /0 or more/],
    ['fractional total', body(point(NOW, 1, 1.5)), 'points[0].total', /whole number/],
    ['NaN', body(point(NOW, Number.NaN, 1)), 'points[0].good', /whole number/],
    ['infinity', body(point(NOW, 1, Number.POSITIVE_INFINITY)), 'points[0].total', /whole number/],
    ['a number as text', body(point(NOW, '1', 1)), 'points[0].good', /whole number/],
    ['a missing total', body({ at: NOW, good: 1 }), 'points[0].total', /whole number/],
    ['a count beyond reason', body(point(NOW, 1, 2e12)), 'points[0].total', /at most/],
    ['a time in words', body(point('yesterday', 1, 1)), 'points[0].at', /ISO 8601/],
    ['a time without a zone', body(point('2026-11-21T14:47:00', 1, 1)), 'points[0].at', /ISO 8601/],
    ['a day that does not exist', body(point('2026-02-30T14:47:00Z', 1, 1)), 'points[0].at', /ISO 8601/],
    ['a time as a fraction', body(point(NOW + 0.5, 1, 1)), 'points[0].at', /ISO 8601/],
    ['a missing time', body({ good: 1, total: 1 }), 'points[0].at', /ISO 8601/],
    ['epoch seconds', body(point(Math.floor(NOW / 1000), 1, 1)), 'points[0].at', /older than 8 days/],
    ['the future', body(point(NOW + 61_500, 1, 1)), 'points[0].at', /more than 60 s/],
    ['the far past', body(point(NOW - 8 * DAY_MS - 1_000, 1, 1)), 'points[0].at', /older than 8 days/],
    ['total below good', body(point(NOW, 2, 1)), 'points[0].total', /2.*1|1 < 2/],
    [
      'the same second twice',
      body(point(NOW, 1, 1), point(NOW - 5000, 1, 1), point(NOW - 100, 1, 1)),
      'points[2].at',
      /points\[0\]\.at/,
    ],
  ])('refuses %s and names the field', (_, input, field, sentence) => {
    const { message, fields } = faultsOf(input);
    expect(Object.keys(fields)).toContain(field);
    expect(fields[field]).toMatch(sentence);
    expect(message).toMatch(/^nothing was stored: /);
  });

  it('accepts the edges', () => {
    expect(
      parseSliPush(body(point(NOW + 60_000, 1, 1), point(NOW - 8 * DAY_MS + 1_000, 1, 1)), NOW).points,
    ).toHaveLength(2);
    expect(parseSliPush(body(point(NOW, 0, 0)), NOW).points).toHaveLength(1);
    expect(parseSliPush(body(point(NOW, 1e12, 1e12)), NOW).points).toHaveLength(1);
  });

  it('takes 10,000 points and not one more', () => {
    const many = Array.from({ length: MAX_PUSH_POINTS }, (_, i) => point(NOW - i * 60_000, 1, 1));
    expect(parseSliPush(body(...many), NOW).points).toHaveLength(MAX_PUSH_POINTS);
    expect(faultsOf(body(...many, point(NOW - 5_000, 1, 1))).fields['points']).toMatch(/at most 10000/);
  });

  it('has its limits to the second: 60 s ahead, 8 days back', () => {
    const now = Date.parse('2026-11-21T14:47:30Z');
    const edges = [point(now + 60_000, 1, 1), point(now - 8 * DAY_MS, 1, 1)];
    expect(parseSliPush(body(...edges), now).points).toHaveLength(2);
    for (const at of [now + 61_000, now - 8 * DAY_MS - 1_000]) {
      expect(() => parseSliPush(body(point(at, 1, 1)), now)).toThrow(/points\[0\]\.at/);
    }
  });

  it('says in one sentence what was wrong first', () => {
    expect(faultsOf(body(point(NOW, 2, 1))).message).toBe(
      'nothing was stored: points[0].total is less than good (1 < 2)',
    );
    expect(faultsOf(null).message).toMatch(/^nothing was stored: the body /);
  });

  it('lists every fault, up to 50', () => {
    const { fields } = faultsOf(body(point(NOW, 2, 1), point(NOW + 120_000, 1, 1), point(NOW - 5_000, 1, 1)));
    expect(Object.keys(fields)).toEqual(['points[0].total', 'points[1].at']);
    const bad = Array.from({ length: 500 }, (_, i) => point(NOW - i * 1_000, 2, 1));
    expect(Object.keys(faultsOf(body(...bad)).fields)).toHaveLength(50);
    const wrong = Array.from({ length: 500 }, (_, i) => point(NOW - i * 1_000, -1, 1));
    expect(Object.keys(faultsOf(body(...wrong)).fields)).toHaveLength(50);
  });

  it('either refuses with named fields or gives whole, ordered counts, for anything at all', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.string(),
      fc.constant(null),
      fc.integer({ min: NOW - DAY_MS, max: NOW }),
    );
    const anyBody = fc.oneof(
      fc.anything(),
      fc.record({ slo: fc.constant('slo_1'), points: fc.array(fc.record({ at: value, good: value, total: value })) }),
    );
    fc.assert(
      fc.property(anyBody, (input) => {
        try {
          for (const { at, good, total } of parseSliPush(input, NOW).points) {
            expect(at % 1000).toBe(0);
            expect(Number.isSafeInteger(good) && Number.isSafeInteger(total) && good >= 0 && good <= total).toBe(true);
          }
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          expect(error.fields.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('checkPoints', () => {
  it('does not trust its caller: NaN and negatives are faults here as well', () => {
    const faults = checkPoints([{ at: Number.NaN, good: -1, total: Number.NaN }], NOW).map((fault) => fault.field);
    expect(faults).toEqual(expect.arrayContaining(['points[0].at', 'points[0].good', 'points[0].total']));
  });

  it('finds nothing wrong with distinct good points', () => {
    expect(checkPoints([{ at: NOW, good: 1, total: 2 }], NOW)).toEqual([]);
    expect(checkPoints([], NOW)).toEqual([]);
  });
});

it('names fields as senders write them', () => {
  expect(fieldPath(['points', 3, 'good'])).toBe('points[3].good');
  expect(fieldPath([])).toBe('');
  expect(fieldPath(['a', 'b', 0, 1])).toBe('a.b[0][1]');
  expect(sliPushInput.safeParse({}).success).toBe(false);
});
