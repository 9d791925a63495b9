import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpStub, startStub, type StubRequest } from '../../../../test/http-stub.ts';
import type { MetricsSource } from '../port.ts';
import { createPrometheusSource } from './prometheus.ts';

const open: { stub: HttpStub; source: MetricsSource }[] = [];
afterEach(async () => {
  for (const { stub, source } of open.splice(0)) {
    await source.close();
    await stub.stop();
  }
});

const MAX_BYTES = 100_000;

async function against(
  answer: (request: StubRequest, res: ServerResponse) => void,
  { path = '', timeoutMs = 5_000 } = {},
) {
  const stub = await startStub(answer);
  const resilience = { timeoutMs, retryAfterMs: 1, restMs: 60_000 };
  const url = `${stub.url}${path}`;
  const source = createPrometheusSource({ url, intervalMs: 15_000, resilience, maxBytes: MAX_BYTES });
  open.push({ stub, source });
  return { stub, source };
}

const indicator = { kind: 'counters' as const, total: 'a_total', bad: 'b_total' };
const request = { indicator, fromMinute: 29_000_000, toMinute: 29_000_002 };
const json =
  (body: unknown, status = 200) =>
  (_: StubRequest, res: ServerResponse) =>
    void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const matrix = (values: unknown, metric: unknown = { __name__: 'a_total', instance: 'a:1' }) => ({
  status: 'success',
  data: { resultType: 'matrix', result: [{ metric, values }] },
});
const seconds = (m: number): number => m * 60;

describe('reading a Prometheus', () => {
  it('asks for values at full minutes in one form per counter, beneath the path of the address', async () => {
    const { stub, source } = await against(json(matrix([])), { path: '/prom/' });
    await source.read(request);
    const asked = stub.requests.filter((r) => r.path === '/prom/api/v1/query_range');
    expect(asked.map((r) => [r.method, Object.fromEntries(r.form)])).toEqual(
      ['a_total', 'b_total'].map((name) => [
        'POST',
        {
          query: `last_over_time(${name}[30s])`,
          start: String(seconds(29_000_000)),
          end: String(seconds(29_000_002)),
          step: '60',
        },
      ]),
    );
  });

  it('asks once where the part is the total under further labels', async () => {
    const series = (status: string, values: unknown) => ({ metric: { __name__: 'a_total', status }, values });
    const at = (i: number, value: string) => [seconds(29_000_000 + i), value];
    const result = [series('200', [at(0, '10'), at(1, '30')]), series('500', [at(0, '1'), at(1, '4')])];
    const { stub, source } = await against(json({ status: 'success', data: { resultType: 'matrix', result } }));
    const narrower = { kind: 'counters' as const, total: 'a_total', bad: 'a_total{status=~"5.."}' };
    const counts = await source.read({ ...request, indicator: narrower, toMinute: 29_000_001 });
    expect(counts).toEqual([{ m: 29_000_000, total: 23, bad: 3, observed: true }]);
    expect(stub.requests.filter((r) => r.path === '/api/v1/query_range')).toHaveLength(1);
    const good = { kind: 'counters' as const, total: 'a_total', good: 'a_total{status!~"5.."}' };
    expect(await source.read({ ...request, indicator: good, toMinute: 29_000_001 })).toEqual(counts);
  });

  it('takes values that are no count for absent', async () => {
    const at = (i: number, value: string) => [seconds(29_000_000 + i), value];
    const { source } = await against(json(matrix([at(0, '5'), at(1, 'NaN'), at(2, '8.0e+00')])));
    const counts = await source.read(request);
    expect(counts).toEqual([{ m: 29_000_001, total: 3, bad: 3, observed: true }]);
  });

  it('tries again when the server stumbles', async () => {
    let stumbles = 2;
    const { source } = await against((req, res) => {
      stumbles -= 1;
      if (stumbles >= 0) res.writeHead(503).end('starting');
      else json(matrix([]))(req, res);
    });
    expect(await source.read(request)).toEqual([]);
  });

  it.each([
    ['a server that hangs', () => undefined, 'did not answer'],
    ['a web page', (_: StubRequest, res: ServerResponse) => void res.end('<html></html>'), 'no Prometheus API'],
    ['other JSON', json({ hello: 'world' }), 'no Prometheus API'],
    ['samples that are words', json(matrix([[seconds(29_000_000), 'many']])), 'no Prometheus API'],
    ['samples that are numbers', json(matrix([[seconds(29_000_000), 5]])), 'no Prometheus API'],
    ['a metric that is none', json(matrix([], null)), 'no Prometheus API'],
    ['a login', json({}, 401), 'signing in'],
    ['an unknown path', json({}, 404), 'no Prometheus API at this address'],
    ['a failure', json({ status: 'error', errorType: 'internal', error: 'disk on fire' }, 500), 'disk on fire'],
    [
      'an overloaded server',
      json({ status: 'error', errorType: 'timeout', error: 'query timed out' }, 503),
      'timed out',
    ],
    [
      'a redirect',
      (_: StubRequest, res: ServerResponse) => void res.writeHead(307, { location: '/' }).end(),
      'redirects',
    ],
  ])('calls %s a fault of the source', async (what, answer, words) => {
    const { source } = await against(answer, what === 'a server that hangs' ? { timeoutMs: 50 } : {});
    const error: unknown = await source.read(request).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'upstream' });
    expect((error as Error).message).toContain(words);
  });

  it.each([
    [
      'what Prometheus refuses',
      json({ status: 'error', errorType: 'bad_data', error: 'parse error: x' }, 400),
      'parse error: x',
    ],
    [
      'too many samples',
      json({ status: 'error', errorType: 'execution', error: 'too many samples' }, 422),
      'too many samples',
    ],
    ['a result without a name', json(matrix([[seconds(29_000_000), '5']], {})), 'result of a function'],
    ['a string', json({ status: 'success', data: { resultType: 'string', result: [] } }), 'string'],
    [
      'native histograms',
      json({
        status: 'success',
        data: { resultType: 'matrix', result: [{ metric: { __name__: 'h' }, histograms: [] }] },
      }),
      'native histograms',
    ],
  ])('calls %s a fault of the indicator', async (_what, answer, words) => {
    const { source } = await against(answer);
    const error: unknown = await source.read(request).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid' });
    expect((error as Error).message).toMatch(new RegExp(words));
  });

  it('asks for less when an answer is too long, and for one that stays too long blames the query', async () => {
    const big = 'x'.repeat(MAX_BYTES + 1);
    const { stub, source } = await against((req, res) => {
      const minutes = (Number(req.form.get('end')) - Number(req.form.get('start'))) / 60;
      if (minutes > 40) res.end(big);
      else json(matrix([]))(req, res);
    });
    expect(await source.read({ ...request, toMinute: request.fromMinute + 100 })).toEqual([]);
    const ranges = stub.requests.filter((r) => r.path.endsWith('query_range'));
    const spans = ranges.map((r) => (Number(r.form.get('end')) - Number(r.form.get('start'))) / 60);
    expect(new Set(spans)).toEqual(new Set([100, 50, 25]));
    const endless = await against((_req, res) => void res.end(big));
    await expect(endless.source.read(request)).rejects.toMatchObject({ code: 'invalid' });
  });

  it('asks for more points than a server gives in several questions', async () => {
    const { stub, source } = await against(json(matrix([], {})));
    const spans = () => {
      const ranges = stub.requests.splice(0).filter((r) => r.path.endsWith('query_range'));
      return ranges.map((r) => (Number(r.form.get('end')) - Number(r.form.get('start'))) / Number(r.form.get('step')));
    };
    const month = { fromMinute: 28_999_980, toMinute: 28_999_980 + 43_200 };
    await source.read({ ...month, indicator: { kind: 'gauge', selector: 'up' } });
    expect(spans().every((points) => points < 11_000)).toBe(true);
    const slices = { kind: 'slices', query: 'max(x)', op: 'lte', value: 1, sliceMinutes: 5 } as const;
    await source.read({ ...month, indicator: slices });
    expect(spans()).toEqual([8_639]);
    await source.read({ ...month, indicator: { ...slices, sliceMinutes: 1 } });
    expect(spans().reduce((all, points) => all + points + 1, 0)).toBe(43_200);
  });

  it('judges every value a query can give', async () => {
    const at = (i: number, value: string) => [seconds(29_000_000 + i), value];
    const values = [at(1, '+Inf'), at(2, '-Inf'), at(3, 'NaN'), at(4, '-1.5e-03'), at(5, '2')];
    const { source } = await against(json(matrix(values, {})));
    const slices = { kind: 'slices', query: 'x', op: 'lte', value: 1, sliceMinutes: 1 } as const;
    const counts = await source.read({ fromMinute: 29_000_000, toMinute: 29_000_006, indicator: slices });
    expect(counts.map(({ m, bad }) => [m - 29_000_000, bad])).toEqual([
      [0, 1],
      [1, 0],
      [3, 0],
      [4, 1],
    ]);
  });

  it('asks a percentile over at least two scrapes, and a bound together with all events', async () => {
    const empty = { status: 'success', data: { resultType: 'matrix', result: [] } };
    const { stub, source } = await against(json(empty));
    const asked = () => stub.requests.splice(0).map((r) => r.form.get('query'));
    const buckets = 'x_bucket{job="a"}';
    const percentile = { kind: 'percentile', buckets, quantile: 0.95, op: 'lte', value: 1 } as const;
    await source.read({ ...request, indicator: { ...percentile, sliceMinutes: 1 } });
    expect(asked()).toEqual(['histogram_quantile(0.95, sum by (le) (rate(x_bucket{job="a"}[60s])))']);
    await source.read({ ...request, indicator: { kind: 'latency', buckets, le: '0.5' } });
    expect(asked()[0]).toMatch(/^last_over_time\(x_bucket\{job="a",le=~"\\\\\+Inf\|0\[\.\]50\*\|.*"\}\[30s\]\)$/);
  });

  it('is left alone after it failed often, while faults of indicators do not count', async () => {
    const { stub, source } = await against((req, res) => {
      const isBad = req.form.get('query')?.includes('b_total') === true;
      json(isBad ? { status: 'error', errorType: 'bad_data', error: 'no' } : matrix([]), isBad ? 400 : 200)(req, res);
    });
    for (let i = 0; i < 12; i += 1) await source.read(request).catch(() => undefined);
    await expect(source.read(request)).rejects.toMatchObject({ code: 'invalid' });
    await stub.stop();
    for (let i = 0; i < 6; i += 1) await source.read(request).catch(() => undefined);
    await expect(source.read(request)).rejects.toThrow('left alone');
    open.length = 0;
    await source.close();
  });

  it('tells the version, or that there is none to tell', async () => {
    const { source } = await against(json({ status: 'success', data: { version: '3.5.0', revision: 'x' } }));
    expect((await source.probe()).version).toBe('3.5.0');
    const vector = { status: 'success', data: { resultType: 'vector', result: [] } };
    const old = await against((req, res) => (req.path.endsWith('buildinfo') ? json({}, 404) : json(vector))(req, res));
    expect((await old.source.probe()).version).toBeNull();
    const dead = await against((_req, res) => void res.destroy());
    await expect(dead.source.probe()).rejects.toMatchObject({ code: 'upstream' });
  });

  it('connects to no name that points to a metadata service', async () => {
    expect(() => createPrometheusSource({ url: 'http://169.254.169.254', intervalMs: 1 })).toThrow('address');
  });
});
