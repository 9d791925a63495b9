import type { Indicator } from '@qd/shared/slo';
import { MINUTE_MS, minuteOf } from '@qd/shared/time';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpStub, startStub } from '../../../../test/http-stub.ts';
import type { MetricsSource } from '../port.ts';
import { createScrapeSource } from './scrape.ts';
import { createSelfSource } from './self.ts';

const indicator: Indicator = { kind: 'counters', total: 'hits_total', bad: 'hits_total{code="500"}' };
const noon = Date.UTC(2026, 4, 20, 12, 0, 5);
const noonM = minuteOf(noon);
const range = { fromMinute: 0, toMinute: 0 };

let nowMs = noon;
let answer: { status: number; body: string; type?: string; headers?: Record<string, string> } = {
  status: 200,
  body: '',
};
let asked = 0;
const open: { stub: HttpStub; source: MetricsSource }[] = [];

afterEach(async () => {
  for (const { stub, source } of open.splice(0)) {
    await source.close();
    await stub.stop();
  }
});

async function scraping(intervalMs = 15_000): Promise<MetricsSource> {
  nowMs = noon;
  asked = 0;
  const stub = await startStub((_request, res) => {
    asked += 1;
    res.writeHead(answer.status, { 'content-type': answer.type ?? 'text/plain', ...answer.headers });
    res.end(answer.body);
  });
  const resilience = { retries: 0, timeoutMs: 2_000 };
  const source = createScrapeSource({ url: `${stub.url}/metrics`, intervalMs, clock: () => nowMs, resilience });
  open.push({ stub, source });
  return source;
}

function page(...lines: string[]): void {
  answer = { status: 200, body: ['# TYPE hits_total counter', ...lines].join('\n') };
}

const read = (source: MetricsSource) => source.read({ indicator, ...range });

describe('a scraped page', () => {
  it('gives what was added since it was read before, into the running minute', async () => {
    const source = await scraping();
    page('hits_total{code="200"} 100', 'hits_total{code="500"} 7');
    expect(await read(source)).toEqual([]);
    nowMs += 15_000;
    page('hits_total{code="200"} 110', 'hits_total{code="500"} 9');
    expect(await read(source)).toEqual([{ m: noonM, total: 12, bad: 2, observed: true }]);
    nowMs += 15_000;
    expect(await read(source)).toEqual([{ m: noonM, total: 0, bad: 0, observed: true }]);
  });

  it('counts a series from zero when it appears after the page was read without it', async () => {
    const source = await scraping();
    page();
    await read(source);
    nowMs += 15_000;
    page('hits_total{code="200"} 5', 'hits_total{code="500"} 3');
    expect(await read(source)).toEqual([{ m: noonM, total: 8, bad: 3, observed: true }]);
  });

  it('counts on after a restart, and loses nothing of a series that stays', async () => {
    const source = await scraping();
    page('hits_total{code="200"} 100', 'hits_total{code="500"} 50');
    await read(source);
    nowMs += 15_000;
    page('hits_total{code="200"} 4', 'hits_total{code="500"} 51');
    expect(await read(source)).toMatchObject([{ total: 5, bad: 1 }]);
  });

  it('leaves minutes of a silence unmeasured and counts the jump when the page is back', async () => {
    const source = await scraping();
    page('hits_total{code="200"} 100');
    await read(source);
    answer = { status: 503, body: 'busy' };
    nowMs += 5 * MINUTE_MS;
    await expect(read(source)).rejects.toMatchObject({ code: 'upstream' });
    nowMs += MINUTE_MS;
    page('hits_total{code="200"} 400');
    expect(await read(source)).toEqual([{ m: noonM + 6, total: 300, bad: 0, observed: true }]);
  });

  it('measures every minute of a page that is read rarely', async () => {
    const source = await scraping(5 * MINUTE_MS);
    page('hits_total{code="200"} 100');
    await read(source);
    nowMs += 5 * MINUTE_MS;
    page('hits_total{code="200"} 150');
    const counts = await read(source);
    expect(counts.map(({ m, total }) => [m - noonM, total])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
      [5, 50],
    ]);
  });

  it('puts the events of a reading just after a full minute where most of them happened', async () => {
    const source = await scraping();
    page('hits_total 1');
    nowMs = noonM * MINUTE_MS + 48_000;
    await read(source);
    nowMs += 14_000;
    page('hits_total 5');
    expect(await read(source)).toMatchObject([{ m: noonM, total: 4 }]);
  });

  it('is read once for all indicators that ask at about the same time', async () => {
    const source = await scraping();
    page('hits_total{code="200"} 100', 'hits_total{code="500"} 1');
    const byCode: Indicator = { kind: 'counters', total: 'hits_total', good: 'hits_total{code="200"}' };
    await read(source);
    await source.read({ indicator: byCode, ...range });
    nowMs += 15_000;
    asked = 0;
    const both = await Promise.all([read(source), source.read({ indicator: byCode, ...range })]);
    expect(both.map((counts) => counts.length)).toEqual([1, 1]);
    expect(asked).toBe(1);
  });

  it('reads OpenMetrics as well', async () => {
    const source = await scraping();
    answer = {
      status: 200,
      type: 'application/openmetrics-text; version=1.0.0',
      body: '# TYPE hits counter\nhits_total 3\n# EOF\n',
    };
    expect(await read(source)).toEqual([]);
    answer = { ...answer, body: '# TYPE hits counter\nhits_total 3\n' };
    nowMs += 15_000;
    await expect(read(source)).rejects.toThrow('cut off');
  });

  it('says what is wrong with the page, and with the indicator alone', async () => {
    const source = await scraping();
    const refused = (body: typeof answer) => {
      answer = body;
      nowMs += 60_000;
      return read(source).catch((error: unknown) => error);
    };
    expect(await refused({ status: 200, body: '<html></html>' })).toMatchObject({ code: 'upstream' });
    expect(await refused({ status: 302, body: '', headers: { location: 'http://127.0.0.1/' } })).toMatchObject({
      code: 'upstream',
    });
    expect(await refused({ status: 401, body: '' })).toMatchObject({ code: 'upstream' });
    expect(await refused({ status: 200, body: 'x'.repeat(17 * 1_048_576) })).toMatchObject({ code: 'upstream' });
    expect(await refused({ status: 200, body: 'other_total 1' })).toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('hits_total'),
    });
    expect(await refused({ status: 200, body: '# TYPE hits_total gauge\nhits_total 1' })).toMatchObject({
      code: 'invalid',
    });
    const more: Indicator = { kind: 'counters', total: 'hits_total{code="500"}', bad: 'hits_total' };
    nowMs += 15_000;
    page('hits_total{code="200"} 1', 'hits_total{code="500"} 1');
    await source.read({ indicator: more, ...range });
    nowMs += 15_000;
    page('hits_total{code="200"} 100', 'hits_total{code="500"} 2');
    await expect(source.read({ indicator: more, ...range })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('leaves a page alone for a while after it failed often, and says so', async () => {
    const source = await scraping();
    answer = { status: 500, body: '' };
    for (let i = 0; i < 5; i += 1) await read(source).catch(() => undefined);
    asked = 0;
    await expect(read(source)).rejects.toThrow('left alone');
    expect(asked).toBe(0);
  });

  it.each([
    'file:///etc/passwd',
    'http://169.254.169.254/latest',
    'http://[fe80::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://me:secret@localhost/metrics',
    'not an address',
    'http://2852039166/',
  ])('refuses the address %s', (url) => {
    expect(() => createScrapeSource({ url, intervalMs: 15_000, clock: () => nowMs })).toThrow(/address/);
  });
});

describe('the console’s own counters', () => {
  it('count from zero, the first reading included', async () => {
    nowMs = noon;
    let text = '# TYPE hits_total counter\n';
    const source = createSelfSource({ text: async () => text, clock: () => nowMs });
    nowMs += 10_000;
    text += 'hits_total{code="200"} 5\nhits_total{code="500"} 1\n';
    expect(await read(source)).toEqual([{ m: noonM, total: 6, bad: 1, observed: true }]);
    nowMs += 10_000;
    expect(await read(source)).toEqual([{ m: noonM, total: 0, bad: 0, observed: true }]);
  });

  it('measure minutes in which nobody asked for anything', async () => {
    nowMs = noon;
    const source = createSelfSource({ text: async () => '# TYPE hits_total counter\n', clock: () => nowMs });
    nowMs += 10_000;
    expect(await read(source)).toEqual([{ m: noonM, total: 0, bad: 0, observed: true }]);
  });

  it('do not charge an objective made later with what happened before it', async () => {
    nowMs = noon;
    const source = createSelfSource({
      text: async () => '# TYPE hits_total counter\nhits_total 900\n',
      clock: () => nowMs,
    });
    nowMs += 60 * MINUTE_MS;
    expect(await read(source)).toEqual([]);
  });
});
