import { MINUTE_MS, SECOND_MS } from '@qd/shared/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prometheusBinaries, startPrometheus, type TestPrometheus } from '../../../test/prometheus.ts';
import { contractSeries, contractSpan, metricsContract } from './contract.ts';
import { createFakeSource } from './fake.ts';
import { createPrometheusSource } from './prometheus/prometheus.ts';

const intervalMs = contractSpan.scrapeSeconds * SECOND_MS;

metricsContract('fake', async () => {
  const source = createFakeSource({ intervalMs, series: [...contractSeries] });
  return { source, stop: () => source.close() };
});

// Where the machine has no Prometheus the contract runs on the fake alone; the build machine always has one.
describe.runIf(prometheusBinaries() !== null)('a real Prometheus', () => {
  let server: TestPrometheus;
  beforeAll(async () => {
    server = await startPrometheus(contractSeries);
  });
  afterAll(() => server.stop());

  metricsContract('Prometheus', async () => {
    const source = createPrometheusSource({ url: server.url, intervalMs });
    return { source, stop: () => source.close() };
  });

  const { fromMinute, toMinute } = contractSpan;
  const seconds = (m: number): number => (m * MINUTE_MS) / SECOND_MS;

  it.each([
    ['clean_total', 'samples on full minutes'],
    ['restarted_total', 'a restart'],
  ])('agrees with increase() over the window: %s, %s', async (metric) => {
    const source = createPrometheusSource({ url: server.url, intervalMs });
    const indicator = { kind: 'counters' as const, total: metric, bad: `${metric}{code="500"}` };
    const counts = await source.read({ indicator, fromMinute, toMinute });
    const ours = counts.reduce((all, c) => all + c.total, 0);
    const minutes = toMinute - fromMinute;
    const theirs = (await server.ask(`sum(increase(${metric}[${minutes}m]))`, seconds(toMinute))) ?? 0;
    const { version } = await source.probe();
    await source.close();
    // From 3.0 a range excludes its left edge, so increase() extrapolates over one more interval; so does any version
    // whose samples do not lie on the edges.
    const exact = metric === 'clean_total' && version?.startsWith('2.') === true;
    const tolerance = exact ? 1e-6 : (2 * contractSpan.scrapeSeconds * ours) / (minutes * 60);
    expect(Math.abs(ours - theirs)).toBeLessThanOrEqual(tolerance);
  });

  it('answers nothing for a time before it has data', async () => {
    const source = createPrometheusSource({ url: server.url, intervalMs });
    const indicator = { kind: 'counters' as const, total: 'clean_total', bad: 'clean_total{code="500"}' };
    const counts = await source.read({ indicator, fromMinute: fromMinute - 20_000, toMinute: fromMinute - 5_000 });
    await source.close();
    expect(counts).toEqual([]);
  });
});
