import type { Indicator } from '@qd/shared/slo';
import { MINUTE_MS, minuteOf } from '@qd/shared/time';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MetricsSource } from '../port.ts';
import { createSelfSource } from './self.ts';

const noon = Date.UTC(2026, 4, 20, 12, 0, 5);
const noonM = minuteOf(noon);
let nowMs: number;
let page: string[];
let source: MetricsSource;

beforeEach(() => {
  nowMs = noon;
  page = [];
  source = createSelfSource({ text: () => Promise.resolve(page.join('\n')), clock: () => nowMs });
});

const read = (indicator: Indicator) => source.read({ indicator, fromMinute: 0, toMinute: 0 });
const later = (ms: number, ...lines: string[]): void => {
  nowMs += ms;
  page = lines;
};

describe('latency on a metrics page', () => {
  const indicator: Indicator = { kind: 'latency', buckets: 'took_seconds_bucket{route="/a"}', le: '1' };
  const buckets = (quarter: number, one: number, all: number, spelling = '1.0') => [
    '# TYPE took_seconds histogram',
    `took_seconds_bucket{route="/a",le="0.25"} ${quarter}`,
    `took_seconds_bucket{route="/a",le="${spelling}"} ${one}`,
    `took_seconds_bucket{route="/a",le="+Inf"} ${all}`,
    'took_seconds_bucket{route="/b",le="0.1"} 5',
    'took_seconds_bucket{route="/b",le="+Inf"} 500',
    `took_seconds_count{route="/a"} ${all}`,
  ];

  it('counts what was within the bound, however it is written', async () => {
    later(15_000, ...buckets(1, 2, 3));
    expect(await read(indicator)).toMatchObject([{ total: 3, bad: 1 }]);
    later(15_000, ...buckets(5, 9, 13));
    expect(await read(indicator)).toEqual([{ m: noonM, total: 10, bad: 3, observed: true }]);
    later(15_000, ...buckets(5, 11, 15, '1'));
    expect(await read(indicator)).toEqual([{ m: noonM, total: 2, bad: 0, observed: true }]);
  });

  it('names the nearest bounds where there is none such, and other histograms do not matter', async () => {
    page = buckets(1, 2, 3);
    const error: unknown = await read({ ...indicator, le: '0.5' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid', fields: [{ field: 'indicator.le' }] });
    expect((error as Error).message).toContain('choose 0.25 or 1,');
    await expect(read({ ...indicator, buckets: 'absent_bucket' })).rejects.toThrow('no metric');
  });
});

describe('a gauge on a metrics page', () => {
  const indicator: Indicator = { kind: 'gauge', selector: 'probe_up' };

  it('gives the samples of each reading, once', async () => {
    page = ['# TYPE probe_up gauge', 'probe_up{a="1"} 1', 'probe_up{a="2"} 0'];
    expect(await read(indicator)).toEqual([{ m: noonM, total: 2, bad: 1, observed: true }]);
    expect(await read(indicator)).toEqual([]);
    later(MINUTE_MS, 'probe_up{a="1"} 1');
    expect(await read(indicator)).toEqual([{ m: noonM + 1, total: 1, bad: 0, observed: true }]);
  });

  it('measures the minutes between two readings, but not those of a silence', async () => {
    page = ['probe_up 1'];
    await read(indicator);
    later(2 * MINUTE_MS, 'probe_up 1');
    expect((await read(indicator)).map(({ m, total }) => [m - noonM, total])).toEqual([
      [1, 0],
      [2, 1],
    ]);
    later(9 * MINUTE_MS, 'probe_up 1');
    expect((await read(indicator)).map(({ m }) => m - noonM)).toEqual([11]);
  });

  it('measures nothing while there is no series, and refuses other values', async () => {
    page = ['# TYPE probe_up gauge', 'other 1'];
    expect(await read(indicator)).toEqual([]);
    later(15_000, 'probe_up 37');
    await expect(read(indicator)).rejects.toThrow('the value 37');
    later(15_000, 'probe_up NaN');
    await expect(read(indicator)).rejects.toThrow('no numbers');
    later(15_000, 'other 1');
    await expect(read(indicator)).rejects.toThrow('no metric');
  });
});

it.each<Indicator>([
  { kind: 'slices', query: 'max(x)', op: 'lt', value: 1, sliceMinutes: 1 },
  { kind: 'percentile', buckets: 'x_bucket', quantile: 0.9, op: 'lt', value: 1, sliceMinutes: 1 },
])('a metrics page cannot measure $kind, and says what could', async (indicator) => {
  page = ['x 1'];
  await expect(read(indicator)).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'indicator.kind' }] });
  await expect(read(indicator)).rejects.toThrow('needs a Prometheus');
});
