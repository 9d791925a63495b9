import { DomainError } from '@qd/shared/errors';
import { type SloDefinition, sloDefinition } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeSource, type FakeSeries } from '../../adapters/metrics/fake.ts';
import type { MetricsSource } from '../../adapters/metrics/port.ts';
import { sliHour, sliMinute, slos } from '../../db/schema/index.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { createSloRouter } from './router.ts';
import { createSloDeps, type SloDeps } from './service/deps.ts';
import { readPast } from './service/preview/read-past.ts';
import { readSources } from './service/reading/read-sources.ts';
import { refreshSummaries } from './service/refresh-summaries.ts';

const now = new Date('2026-05-20T12:30:20Z');
const nowM = minuteOf(now.getTime());
let stores: TestStores;
let shop: StoredObjective;
let pushed: StoredObjective;
let bank: StoredObjective;
let deps: SloDeps;
let wrap: (source: MetricsSource) => MetricsSource;

/** A counter that grows by `perScrape` every 15 seconds, for eleven days up to now. */
function counter(labels: Record<string, string>, perScrape: (at: number) => number): FakeSeries {
  let value = 0;
  const end = Math.floor(now.getTime() / 15_000);
  const count = (11 * DAY_MS) / 15_000;
  const samples = Array.from({ length: count }, (_, i) => {
    const second = (end - count + i + 1) * 15;
    value += perScrape(second * 1_000);
    return [second, value] as const;
  });
  return { name: 'all_total', labels: { instance: 'a:1', ...labels }, samples };
}

const outageAt = Date.parse('2026-05-18T09:00:00Z');
const isOut = (at: number): boolean => at > outageAt && at <= outageAt + 30 * MINUTE_MS;
const history = [
  counter({ code: '200' }, (at) => (isOut(at) ? 5 : 10)),
  counter({ code: '500' }, (at) => (isOut(at) ? 5 : 0)),
];

beforeAll(async () => {
  stores = await openTestStores();
  stores.clock.set(now);
  const at = { kind: 'prometheus' as const, url: 'http://prometheus:9090', intervalMs: 15_000 };
  const indicator = { kind: 'counters' as const, total: 'all_total', bad: 'all_total{code="500"}' };
  shop = await addObjective(stores.db, {
    ...at,
    indicator,
    windowMs: 7 * DAY_MS,
    anchorAt: new Date('2026-05-18T00:00:00Z'),
  });
  pushed = await addObjective(stores.db, { kind: 'push', slug: 'pushed' });
  bank = await addObjective(stores.db, { ...at, platform: 'bank' });
});
afterAll(() => stores.close());
beforeEach(() => {
  wrap = (source) => source;
  deps = createSloDeps({
    openSource: ({ kind }) =>
      kind === 'push' ? null : wrap(createFakeSource({ intervalMs: 15_000, series: [...history] })),
  });
});

const define = (more: Record<string, unknown> = {}): SloDefinition =>
  sloDefinition.parse({
    platform: 'shop',
    slug: 'new-one',
    name: 'New one',
    sourceId: shop.sourceId,
    indicator: { kind: 'counters', total: 'all_total', bad: 'all_total{code="500"}' },
    targetPercent: '99.9',
    windows: [{ kind: 'cycle', windowMs: 7 * DAY_MS, anchorAt: Date.parse('2026-05-18T00:00:00Z') }],
    ...more,
  });
const as = (role: Parameters<typeof actorWith>[0], platform?: string) =>
  createCallerFactory(createSloRouter(deps))(testCtx(stores, { actor: actorWith(role, platform), now })).definitions;
const preview = (more: Record<string, unknown> = {}, days = 10) =>
  as('owner').preview({ definition: define(more), days });

describe('slo.definitions.sources', () => {
  it('lists what the caller may define objectives on, with what can be measured there', async () => {
    const all = await as('owner').sources({});
    expect(all.map(({ platformId, kind }) => [platformId, kind])).toEqual([
      ['bank', 'prometheus'],
      ['shop', 'prometheus'],
      ['shop', 'push'],
    ]);
    expect(all[1]).toMatchObject({ id: shop.sourceId, platformName: 'shop', hasHistory: true, isDown: false });
    expect(all[1]?.kinds).toContain('percentile');
    expect(all[2]).toMatchObject({ id: pushed.sourceId, hasHistory: false, kinds: ['push'] });
    expect(await as('admin', 'bank').sources({})).toHaveLength(1);
    expect(await as('admin', 'bank').sources({ platform: 'shop' })).toEqual([]);
    await expect(as('stakeholder').sources({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('slo.definitions.preview', () => {
  it('shows what the definition would have shown, and stores nothing', async () => {
    const shown = await preview();
    const hours = shown.at.length;
    expect([hours, shown.leftRatio.length, shown.badRatio.length, shown.totalEvents.length]).toEqual([
      240, 240, 240, 240,
    ]);
    expect(shown.asOf).toBe(nowM * MINUTE_MS);
    expect(shown.totalEvents.every((events) => events === 2_400)).toBe(true);
    const outage = shown.at.indexOf(outageAt + HOUR_MS);
    expect(shown.badRatio[outage]).toBeCloseTo(0.25);
    expect(shown.badRatio.filter((ratio) => ratio !== 0)).toHaveLength(1);
    // 600 bad of 7 days x 57,600 events, of which a thousandth may be bad.
    expect(shown.budget.badEvents).toBe(600);
    expect(shown.budget.leftRatio).toBeCloseTo(1 - 600 / 403.2);
    expect(shown.leftRatio.at(-1)).toBeCloseTo(1 - 600 / 403.2);
    expect(shown.leftRatio.slice(0, outage).every((left) => left === 1)).toBe(true);
    expect(shown.firings).toEqual([1, 1, 1, 1]);
    expect(shown.serverVersion).toBe('0.0.0-fake');
    expect(shown.remarks.map(({ code }) => code)).toEqual(['already_overspent']);
    expect(await stores.db.select().from(sliMinute)).toEqual([]);
    expect(await stores.db.select().from(sliHour)).toEqual([]);
    expect(await stores.db.select().from(slos)).toHaveLength(3);
  });

  it('gives the budget and rows that the stored objective has', async () => {
    await readSources(testCtx(stores, { now }), deps, ['prometheus']);
    const sliId = shop.sliId;
    const [stored] = await refreshSummaries(testCtx(stores, { now: new Date(nowM * MINUTE_MS) }), deps.memory, [sliId]);
    const shown = await preview({ windows: [{ kind: 'rolling', windowMs: 7 * DAY_MS }] }, 8);
    const rolling = stored?.summary.rolling;
    expect(shown.budget.leftRatio).toBeCloseTo(rolling?.leftRatio ?? NaN, 10);
    expect(shown.budget).toMatchObject({ badEvents: rolling?.badEvents, totalEvents: rolling?.totalEvents });
    expect(shown.burnRows.map(({ state, longBurn }) => [state, longBurn])).toEqual(
      stored?.summary.burnRows.map(({ state, longBurn }) => [state, longBurn]),
    );
    await stores.db.delete(sliMinute);
    await stores.db.delete(sliHour);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['rolling', { windows: [{ kind: 'rolling', windowMs: 7 * DAY_MS }] }, 1 - 600 / 403.2],
    [
      'calendar',
      { windows: [{ kind: 'calendar', calendar: { unit: 'day', timeZone: 'UTC', startDate: '2026-01-01' } }] },
      1,
    ],
    [
      'sliced',
      {
        indicator: { kind: 'slices', query: 'max(all_total)', op: 'lte', value: 0, sliceMinutes: 5 },
        windows: [{ kind: 'rolling', windowMs: DAY_MS }],
      },
      1 - 1_000,
    ],
  ])('judges by a %s window', async (_what, more, left) => {
    const shown = await preview(more, 9);
    expect(shown.leftRatio.at(-1)).toBeCloseTo(left, 1);
    expect(shown.leftRatio.at(-1)).toBeCloseTo(shown.budget.leftRatio ?? NaN, 1);
  });

  it('marks unknown hours as unknown, never bridged', async () => {
    const shown = await preview({}, 20);
    expect(shown.totalEvents.slice(0, 200).every((events) => events === null)).toBe(true);
    expect(shown.leftRatio.slice(0, 200).every((left) => left === null)).toBe(true);
    expect(shown.remarks.map(({ code }) => code)).toContain('low_coverage');
  });

  it.each([
    [
      'a missing bucket',
      { indicator: { kind: 'latency', buckets: 'took_bucket', le: '0.3' } },
      'missing_bucket',
      'choose 0.25',
    ],
    [
      'more failures than events',
      { indicator: { kind: 'counters', total: 'all_total{code="500"}', bad: 'all_total' } },
      'bad_over_total',
      'counts',
    ],
  ])('tells %s as a remark', async (_what, more, code, words) => {
    history.push(
      { ...counter({ le: '0.25' }, () => 1), name: 'took_bucket' },
      { ...counter({ le: '+Inf' }, () => 2), name: 'took_bucket' },
    );
    const shown = await preview(more);
    history.splice(-2);
    expect(shown.at).toEqual([]);
    expect(shown.budget.leftRatio).toBeNull();
    expect(shown.remarks[0]).toMatchObject({ code, level: 'error', message: expect.stringContaining(words) as string });
  });

  it('warns of a percentile whose limit the histogram cannot see', async () => {
    const bucket = (le: string) => ({ ...counter({ le }, () => 1), name: 'took_bucket' });
    history.push(bucket('0.25'), bucket('1'), bucket('+Inf'));
    const percentile = { kind: 'percentile', buckets: 'took_bucket', quantile: 0.95, op: 'lte', sliceMinutes: 5 };
    const remarksAt = async (value: number) => (await preview({ indicator: { ...percentile, value } }, 1)).remarks;
    expect(await remarksAt(2)).toContainEqual(
      expect.objectContaining({ code: 'missing_bucket', level: 'warning', field: 'indicator.value' }),
    );
    expect((await remarksAt(0.25)).map(({ code }) => code)).not.toContain('missing_bucket');
    history.splice(-3);
  });

  it('says that pushed measurements have no past', async () => {
    const shown = await preview({ sourceId: pushed.sourceId, indicator: { kind: 'push' } });
    expect(shown).toMatchObject({ at: [], leftRatio: [], firings: [0, 0, 0, 0], budget: { leftRatio: null } });
    expect(shown.remarks).toEqual([expect.objectContaining({ code: 'no_data', level: 'note', field: 'sourceId' })]);
  });

  it('refuses what cannot be read, each with its reason', async () => {
    const refused = (more: Record<string, unknown>) => preview(more).catch((e: { cause: unknown }) => e.cause);
    expect(await refused({ indicator: { kind: 'counters', total: 'rate(x[5m])', bad: 'y' } })).toMatchObject({
      code: 'invalid',
    });
    expect(await refused({ sourceId: bank.sourceId })).toMatchObject({
      code: 'invalid',
      fields: [{ field: 'sourceId' }],
    });
    expect(await refused({ sourceId: pushed.sourceId })).toMatchObject({
      code: 'invalid',
      fields: [{ field: 'indicator.kind' }],
    });
    wrap = (source) => ({
      ...source,
      probe: () => Promise.reject(new DomainError('upstream', 'nobody listens there')),
    });
    expect(await refused({})).toMatchObject({ code: 'upstream' });
    await expect(as('stakeholder').preview({ definition: define() })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(as('admin', 'bank').preview({ definition: define() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(preview({}, 91)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('asks once for all who wait for the same, and computes at most four at once', async () => {
    let reads = 0;
    const gate = Promise.withResolvers<void>();
    wrap = (source) => ({
      ...source,
      read: async (request) => {
        reads += 1;
        await gate.promise;
        return source.read(request);
      },
    });
    const same = [preview({}, 1), preview({}, 1), preview({}, 1)];
    const others = [2, 3, 4].map((days) => preview({}, days));
    // Each of the four asks for two days at a time.
    await vi.waitFor(() => expect(reads).toBe(8));
    await expect(preview({}, 5)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    gate.resolve();
    const shown = await Promise.all(same);
    expect(shown[1]).toBe(shown[0]);
    await Promise.all(others);
    // One to four days, and the rest of the hour each begins in.
    expect(reads).toBe(2 + 3 + 4 + 5);
    await expect(preview({}, 5)).resolves.toMatchObject({ serverVersion: '0.0.0-fake' });
  });

  it('keeps the newest part when there is no time for more', async () => {
    const ending = new AbortController();
    const slow: MetricsSource = {
      ...createFakeSource({ intervalMs: 15_000, series: [...history] }),
      read: (request) => {
        if (request.toMinute < nowM - 3 * 1_440) ending.abort();
        return ending.signal.aborted
          ? Promise.reject(new DomainError('upstream', 'it did not answer in time'))
          : createFakeSource({ intervalMs: 15_000, series: [...history] }).read(request);
      },
    };
    const past = await readPast(slow, define().indicator, {
      fromMinute: nowM - 10 * 1_440,
      untilMinute: nowM,
      signal: ending.signal,
    });
    expect(past).toMatchObject({ isCut: true, untilMinute: nowM });
    expect(past.counts.at(-1)?.m).toBe(nowM - 1);
    expect(past.counts[0]?.m).toBe(past.fromMinute);
    expect(past.counts).toHaveLength(nowM - past.fromMinute);
    expect(past.fromMinute).toBeGreaterThanOrEqual(nowM - 4 * 1_440);
  });
});
