import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSelector } from '../scrape/selector.ts';
import { boundPattern, bucketSelector, hasBound, latencyBuckets, missingBound, withMatcher } from './bounds.ts';

describe('a bound', () => {
  const selects = (le: string, written: string): boolean =>
    parseSelector(bucketSelector({ kind: 'latency', buckets: 'x_bucket', le })).matches({ le: written });

  it.each([
    ['1', ['1', '1.0', '1.', '1e+00', '+Inf'], ['10', '11', '0.1', '1.5', '.1', '-1', '', 'Inf']],
    ['1.0', ['1', '1.0'], ['1.01']],
    ['0.25', ['0.25', '0.250', '2.5e-01'], ['0025', '0x25', '0.2', '0.251', '2.5e01']],
    ['0.00005', ['5e-05', '0.00005'], ['5e05', '50000']],
    ['1000000', ['1e+06', '1e6', '1000000', '1000000.0'], ['1e-06', '100000', '10000000']],
    ['2500000', ['2.5e+06', '2500000'], ['2.5', '25e+06']],
  ])('%s is found however it is written', (le, same, others) => {
    for (const written of same) expect([written, selects(le, written)]).toEqual([written, true]);
    for (const written of others) expect([written, selects(le, written)]).toEqual([written, false]);
  });

  it('is found as Go, Python and Prometheus write it, and no other number is', () => {
    const pattern = (le: string): RegExp => new RegExp(`^(?:${boundPattern(le)})$`);
    const bound = fc
      .tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: -6, max: 6 }))
      .map(([a, e]) => a * 10 ** e);
    const text = (value: number): string =>
      value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 12 });
    fc.assert(
      fc.property(bound, bound, (value, other) => {
        const le = text(value);
        expect(pattern(le).test(String(Number(le)))).toBe(true);
        expect(pattern(le).test(Number(le).toExponential())).toBe(true);
        if (Number(text(other)) !== Number(le)) expect(pattern(le).test(text(other))).toBe(false);
      }),
    );
  });

  it.each([
    ['0.3', ['0.1', '0.25', '1.0', '+Inf'], 'choose 0.25 or 1,'],
    ['0.01', ['0.1', '+Inf'], 'choose 0.1,'],
    ['60', ['0.1', '10.0', '+Inf'], 'choose 10,'],
    ['1', ['+Inf'], 'no bounds at all'],
  ])('%s of none such names the nearest', (le, found, words) => {
    const error = missingBound(le, found);
    expect(error.message).toContain(words);
    expect(error.fields).toEqual([{ field: 'indicator.le', message: expect.stringContaining(words) as string }]);
  });

  it('is compared by its value', () => {
    expect(hasBound('1', ['0.5', '1.0'])).toBe(true);
    expect(hasBound('1', ['+Inf', '10'])).toBe(false);
  });
});

describe('a selector with one more matcher', () => {
  it.each([
    ['x_bucket', 'x_bucket{le="1"}'],
    [' x_bucket{} ', 'x_bucket{le="1"}'],
    ['x_bucket{job="a"}', 'x_bucket{job="a",le="1"}'],
    ['x_bucket{job="a", }', 'x_bucket{job="a",le="1"}'],
    ['x_bucket{path="{le}"}', 'x_bucket{path="{le}",le="1"}'],
    ['x_bucket{level="1"}', 'x_bucket{level="1",le="1"}'],
  ])('%s', (text, expected) => {
    expect(withMatcher(text, 'le', '="1"')).toBe(expected);
  });

  it.each(['x_bucket{le="1"}', 'x_bucket{le=~".+"}', 'x_bucket{le!="1"}', 'rate(x_bucket[5m])', 'x{'])(
    'is refused for %s',
    (text) => {
      expect(() => withMatcher(text, 'le', '="1"')).toThrow(expect.objectContaining({ code: 'invalid' }) as Error);
    },
  );
});

describe('the buckets of a latency', () => {
  const bucket = (instance: string, le: string, values: (number | null)[], base?: number) => ({
    labels: { instance, le },
    values,
    ...(base === undefined ? {} : { base }),
  });

  it('leave out histograms without the bound', () => {
    const { total, good, lacksBound } = latencyBuckets([
      bucket('a', '+Inf', [10, 20]),
      bucket('a', '0.5', [5, 10]),
      bucket('b', '+Inf', [1, 2]),
    ]);
    expect([total.length, good.length, lacksBound]).toEqual([1, 1, false]);
    expect(total[0]?.labels['instance']).toBe('a');
  });

  it('join two spellings of one bound, keeping the last value known before', () => {
    const { good } = latencyBuckets([
      bucket('a', '+Inf', [10, 20, 30]),
      bucket('a', '1', [null, 8, null], 4),
      bucket('a', '1.0', [null, null, 12], 3),
    ]);
    expect(good).toEqual([{ labels: { instance: 'a', le: '1' }, values: [null, 8, 12], base: 4 }]);
  });

  it('cannot do without all events', () => {
    expect(() => latencyBuckets([bucket('a', '1', [1])])).toThrow('le="+Inf"');
    expect(latencyBuckets([bucket('a', '+Inf', [1])]).lacksBound).toBe(true);
    expect(latencyBuckets([]).lacksBound).toBe(false);
  });
});
