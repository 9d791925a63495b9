import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { increase, minuteDeltas, seriesDeltas } from './counters.ts';

const plain = { creditFirstSample: false };
const credit = { creditFirstSample: true };
const sum = (list: readonly { delta: number | null }[]): number => list.reduce((all, one) => all + (one.delta ?? 0), 0);

/** Growth per minute, and the boundaries at which the process restarts from zero. */
const life = fc.record({
  start: fc.nat(1_000_000),
  growth: fc.array(fc.nat(10_000), { minLength: 1, maxLength: 40 }),
});

function sampled(start: number, growth: readonly number[]): number[] {
  const values = [start];
  for (const grown of growth) values.push((values.at(-1) ?? 0) + grown);
  return values;
}

describe('minuteDeltas', () => {
  it('sums to last minus first on clean data, and gives each minute its own growth', () => {
    fc.assert(
      fc.property(life, ({ start, growth }) => {
        const values = sampled(start, growth);
        const deltas = minuteDeltas([{ values }], plain);
        expect(deltas).toEqual(growth.map((delta) => ({ delta })));
        expect(sum(deltas)).toBe((values.at(-1) ?? 0) - start);
        expect(minuteDeltas([{ values }], credit)).toEqual(deltas);
      }),
    );
  });

  it('adds many series minute by minute', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(1000), { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
        (lives) => {
          const deltas = minuteDeltas(
            lives.map((growth, i) => ({ values: sampled(i * 977, growth) })),
            plain,
          );
          deltas.forEach(({ delta }, m) =>
            expect(delta).toBe(lives.reduce((all, growth) => all + (growth[m] ?? 0), 0)),
          );
        },
      ),
    );
  });

  it('never loses or invents an event when one of many processes restarts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.boolean()), { minLength: 1, maxLength: 30 }),
        (minutes) => {
          // One process restarts now and then and counts from zero again; another, far bigger, hides it in their sum.
          const values = [100_000];
          const big = [10_000_000];
          let grown = 0;
          for (const [events, restarts] of minutes) {
            const before = values.at(-1) ?? 0;
            values.push(restarts && events < before ? events : before + events);
            big.push((big.at(-1) ?? 0) + 1_000);
            grown += events + 1_000;
          }
          expect(sum(minuteDeltas([{ values }, { values: big }], plain))).toBe(grown);
        },
      ),
    );
  });

  it('removes resets before summing, where a sum would have hidden one', () => {
    const series = [{ values: [900, 50] }, { values: [100, 950] }];
    expect(minuteDeltas(series, plain)).toEqual([{ delta: 900 }]);
  });

  it('puts the whole jump after a gap into the minute in which the series is back', () => {
    expect(minuteDeltas([{ values: [3, null, null, 9, 10] }], plain)).toEqual([
      { delta: null },
      { delta: null },
      { delta: 6 },
      { delta: 1 },
    ]);
  });

  it('loses nothing over gaps, whatever is missing in between', () => {
    fc.assert(
      fc.property(life, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), ({ start, growth }, holes) => {
        const values = sampled(start, growth);
        const torn = values.map((v, i) => (i > 0 && i < values.length - 1 && holes[i] === true ? null : v));
        const deltas = minuteDeltas([{ values: torn }], plain);
        expect(sum(deltas)).toBe((values.at(-1) ?? 0) - start);
        deltas.forEach(({ delta }, i) => expect(delta === null).toBe(torn[i + 1] === null));
      }),
    );
  });

  it('takes NaN, infinities and negatives for absent', () => {
    const values = [1, Number.NaN, Number.POSITIVE_INFINITY, -5, 4];
    expect(minuteDeltas([{ values }], plain)).toEqual([
      { delta: null },
      { delta: null },
      { delta: null },
      { delta: 3 },
    ]);
  });

  it('knows nothing of a series that is first seen, unless its start is credited', () => {
    expect(minuteDeltas([{ values: [null, 7, 9] }], plain)).toEqual([{ delta: null }, { delta: 2 }]);
    expect(minuteDeltas([{ values: [null, 7, 9] }], credit)).toEqual([{ delta: 7 }, { delta: 2 }]);
    expect(minuteDeltas([{ values: [7, 9] }], credit)).toEqual([{ delta: 2 }]);
    const besideAnother = [{ values: [null, 7, 9] }, { values: [1, 2, 3] }];
    expect(minuteDeltas(besideAnother, plain)).toEqual([{ delta: 1 }, { delta: 3 }]);
    expect(minuteDeltas(besideAnother, credit)).toEqual([{ delta: 8 }, { delta: 3 }]);
  });

  it('calls a minute observed if any series was there, and keeps a measured zero apart from nothing', () => {
    expect(minuteDeltas([{ values: [5, 5, null] }, { values: [1, null, null] }], plain)).toEqual([
      { delta: 0 },
      { delta: null },
    ]);
  });

  it('has one minute less than boundaries, none for none, and bears series of unequal length', () => {
    expect(minuteDeltas([], plain)).toEqual([]);
    expect(minuteDeltas([{ values: [] }], plain)).toEqual([]);
    expect(minuteDeltas([{ values: [4] }], credit)).toEqual([]);
    expect(minuteDeltas([{ values: [1, 2] }, { values: [1, 2, 4] }], plain)).toEqual([{ delta: 2 }, { delta: 2 }]);
  });

  it('never gives a negative or a NaN', () => {
    const rubbish = fc.oneof(fc.constant(null), fc.double(), fc.integer());
    fc.assert(
      fc.property(
        fc.array(fc.array(rubbish, { maxLength: 12 }), { maxLength: 6 }),
        fc.boolean(),
        (lists, creditFirstSample) => {
          for (const { delta } of minuteDeltas(
            lists.map((values) => ({ values })),
            { creditFirstSample },
          )) {
            if (delta !== null) expect(delta).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});

describe('seriesDeltas', () => {
  it('has one entry less than there are values', () => {
    expect(seriesDeltas([1, 2, null, 4], plain)).toEqual([1, null, 2]);
    expect(seriesDeltas([1], plain)).toEqual([]);
    expect(seriesDeltas([], credit)).toEqual([]);
  });
});

describe('increase', () => {
  it.each([
    [3, [5, 2, 4], 2 + 2 + 2],
    [null, [5, 7], 2],
    [null, [], 0],
    [10, [null, 12], 2],
    [10, [0, 0], 0],
    [Number.NaN, [5, 6], 1],
  ])('from %s through %j is %d', (previous, samples, growth) => {
    expect(increase(previous, samples)).toBe(growth);
  });

  it('agrees with the deltas of the same series', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(1000)), { minLength: 1, maxLength: 30 }), (values) => {
        const [first = null, ...rest] = values;
        const deltas = seriesDeltas(values, plain);
        expect(increase(first, rest)).toBe(deltas.reduce<number>((all, delta) => all + (delta ?? 0), 0));
      }),
    );
  });
});
