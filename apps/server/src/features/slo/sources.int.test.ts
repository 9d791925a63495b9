import { DomainError } from '@qd/shared/errors';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeSource, type FakeSeries, type FakeSource } from '../../adapters/metrics/fake.ts';
import type { MetricsSource } from '../../adapters/metrics/port.ts';
import { createSelfSource } from '../../adapters/metrics/scrape/self.ts';
import { platforms, slos, sources } from '../../db/schema/index.ts';
import { rowsAt } from './queries/probes.ts';
import { horizonMinute } from './queries/tiers.ts';
import { createSloDeps, type SloDeps } from './service/deps.ts';
import { getSlo } from './service/detail.ts';
import { listLanes } from './service/lanes.ts';
import { listSlos } from './service/list.ts';
import { readSources } from './service/reading/read-sources.ts';
import { refreshOutdated } from './service/summary-memory.ts';
import { thin } from './service/thin.ts';

let stores: TestStores;
let deps: SloDeps;
const start = new Date('2026-05-20T12:30:20Z');
const fakes = new Map<string, MetricsSource>();

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(() => {
  stores.clock.set(start);
  deps = createSloDeps({ openSource: ({ url }) => fakes.get(url ?? '') ?? null });
});
afterEach(async () => {
  await deps.close();
  fakes.clear();
  await stores.db.delete(slos);
  await stores.db.delete(sources);
  await stores.db.delete(platforms);
});

/** A counter that grows by one every 15 seconds, for the given days up to two hours after the start of the test. */
function counter(name: string, days: number, labels: Record<string, string> = {}): FakeSeries {
  const end = Math.floor((start.getTime() + 2 * HOUR_MS) / 15_000);
  const count = (days * DAY_MS) / 15_000;
  const samples = Array.from({ length: count }, (_, i) => [(end - count + i) * 15, i] as const);
  return { name, labels: { instance: 'a:1', ...labels }, samples };
}

function fake(url: string, series: FakeSeries[] = []): FakeSource {
  const source = createFakeSource({ intervalMs: 15_000, series });
  fakes.set(url, source);
  return source;
}

const indicator = { kind: 'counters' as const, total: 'all_total', bad: 'all_total{code="500"}' };
const prometheus = (url: string, more: Partial<Parameters<typeof addObjective>[1]> = {}) =>
  addObjective(stores.db, { kind: 'prometheus', url, indicator, windowMs: 3 * DAY_MS, ...more });
const ctx = () => testCtx(stores);
const tick = () => readSources(ctx(), deps, ['prometheus']);

async function readBetween(slo: StoredObjective, fromM: number, toM: number) {
  const probe = { sliId: slo.sliId, minutes: [fromM - 1, toM - 1] };
  const [[before, after] = []] = await rowsAt(stores.db, [probe], horizonMinute(stores.clock.now().getTime()));
  return {
    total: (after?.total ?? 0) - (before?.total ?? 0),
    observed: (after?.observed ?? 0) - (before?.observed ?? 0),
  };
}
const stored = async (slo: StoredObjective) => (await stores.db.select().from(slos).where(eq(slos.id, slo.id)))[0];
const source = async (slo: StoredObjective) =>
  (await stores.db.select().from(sources).where(eq(sources.id, slo.sourceId)))[0];
const nowM = () => minuteOf(stores.clock.now().getTime());

describe('reading sources with history', () => {
  it('fills the window of a new objective, shows it, and goes on from there', async () => {
    fake('a', [counter('all_total', 5)]);
    const slo = await prometheus('a');
    await tick();
    expect(await readBetween(slo, nowM() - 2 * 1_440, nowM())).toEqual({ total: 2 * 1_440 * 4, observed: 2 * 1_440 });
    expect((await stored(slo))?.readUntilMinute).toBe(nowM());
    expect((await stored(slo))?.measuredSinceMinute).toBe(Math.floor((nowM() - 3 * 1_440 - 60) / 60) * 60);
    const { rows } = await listSlos(ctx(), {});
    expect(rows[0]).toMatchObject({ id: slo.id, freshness: 'fresh' });
    expect(rows[0]?.rolling.coverageRatio).toBe(1);
    stores.clock.advance(3 * MINUTE_MS);
    await tick();
    expect(await readBetween(slo, nowM() - 3, nowM())).toEqual({ total: 12, observed: 3 });
  });

  it('asks nothing when no minute has passed since', async () => {
    const server = fake('a', [counter('all_total', 1)]);
    await prometheus('a');
    await tick();
    const { reads } = server;
    stores.clock.advance(20_000);
    await tick();
    expect(server.reads).toBe(reads);
  });

  it('catches up on what it missed while the console was down', async () => {
    fake('a', [counter('all_total', 5)]);
    const slo = await prometheus('a', { windowMs: 3 * HOUR_MS });
    await tick();
    await deps.close();
    deps = createSloDeps({ openSource: ({ url }) => fakes.get(url ?? '') ?? null });
    fake('a', [counter('all_total', 5)]);
    stores.clock.advance(95 * MINUTE_MS);
    await tick();
    expect(await readBetween(slo, nowM() - 120, nowM())).toEqual({ total: 480, observed: 120 });
  });

  it('waits for minutes that reach the source late, and takes them as missing after a while', async () => {
    const whole = counter('all_total', 1);
    const upTo = (at: number) => ({ ...whole, samples: whole.samples.filter(([second]) => second * 1_000 <= at) });
    const server = fake('a', [upTo(start.getTime())]);
    const slo = await prometheus('a', { windowMs: 3 * HOUR_MS });
    await tick();
    stores.clock.advance(3 * MINUTE_MS);
    await tick();
    expect((await stored(slo))?.readUntilMinute).toBe(nowM() - 3);
    server.series = [upTo(stores.clock.now().getTime())];
    await tick();
    expect(await readBetween(slo, nowM() - 10, nowM())).toEqual({ total: 40, observed: 10 });
    stores.clock.advance(8 * MINUTE_MS);
    await tick();
    expect((await stored(slo))?.readUntilMinute).toBe(nowM() - 5);
  });

  it('stores nothing twice when two replicas read the same', async () => {
    fake('a', [counter('all_total', 2)]);
    const slo = await prometheus('a', { windowMs: 3 * HOUR_MS });
    const other = createSloDeps({ openSource: ({ url }) => fakes.get(url ?? '') ?? null });
    await Promise.all([tick(), readSources(ctx(), other, ['prometheus']), tick()]);
    expect(await readBetween(slo, nowM() - 120, nowM())).toEqual({ total: 480, observed: 120 });
  });

  it('marks the objectives of a dead source stale with the reason, and touches no other', async () => {
    const dead = fake('dead', [counter('all_total', 1)]);
    fake('alive', [counter('all_total', 1)]);
    const a = await prometheus('dead');
    const b = await prometheus('alive');
    await tick();
    dead.failWith(new DomainError('upstream', 'http://dead cannot be read: nobody listens there.'));
    for (let i = 0; i < 4; i += 1) {
      stores.clock.advance(MINUTE_MS);
      await tick();
    }
    const { rows } = await listSlos(ctx(), {});
    const find = (slo: StoredObjective) => rows.find((row) => row.id === slo.id);
    await refreshOutdated(ctx(), deps.memory);
    expect(find(b)).toMatchObject({ freshness: 'fresh', staleReason: null });
    const again = (await listSlos(ctx(), {})).rows.find((row) => row.id === a.id);
    expect(again).toMatchObject({ freshness: 'stale', staleReason: expect.stringContaining('nobody listens') });
    expect(again?.budget.leftRatio).toBe(find(a)?.budget.leftRatio);
    expect(await source(a)).toMatchObject({ lastError: expect.stringContaining('nobody listens') });
    expect((await stored(a))?.lastError).toBeNull();
    expect(await source(b)).toMatchObject({ lastError: null, serverVersion: '0.0.0-fake' });
    dead.failWith(null);
    stores.clock.advance(MINUTE_MS);
    await tick();
    expect(await readBetween(a, nowM() - 5, nowM())).toEqual({ total: 20, observed: 5 });
    expect((await source(a))?.lastError).toBeNull();
  });

  it('marks only the objective whose counters are at fault', async () => {
    fake('a', [counter('all_total', 1)]);
    const good = await prometheus('a');
    const broken = await prometheus('a', { indicator: { kind: 'counters', total: 'rate(x[5m])', bad: 'y' } });
    await stores.db.update(slos).set({ sourceId: good.sourceId }).where(eq(slos.id, broken.id));
    await tick();
    expect((await stored(broken))?.lastError).toContain('is a function');
    expect((await stored(broken))?.readUntilMinute).toBeNull();
    expect((await stored(good))?.lastError).toBeNull();
    expect((await source(good))?.lastError).toBeNull();
    const { rows } = await listSlos(ctx(), {});
    expect(rows.find((row) => row.id === broken.id)).toMatchObject({ freshness: 'never', state: 'no_data' });
    expect(rows.find((row) => row.id === broken.id)?.staleReason).toContain('is a function');
    await stores.db.update(slos).set({ indicator }).where(eq(slos.id, broken.id));
    stores.clock.advance(MINUTE_MS);
    await tick();
    expect((await stored(broken))?.lastError).toBeNull();
    expect((await readBetween(broken, nowM() - 600, nowM())).observed).toBe(600);
  });

  it('marks only the objective whose question is too heavy, however often it fails', async () => {
    const server = fake('a', [counter('all_total', 1)]);
    const good = await prometheus('a');
    const heavy = await prometheus('a', { indicator: { kind: 'counters', total: 'heavy_total', bad: 'heavy_total' } });
    await stores.db.update(slos).set({ sourceId: good.sourceId }).where(eq(slos.id, heavy.id));
    const { read } = server;
    server.read = (request) =>
      JSON.stringify(request.indicator).includes('heavy')
        ? Promise.reject(new DomainError('upstream', 'http://a did not answer within 10 s.'))
        : read(request);
    for (let i = 0; i < 4; i += 1) {
      stores.clock.advance(MINUTE_MS);
      await tick();
    }
    expect((await stored(heavy))?.lastError).toContain('did not answer');
    expect((await stored(good))?.lastError).toBeNull();
    expect((await source(good))?.lastError).toBeNull();
    await refreshOutdated(ctx(), deps.memory);
    const { rows } = await listSlos(ctx(), {});
    expect(rows.find((row) => row.id === good.id)).toMatchObject({ freshness: 'fresh', staleReason: null });
    expect(rows.find((row) => row.id === heavy.id)?.staleReason).toContain('did not answer');
  });

  it('reads slices whole, once each of them is over, and never one twice', async () => {
    const end = (start.getTime() + 90 * MINUTE_MS) / 1_000;
    const samples = Array.from({ length: 400 }, (_, i) => [end - (400 - i) * 15, i % 2] as const);
    const server = fake('a', [{ name: 'depth', labels: {}, samples }]);
    const slices = { kind: 'slices', query: 'depth', op: 'lte', value: 5, sliceMinutes: 15 } as const;
    const slo = await prometheus('a', { indicator: slices, windowMs: 3 * HOUR_MS });
    await tick();
    expect((await stored(slo))?.readUntilMinute).toBe(nowM());
    stores.clock.advance(14 * MINUTE_MS);
    const { reads } = server;
    await tick();
    expect(server.reads).toBe(reads);
    stores.clock.advance(2 * MINUTE_MS);
    await tick();
    await tick();
    expect((await stored(slo))?.readUntilMinute).toBe(nowM() - 1);
    expect(await readBetween(slo, nowM() - 16, nowM() - 1)).toEqual({ total: 15, observed: 15 });
    // A slice that is still under way is no silence.
    for (const [minutes, freshness] of [
      [14, 'fresh'],
      [20, 'late'],
      [20, 'stale'],
    ] as const) {
      stores.clock.advance(minutes * MINUTE_MS);
      const [row] = (await listSlos(ctx(), {})).rows;
      expect(row?.freshness).toBe(freshness);
      expect((await getSlo(ctx(), slo.id)).freshness).toBe(freshness);
      expect((await listLanes(ctx(), {})).lanes[0]?.slo?.freshness).toBe(freshness);
    }
  });

  it.each([
    ['latency', { kind: 'latency', buckets: 'took_bucket', le: '0.3' }, 'choose 0.25,'],
    ['gauge', { kind: 'gauge', selector: 'all_total' }, 'must be 0 (down) or 1 (up)'],
    ['slices', { kind: 'slices', query: 'took_bucket', op: 'lt', value: 1, sliceMinutes: 1 }, 'aggregate it'],
  ] as const)('marks only the objective whose %s is at fault', async (_kind, broken, words) => {
    fake('a', [
      counter('all_total', 1),
      counter('took_bucket', 1, { le: '0.25' }),
      counter('took_bucket', 1, { le: '+Inf' }),
    ]);
    const good = await prometheus('a', { indicator: { kind: 'latency', buckets: 'took_bucket', le: '0.25' } });
    const bad = await prometheus('a', { indicator: broken });
    await stores.db.update(slos).set({ sourceId: good.sourceId }).where(eq(slos.id, bad.id));
    await tick();
    expect((await stored(bad))?.lastError).toContain(words);
    expect(await stored(good)).toMatchObject({ lastError: null, readUntilMinute: nowM() });
    expect(await readBetween(good, nowM() - 60, nowM())).toEqual({ total: 240, observed: 60 });
  });

  it('marks only the objective whose counts cannot be, and stores it once they can', async () => {
    const server = fake('a', [counter('all_total', 1)]);
    const good = await prometheus('a');
    const ahead = await prometheus('a', { indicator: { kind: 'counters', total: 'ahead_total', bad: 'ahead_total' } });
    const other = await prometheus('a');
    for (const { id } of [ahead, other])
      await stores.db.update(slos).set({ sourceId: good.sourceId }).where(eq(slos.id, id));
    let isAhead = true;
    const { read } = server;
    server.read = async (request) => {
      if (!JSON.stringify(request.indicator).includes('ahead')) return read(request);
      const m = request.toMinute - 1;
      return [{ m, total: isAhead ? 0 : 1, bad: 1, observed: true }];
    };
    await tick();
    expect((await stored(ahead))?.lastError).toContain('more failed or successful events');
    expect((await stored(ahead))?.readUntilMinute).toBeNull();
    for (const slo of [good, other]) {
      expect(await stored(slo)).toMatchObject({ lastError: null, readUntilMinute: nowM() });
      expect(await readBetween(slo, nowM() - 60, nowM())).toEqual({ total: 240, observed: 60 });
    }
    isAhead = false;
    stores.clock.advance(MINUTE_MS);
    await tick();
    expect(await stored(ahead)).toMatchObject({ lastError: null, readUntilMinute: nowM() });
  });

  it('tells a broken address as a fault of that source', async () => {
    const slo = await prometheus('nowhere');
    deps = createSloDeps({
      openSource: () => {
        throw new DomainError('invalid', 'The address of the source must be an http or https address.');
      },
    });
    await tick();
    expect((await source(slo))?.lastError).toContain('must be an http');
  });

  it('survives a fault nobody foresaw, and reads again', async () => {
    const server = fake('a', [counter('all_total', 1)]);
    const slo = await prometheus('a');
    const failing = { ...server, read: () => Promise.reject(new Error('connection lost')) };
    fakes.set('a', failing);
    await tick();
    expect((await stored(slo))?.readUntilMinute).toBeNull();
    fakes.set('a', server);
    deps = createSloDeps({ openSource: ({ url }) => fakes.get(url ?? '') ?? null });
    await tick();
    expect((await stored(slo))?.readUntilMinute).toBe(nowM());
  });

  it('keeps every figure when it thins', async () => {
    fake('a', [counter('all_total', 20)]);
    const slo = await prometheus('a', { windowMs: 12 * DAY_MS });
    await tick();
    const figures = async () => {
      await refreshOutdated(ctx(), { ...deps.memory, changed: new Set([slo.sliId]) });
      return (await listSlos(ctx(), {})).rows;
    };
    stores.clock.advance(2 * HOUR_MS);
    const before = await figures();
    await thin(ctx());
    expect(await figures()).toEqual(before);
  });
});

describe('the console’s own counters', () => {
  it('show within a minute what happened, minute by minute', async () => {
    let hits = 0;
    const own = createSelfSource({
      text: async () => `# TYPE all_total counter\nall_total{code="200"} ${hits}\n`,
      clock: () => stores.clock.now().getTime(),
    });
    fakes.set('', own);
    const slo = await addObjective(stores.db, { kind: 'self', indicator });
    const shared = await addObjective(stores.db, { kind: 'self', indicator });
    await stores.db.update(slos).set({ sourceId: slo.sourceId }).where(eq(slos.id, shared.id));
    for (let i = 0; i < 9; i += 1) {
      stores.clock.advance(10_000);
      hits += 2;
      await readSources(ctx(), deps, ['self']);
    }
    const { rows } = await listSlos(ctx(), {});
    for (const { id } of [slo, shared]) {
      const row = rows.find((one) => one.id === id);
      expect(row).toMatchObject({ freshness: 'fresh' });
      expect(row?.budget.totalEvents).toBe(8);
    }
    expect(await readBetween(slo, nowM() - 5, nowM() + 1)).toEqual({ total: 18, observed: 2 });
  });

  it('are stored later when the store was away', async () => {
    let hits = 0;
    const own = createSelfSource({
      text: async () => `# TYPE all_total counter\nall_total ${hits}\n`,
      clock: () => stores.clock.now().getTime(),
    });
    fakes.set('', own);
    const slo = await addObjective(stores.db, { kind: 'self', indicator });
    hits = 5;
    stores.clock.advance(10_000);
    const away = { ...ctx(), db: { ...stores.db, transaction: () => Promise.reject(new Error('gone')) } };
    const broken = Object.assign(Object.create(stores.db) as typeof stores.db, { transaction: away.db.transaction });
    await readSources({ ...away, db: broken }, deps, ['self']);
    stores.clock.advance(10_000);
    hits = 7;
    await readSources(ctx(), deps, ['self']);
    expect((await readBetween(slo, nowM() - 5, nowM() + 1)).total).toBe(7);
  });
});
