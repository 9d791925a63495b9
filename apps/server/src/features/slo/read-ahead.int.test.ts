import { type BudgetView, type CumulativeRow, lensMinutes, lensWindow, sampleMinutes } from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addObjective } from '../../../test/objectives.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { slos } from '../../db/schema/index.ts';
import { applyCounts } from './queries/ingest.ts';
import { objectiveForPage } from './queries/objectives.ts';
import type { CountedMinute } from './queries/plan-counts.ts';
import { rowsOfOne } from './queries/probes.ts';
import { answersOf } from './queries/read-ahead.ts';
import { horizonMinute } from './queries/tiers.ts';
import { refreshSummaries } from './service/refresh-summaries.ts';
import { createSparkRows } from './service/spark-rows.ts';

let stores: TestStores;
const now = new Date('2026-05-20T12:34:56Z');
const nowM = minuteOf(now.getTime());
const horizon = horizonMinute(now.getTime());

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

/** Stores what was counted, sums it up, and gives what the page of the objective begins with. */
async function pageOf(counts: CountedMinute[], window: { ageMs: number; windowMs: number; judgedBy: BudgetView }) {
  const { ageMs, windowMs, judgedBy } = window;
  const anchorAt = new Date(now.getTime() - ageMs);
  const { id, sliId } = await addObjective(stores.db, { windowMs, anchorAt });
  await stores.db.update(slos).set({ judgedBy }).where(eq(slos.id, id));
  if (counts.length > 0) await stores.db.transaction((tx) => applyCounts(tx, [{ sliId, counts }], horizon));
  await refreshSummaries(testCtx(stores, { now }), { spark: createSparkRows() }, [sliId]);
  const page = await objectiveForPage(stores.db, { id, now, rows: true });
  if (page?.ahead == null || page.summary === null) throw new Error('nothing was read ahead');
  return { sliId, ahead: page.ahead, summary: page.summary };
}

const counts = (row: CumulativeRow | null) => [row?.total, row?.bad, row?.observed];

const days = (most: number) => fc.integer({ min: 1, max: most * DAY_MS }).map((ms) => ms - (ms % MINUTE_MS) + 1);
const windows = fc.record({
  ageMs: days(90),
  windowMs: fc.integer({ min: 1, max: 45 }).map((count) => count * DAY_MS),
  judgedBy: fc.constantFrom('window' as const, 'rolling' as const),
});
/** Minutes long ago, lately, and a few that are yet to come. */
const minute = fc.oneof(
  fc.integer({ min: nowM - 60 * 1_440, max: nowM + 5 }),
  fc.integer({ min: nowM - 200, max: nowM + 5 }),
  fc.integer({ min: horizon - 130, max: horizon + 130 }),
);
const counted = fc
  .record({ m: minute, good: fc.nat({ max: 50 }), bad: fc.nat({ max: 9 }) })
  .map(({ m, good, bad }): CountedMinute => ({ m, total: good + bad, bad, observed: true }));

describe('rows read ahead', () => {
  it('tell of any minutes what a read of these minutes tells', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(counted, { maxLength: 60, selector: ({ m }) => m }),
        fc.array(minute, { minLength: 1, maxLength: 60 }),
        windows,
        async (stored, drawn, window) => {
          const { sliId, ahead } = await pageOf(stored, window);
          const hours = Array.from({ length: 30 }, (_, i) => Math.floor(nowM / 60 - i) * 60 - 1);
          const minutes = [...drawn, ...hours];
          const plain = await rowsOfOne(stores.db, { sliId, minutes }, horizon);
          const found = await rowsOfOne(stores.db, { sliId, minutes }, horizon, ahead);
          expect(found.map(counts)).toEqual(plain.map(counts));
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each(['window', 'rolling'] as const)(
    'leave nothing open of the line and the enlarged hour, judged by %s',
    async (judgedBy) => {
      const stored = Array.from({ length: 90 }, (_, i) => ({
        m: nowM - 1 - i * 700,
        total: 9,
        bad: 1,
        observed: true,
      }));
      const { ahead, summary } = await pageOf(stored, { ageMs: 29.5 * DAY_MS, windowMs: 30 * DAY_MS, judgedBy });
      const { window } = summary.budget;
      const minutes = [
        ...sampleMinutes(window, summary.asOf),
        ...lensMinutes(window, lensWindow(summary.asOf), summary.asOf),
      ];
      expect(minutes.length).toBeGreaterThan(700);
      expect(answersOf(ahead, minutes)).not.toContain(undefined);
    },
  );

  it('are left alone where they are of another hour', async () => {
    const { sliId, ahead } = await pageOf([{ m: nowM - 70, total: 5, bad: 0, observed: true }], {
      ageMs: DAY_MS,
      windowMs: 30 * DAY_MS,
      judgedBy: 'window',
    });
    const stale = { ...ahead, run: [], before: null };
    const [row] = await rowsOfOne(stores.db, { sliId, minutes: [nowM - 1] }, horizon + 60, stale);
    expect(row?.total).toBe(5);
  });
});
