import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { and, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeSource, type FakeSeries } from '../../adapters/metrics/fake.ts';
import { auditEvents, sliHour, sliMinute, slos } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { applyCounts } from './queries/ingest.ts';
import { rowsAt } from './queries/probes.ts';
import { horizonMinute } from './queries/tiers.ts';
import { lockBeginning, prependCounts } from './queries/writes/backfill.ts';
import { backfill } from './service/backfill.ts';
import { createSloDeps, type SloDeps } from './service/deps.ts';
import { readSources } from './service/reading/read-sources.ts';

const now = new Date('2026-05-20T12:30:20Z');
const nowM = minuteOf(now.getTime());
const DAYS = 20;
let stores: TestStores;
let deps: SloDeps;
let series: FakeSeries[];

/** One more every 15 seconds for twenty days, silent for the last hour of the eleventh day before now. */
function growing(name: string): FakeSeries {
  const end = Math.floor(now.getTime() / 15_000);
  const count = (DAYS * DAY_MS) / 15_000;
  const silentFrom = now.getTime() / 1_000 - 10 * 86_400 - 3_600;
  const samples = Array.from({ length: count }, (_, i) => [(end - count + i + 1) * 15, i] as const);
  const isSilent = (second: number): boolean => second > silentFrom && second <= silentFrom + 3_600;
  return { name, labels: { instance: 'a:1' }, samples: samples.filter(([second]) => !isSilent(second)) };
}

beforeAll(async () => {
  stores = await openTestStores();
  stores.clock.set(now);
  series = [growing('all_total')];
});
afterAll(() => stores.close());
beforeEach(async () => {
  stores.clock.set(now);
  deps = createSloDeps({
    openSource: ({ kind }) => (kind === 'push' ? null : createFakeSource({ intervalMs: 15_000, series: [...series] })),
  });
  await stores.db.delete(sliMinute);
  await stores.db.delete(sliHour);
  await stores.db.delete(slos);
});

const indicator = { kind: 'counters' as const, total: 'all_total', bad: 'absent_total' };
const young = (more: Partial<Parameters<typeof addObjective>[1]> = {}) =>
  addObjective(stores.db, { kind: 'prometheus', url: 'a', intervalMs: 15_000, indicator, windowMs: DAY_MS, ...more });
const ctx = (actor: Actor = actorWith('owner')) => testCtx(stores, { actor });
const tick = () => readSources(ctx(), deps, ['prometheus']);
const stored = async ({ id }: StoredObjective) => (await stores.db.select().from(slos).where(eq(slos.id, id)))[0];
async function counted(slo: StoredObjective, fromM: number, toM: number) {
  const probe = { sliId: slo.sliId, minutes: [fromM - 1, toM - 1] };
  const [[before, after] = []] = await rowsAt(stores.db, [probe], horizonMinute(stores.clock.now().getTime()));
  return {
    total: (after?.total ?? 0) - (before?.total ?? 0),
    observed: (after?.observed ?? 0) - (before?.observed ?? 0),
  };
}

describe('a backfill', () => {
  it('adds the past before the first measurement, and leaves what was measured as it is', async () => {
    const slo = await young();
    await tick();
    const since = (await stored(slo))?.measuredSinceMinute ?? 0;
    const before = await counted(slo, since, nowM);
    const progress: number[] = [];
    const done = await backfill(ctx(), deps, slo.id, { days: 15, onProgress: (ratio) => progress.push(ratio) });
    const goal = Math.floor((nowM - 15 * 1_440) / 60) * 60;
    expect(done).toEqual({ minutes: since - goal - 60, measuredSince: goal * MINUTE_MS });
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toBe(1);
    expect(await counted(slo, since, nowM)).toEqual(before);
    expect(await counted(slo, goal, nowM)).toEqual({ total: 4 * (nowM - goal), observed: nowM - goal - 60 });
    expect(await counted(slo, nowM - 3 * 1_440, nowM - 2 * 1_440)).toEqual({ total: 5_760, observed: 1_440 });
    expect(await stored(slo)).toMatchObject({ measuredSinceMinute: goal, readUntilMinute: nowM });
  });

  it('counts nothing twice when it is done again, further back, or twice at once', async () => {
    const slo = await young();
    await tick();
    await backfill(ctx(), deps, slo.id, { days: 3 });
    const again = await backfill(ctx(), deps, slo.id, { days: 3 });
    expect(again.minutes).toBe(0);
    await Promise.all([backfill(ctx(), deps, slo.id, { days: 9 }), backfill(ctx(), deps, slo.id, { days: 9 }), tick()]);
    const goal = Math.floor((nowM - 9 * 1_440) / 60) * 60;
    expect(await counted(slo, goal, nowM)).toEqual({ total: 4 * (nowM - goal), observed: nowM - goal });
  });

  it('reads an objective first that no tick has read yet', async () => {
    const slo = await young();
    await backfill(ctx(), deps, slo.id, { days: 2 });
    const goal = Math.floor((nowM - 2 * 1_440) / 60) * 60;
    expect(await counted(slo, goal, nowM)).toEqual({ total: 4 * (nowM - goal), observed: nowM - goal });
    await tick();
    expect(await counted(slo, goal, nowM)).toEqual({ total: 4 * (nowM - goal), observed: nowM - goal });
  });

  it('keeps slices whole', async () => {
    const slices = { kind: 'slices', query: 'max(all_total)', op: 'gte', value: 0, sliceMinutes: 15 } as const;
    const slo = await young({ indicator: slices, windowMs: 3 * HOUR_MS });
    await tick();
    await backfill(ctx(), deps, slo.id, { days: 1 });
    const goal = Math.floor((nowM - 1_440) / 60) * 60;
    expect(await counted(slo, goal, nowM)).toEqual({ total: nowM - goal, observed: nowM - goal });
  });

  it('finds nothing where the source remembers nothing, and says so', async () => {
    const slo = await young();
    await tick();
    await backfill(ctx(), deps, slo.id, { days: DAYS });
    expect(await backfill(ctx(), deps, slo.id, { days: 60 })).toMatchObject({ minutes: 0 });
  });

  it('is recorded chunk by chunk, with what it added', async () => {
    const slo = await young();
    await tick();
    await backfill(ctx(), deps, slo.id, { days: 15 });
    const entries = await stores.db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.action, 'slo.backfilled'), eq(auditEvents.targetId, slo.id)));
    expect(entries).toHaveLength(2);
    expect(entries.every(({ platform, status }) => platform === 'shop' && status === 'success')).toBe(true);
  });

  it('leaves the same rows as if everything had been counted in order', async () => {
    const horizon = horizonMinute(now.getTime());
    const [one, other] = [await young(), await young()];
    const minute = fc.integer({ min: nowM - 12 * 1_440, max: nowM - 1 });
    const count = fc
      .record({ good: fc.nat(50), bad: fc.nat(5), observed: fc.boolean() })
      .map(({ good, bad, observed }) => ({ total: good + bad, bad, observed }));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(minute.map(String), count, { minKeys: 2, maxKeys: 60 }),
        fc.array(minute, { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(minute, { maxLength: 20 }).map((list) => list.sort((a, b) => a - b)),
        async (history, cuts, boundaries) => {
          await stores.db.delete(sliMinute);
          await stores.db.delete(sliHour);
          await stores.db.update(slos).set({ measuredSinceMinute: null });
          const counts = Object.entries(history)
            .map(([m, rest]) => ({ m: Number(m), ...rest }))
            .sort((a, b) => a.m - b.m);
          await stores.db.transaction((tx) => applyCounts(tx, [{ sliId: one.sliId, counts, boundaries }], horizon));
          const edges = [nowM, ...cuts.toSorted((a, b) => b - a), 0];
          for (const [i, until] of edges.slice(0, -1).entries()) {
            const part = counts.filter(({ m }) => m < until && m >= (edges[i + 1] ?? 0));
            await stores.db.transaction(async (tx) => {
              const sinceMinute = (await lockBeginning(tx, other.id))?.measuredSinceMinute ?? null;
              await prependCounts(tx, { sliId: other.sliId, counts: part, boundaries }, { sinceMinute, horizon });
            });
          }
          const minutes = [...counts.flatMap(({ m }) => [m - 1, m, m + 61]), nowM];
          const probes = [one, other].map(({ sliId }) => ({ sliId, minutes }));
          const [expected = [], found = []] = await rowsAt(stores.db, probes, horizon);
          const figures = (rows: typeof found) => rows.map((r) => [r?.total ?? 0, r?.bad ?? 0, r?.observed ?? 0]);
          expect(figures(found)).toEqual(figures(expected));
          expect((await stored(other))?.measuredSinceMinute).toBe((await stored(one))?.measuredSinceMinute);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is refused where there is no past, no such objective, no right, or no sense', async () => {
    const slo = await young();
    const pushed = await addObjective(stores.db, { kind: 'push' });
    const run = (id: string, days = 3, actor?: Actor) => backfill(ctx(actor), deps, id, { days });
    await expect(run(pushed.id)).rejects.toMatchObject({ code: 'precondition' });
    await expect(run('slo_none')).rejects.toMatchObject({ code: 'not_found' });
    await expect(run(slo.id, 3, actorWith('stakeholder'))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(run(slo.id, 3, actorWith('admin', 'bank'))).rejects.toMatchObject({ code: 'not_found' });
    for (const days of [0, 1.5, 401, Number.NaN]) {
      await expect(run(slo.id, days)).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'days' }] });
    }
    const broken = await young({ indicator: { ...indicator, total: 'rate(x[5m])' } });
    await expect(run(broken.id)).rejects.toMatchObject({ code: 'invalid' });
    expect(await stores.db.select().from(sliMinute)).toEqual([]);
  });
});
