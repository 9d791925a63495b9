import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../time/index.ts';
import {
  clipSpans,
  firstEndingAfter,
  minuteSpan,
  type MinuteSpan,
  minutesWithin,
  spanInstants,
  unionSpans,
  withoutSpans,
} from './spans.ts';

const anySpan = fc
  .tuple(fc.integer({ min: -5, max: 120 }), fc.integer({ min: 0, max: 40 }))
  .map(([beforeM, length]) => ({ beforeM, endM: beforeM + length }));
const anySpans = fc.array(anySpan, { maxLength: 12 });

/** The minutes covered, one by one. */
function minutesOf(spans: readonly MinuteSpan[]): number[] {
  const minutes = new Set<number>();
  for (const { beforeM, endM } of spans) for (let m = beforeM + 1; m <= endM; m += 1) minutes.add(m);
  return [...minutes].sort((a, b) => a - b);
}

describe('minuteSpan', () => {
  it.each([
    ['a minute', 0, MINUTE_MS, { beforeM: -1, endM: 0 }],
    ['half an hour', 60 * MINUTE_MS, 90 * MINUTE_MS, { beforeM: 59, endM: 89 }],
    ['begun minutes as whole ones', 30_000, 90_000, { beforeM: -1, endM: 1 }],
  ])('covers %s', (_, startAt, endAt, expected) => {
    expect(minuteSpan({ startAt, endAt })).toEqual(expected);
  });

  it('comes back from its instants', () => {
    fc.assert(
      fc.property(anySpan, (span) => {
        expect(minuteSpan(spanInstants(span))).toEqual(span);
      }),
    );
  });
});

describe('unionSpans', () => {
  it('covers the same minutes with ascending spans that stay apart, in whatever order and however often given', () => {
    fc.assert(
      fc.property(anySpans, fc.infiniteStream(fc.nat()), (spans, order) => {
        const union = unionSpans(spans);
        expect(minutesOf(union)).toEqual(minutesOf(spans));
        union.forEach((span, i) => {
          expect(span.endM).toBeGreaterThan(span.beforeM);
          if (i > 0) expect(span.beforeM).toBeGreaterThan(union[i - 1]?.endM ?? Infinity);
        });
        expect(unionSpans(union)).toEqual(union);
        expect(unionSpans([...spans, ...union])).toEqual(union);
        const keyed = spans.map((span) => ({ span, key: order.next().value }));
        expect(unionSpans(keyed.sort((a, b) => a.key - b.key).map(({ span }) => span))).toEqual(union);
      }),
    );
  });

  it('leaves what it was given as it was', () => {
    const spans = [
      { beforeM: 0, endM: 5 },
      { beforeM: 3, endM: 9 },
    ];
    unionSpans(spans);
    expect(spans[0]).toEqual({ beforeM: 0, endM: 5 });
  });
});

describe('parts of a union', () => {
  it('are cut, counted and left out by the minute', () => {
    fc.assert(
      fc.property(anySpans, anySpan, anySpans, (spans, within, others) => {
        const union = unionSpans(spans);
        const inside = minutesOf(union).filter((m) => m > within.beforeM && m <= within.endM);
        expect(minutesOf(clipSpans(union, within))).toEqual(inside);
        expect(minutesWithin(union, within)).toBe(inside.length);
        const excluded = new Set(minutesOf(union));
        expect(minutesOf(withoutSpans(others, union))).toEqual(minutesOf(others).filter((m) => !excluded.has(m)));
      }),
    );
  });

  it('begin with the first that ends after a minute', () => {
    const union = [
      { beforeM: 0, endM: 5 },
      { beforeM: 8, endM: 9 },
    ];
    expect([-1, 4, 5, 8, 9].map((m) => firstEndingAfter(union, m))).toEqual([0, 0, 1, 1, 2]);
  });
});
