import type { Indicator } from '@qd/shared/slo';
import { describe, expect, it } from 'vitest';
import type { MetricsSource, MinuteCount } from '../port.ts';
import type { FakeSeries } from './fake-queries.ts';

/** When the contract's history begins, and how often it was scraped. */
export interface KindSpan {
  fromMinute: number;
  toMinute: number;
  scrapeSeconds: number;
}

const minutes = (m: number): number => m * 60;
const isBetween = (second: number, fromM: number, toM: number): boolean =>
  second > minutes(fromM) && second <= minutes(toM);

/** Series that a server of the contract holds besides plain counters; `value` is asked for each scrape of the span. */
export function kindSeries({ fromMinute, toMinute, scrapeSeconds }: KindSpan): FakeSeries[] {
  const start = minutes(fromMinute);
  const series = (
    name: string,
    labels: Record<string, string>,
    offset: number,
    value: (second: number) => number | null,
  ): FakeSeries => {
    const samples: [number, number | null][] = [];
    for (let s = offset - 600; s <= minutes(toMinute - fromMinute); s += scrapeSeconds)
      samples.push([start + s, value(s)]);
    return { name, labels, samples };
  };
  const growing = (perScrape: (second: number) => number, shown: (second: number) => boolean = () => true) => {
    let sum = 1_000;
    return (second: number): number | null => {
      sum += perScrape(second);
      return shown(second) ? sum : null;
    };
  };
  const bucket = (name: string, le: string, perScrape: (second: number) => number, shown?: (s: number) => boolean) =>
    series(name, { job: 'api', instance: 'a:1', le }, 7, growing(perScrape, shown));
  const isSlow = (s: number): boolean => isBetween(s, 60, 90);
  const isIdle = (s: number): boolean => s > minutes(90);
  return [
    bucket('took_seconds_bucket', '0.25', () => 6),
    bucket('took_seconds_bucket', '1.0', () => 8),
    bucket('took_seconds_bucket', '+Inf', () => 10),
    bucket(
      'renewed_seconds_bucket',
      '1',
      () => 8,
      (s) => s < minutes(60),
    ),
    bucket(
      'renewed_seconds_bucket',
      '1.0',
      () => 8,
      (s) => s >= minutes(60),
    ),
    bucket('renewed_seconds_bucket', '+Inf', () => 10),
    bucket('slow_seconds_bucket', '0.5', (s) => (isIdle(s) || isSlow(s) ? 0 : 20)),
    bucket('slow_seconds_bucket', '2', (s) => (isIdle(s) ? 0 : 20)),
    bucket('slow_seconds_bucket', '+Inf', (s) => (isIdle(s) ? 0 : 20)),
    // One that is scraped on full minutes, where an edge could count twice, and one in between.
    series('probe_up', { instance: 'a:1' }, 0, () => 1),
    series('probe_up', { instance: 'b:1' }, 7, (s) => (isBetween(s, 30, 40) ? 0 : 1)),
    series('quiet_up', { instance: 'a:1' }, 7, (s) => (isBetween(s, 50, 70) ? null : 1)),
    series('odd_up', { instance: 'a:1' }, 7, () => 2),
    series('depth', { queue: 'a' }, 7, (s) => (isBetween(s, 30, 45) ? 50 : isBetween(s, 90, 110) ? null : -5)),
    series('depths', { queue: 'a' }, 7, () => 1),
    series('depths', { queue: 'b' }, 7, () => 2),
    series('unknown_ratio', { queue: 'a' }, 7, () => NaN),
  ];
}

/** What every source with history promises of the kinds that are no plain counters. */
export function kindsContract({ fromMinute, toMinute, scrapeSeconds }: KindSpan, open: () => MetricsSource): void {
  const per = (perScrape: number): number => (perScrape * 60) / scrapeSeconds;
  const sum = (counts: readonly MinuteCount[], of: (c: MinuteCount) => number): number =>
    counts.reduce((all, count) => all + of(count), 0);
  const read = (indicator: Indicator, range: { from?: number; to?: number } = {}) =>
    open().read({ indicator, fromMinute: range.from ?? fromMinute, toMinute: range.to ?? toMinute });
  const at = (counts: readonly MinuteCount[], minute: number) => counts.find(({ m }) => m === fromMinute + minute);
  const whole = Array.from({ length: toMinute - fromMinute }, (_, i) => fromMinute + i);
  const latency = (le: string, buckets = 'took_seconds_bucket'): Indicator => ({ kind: 'latency', buckets, le });
  const slices = (query: string, more: Partial<Extract<Indicator, { kind: 'slices' }>> = {}): Indicator => ({
    kind: 'slices',
    query,
    op: 'lte',
    value: 10,
    sliceMinutes: 5,
    ...more,
  });
  const percentile: Indicator = {
    kind: 'percentile',
    buckets: 'slow_seconds_bucket{job="api"}',
    quantile: 0.95,
    op: 'lte',
    value: 0.5,
    sliceMinutes: 5,
  };

  describe('latency', () => {
    it.each([
      ['0.25', 4],
      ['1', 2],
      ['1.00', 2],
    ])('counts events above %s as bad, however the bound is written', async (le, slow) => {
      const counts = await read(latency(le, 'took_seconds_bucket{job="api",}'));
      expect(counts.map(({ m }) => m)).toEqual(whole);
      expect(counts.every((c) => c.observed && c.total === per(10) && c.bad === per(slow))).toBe(true);
    });

    it('counts on when a renewed server writes its bounds in another way', async () => {
      const counts = await read(latency('1', 'renewed_seconds_bucket'));
      expect(counts.every((c) => c.observed && c.total === per(10) && c.bad === per(2))).toBe(true);
      expect(counts).toHaveLength(whole.length);
    });

    it.each([
      ['0.3', ['0.25', '1']],
      ['10', ['1']],
      ['0.1', ['0.25']],
    ])('refuses the bound %s, naming the nearest there are', async (le, near) => {
      const error: unknown = await read(latency(le)).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'invalid', fields: [{ field: 'indicator.le' }] });
      expect((error as Error).message).toContain(`choose ${near.join(' or ')},`);
    });

    it('gives nothing for a histogram that does not exist, and refuses one that chooses its bound', async () => {
      expect(await read(latency('1', 'absent_bucket'))).toEqual([]);
      await expect(read(latency('1', 'took_seconds_bucket{le="1.0"}'))).rejects.toMatchObject({ code: 'invalid' });
      await expect(read(latency('1', 'sum(took_seconds_bucket)'))).rejects.toMatchObject({ code: 'invalid' });
    });
  });

  it('tells the bounds of a histogram', async () => {
    expect(await open().bounds?.('took_seconds_bucket{job="api"}', toMinute)).toEqual([0.25, 1]);
    expect(await open().bounds?.('absent_bucket', toMinute)).toEqual([]);
    await expect(open().bounds?.('took_seconds_bucket{', toMinute)).rejects.toMatchObject({ code: 'invalid' });
  });

  describe('gauge', () => {
    it('counts each sample once, and those that are 0 as bad', async () => {
      const counts = await read({ kind: 'gauge', selector: 'probe_up' });
      expect(counts.map(({ m }) => m)).toEqual(whole);
      expect(counts.every((c) => c.observed && c.total === per(2))).toBe(true);
      expect(sum(counts, (c) => c.bad)).toBe(10 * per(1));
      expect(at(counts, 29)?.bad).toBe(0);
      expect(at(counts, 35)?.bad).toBe(per(1));
    });

    it('leaves minutes without samples unmeasured', async () => {
      const counts = await read({ kind: 'gauge', selector: 'quiet_up{instance="a:1"}' });
      const measured = new Set(counts.filter((c) => c.observed).map(({ m }) => m - fromMinute));
      expect([...whole.keys()].filter((m) => !measured.has(m))).toEqual(Array.from({ length: 20 }, (_, i) => 50 + i));
      expect(await read({ kind: 'gauge', selector: 'absent_up' })).toEqual([]);
    });

    it.each([
      ['odd_up', 'the value 2'],
      ['sum(probe_up)', 'function'],
      ['probe_up{', 'cannot be read'],
    ])('refuses %s', async (selector, words) => {
      const error: unknown = await read({ kind: 'gauge', selector }).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'invalid' });
      expect((error as Error).message).toContain(words);
    });
  });

  describe('slices', () => {
    it('judges each slice by the value at its end, in its last minute', async () => {
      const counts = await read(slices('depth'));
      const bad = counts.filter((c) => c.bad > 0);
      expect(bad.map(({ m, bad: minutesBad }) => [m - fromMinute, minutesBad])).toEqual([
        [34, 5],
        [39, 5],
        [44, 5],
      ]);
      expect(counts.filter((c) => c.total > 0).every((c) => c.total === 5 && (c.m + 1) % 5 === 0)).toBe(true);
      expect(at(counts, 31)).toEqual({ m: fromMinute + 31, total: 0, bad: 0, observed: true });
    });

    it('leaves slices without a value unmeasured, long after the last sample', async () => {
      const counts = await read(slices('depth'));
      const missing = whole.filter((m) => !counts.some((c) => c.m === m)).map((m) => m - fromMinute);
      expect(missing).toContain(100);
      expect(missing.every((m) => m >= 90 && m < 110)).toBe(true);
      expect(await read(slices('unknown_ratio'))).toEqual([]);
      expect(await read(slices('absent'))).toEqual([]);
    });

    it.each([
      ['lte', 50, false],
      ['lt', 50, true],
      ['gte', 50, false],
      ['gt', 50, true],
    ] as const)('compares by %s', async (op, value, isBad) => {
      const counts = await read(slices('depth', { op, value }), { from: fromMinute + 30, to: fromMinute + 45 });
      expect(sum(counts, (c) => c.total)).toBe(15);
      expect(sum(counts, (c) => c.bad)).toBe(isBad ? 15 : 0);
    });

    it('aggregates where it is told to, and refuses several values at one instant', async () => {
      expect(sum(await read(slices('max(depths)', { value: 2 })), (c) => c.bad)).toBe(0);
      expect(sum(await read(slices('sum(depths)', { value: 2 })), (c) => c.bad)).toBe(whole.length);
      const error: unknown = await read(slices('depths')).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'invalid', fields: [{ field: 'indicator.query' }] });
      expect((error as Error).message).toContain('gives 2 series');
      await expect(read(slices('depth{'))).rejects.toMatchObject({ code: 'invalid' });
    });

    it('counts only whole slices, and the same in one read as in many', async () => {
      const cut = await read(slices('depth'), { from: fromMinute + 2, to: fromMinute + 13 });
      expect(cut.map(({ m }) => m - fromMinute)).toEqual([5, 6, 7, 8, 9]);
      const parts: MinuteCount[] = [];
      for (let from = fromMinute; from < toMinute; from += 20) {
        parts.push(...(await read(slices('depth'), { from, to: from + 20 })));
      }
      expect(parts).toEqual(await read(slices('depth')));
    });
  });

  describe('percentile', () => {
    it('judges slices by the quantile of their events, and lets an idle slice pass as neither good nor bad', async () => {
      const counts = await read(percentile);
      expect(sum(counts, (c) => c.bad)).toBeGreaterThanOrEqual(25);
      expect(counts.filter((c) => c.bad > 0).every((c) => c.m > fromMinute + 60 && c.m < fromMinute + 95)).toBe(true);
      expect(at(counts, 74)).toMatchObject({ total: 5, bad: 5 });
      expect(at(counts, 54)).toMatchObject({ total: 5, bad: 0 });
      expect(at(counts, 114)).toMatchObject({ total: 0, bad: 0, observed: true });
      expect(counts.map(({ m }) => m)).toEqual(whole);
    });

    it('gives nothing for a histogram that does not exist, and refuses one that chooses its bound', async () => {
      expect(await read({ ...percentile, buckets: 'absent_bucket' })).toEqual([]);
      await expect(read({ ...percentile, buckets: 'slow_seconds_bucket{le="2"}' })).rejects.toMatchObject({
        code: 'invalid',
      });
    });
  });
}
