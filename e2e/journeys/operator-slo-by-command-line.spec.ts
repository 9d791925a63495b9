import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { home } from '../fixtures/databases.ts';
import { openShop, type WatchedShop } from '../fixtures/prometheus.ts';
import { ownStack } from '../fixtures/stack.ts';

const stack = ownStack({ empty: true });

const DAY_MS = 86_400_000;

let shop: WatchedShop;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  test.setTimeout(360_000);
  shop = await openShop(3, [{ fromMinutesAgo: 300, toMinutesAgo: 240, failedRatio: 0.1 }]);
});
test.afterAll(() => shop.stop());

/** What a command prints with `--json`. */
async function json<T>(...argv: string[]): Promise<T> {
  const result = await stack.qd(...argv, '--json');
  expect(result, result.err).toMatchObject({ code: 0 });
  return JSON.parse(result.out) as T;
}

async function fileOf(name: string, content: string): Promise<string> {
  const file = path.join(home(), `${stack.stores}-${name}`);
  await writeFile(file, content);
  return file;
}

/** The file of the shop: counters, a histogram and a gauge; the last of them by the week in Berlin. */
const shopFile = (target = '99.9'): string =>
  [
    'platform: shop',
    'name: Shop',
    `prometheus: ${shop.url}`,
    'interval: 5s',
    'slos:',
    `  - name: Availability`,
    `    target: ${target}`,
    '    window: { rolling: 7d }',
    '    total: shop_requests_total',
    `    bad: 'shop_requests_total{status="500"}'`,
    '  - name: Speed',
    '    target: 85',
    '    latency: { buckets: shop_request_seconds_bucket, le: 0.25 }',
    '  - name: Presence',
    '    target: 99',
    '    gauge: up{job="shop"}',
    '    window: { calendar: week, timeZone: Europe/Berlin, startDate: 2026-01-05 }',
    '',
  ].join('\n');

interface Applied {
  created: string[];
  updated: string[];
  unchanged: string[];
}

interface SloLine {
  id: string;
  name: string;
  platformId: string;
  dataAt: number | null;
  budget: { badEvents: number; window: { view: string; startAt: number; calendar?: { unit: string } } };
}

test('lint names file, line and field, and stores nothing', async () => {
  const file = await fileOf('lint.yaml', shopFile('100'));
  const refused = await stack.qd('slo', 'lint', '-f', file);
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/lint\.yaml:7 slos\[0\]\.target/);
  const twice = await fileOf('twice.yaml', shopFile().replace('{status="500"}', ''));
  const same = await stack.qd('slo', 'lint', '-f', twice);
  expect(same.code).toBe(1);
  expect(same.err).toMatch(/twice\.yaml:10 slos\[0\]\.bad/);

  const sound = await fileOf('shop.yaml', shopFile());
  const said = await json<{ remarks: { level: string }[] }>('slo', 'lint', '-f', sound);
  expect(said.remarks.filter(({ level }) => level === 'error')).toEqual([]);
  expect(await json<SloLine[]>('slo', 'list', '--platform', 'shop')).toEqual([]);
});

test('one file makes objectives of every kind, and applied again it changes nothing', async () => {
  const file = await fileOf('shop.yaml', shopFile());
  const first = await json<Applied>('slo', 'apply', '-f', file);
  expect(first).toMatchObject({ updated: [], unchanged: [] });
  const ids = ['slo_shop_availability', 'slo_shop_presence', 'slo_shop_speed'];
  expect(first.created.toSorted()).toEqual(ids);
  const again = await json<Applied>('slo', 'apply', '-f', file);
  expect(again).toMatchObject({ created: [], updated: [] });
  expect(again.unchanged.toSorted()).toEqual(ids);
});

test('the list gives each its window and, once it is read, what it counted', async () => {
  test.setTimeout(360_000);
  const rows = async () => json<SloLine[]>('slo', 'list', '--platform', 'shop');
  const read = async () => (await rows()).filter(({ dataAt }) => dataAt !== null).map(({ name }) => name);
  await expect.poll(read, { timeout: 240_000 }).toEqual(expect.arrayContaining(['Availability', 'Presence']));
  const budgets = new Map((await rows()).map(({ name, budget }) => [name, budget]));
  expect(budgets.get('Availability')?.window.view).toBe('rolling');
  // An hour at a tenth, out of the three days there are.
  expect(budgets.get('Availability')?.badEvents).toBeGreaterThan(3_500);
  const week = budgets.get('Presence')?.window;
  expect(week?.calendar?.unit).toBe('week');
  const berlin = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', weekday: 'short' });
  expect(berlin.format(week?.startAt)).toBe('Mon');
});

test('an export is applied as it is and changes nothing', async () => {
  for (const format of ['yaml', 'json']) {
    const written = await stack.qd('slo', 'export', '--platform', 'shop', '--format', format);
    expect(written, written.err).toMatchObject({ code: 0 });
    expect(written.out.match(/openslo\/v1/g)?.length).toBeGreaterThanOrEqual(3);
    const file = await fileOf(`export.${format}`, written.out);
    const report = await json<{ isStored: boolean; faults: unknown[]; documents: { kind: string; outcome: string }[] }>(
      'slo',
      'apply',
      '-f',
      file,
    );
    expect(report).toMatchObject({ isStored: true, faults: [] });
    const outcomes = report.documents.filter(({ kind }) => kind === 'SLO').map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['unchanged', 'unchanged', 'unchanged']);
  }
  expect(await stack.qd('slo', 'export', '--platform', 'nobody')).toMatchObject({ code: 1 });
});

test('a changed file changes what differs, and says what that was', async () => {
  const file = await fileOf('shop-95.yaml', shopFile('99.5'));
  expect(await json<Applied>('slo', 'apply', '-f', file)).toMatchObject({
    created: [],
    updated: ['slo_shop_availability'],
  });
});

test('a backfill reads as far back as the source knows, and a second one nothing', async () => {
  test.setTimeout(240_000);
  const reach = async () =>
    json<{ minutes: number; measuredSince: string }>('slo', 'backfill', 'slo_shop_availability', '--days', '3');
  const { measuredSince } = await reach();
  expect(Date.now() - Date.parse(measuredSince)).toBeGreaterThan(2.9 * DAY_MS);
  expect(await reach()).toMatchObject({ minutes: 0, measuredSince });
  const refused = await stack.qd('slo', 'backfill', 'slo_shop_availability', '--days', '5000');
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(/days/);
});
