import type { Indicator } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS, minuteOf, SECOND_MS } from '@qd/shared/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FakeSeries } from './fake.ts';
import { kindsContract, kindSeries } from './kinds/contract.ts';
import type { MetricsSource, MinuteCount } from './port.ts';

const SCRAPE_SECONDS = 15;
/** A full hour between two and three days ago. */
const fromMinute = Math.floor(minuteOf(Date.now() - 2 * DAY_MS) / 1_440) * 1_440;
const toMinute = fromMinute + 120;
const startSeconds = (fromMinute * MINUTE_MS) / SECOND_MS;

export const contractSpan = { fromMinute, toMinute, scrapeSeconds: SCRAPE_SECONDS };

/** A counter that grows by `perScrape` from `offset` seconds before the span on; `at` changes single scrapes. */
function counter(
  name: string,
  labels: Record<string, string>,
  of: {
    perScrape: number;
    first?: number;
    start?: number;
    offset?: number;
    at?: (second: number, value: number) => number | null;
  },
): FakeSeries {
  const samples: [number, number | null][] = [];
  let value = of.start ?? 0;
  for (let second = (of.first ?? -600) + (of.offset ?? 0); second <= 120 * 60; second += SCRAPE_SECONDS) {
    value += of.perScrape;
    const shown = of.at === undefined ? value : of.at(second, value);
    if (shown !== null) samples.push([startSeconds + second, shown]);
  }
  return { name, labels, samples };
}

const minutes = (m: number): number => m * 60;
/** Restarts from zero 40 minutes into the span. */
const restart = (second: number, value: number): number =>
  second < minutes(40) ? value : value - Math.ceil((minutes(40) + 600) / SCRAPE_SECONDS) * 2;
/** Not scraped from minute 20 to 30. */
const silent = (second: number, value: number): number | null =>
  second > minutes(20) && second < minutes(30) ? null : value;

const api = (instance: string, code: string) => ({ job: 'api', instance, code });

/** What the server of a contract test holds. */
export const contractSeries: FakeSeries[] = [
  ...kindSeries(contractSpan),
  counter('clean_total', api('a:1', '200'), { perScrape: 3, offset: 0 }),
  counter('clean_total', api('a:1', '500'), { perScrape: 1, offset: 0 }),
  counter('clean_total', api('b:1', '200'), { perScrape: 5, offset: 0, start: 70_000 }),
  counter('shifted_total', api('a:1', '200'), { perScrape: 3, offset: 7 }),
  counter('shifted_total', api('a:1', '500'), { perScrape: 1, offset: 7 }),
  counter('restarted_total', api('a:1', '200'), { perScrape: 2, offset: 7, at: restart }),
  counter('restarted_total', api('b:1', '200'), { perScrape: 2, offset: 7 }),
  counter('silent_total', api('a:1', '200'), { perScrape: 2, offset: 7, at: silent }),
  counter('late_total', api('a:1', '200'), { perScrape: 2, offset: 7 }),
  counter('late_total', api('a:1', '500'), { perScrape: 1, first: minutes(50), offset: 7 }),
  counter('late_total', api('new:1', '200'), { perScrape: 1, first: minutes(60), offset: 7, start: 1_000_000 }),
  counter('gone_total', api('a:1', '200'), { perScrape: 4, offset: 7, at: (s, v) => (s > minutes(90) ? null : v) }),
  ...Array.from({ length: 2_001 }, (_, i) => ({
    name: 'many_total',
    labels: { id: String(i) },
    samples: [[startSeconds + 10, i]] as [number, number][],
  })),
];

const per = (perScrape: number): number => (perScrape * 60) / SCRAPE_SECONDS;
const sum = (counts: readonly MinuteCount[], read: (c: MinuteCount) => number): number =>
  counts.reduce((all, c) => all + read(c), 0);

/** What every source with history promises. `open` gives one that holds `contractSeries`. */
export function metricsContract(
  name: string,
  open: () => Promise<{ source: MetricsSource; stop(): Promise<void> }>,
): void {
  describe(`metrics source: ${name}`, () => {
    let opened: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.stop());

    const read = (total: string, bad = `${total}{code="500"}`, range: { from?: number; to?: number } = {}) =>
      opened.source.read({
        indicator: { kind: 'counters', total, bad },
        fromMinute: range.from ?? fromMinute,
        toMinute: range.to ?? toMinute,
      });

    it('gives every minute once, in order, with its events', async () => {
      const counts = await read('clean_total');
      expect(counts.map((c) => c.m)).toEqual(Array.from({ length: 120 }, (_, i) => fromMinute + i));
      expect(counts.every((c) => c.observed && c.total === per(9) && c.bad === per(1))).toBe(true);
    });

    it('does not need samples on full minutes', async () => {
      const counts = await read('shifted_total');
      expect(counts).toHaveLength(120);
      expect(counts.every((c) => c.total === per(4) && c.bad === per(1))).toBe(true);
    });

    it('selects series by labels and patterns', async () => {
      const counts = await read('clean_total{instance="a:1"}', 'clean_total{instance=~"a:.*",code!~"2.."}');
      expect(sum(counts, (c) => c.total)).toBe(120 * per(4));
      expect(sum(counts, (c) => c.bad)).toBe(120 * per(1));
    });

    it('takes failures as what is left when successes are counted', async () => {
      const indicator: Indicator = { kind: 'counters', total: 'clean_total', good: 'clean_total{code="200"}' };
      const counts = await opened.source.read({ indicator, fromMinute, toMinute });
      expect(counts.every((c) => c.total === per(9) && c.bad === per(1))).toBe(true);
    });

    it('counts on when a process starts again, before series are summed', async () => {
      const counts = await read('restarted_total');
      expect(counts.every((c) => c.observed)).toBe(true);
      expect(sum(counts, (c) => c.total)).toBe(120 * per(2) * 2);
    });

    it('leaves a silence unmeasured and counts the jump in the minute that ends it', async () => {
      const counts = await read('silent_total');
      const observed = new Set(counts.filter((c) => c.observed).map((c) => c.m - fromMinute));
      expect([...Array(120).keys()].filter((i) => !observed.has(i))).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
      expect(sum(counts, (c) => c.total)).toBe(120 * per(2));
      expect(counts.find((c) => c.m === fromMinute + 30)?.total).toBe(11 * per(2));
    });

    it('counts the jump also when reading begins inside the silence', async () => {
      const before = await read('silent_total', undefined, { to: fromMinute + 25 });
      const after = await read('silent_total', undefined, { from: fromMinute + 25 });
      expect(sum([...before, ...after], (c) => c.total)).toBe(120 * per(2));
    });

    it('counts a new series of a known target from zero, and a new target from where it is found', async () => {
      const counts = await read('late_total');
      expect(sum(counts, (c) => c.bad)).toBe(280);
      expect(counts.find((c) => c.m === fromMinute + 50)?.bad).toBe(per(1));
      expect(sum(counts, (c) => c.total)).toBe(120 * per(2) + 280 + 236);
    });

    it('stops measuring when every series is gone', async () => {
      const counts = await read('gone_total');
      expect(counts.filter((c) => c.observed).map((c) => c.m - fromMinute)).toEqual([...Array(90).keys()]);
    });

    it('gives the same in one read as in many', async () => {
      for (const metric of ['clean_total', 'restarted_total', 'silent_total', 'late_total', 'gone_total']) {
        const whole = await read(metric);
        const parts: MinuteCount[] = [];
        for (let from = fromMinute; from < toMinute; from += 7) {
          parts.push(...(await read(metric, undefined, { from, to: Math.min(from + 7, toMinute) })));
        }
        expect(parts).toEqual(whole);
      }
    });

    it('gives nothing for counters that do not exist, and no failures where none were counted', async () => {
      expect(await read('absent_total')).toEqual([]);
      const counts = await read('silent_total', 'absent_total');
      expect(sum(counts, (c) => c.bad)).toBe(0);
      expect(counts).toHaveLength(110);
    });

    it.each([
      ['a syntax error', 'clean_total{code="200"'],
      ['a pattern that cannot be read', 'clean_total{code=~"("}'],
      ['a rate', 'rate(clean_total[5m])'],
      ['a sum', 'sum(clean_total)'],
      ['a calculation', 'clean_total + clean_total'],
      ['too many series', 'many_total'],
      ['more failures than events', 'clean_total{code="500"}'],
    ])('refuses %s as a fault of this indicator alone', async (what, total) => {
      const bad = what === 'more failures than events' ? 'clean_total' : 'clean_total{code="500"}';
      await expect(read(total, bad)).rejects.toMatchObject({ code: 'invalid' });
    });

    it('refuses an objective that is pushed', async () => {
      const pushed = opened.source.read({ indicator: { kind: 'push' }, fromMinute, toMinute });
      await expect(pushed).rejects.toMatchObject({ code: 'invalid' });
    });

    kindsContract(contractSpan, () => opened.source);

    it('can be probed', async () => {
      const { version, latencyMs } = await opened.source.probe();
      expect(version).toMatch(/^\d+\.\d+\.\d+/);
      expect(latencyMs).toBeGreaterThanOrEqual(0);
    });
  });
}
