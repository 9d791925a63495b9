import { applyDeltas, type CumulativeRow, type MinuteDelta, valueAt } from '@qd/shared/slo';
import { endOfMinute } from '@qd/shared/time';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStores, type TestStores } from '../../../../test/stores.ts';
import { countsAt } from './boundaries.ts';
import { applyCounts } from './ingest.ts';
import type { CountedMinute, SliCounts } from './plan-counts.ts';
import { headRows, rowsAt, rowsOfOne } from './probes.ts';
import { thinRows } from './thin.ts';
import { horizonMinute, hourEndBefore } from './tiers.ts';

let stores: TestStores;
let nextSli = 1;

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

const now = Date.UTC(2026, 4, 20, 12, 34, 56);
const horizon = horizonMinute(now);
/** Minutes on both sides of the horizon, few enough that they meet often. */
const nearHorizon = fc.integer({ min: horizon - 400, max: horizon + 400 });

const countedMinute = fc
  .record({ m: nearHorizon, good: fc.nat({ max: 50 }), bad: fc.nat({ max: 9 }), observed: fc.boolean() })
  .map(({ m, good, bad, observed }): CountedMinute => ({ m, total: good + bad, bad, observed }));

/** What the reference model makes of the same counts, at the resolution that is kept. */
function reference(batches: readonly (readonly CountedMinute[])[]): CumulativeRow[] {
  const deltas: MinuteDelta[] = batches
    .flat()
    .map((c) => ({ m: c.m, total: c.total, bad: c.bad, observed: c.observed ? 1 : 0 }));
  return applyDeltas([], deltas);
}

function counts(row: CumulativeRow | null | undefined): { total: number; bad: number; observed: number } {
  return { total: row?.total ?? 0, bad: row?.bad ?? 0, observed: row?.observed ?? 0 };
}

async function store(batch: readonly SliCounts[]): Promise<void> {
  await stores.db.transaction((tx) => applyCounts(tx, batch, horizon));
}

function everyMinute(): number[] {
  return Array.from({ length: 900 }, (_, i) => horizon - 450 + i);
}

describe('the read model', () => {
  it('gives what the reference gives, whatever the order of points, corrections and batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(countedMinute, { maxLength: 12 }), { minLength: 1, maxLength: 8 }),
        async (raw) => {
          const sliId = nextSli++;
          const batches = withoutRepeatedObservation(raw);
          for (const batch of batches) await store([{ sliId, counts: batch }]);
          const rows = reference(batches);
          const minutes = everyMinute();
          const [found = []] = await rowsAt(stores.db, [{ sliId, minutes }], horizon);
          const wanted = minutes.map((m) => counts(valueAt(rows, m < horizon ? hourEndBefore(m) : m)));
          expect(found.map(counts)).toEqual(wanted);
          expect((await rowsOfOne(stores.db, { sliId, minutes }, horizon)).map(counts)).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps old counts exactly up to boundaries that are known when they first come', async () => {
    const old = fc.integer({ min: horizon - 400, max: horizon - 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(countedMinute, { minLength: 1, maxLength: 40 }),
        fc.array(countedMinute, { maxLength: 8 }),
        fc.uniqueArray(old, { minLength: 1, maxLength: 6 }),
        async (raw, later, drawn) => {
          const sliId = nextSli++;
          const [first = [], second = []] = withoutRepeatedObservation([raw, later]);
          const boundaries = drawn.sort((a, b) => a - b);
          await store([{ sliId, counts: first, boundaries }]);
          const [exact = new Map()] = await countsAt(stores.db, [{ sliId, minutes: boundaries }], horizon);
          const rows = reference([first]);
          const said = first.filter((c) => c.observed || c.total > 0).map(({ m }) => m);
          if (said.length === 0) expect(await headRows(stores.db, [sliId], horizon)).toEqual([null]);
          const known = boundaries.filter((m) => m >= Math.min(...said) && m <= Math.max(...said));
          for (const m of known) expect([m, counts(exact.get(m))]).toEqual([m, counts(valueAt(rows, m))]);
          await store([{ sliId, counts: second, boundaries }]);
          const minutes = everyMinute();
          const all = reference([first, second]);
          const wanted = minutes.map((m) => counts(valueAt(all, m < horizon ? hourEndBefore(m) : m)));
          const [found = []] = await rowsAt(stores.db, [{ sliId, minutes }], horizon);
          expect(found.map(counts)).toEqual(wanted);
          expect((await rowsOfOne(stores.db, { sliId, minutes }, horizon)).map(counts)).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('answers the same for many SLIs in one batch as one by one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 20 }), countedMinute), { maxLength: 60 }), async (picks) => {
        const first = nextSli;
        nextSli += 21;
        const bySli = Array.from(
          { length: 21 },
          (_, i) => withoutRepeatedObservation([picks.filter(([k]) => k === i).map(([, c]) => c)])[0] ?? [],
        );
        await store(bySli.map((own, i) => ({ sliId: first + i, counts: own })));
        const heads = await headRows(
          stores.db,
          bySli.map((_, i) => first + i),
          horizon,
        );
        expect(heads.map(counts)).toEqual(bySli.map((own) => counts(reference([own]).at(-1))));
      }),
      { numRuns: 20 },
    );
  });

  it('keeps every answer when it is thinned, and goes on counting from there', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(countedMinute, { minLength: 1, maxLength: 40 }),
        fc.array(countedMinute, { maxLength: 10 }),
        async (raw, later) => {
          const sliId = nextSli++;
          const [before = [], after = []] = withoutRepeatedObservation([raw, later]);
          await store([{ sliId, counts: before }]);
          const minutes = everyMinute();
          const ask = async () => (await rowsAt(stores.db, [{ sliId, minutes }], horizon)).flat().map(counts);
          const kept = await ask();
          await stores.db.transaction((tx) => thinRows(tx, { fromSli: sliId, toSli: sliId + 1 }, horizon));
          expect(await ask()).toEqual(kept);
          await store([{ sliId, counts: after }]);
          const rows = reference([before, after]);
          expect(await ask()).toEqual(minutes.map((m) => counts(valueAt(rows, m < horizon ? hourEndBefore(m) : m))));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('drops minutes before the horizon when it is thinned', async () => {
    const sliId = nextSli++;
    await store([{ sliId, counts: [minute(horizon + 5, 10), minute(horizon + 70, 10)] }]);
    const laterHorizon = horizon + 60;
    const gone = await stores.db.transaction((tx) => thinRows(tx, { fromSli: sliId, toSli: sliId + 1 }, laterHorizon));
    expect(gone).toEqual({ minutes: 1, hours: 0, pushed: 0 });
    const [rows = []] = await rowsAt(
      stores.db,
      [{ sliId, minutes: [horizon + 58, horizon + 59, horizon + 70] }],
      laterHorizon,
    );
    expect(rows.map((row) => row?.total ?? null)).toEqual([null, 10, 20]);
  });

  it('counts a minute as measured once, however often it is added to', async () => {
    const sliId = nextSli++;
    for (let i = 0; i < 4; i += 1) await store([{ sliId, counts: [minute(horizon + 10, 3)] }]);
    expect(await headRows(stores.db, [sliId], horizon)).toEqual([{ m: horizon + 10, total: 12, bad: 0, observed: 1 }]);
  });

  it('leaves no trace of an SLI that was never counted', async () => {
    const sliId = nextSli++;
    await store([{ sliId, counts: [{ m: horizon + 1, total: 0, bad: 0, observed: false }] }]);
    expect(await headRows(stores.db, [sliId], horizon)).toEqual([null]);
    expect(await rowsOfOne(stores.db, { sliId, minutes: [horizon - 1, horizon + 10] }, horizon)).toEqual([null, null]);
  });

  it('stores nothing of a batch whose transaction fails', async () => {
    const sliId = nextSli++;
    const failing = stores.db.transaction(async (tx) => {
      await applyCounts(tx, [{ sliId, counts: [minute(horizon + 1, 5)] }], horizon);
      throw new Error('the store went away');
    });
    await expect(failing).rejects.toThrow('went away');
    expect(await headRows(stores.db, [sliId], horizon)).toEqual([null]);
  });

  it('adds up counts that are stored at the same time', async () => {
    const sliId = nextSli++;
    const batches = Array.from({ length: 20 }, (_, i) => [minute(horizon + (i % 5), 1), minute(horizon + 100 - i, 2)]);
    await Promise.all(batches.map((own) => store([{ sliId, counts: own }])));
    const [head] = await headRows(stores.db, [sliId], horizon);
    expect(counts(head)).toEqual(counts(reference(batches).at(-1)));
  });

  it('asks the same minute the same way before and after the hour has closed', async () => {
    const sliId = nextSli++;
    const at = hourEndBefore(horizon + 300);
    await store([{ sliId, counts: [minute(at - 20, 7)] }]);
    const ask = () => rowsOfOne(stores.db, { sliId, minutes: [at, at + 1] }, horizon);
    expect((await ask()).map((row) => row?.total)).toEqual([7, 7]);
    await store([{ sliId, counts: [minute(at + 1, 2)] }]);
    expect((await ask()).map((row) => row?.total)).toEqual([7, 9]);
  });

  it('puts the horizon on a full hour eight days back', () => {
    expect(horizon % 60).toBe(0);
    expect(now - endOfMinute(horizon)).toBeGreaterThan(7.99 * 86_400_000);
    expect(now - endOfMinute(horizon)).toBeLessThan(8.05 * 86_400_000);
  });
});

function minute(m: number, total: number): CountedMinute {
  return { m, total, bad: 0, observed: true };
}

/** Before the horizon the model cannot know whether a minute was measured before; sources never read one twice. */
function withoutRepeatedObservation(batches: readonly (readonly CountedMinute[])[]): CountedMinute[][] {
  const seen = new Set<number>();
  return batches.map((batch) => {
    const inBatch = new Set<number>();
    const kept = batch.map((c) => (c.observed && c.m < horizon && seen.has(c.m) ? { ...c, observed: false } : c));
    for (const c of kept) if (c.observed) inBatch.add(c.m);
    for (const m of inBatch) seen.add(m);
    return kept;
  });
}
