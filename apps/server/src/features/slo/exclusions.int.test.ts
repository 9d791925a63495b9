import { defaultAlertRules, type ExclusionInput, exclusionInput, type SloSummary } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS, MINUTE_MS, minuteOf } from '@qd/shared/time';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addObjective, type StoredObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, exclusions, exclusionVersions, sliNow, slos } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { createDenialLog } from '../../platform/denials.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { applyCounts } from './queries/ingest.ts';
import type { CountedMinute } from './queries/plan-counts.ts';
import { horizonMinute } from './queries/tiers.ts';
import { createSloRouter } from './router.ts';
import { createSloDeps } from './service/deps.ts';
import { storeCounts } from './service/reading/store-counts.ts';
import { refreshSummaries } from './service/refresh-summaries.ts';
import { createSparkRows } from './service/spark-rows.ts';
import { thin } from './service/thin.ts';

let stores: TestStores;
let shop: StoredObjective;
let slices: StoredObjective;
let bank: StoredObjective;

const now = new Date('2026-05-20T12:30:10Z');
const nowM = minuteOf(now.getTime());
const anchorAt = new Date('2026-05-01T00:00:00Z');
const startM = minuteOf(anchorAt.getTime());
const deps = createSloDeps({ openSource: () => null });
const callerOf = createCallerFactory(createSloRouter(deps));
const at = (text: string): number => Date.parse(text);
const minute = (text: string): number => minuteOf(at(text));

const as = (actor: Actor) => callerOf({ ...testCtx(stores, { actor, now }), onDenied: createDenialLog() });
const admin = () => as(actorWith('admin'));
const input = (wanted: Partial<ExclusionInput>): ExclusionInput =>
  exclusionInput.parse({
    platformId: 'shop',
    category: 'maintenance',
    reason: 'Disks are swapped',
    startsAt: at('2026-05-19T10:00:00Z'),
    durationMs: HOUR_MS,
    ...wanted,
  });
const summaryOf = async (id: string): Promise<SloSummary> => {
  const { rows } = await admin().list({});
  const found = rows.find((row) => row.id === id);
  if (found === undefined) throw new Error(`no ${id} in the list`);
  return found;
};
/** What a list row says, but for when it was said. */
const figures = (summary: SloSummary) => ({ ...summary, asOf: 0 });
const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => Promise.reject(new Error('was accepted')),
    (error: unknown) => error,
  );

/** 100 events a minute, but silent on May 18 07:15–07:45; 20 bad in each minute of two outages and of the last ten. */
function history(): CountedMinute[] {
  const counts: CountedMinute[] = [];
  const outages = [
    [minute('2026-05-05T02:10Z'), 30],
    [minute('2026-05-19T10:00Z'), 60],
    [nowM - 10, 10],
  ] as const;
  for (let m = startM; m < nowM; m += 1) {
    if (m >= minute('2026-05-18T07:15Z') && m < minute('2026-05-18T07:45Z')) continue;
    const isBad = outages.some(([from, length]) => m >= from && m < from + length);
    counts.push({ m, total: 100, bad: isBad ? 20 : 0, observed: true });
  }
  return counts;
}

beforeAll(async () => {
  stores = await openTestStores();
  shop = await addObjective(stores.db, { platform: 'shop', slug: 'checkout', anchorAt });
  slices = await addObjective(stores.db, {
    platform: 'shop',
    slug: 'slow-minutes',
    anchorAt,
    indicator: { kind: 'slices', query: 'x', op: 'lte', value: 1, sliceMinutes: 1 },
  });
  bank = await addObjective(stores.db, { platform: 'bank', slug: 'transfers', anchorAt });
  const counted = history();
  const sliced = counted.map(({ bad, ...rest }) => ({ ...rest, total: 1, bad: bad > 0 ? 1 : 0 }));
  await stores.db.transaction((tx) =>
    applyCounts(
      tx,
      [
        { sliId: shop.sliId, counts: counted },
        { sliId: slices.sliId, counts: sliced },
        { sliId: bank.sliId, counts: counted },
      ],
      horizonMinute(now.getTime()),
    ),
  );
  await refreshSummaries(testCtx(stores, { now }), deps.memory);
});
beforeEach(async () => {
  await stores.db.delete(exclusions);
  await stores.db.delete(sliNow);
  await refreshSummaries(testCtx(stores, { now }), deps.memory);
});
afterAll(() => stores.close());

describe('an exclusion of the past', () => {
  it('changes every figure at once, and its withdrawal restores them exactly', async () => {
    const before = await summaryOf(shop.id);
    const elsewhere = figures(await summaryOf(bank.id));
    expect(before).toMatchObject({ excluded: null, inMaintenance: false, budget: { badEvents: 2_000 } });
    const { id } = await admin().exclusions.create(input({}));
    const after = await summaryOf(shop.id);
    expect(after.budget).toMatchObject({
      badEvents: before.budget.badEvents - 1_200,
      totalEvents: before.budget.totalEvents - 6_000,
    });
    expect(after.excluded).toEqual({
      minutes: 60,
      badEvents: 1_200,
      totalEvents: 6_000,
      spans: 1,
      rawLeftRatio: before.budget.leftRatio,
    });
    expect(after.budget.coverageRatio).toBeCloseTo((nowM - startM - 90) / (nowM - startM - 60), 12);
    expect(after.rolling.badEvents).toBe(before.rolling.badEvents - 1_200);
    expect(after.spark.leftRatio.at(-1)).toBe(after.budget.leftRatio);
    expect(figures(await summaryOf(bank.id))).toEqual(elsewhere);
    await admin().exclusions.withdraw({ id, reason: 'Was on another day' });
    expect(figures(await summaryOf(shop.id))).toEqual(figures(before));
  });

  it('shows on the page: marks, what spent the budget, and the line', async () => {
    const before = await admin().get({ id: shop.id });
    expect(before.measurement.gaps).toMatchObject({ count: 1, minutes: 30 });
    const { id } = await admin().exclusions.create(
      input({ startsAt: at('2026-05-18T07:00:00Z'), sloId: shop.id, category: 'deployment' }),
    );
    const second = await admin().exclusions.create(input({}));
    const detail = await admin().get({ id: shop.id });
    expect(detail.marks.filter(({ kind }) => kind === 'exclusion')).toMatchObject([
      { id, label: 'Deployment', at: at('2026-05-18T07:00Z'), endAt: at('2026-05-18T08:00Z'), open: false },
      { id: second.id, label: 'Maintenance', detail: 'Disks are swapped' },
    ]);
    expect(detail.measurement.gaps).toMatchObject({ count: 0, minutes: 0 });
    expect(detail.budget.coverageRatio).toBe(1);
    expect(detail.spend.map((item) => [item.mark?.id ?? item.label, item.badEvents])).toEqual([
      ['Background errors', 800],
      [second.id, 0],
      [id, 0],
    ]);
    const { slo, burnDown: line } = await admin().page({ id: shop.id });
    expect(slo).toEqual(detail);
    expect(line.gaps).toEqual([]);
    expect(line.leftRatio.at(-1)).toBe(detail.budget.leftRatio);
    expect(line.leftRatio.slice(1).every((left) => left !== null)).toBe(true);
  });

  it('counts excluded slices as good, so that the period keeps its budget', async () => {
    const before = await summaryOf(slices.id);
    const { id } = await admin().exclusions.create(input({ sloId: slices.id }));
    const after = await summaryOf(slices.id);
    expect(after.budget.badEvents).toBe(before.budget.badEvents - 60);
    expect(after.budget.expectedEvents).toBe(before.budget.expectedEvents);
    expect(after.budget.totalEvents).toBe(before.budget.totalEvents);
    expect(after.excluded).toMatchObject({ minutes: 60, badEvents: 60, totalEvents: 0 });
    await stores.db.update(slos).set({ exclusionMode: 'remove' }).where(eq(slos.id, slices.id));
    await refreshSummaries(testCtx(stores, { now }), deps.memory);
    const removed = await summaryOf(slices.id);
    expect(removed.budget).toMatchObject({
      badEvents: after.budget.badEvents,
      expectedEvents: before.budget.expectedEvents - 60,
    });
    await stores.db.update(slos).set({ exclusionMode: 'auto' }).where(eq(slos.id, slices.id));
    await admin().exclusions.withdraw({ id, reason: 'Tidy up' });
    expect(figures(await summaryOf(slices.id))).toEqual(figures(before));
  });
});

describe('an exclusion in force', () => {
  it('takes its minutes out of burn rows, which then say so', async () => {
    const before = await summaryOf(shop.id);
    expect(before.burnRows[0]).toMatchObject({ state: 'firing', excludedMinutes: 0 });
    const lastStep = async () => (await admin().lanes({ platform: 'shop' })).lanes[0]?.badRatio.at(-1);
    expect(await lastStep()).toBeGreaterThan(0);
    const { id } = await admin().exclusions.create(
      input({ startsAt: at('2026-05-20T12:15:00Z'), durationMs: 30 * MINUTE_MS }),
    );
    const { rows } = await admin().exclusions.list({ slo: shop.id });
    expect(rows).toMatchObject([{ id, inForce: true, next: { startAt: at('2026-05-20T12:15Z') } }]);
    const after = await summaryOf(shop.id);
    expect(after).toMatchObject({ inMaintenance: true, burn5m: null, burn1h: 0, state: 'on_course' });
    expect(await lastStep()).toBe(0);
    expect(after.burnRows[0]).toMatchObject({ state: 'unknown', shortBurn: null, longBurn: 0, excludedMinutes: 15 });
    expect(after.burnRows.map(({ excludedMinutes, state }) => [excludedMinutes, state])).toEqual([
      [15, 'unknown'],
      [15, 'ok'],
      [15, 'ok'],
      [15, 'recovering'],
    ]);
    await admin().exclusions.withdraw({ id, reason: 'Tidy up' });
    expect(figures(await summaryOf(shop.id))).toEqual(figures(before));
  });

  it('reads the same from a memory of earlier ticks as from nothing', async () => {
    await admin().exclusions.create(
      input({ startsAt: at('2026-05-03T02:00:00Z'), rrule: 'FREQ=DAILY', durationMs: 45 * MINUTE_MS }),
    );
    const ctx = testCtx(stores, { now: new Date(now.getTime() + MINUTE_MS) });
    const [kept] = await refreshSummaries(ctx, deps.memory, [shop.sliId]);
    const [afresh] = await refreshSummaries(ctx, { spark: createSparkRows() }, [shop.sliId]);
    expect(kept?.summary.excluded).toMatchObject({ spans: 18, minutes: 18 * 45 });
    expect(kept?.summary).toEqual(afresh?.summary);
    stores.clock.set(now);
  });
});

describe('a preview', () => {
  it('tells what an exclusion would do, and stores nothing', async () => {
    const stored = (await stores.db.select().from(exclusions)).length;
    const { spans, spanCount, effects } = await admin().exclusions.preview(
      input({ startsAt: at('2026-05-19T10:00:00Z'), rrule: 'FREQ=WEEKLY;BYDAY=TU' }),
    );
    expect(spans).toHaveLength(20);
    expect(spans[1]).toEqual({ startAt: at('2026-05-26T10:00Z'), endAt: at('2026-05-26T11:00Z') });
    expect(spanCount).toBe(58);
    expect(effects.map(({ sloId }) => sloId)).toEqual([shop.id, slices.id]);
    for (const effect of effects) expect(effect.afterLeftRatio).toBeGreaterThan(effect.beforeLeftRatio ?? Infinity);
    expect(await stores.db.select().from(exclusions)).toHaveLength(stored);
  });
});

describe('a preview of a change', () => {
  it('is refused, as the change would be, when it is for another platform', async () => {
    const { id } = await admin().exclusions.create(input({ reason: 'Stays on the shop' }));
    const moved = { ...input({ platformId: 'bank' }), replaces: id };
    expect(await refusal(admin().exclusions.preview(moved))).toMatchObject({
      code: 'BAD_REQUEST',
      cause: { fields: [{ field: 'platformId', message: expect.stringContaining('cannot change') }] },
    });
    expect((await admin().exclusions.preview({ ...moved, platformId: 'shop' })).spanCount).toBe(1);
  });
});

describe('changes', () => {
  it('keep every version, are audited, and let the first of two win', async () => {
    const { id } = await admin().exclusions.create(input({}));
    const shorter = input({ durationMs: 30 * MINUTE_MS, reason: 'Took half an hour' });
    const change = (version: number) => admin().exclusions.update({ id, version, exclusion: shorter });
    const results = await Promise.allSettled([change(1), change(1)]);
    const lost = results.filter((result) => result.status === 'rejected');
    expect(results.filter((result) => result.status === 'fulfilled').length + lost.length).toBe(2);
    const losses = lost.map((result) => (result.reason as { code: string }).code);
    // The second may have come after the first was done and asked for what is there already.
    expect(losses.every((code) => code === 'CONFLICT')).toBe(true);
    expect(await refusal(change(1))).toMatchObject({ code: 'CONFLICT' });
    expect((await summaryOf(shop.id)).excluded).toMatchObject({ minutes: 30 });
    expect(await change(2)).toEqual({ version: 2 });
    await admin().exclusions.withdraw({ id, reason: 'Tidy up' });
    expect(await refusal(change(3))).toMatchObject({ code: 'PRECONDITION_FAILED' });
    const versions = await admin().exclusions.versions({ id });
    expect(versions.map(({ version, durationMs, withdrawnAt }) => [version, durationMs, withdrawnAt !== null])).toEqual(
      [
        [3, 30 * MINUTE_MS, true],
        [2, 30 * MINUTE_MS, false],
        [1, HOUR_MS, false],
      ],
    );
    expect(await stores.db.select().from(exclusionVersions).where(eq(exclusionVersions.exclusionId, id))).toHaveLength(
      2,
    );
    const entries = await stores.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.targetId, id))
      .orderBy(asc(auditEvents.seq));
    expect(entries.map(({ action }) => action)).toEqual([
      'slo.exclusion_created',
      'slo.exclusion_changed',
      'slo.exclusion_withdrawn',
    ]);
    expect(entries[1]).toMatchObject({
      before: { durationMs: HOUR_MS },
      after: { durationMs: 30 * MINUTE_MS, reason: 'Took half an hour' },
    });
  });

  it('are refused to who may not exclude there, and the attempt is logged', async () => {
    const { id } = await admin().exclusions.create(input({}));
    const watcher = as(actorWith('stakeholder'));
    expect(await refusal(watcher.exclusions.create(input({})))).toMatchObject({ code: 'FORBIDDEN' });
    const banker = as(actorWith('operator', 'bank'));
    expect(await refusal(banker.exclusions.create(input({})))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(banker.exclusions.withdraw({ id, reason: 'Not mine' }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(banker.exclusions.versions({ id }))).toMatchObject({ code: 'NOT_FOUND' });
    expect((await banker.exclusions.list({ withdrawn: true })).rows).toEqual([]);
    expect(await refusal(banker.exclusions.create(input({ platformId: 'bank', sloId: shop.id })))).toMatchObject({
      code: 'BAD_REQUEST',
      cause: { fields: [{ field: 'sloId' }] },
    });
    const denied = await stores.db.select().from(auditEvents).where(eq(auditEvents.status, 'denied'));
    expect(denied.map(({ userEmail, details }) => [userEmail, details])).toEqual([
      ['stakeholder@example.test', { permission: 'slo:exclude' }],
      ['operator@example.test', { permission: 'slo:exclude' }],
      ['operator@example.test', { permission: 'slo:exclude' }],
      ['operator@example.test', { permission: 'slo:read' }],
    ]);
    expect((await watcher.exclusions.list({})).rows.map((row) => row.id)).toEqual([id]);
  });

  it.each([
    ['a rule without an end', { rrule: 'FREQ=HOURLY' }, 'rrule', /COUNT or UNTIL/],
    ['a start too long ago', { startsAt: now.getTime() - 401 * DAY_MS - 10_000 }, 'startsAt', /400 days/],
    ['a start too far ahead', { startsAt: at('2028-01-01') }, 'startsAt', /400 days/],
    ['an unknown platform', { platformId: 'nowhere' }, 'platformId', /no platform/],
    ['an unknown objective', { sloId: 'slo_none' }, 'sloId', /no objective/],
  ])('refuse %s by the name of the field', async (_, wanted, field, words) => {
    const found = await refusal(admin().exclusions.create(input(wanted)));
    expect(found).toMatchObject({ code: 'BAD_REQUEST', cause: { fields: [{ field }] } });
    expect(String(found)).toMatch(words);
  });

  it.each([
    ['a bomb of a rule', { rrule: 'FREQ=SECONDLY' }, /FREQ=SECONDLY is too often/],
    ['a reason that says nothing', { reason: 'x' }, /at least 3 characters/],
    ['half minutes', { durationMs: 90_000 }, /whole minutes/],
    ['too long', { durationMs: 32 * DAY_MS }, /at most 31 days/],
    ['a zone that is none', { timeZone: 'Mars/Olympus' }, /not a time zone/],
  ])('refuse %s before anything is read', async (_, wanted, words) => {
    const found = await refusal(admin().exclusions.create({ ...input({}), ...wanted }));
    expect(found).toMatchObject({
      code: 'BAD_REQUEST',
      cause: { fields: [{ message: expect.stringMatching(words) }] },
    });
  });

  it('are listed a page at a time, made last first', async () => {
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      stores.clock.set(new Date(now.getTime() + i));
      const { id } = await callerOf(testCtx(stores, { actor: actorWith('admin') })).exclusions.create(
        input({ platformId: 'bank', reason: `Number ${i}` }),
      );
      made.push(id);
    }
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await admin().exclusions.list({
        platform: 'bank',
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      });
      ids.push(...page.rows.map((row) => row.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(ids).toEqual(made.toReversed());
  });
});

describe('an objective nobody measured', () => {
  it('is left alone by exclusions', async () => {
    const young = await addObjective(stores.db, { platform: 'shop', slug: 'unmeasured', anchorAt });
    await stores.db.update(slos).set({ alerting: defaultAlertRules }).where(eq(slos.id, young.id));
    await admin().exclusions.create(input({ sloId: young.id }));
    expect(await summaryOf(young.id)).toMatchObject({ state: 'no_data', excluded: null, budget: { leftRatio: null } });
  });
});

describe('time older than the minutes that are kept', () => {
  const outage = { startsAt: at('2026-05-05T02:10:00Z'), durationMs: 30 * MINUTE_MS };

  it('is taken out by its share of the hour where it was excluded too late', async () => {
    await thin(testCtx(stores, { now }));
    const before = await summaryOf(shop.id);
    await admin().exclusions.create(input(outage));
    const after = await summaryOf(shop.id);
    expect(after.excluded).toMatchObject({ minutes: 30, totalEvents: 3_000, badEvents: 300 });
    expect(after.budget.badEvents).toBe(before.budget.badEvents - 300);
  });

  it('is exact for an objective whose history is read after it was excluded', async () => {
    await admin().exclusions.create(input({ ...outage, platformId: 'bank' }));
    const young = await addObjective(stores.db, { platform: 'bank', slug: 'read-later', anchorAt });
    const ctx = testCtx(stores, { now });
    await storeCounts(ctx, deps, [{ sliId: young.sliId, counts: history() }]);
    const [read] = await refreshSummaries(ctx, deps.memory, [young.sliId]);
    expect(read?.summary.excluded).toMatchObject({ minutes: 30, totalEvents: 3_000, badEvents: 600 });
  });

  it('stays exact where it was excluded in time, however old it grows', async () => {
    await admin().exclusions.create(
      input({ startsAt: at('2026-05-19T10:10:00Z'), durationMs: 25 * MINUTE_MS, sloId: shop.id }),
    );
    const exact = (await summaryOf(shop.id)).excluded;
    expect(exact).toMatchObject({ badEvents: 500, totalEvents: 2_500, minutes: 25 });
    const later = new Date(now.getTime() + 9 * DAY_MS);
    for (const isThinned of [false, true]) {
      if (isThinned) await thin(testCtx(stores, { now: later }));
      const [read] = await refreshSummaries(testCtx(stores, { now: later }), { spark: createSparkRows() }, [
        shop.sliId,
      ]);
      expect(read?.summary.excluded).toMatchObject({ badEvents: 500, totalEvents: 2_500, minutes: 25 });
    }
    stores.clock.set(now);
  });
});
