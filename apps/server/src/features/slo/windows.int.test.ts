import {
  defaultAlertRules,
  type SloDetail,
  sloPageInput,
  type SloPageInput,
  type SloWindowSpec,
  toStoredWindows,
} from '@qd/shared/slo';
import { DAY_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { exclusions, slos } from '../../db/schema/index.ts';
import { applyCounts } from './queries/ingest.ts';
import type { CountedMinute } from './queries/plan-counts.ts';
import { horizonMinute } from './queries/tiers.ts';
import { getSlo } from './service/detail.ts';
import { listSlos } from './service/list.ts';
import { refreshSummaries } from './service/refresh-summaries.ts';
import { sloPage } from './service/slo-page.ts';
import { createSparkRows } from './service/spark-rows.ts';

let stores: TestStores;
let shop: StoredObjective;

const at = (text: string): number => Date.parse(text);
const now = new Date('2026-05-20T12:30:10Z');
const startM = minuteOf(at('2026-03-31T18:00:00Z'));
const outages = [at('2026-04-25T10:00:00Z'), at('2026-05-19T10:00:00Z')].map(minuteOf);
const anchorAt = at('2026-05-01T00:00:00Z');
const spark = createSparkRows();

const asOwner = () => testCtx(stores, { actor: actorWith('owner'), now });

/** 100 events a minute since April began in Kathmandu; 20 of them bad in each minute of two hours. */
function history(): CountedMinute[] {
  const counts: CountedMinute[] = [];
  for (let m = startM; m < minuteOf(now.getTime()); m += 1) {
    const isBad = outages.some((fromM) => m >= fromM && m < fromM + 60);
    counts.push({ m, total: 100, bad: isBad ? 20 : 0, observed: true });
  }
  return counts;
}

/** The line an address of the page asks for. */
const drawn = async (asked: SloPageInput) => (await sloPage(asOwner(), asked)).burnDown;

/** The objective once these are its windows. */
async function withWindows(specs: SloWindowSpec[]): Promise<SloDetail> {
  const { anchorAt: anchor, ...stored } = toStoredWindows(specs, () => anchorAt);
  await stores.db
    .update(slos)
    .set({ ...stored, anchorAt: new Date(anchor) })
    .where(eq(slos.id, shop.id));
  await refreshSummaries(testCtx(stores, { now }), { spark });
  return getSlo(asOwner(), shop.id);
}

beforeAll(async () => {
  stores = await openTestStores();
  shop = await addObjective(stores.db, { platform: 'shop', slug: 'checkout', anchorAt: new Date(anchorAt) });
  await stores.db.transaction((tx) =>
    applyCounts(tx, [{ sliId: shop.sliId, counts: history() }], horizonMinute(now.getTime())),
  );
});
afterEach(() => stores.db.delete(exclusions));
afterAll(() => stores.close());

const cycle: SloWindowSpec = { kind: 'cycle', windowMs: 30 * DAY_MS, anchorAt };
const rolling: SloWindowSpec = { kind: 'rolling', windowMs: 30 * DAY_MS };

describe('a calendar objective', () => {
  const calendar = { unit: 'month', count: 1, timeZone: 'Asia/Kathmandu', startDate: '2026-01-01' } as const;

  it('is judged by the month in its zone, from the full hour that is stored', async () => {
    const detail = await withWindows([{ kind: 'calendar', calendar }]);
    expect(detail.windows).toEqual([{ kind: 'calendar', calendar }]);
    expect(detail.budget.window).toEqual({
      view: 'window',
      startAt: at('2026-04-30T18:00:00Z'),
      endAt: at('2026-05-31T18:00:00Z'),
      windowMs: 31 * DAY_MS,
      calendar,
    });
    expect(detail.budget.badEvents).toBe(1_200);
    expect(detail.budget.totalEvents).toBe((now.getTime() - 10_000 - detail.budget.window.startAt) / 600);
    expect(detail.budget.expectedEvents).toBe(31 * 1_440 * 100);
    expect(detail.budget.budgetMs).toBeCloseTo(44.64 * MINUTE_MS, 6);
    expect(detail.rolling.badEvents).toBe(2_400);
    expect(detail.spend).toMatchObject([{ label: 'Background errors', badEvents: 1_200 }]);
    expect(detail.forecast).toMatchObject({
      afterRollOff: { kind: 'never' },
      lowest: { leftRatio: detail.budget.leftRatio },
    });
    const { rows } = await listSlos(asOwner(), {});
    expect(detail).toMatchObject({ ...rows[0] });
  });

  it('burns down from the beginning of the month', async () => {
    const { budget } = await withWindows([{ kind: 'calendar', calendar }]);
    const series = await drawn({ id: shop.id, view: 'window' });
    expect([series.at[0], series.window]).toEqual([budget.window.startAt, budget.window]);
    const known = series.leftRatio.filter((left) => left !== null);
    expect(known).toHaveLength(series.at.length);
    expect(known.every((left, i) => left <= (known[i - 1] ?? 1))).toBe(true);
    expect(known.at(-1)).toBe(budget.leftRatio);
  });
});

describe('an objective judged by its rolling window', () => {
  it('has its state, run-out time and forecast from there', async () => {
    const judged = await withWindows([cycle]);
    expect(judged.budget.badEvents).toBe(1_200);
    const detail = await withWindows([rolling]);
    expect(detail.budget).toEqual(detail.rolling);
    expect(detail.budget.badEvents).toBe(2_400);
    expect(detail.budget.window.view).toBe('rolling');
    expect(detail.forecast.afterRollOff).toEqual({ kind: 'never' });
    expect(detail.forecast.lowest?.leftRatio).toBeCloseTo(detail.budget.leftRatio ?? Number.NaN, 10);
    expect(detail.spark.leftRatio.at(-1)).toBe(detail.budget.leftRatio);
  });

  it('is drawn either way: the cycle as before, the rolling line up to the budget', async () => {
    const judged = await withWindows([cycle]);
    const { budget } = await withWindows([rolling]);
    const fixed = await drawn({ id: shop.id, view: 'window' });
    expect(fixed.window).toEqual(judged.budget.window);
    expect(fixed.leftRatio.at(-1)).toBe(judged.budget.leftRatio);
    const moving = await drawn({ id: shop.id, view: 'rolling' });
    expect(await drawn({ id: shop.id })).toEqual(moving);
    expect(moving.window).toEqual(budget.window);
    expect(moving.leftRatio.at(-1)).toBe(budget.leftRatio);
  });

  it('is drawn over the same total as its cycle had, with time taken out, also to come', async () => {
    const common = { platformId: 'shop', category: 'maintenance' as const, reason: 'a day off', timeZone: 'UTC' };
    const by = { createdAt: now, createdBy: 'somebody', updatedAt: now, updatedBy: 'somebody' };
    await stores.db.insert(exclusions).values(
      ['2026-05-10', '2026-05-25'].map((day) => ({
        ...common,
        ...by,
        id: `exc_${day}`,
        startsAt: new Date(day),
        durationMs: DAY_MS,
      })),
    );
    const judged = await withWindows([cycle]);
    expect(judged.budget.expectedEvents).toBe(28 * 1_440 * 100);
    await withWindows([rolling]);
    const fixed = await drawn({ id: shop.id, view: 'window' });
    expect(fixed.leftRatio.at(-1)).toBe(judged.budget.leftRatio);
  });

  it('remembers its sparkline without a difference', async () => {
    await withWindows([rolling]);
    const ctx = testCtx(stores, { now });
    const remembered = await refreshSummaries(ctx, { spark });
    const afresh = await refreshSummaries(ctx, { spark: createSparkRows() });
    expect(remembered.map(({ summary }) => summary)).toEqual(afresh.map(({ summary }) => summary));
  });
});

describe('further windows', () => {
  const quarter = { unit: 'quarter', count: 1, timeZone: 'UTC', startDate: '2026-01-01' } as const;
  const specs: SloWindowSpec[] = [
    cycle,
    { kind: 'rolling', windowMs: 7 * DAY_MS },
    { kind: 'calendar', calendar: quarter },
  ];

  it('have a budget each, and the first one stays as it is', async () => {
    const alone = await withWindows([cycle]);
    const detail = await withWindows(specs);
    expect(detail.budget).toEqual(alone.budget);
    expect(detail.others.map(({ window, badEvents }) => [window.startAt, badEvents])).toEqual([
      [at('2026-05-13T12:00:00Z'), 1_200],
      [at('2026-04-01T00:00:00Z'), 2_400],
    ]);
    expect(detail.others[1]).toMatchObject({ expectedEvents: 91 * 1_440 * 100, estimated: true });
  });

  it('are drawn as they were defined, up to their budget', async () => {
    const { others } = await withWindows(specs);
    for (const window of [1, 2]) {
      const series = await drawn({ id: shop.id, view: 'window', window });
      expect(series.window).toEqual(others[window - 1]?.window);
      expect(series.leftRatio.at(-1)).toBe(others[window - 1]?.leftRatio);
    }
  });

  it('are drawn as the one that decides where an address names one there is not', async () => {
    const { budget } = await withWindows(specs);
    expect((await drawn({ id: shop.id, view: 'window', window: 3 })).window).toEqual(budget.window);
    for (const window of [-1, 0.5]) {
      expect(sloPageInput.safeParse({ id: shop.id, window }).success).toBe(false);
    }
  });
});

describe('how an objective counts and speaks up', () => {
  it('evaluates rows of its own, over windows of any length', async () => {
    const rows = [
      { shortMs: 7 * MINUTE_MS, longMs: 26 * 60 * MINUTE_MS, limit: 2, severity: 'page' as const },
      { shortMs: 90 * MINUTE_MS, longMs: 27 * 60 * MINUTE_MS, limit: 0.5, severity: 'ticket' as const },
    ];
    const alerting = { ...defaultAlertRules, policy: 'custom' as const, rows, minTotalEvents: 1_000_000 };
    await stores.db.update(slos).set({ alerting });
    const { burnRows, budget } = await withWindows([cycle]);
    expect(burnRows).toHaveLength(1);
    // The outage of the day before began 26 h 30 min ago: half of it lies in the long window.
    const longBad = 600;
    expect(burnRows[0]).toMatchObject({ state: 'held', shortBurn: 0, longBurn: longBad / (26 * 60 * 100 * 0.001) });
    expect(burnRows[0]?.spentShareRatio).toBeCloseTo(longBad / (budget.expectedEvents * 0.001), 10);
    await stores.db.update(slos).set({ alerting: null });
  });

  it('knows the minutes of a period from the start where slices are counted', async () => {
    const sliced = { kind: 'slices', query: 'up', op: 'gte', value: 1, sliceMinutes: 1 } as const;
    await stores.db.update(slos).set({ indicator: sliced, targetPercent: '90' });
    const minutes = (await withWindows([{ kind: 'cycle', windowMs: 7 * DAY_MS, anchorAt: at('2026-05-20') }])).budget;
    // The counts of this history are a hundred a minute: more than its minutes can hold are all there is.
    expect(minutes).toMatchObject({ estimated: false, expectedEvents: 750 * 100 });
    await stores.db.update(slos).set({ indicator: { kind: 'push' }, targetPercent: '99.9' });
  });
});
