import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { deploys, incidents } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { jsonOf } from '../../platform/ready-json.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { applyCounts } from './queries/ingest.ts';
import type { CountedMinute } from './queries/plan-counts.ts';
import { horizonMinute } from './queries/tiers.ts';
import { createSloRouter } from './router.ts';
import { createSloDeps } from './service/deps.ts';
import { listSlos } from './service/list.ts';
import { refreshSummaries } from './service/refresh-summaries.ts';
import { createSparkRows } from './service/spark-rows.ts';

let stores: TestStores;
let shop: StoredObjective;
let bank: StoredObjective;

const now = new Date('2026-05-20T12:30:10Z');
const nowM = minuteOf(now.getTime());
const anchorAt = new Date('2026-05-01T00:00:00Z');
const startM = minuteOf(anchorAt.getTime());
const callerOf = createCallerFactory(createSloRouter(createSloDeps({ openSource: () => null })));
const spark = createSparkRows();

const as = (actor: Actor) => callerOf(testCtx(stores, { actor, now }));

/** 100 events a minute since the first of May, 2 bad in each minute of an outage of one hour, silent for 30 minutes. */
function history(outageFromM: number, silentFromM: number): CountedMinute[] {
  const counts: CountedMinute[] = [];
  for (let m = startM; m < nowM; m += 1) {
    if (m >= silentFromM && m < silentFromM + 30) continue;
    const bad = m >= outageFromM && m < outageFromM + 60 ? 20 : 0;
    counts.push({ m, total: 100, bad, observed: true });
  }
  return counts;
}

const outageM = minuteOf(new Date('2026-05-19T10:00:00Z').getTime());
const silentM = minuteOf(new Date('2026-05-18T07:15:00Z').getTime());

beforeAll(async () => {
  stores = await openTestStores();
  shop = await addObjective(stores.db, { platform: 'shop', slug: 'checkout', anchorAt });
  bank = await addObjective(stores.db, { platform: 'bank', slug: 'transfers', anchorAt });
  await addObjective(stores.db, { platform: 'bank', slug: 'unmeasured', anchorAt });
  await stores.db.transaction((tx) =>
    applyCounts(
      tx,
      [
        { sliId: shop.sliId, counts: history(outageM, silentM) },
        { sliId: bank.sliId, counts: history(0, 0) },
      ],
      horizonMinute(now.getTime()),
    ),
  );
  await stores.db.insert(incidents).values({
    id: 'INC-1',
    platformId: 'shop',
    severity: 'P1',
    title: 'Checkout fails',
    summary: '',
    status: 'resolved',
    startedAt: new Date('2026-05-19T10:00:00Z'),
    resolvedAt: new Date('2026-05-19T10:39:59Z'),
  });
  await stores.db.insert(deploys).values({
    id: 'dep_1',
    platformId: 'shop',
    service: 'checkout',
    version: 'v2',
    summary: '',
    at: new Date('2026-05-20T09:00:00Z'),
    settledAt: null,
  });
  await refreshSummaries(testCtx(stores, { now }), { spark });
});
afterAll(() => stores.close());

describe('slo.list', () => {
  it('gives every objective with its figures, by platform', async () => {
    const { rows, asOf } = await as(actorWith('owner')).list({});
    expect(rows.map((row) => row.id)).toEqual([bank.id, 'slo_bank_unmeasured', shop.id]);
    expect(asOf).toBe(now.getTime());
    const row = rows.find(({ id }) => id === shop.id);
    const minutes = nowM - startM - 30;
    expect(row?.budget).toMatchObject({ badEvents: 1_200, totalEvents: minutes * 100 });
    expect(row?.budget.coverageRatio).toBeCloseTo(minutes / (minutes + 30), 10);
    expect(row?.rolling.badEvents).toBe(1_200);
    expect(row?.freshness).toBe('fresh');
    expect(row?.dataAt).toBe(nowM * MINUTE_MS);
    expect(row?.spark.leftRatio.at(-1)).toBe(row?.budget.leftRatio);
  });

  it('is sent as the text that says the same, fresh or old', async () => {
    for (const minutes of [0, 20]) {
      const ctx = testCtx(stores, { actor: actorWith('owner'), now: new Date(now.getTime() + minutes * MINUTE_MS) });
      const list = await listSlos(ctx, {});
      expect(list.rows).toHaveLength(3);
      expect(JSON.parse(jsonOf(list))).toEqual({ rows: list.rows, asOf: list.asOf });
    }
  });

  it('never claims anything where nothing was measured', async () => {
    const { rows } = await as(actorWith('owner')).list({ platform: 'bank' });
    const row = rows.find(({ id }) => id === 'slo_bank_unmeasured');
    expect(row).toMatchObject({ state: 'no_data', freshness: 'never', burn1h: null, exhaustion: { kind: 'unknown' } });
    expect(row?.budget.leftRatio).toBeNull();
    expect(row?.budget.coverageRatio).toBe(0);
  });

  it('shows a stakeholder of one platform that platform alone', async () => {
    const stakeholder = as(actorWith('stakeholder', 'bank'));
    expect((await stakeholder.list({})).rows.map((row) => row.platformId)).toEqual(['bank', 'bank']);
    expect((await stakeholder.list({ platform: 'shop' })).rows).toEqual([]);
    expect((await stakeholder.lanes({})).lanes.map((lane) => lane.platformId)).toEqual(['bank']);
    await expect(stakeholder.get({ id: shop.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(stakeholder.page({ id: shop.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(stakeholder.get({ id: 'slo_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('refuses who holds no such permission anywhere', async () => {
    const nobody: Actor = { ...actorWith('owner'), grants: [] };
    await expect(as(nobody).list({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('lets data grow old by itself when the tick stands still', async () => {
    const later = testCtx(stores, { actor: actorWith('owner'), now: new Date(now.getTime() + 20 * MINUTE_MS) });
    const { rows } = await callerOf(later).list({ platform: 'shop' });
    expect(rows[0]).toMatchObject({ freshness: 'stale', exhaustion: { kind: 'unknown' } });
    stores.clock.set(now);
  });
});

describe('slo.get', () => {
  it('says the same as the list, what spent the budget, and how it is measured', async () => {
    const caller = as(actorWith('owner'));
    const { rows } = await caller.list({ platform: 'shop' });
    const detail = await caller.get({ id: shop.id });
    expect(detail).toMatchObject({ ...rows[0] });
    expect(detail.spend.map((item) => [item.label, item.badEvents])).toEqual([
      ['INC-1', 800],
      ['Background errors', 400],
    ]);
    const spent = detail.spend.reduce((sum, item) => sum + item.budgetRatio, 0);
    expect(spent).toBeCloseTo(detail.budget.spentRatio ?? 0, 12);
    expect(detail.marks.map((mark) => mark.id)).toEqual(['INC-1', 'dep_1']);
    expect(detail.measurement.gaps).toEqual({
      count: 1,
      minutes: 30,
      longestMs: 30 * MINUTE_MS,
      longestAt: silentM * MINUTE_MS,
    });
    expect(detail.measurement.measuredSince).toBe(anchorAt.getTime());
    expect(detail.lens).toBeNull();
  });

  it('keeps incidents and deploys from who may not see changes', async () => {
    const actor: Actor = { ...actorWith('owner'), grants: [{ platform: '*', permissions: ['slo:read'] }] };
    const detail = await as(actor).get({ id: shop.id });
    expect(detail.marks).toEqual([]);
    expect(detail.spend.map((item) => item.label)).toEqual(['Background errors']);
  });

  it('serves an objective that no tick has summarised yet', async () => {
    const fresh = await addObjective(stores.db, { platform: 'young', slug: 'new' });
    expect(await as(actorWith('owner')).get({ id: fresh.id })).toMatchObject({ state: 'no_data', spend: [] });
  });
});

describe('slo.page', () => {
  it('falls from 100 % at the fixed start to what the list says, and never rises', async () => {
    const caller = as(actorWith('owner'));
    const { slo, burnDown: series } = await caller.page({ id: shop.id });
    expect(slo).toEqual(await caller.get({ id: shop.id }));
    const known = series.leftRatio.filter((left) => left !== null);
    expect(series.at[0]).toBe(anchorAt.getTime());
    expect(known[0]).toBe(1);
    expect(known.every((left, i) => i === 0 || left <= (known[i - 1] ?? 1))).toBe(true);
    const { rows } = await caller.list({ platform: 'shop' });
    expect(series.leftRatio.at(-1)).toBe(rows[0]?.budget.leftRatio);
    expect(series.gaps).toEqual([{ startAt: silentM * MINUTE_MS, endAt: (silentM + 30) * MINUTE_MS }].map(toTheHour));
  });

  it('draws the rolling view, every point over the window that ends there', async () => {
    const caller = as(actorWith('owner'));
    const { burnDown: series } = await caller.page({ id: shop.id, view: 'rolling' });
    const { rows } = await caller.list({ platform: 'shop' });
    expect(series.ideal).toBeNull();
    expect(series.leftRatio.at(-1)).toBe(rows[0]?.rolling.leftRatio);
    expect(series.leftRatio[0]).toBeNull();
  });

  it('enlarges the hour while an incident is open, minute by minute', async () => {
    const at = new Date('2026-05-20T12:10:00Z');
    await stores.db.insert(incidents).values({
      id: 'INC-2',
      platformId: 'bank',
      severity: 'P2',
      title: 'Slow transfers',
      summary: '',
      status: 'open',
      startedAt: at,
    });
    const { lens } = (await as(actorWith('owner')).page({ id: bank.id })).burnDown;
    expect(lens?.at).toHaveLength((now.getTime() - (now.getTime() % MINUTE_MS) - (lens?.startAt ?? 0)) / MINUTE_MS + 1);
    expect(lens?.badRatio.slice(1).every((ratio) => ratio === 0)).toBe(true);
    expect(lens?.leftRatio.at(-1)).toBe(1);
  });

  it('refuses a view there is not', async () => {
    const input = { id: shop.id, view: 'sideways' as 'window' };
    await expect(as(actorWith('owner')).page(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('slo.lanes of a day that does not begin at UTC midnight', () => {
  const tokyo = new Date('2026-05-19T15:00:00Z').getTime();

  it('draws from its first minute, and keeps the steps whole', async () => {
    const ctx = testCtx(stores, { actor: actorWith('owner'), now: new Date('2026-05-19T22:00:10Z') });
    const { lanes } = await callerOf(ctx).lanes({
      platform: 'shop',
      dayStartAt: new Date('2026-05-19T09:30:00Z').getTime(),
    });
    expect(lanes[0]?.dayStartAt).toBe(new Date('2026-05-19T09:30:00Z').getTime());
    expect(lanes[0]?.badRatio.slice(0, 8)).toEqual([0, 0, 0.2, 0.2, 0.2, 0.2, 0, 0]);
    stores.clock.set(now);
  });

  it('refuses a day that now does not lie in, and names the field', async () => {
    const owner = as(actorWith('owner'));
    expect((await owner.lanes({ dayStartAt: tokyo })).lanes[0]?.dayStartAt).toBe(tokyo);
    for (const dayStartAt of [tokyo - DAY_MS, now.getTime() - 10_000 + HOUR_MS]) {
      await expect(owner.lanes({ dayStartAt })).rejects.toMatchObject({
        cause: { code: 'invalid', fields: [{ field: 'dayStartAt' }] },
      });
    }
    await expect(owner.lanes({ dayStartAt: tokyo + 1 })).rejects.toMatchObject({ cause: { code: 'invalid' } });
  });
});

describe('slo.lanes', () => {
  it('draws the day of each platform by its worst objective', async () => {
    const { lanes } = await as(actorWith('owner')).lanes({});
    const lane = lanes.find(({ platformId }) => platformId === 'shop');
    expect(lane).toMatchObject({ sloCount: 1, stepMs: 15 * MINUTE_MS, objectiveRatio: 0.001 });
    expect(lane?.slo?.id).toBe(shop.id);
    expect(lane?.badRatio).toHaveLength(50);
    expect(lane?.badRatio.every((ratio) => ratio === 0)).toBe(true);
    expect(lane?.marks.map((mark) => mark.id)).toEqual(['dep_1']);
    expect(lanes.find(({ platformId }) => platformId === 'bank')?.slo?.id).toBe(bank.id);
  });

  it('draws the error ratio of each quarter of an hour', async () => {
    const at = new Date('2026-05-19T11:02:00Z');
    const ctx = testCtx(stores, { actor: actorWith('owner'), now: at });
    const { lanes } = await callerOf(ctx).lanes({ platform: 'shop' });
    const quarter = (h: number) => (h * HOUR_MS) / (15 * MINUTE_MS);
    expect(lanes[0]?.badRatio.slice(quarter(10) - 1, quarter(11) + 1)).toEqual([0, 0.2, 0.2, 0.2, 0.2, 0]);
    stores.clock.set(now);
  });
});

describe('the list rows', () => {
  it('are the same with and without what sparklines remember', async () => {
    const ctx = testCtx(stores, { now: new Date(now.getTime() + DAY_MS) });
    await refreshSummaries(ctx, { spark });
    const remembered = await refreshSummaries(ctx, { spark });
    const afresh = await refreshSummaries(ctx, { spark: createSparkRows() });
    expect(remembered.map(({ summary }) => summary)).toEqual(afresh.map(({ summary }) => summary));
    expect(ctx.hub.published).toEqual(['slo', 'slo', 'slo']);
    // All of the past is rewritten: the sparkline must not mix the old with the new.
    const late = [{ m: startM - 60, total: 5_000, bad: 40, observed: true }];
    await stores.db.transaction((tx) =>
      applyCounts(tx, [{ sliId: shop.sliId, counts: late }], horizonMinute(now.getTime())),
    );
    const moved = await refreshSummaries(ctx, { spark });
    const read = await refreshSummaries(ctx, { spark: createSparkRows() });
    expect(moved.map(({ summary }) => summary)).toEqual(read.map(({ summary }) => summary));
    stores.clock.set(now);
    await refreshSummaries(testCtx(stores, { now }), { spark });
  });
});

/** A line over weeks has a point per hour, so it places a gap at the beginning of its hour. */
function toTheHour({ startAt, endAt }: { startAt: number; endAt: number }) {
  const shift = startAt % HOUR_MS;
  return { startAt: startAt - shift, endAt: endAt - shift };
}
