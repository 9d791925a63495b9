import { DomainError } from '@qd/shared/errors';
import {
  defaultAlertRules,
  exclusionInput,
  exclusionListInput,
  type SloDefinition,
  sloDefinition,
} from '@qd/shared/slo';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { emailKey } from '@qd/shared/users';
import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeSource, type FakeSource } from '../../adapters/metrics/fake.ts';
import { auditEvents, platforms, sliHour, sliMinute, slos, sources, users } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { createOverride, withdrawOverride } from './service/definitions/overrides.ts';
import { getDefinition, listRevisions } from './service/definitions/read.ts';
import { archiveSlo, createSlo, updateSlo } from './service/definitions/save.ts';
import { createSloDeps, type SloDeps } from './service/deps.ts';
import { getSlo } from './service/detail.ts';
import { createExclusion, withdrawExclusion } from './service/exclusions/change.ts';
import { exclusionVersions, listExclusions } from './service/exclusions/list.ts';
import { gateOf } from './service/gate.ts';
import { listSlos } from './service/list.ts';
import { readSources } from './service/reading/read-sources.ts';
import { thin } from './service/thin.ts';

let stores: TestStores;
let deps: SloDeps;
let server: FakeSource;
const now = new Date('2026-05-20T12:30:20Z');

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

beforeEach(async () => {
  stores.clock.set(now);
  const seconds = now.getTime() / 1_000;
  const counted = (each: number) =>
    Array.from({ length: 200 }, (_, i) => [seconds - 3_000 + i * 15, i * each] as const);
  server = createFakeSource({
    intervalMs: 15_000,
    series: [
      { name: 'hits_total', labels: {}, samples: counted(100) },
      { name: 'hits_bad', labels: {}, samples: counted(1) },
      { name: 'hits_slow', labels: {}, samples: counted(2) },
    ],
  });
  // Trying an indicator closes what it opened; the readings that follow open it again.
  server.close = () => Promise.resolve();
  deps = createSloDeps({ openSource: ({ kind }) => (kind === 'prometheus' ? server : null) });
  const createdAt = now;
  await stores.db.insert(platforms).values([
    { id: 'shop', name: 'Shop', createdAt },
    { id: 'bank', name: 'Bank', createdAt },
  ]);
  const common = { intervalMs: 15_000, createdAt, lastOkAt: now };
  await stores.db.insert(sources).values([
    { ...common, id: 'src_prom', platformId: 'shop', kind: 'prometheus', name: 'Prometheus', url: 'http://p' },
    { ...common, id: 'src_push', platformId: 'shop', kind: 'push', name: 'Push', url: null },
    { ...common, id: 'src_bank', platformId: 'bank', kind: 'push', name: 'Push', url: null },
    { ...common, id: 'src_demo', platformId: 'shop', kind: 'demo', name: 'Demo', url: null, isDemo: true },
  ]);
});
afterEach(async () => {
  for (const table of [slos, sources, platforms, sliMinute, sliHour]) await stores.db.delete(table);
});

const ctx = (actor?: Actor) => testCtx(stores, actor === undefined ? {} : { actor });
const definition = (more: Record<string, unknown> = {}): SloDefinition =>
  sloDefinition.parse({
    platform: 'shop',
    slug: 'checkout',
    name: 'Checkout works',
    sourceId: 'src_prom',
    indicator: { kind: 'counters', total: 'hits_total', bad: 'hits_bad' },
    targetPercent: '99.9',
    windows: [{ kind: 'rolling', windowMs: 7 * DAY_MS }],
    ...more,
  });
const refusal = async (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('was accepted');
    },
    (error: { code: string; message: string; fields: { field: string }[] }) => error,
  );
const row = async (id: string) => (await stores.db.select().from(slos).where(eq(slos.id, id)))[0];
const actions = async (id: string) =>
  (await stores.db.select().from(auditEvents).where(eq(auditEvents.targetId, id)).orderBy(auditEvents.seq)).map(
    ({ action }) => action,
  );
const store = async (more: Record<string, unknown> = {}) => {
  const { id } = await createSlo(ctx(), deps, definition(more));
  return id;
};
const change = (id: string, revision: number, more: Record<string, unknown>, actor?: Actor) =>
  updateSlo(ctx(actor), deps, { id, revision, definition: definition(more), reason: 'because' });

describe('a new objective', () => {
  it('is stored as it was said, with its first revision and an audit entry, and shows in the list', async () => {
    const wanted = definition({
      windows: [
        { kind: 'calendar', calendar: { unit: 'month', timeZone: 'Europe/Berlin', startDate: '2026-01-01' } },
        { kind: 'cycle', windowMs: DAY_MS, anchorAt: now.getTime() - DAY_MS },
      ],
      alerting: { policy: 'constant_share', absentMs: null },
      labels: { team: 'pay' },
      meanings: { freeze: 'Call Ada' },
    });
    const me = actorWith('operator', 'shop');
    me.grants = [{ platform: 'shop', permissions: ['slo:read', 'slo:write'] }];
    const { id } = await createSlo(ctx(me), deps, wanted);
    expect(id).toBe('slo_shop_checkout');
    expect(await getDefinition(ctx(), id)).toEqual({ definition: wanted, revision: 1 });
    expect(await listRevisions(ctx(), id)).toEqual([
      {
        revision: 1,
        definition: wanted,
        changedAt: now.getTime(),
        changedBy: 'operator@example.test',
        changedByName: 'operator@example.test',
        reason: '',
        isRemeasured: false,
        supersededAt: null,
      },
    ]);
    expect(await actions(id)).toContain('slo.created');
    expect((await listSlos(ctx(), {})).rows).toMatchObject([{ id, state: 'no_data' }]);
  });

  it('is measured from its history by the next reading', async () => {
    const id = await store();
    await readSources(ctx(), deps, ['prometheus']);
    expect((await listSlos(ctx(), {})).rows[0]).toMatchObject({ id, freshness: 'fresh' });
    expect((await row(id))?.measuredSinceMinute).not.toBeNull();
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['a source of another platform', { sourceId: 'src_bank' }, 'invalid', 'sourceId'],
    ['the story of the demo', { sourceId: 'src_demo' }, 'invalid', 'sourceId'],
    ['a source that is not there', { sourceId: 'src_none' }, 'invalid', 'sourceId'],
    ['an indicator the source cannot measure', { sourceId: 'src_push' }, 'invalid', 'indicator.kind'],
    ['text a store cannot keep', { sourceId: 'a\u0000b' }, 'invalid', 'sourceId'],
  ])('is refused with %s', async (_what, more, code, field) => {
    const error = await refusal(createSlo(ctx(), deps, definition(more)));
    expect(error).toMatchObject({ code, fields: [{ field }] });
    expect(await stores.db.select().from(slos)).toEqual([]);
  });

  it('is refused with a slug that is taken, and the message names it', async () => {
    await store();
    const error = await refusal(createSlo(ctx(), deps, definition()));
    expect(error).toMatchObject({ code: 'conflict', fields: [{ field: 'slug' }] });
    expect(error.message).toContain('“checkout”');
  });

  it('is refused when the source cannot be asked, with what to do', async () => {
    server.failWith(new DomainError('upstream', 'Nobody answers.'));
    const error = await refusal(createSlo(ctx(), deps, definition()));
    expect(error.code).toBe('upstream');
    expect(error.message).toMatch(/Nothing was stored.*Try again/);
    expect(await stores.db.select().from(slos)).toEqual([]);
  });

  it('needs the permission on its platform', async () => {
    const reader = actorWith('stakeholder', 'shop');
    expect(await refusal(createSlo(ctx(reader), deps, definition()))).toMatchObject({ code: 'forbidden' });
    const elsewhere = actorWith('owner', 'bank');
    expect(await refusal(createSlo(ctx(elsewhere), deps, definition()))).toMatchObject({ code: 'not_found' });
  });
});

describe('a change', () => {
  it('of everything but what is counted goes on counting, and keeps the revision before', async () => {
    const id = await store();
    const before = await row(id);
    const done = await change(id, 1, { targetPercent: 99, name: 'Checkout', alerting: { isMuted: true } });
    expect(done).toEqual({ id, revision: 2, isRemeasured: false });
    expect(await row(id)).toMatchObject({ sliId: before?.sliId, targetPercent: '99', revision: 2 });
    const [newest, first] = await listRevisions(ctx(), id);
    expect(newest).toMatchObject({ revision: 2, reason: 'because', definition: { targetPercent: '99' } });
    expect(first).toMatchObject({ revision: 1, supersededAt: now.getTime(), definition: { targetPercent: '99.9' } });
    expect((await getDefinition(ctx(), id)).definition.alerting).toEqual({ ...defaultAlertRules, isMuted: true });
    expect(await actions(id)).toEqual(expect.arrayContaining(['slo.created', 'slo.changed']));
  });

  it('that says the same is none', async () => {
    const id = await store();
    const entries = (await actions(id)).length;
    expect(await change(id, 1, {})).toEqual({ id, revision: 1, isRemeasured: false });
    expect((await actions(id)).length).toBe(entries);
  });

  it('of what is counted measures afresh, and the old counts stay under the old revision', async () => {
    const id = await store();
    await readSources(ctx(), deps, ['prometheus']);
    const before = await row(id);
    const oldCounts = () =>
      stores.db
        .select()
        .from(sliMinute)
        .where(eq(sliMinute.sliId, before?.sliId ?? 0));
    const counted = await oldCounts();
    expect(counted.length).toBeGreaterThan(10);
    const indicator = { kind: 'counters', total: 'hits_total', bad: 'hits_slow' };
    expect(await change(id, 1, { indicator })).toEqual({ id, revision: 2, isRemeasured: true });
    const after = await row(id);
    expect(after).toMatchObject({ measuredSinceMinute: null, readUntilMinute: null, lastError: null });
    expect(after?.sliId).not.toBe(before?.sliId);
    expect((await listSlos(ctx(), {})).rows).toMatchObject([{ id, revision: 2 }]);
    await readSources(ctx(), deps, ['prometheus']);
    expect(await oldCounts()).toEqual(counted);
    const fresh = await stores.db
      .select()
      .from(sliMinute)
      .where(and(eq(sliMinute.sliId, after?.sliId ?? 0)))
      .orderBy(sliMinute.m);
    expect(fresh.at(-1)?.bad).toBe(2 * (counted.toSorted((a, b) => a.m - b.m).at(-1)?.bad ?? 0));
    expect(await listRevisions(ctx(), id)).toMatchObject([{ isRemeasured: true }, { isRemeasured: false }]);
  });

  it('leaves old counts for as long as counts are kept', async () => {
    const id = await store();
    const before = await row(id);
    const indicator = { kind: 'counters', total: 'hits_total', bad: 'hits_slow' };
    await change(id, 1, { indicator });
    const minute = Math.floor(now.getTime() / 60_000);
    const counted = { sliId: before?.sliId ?? 0, total: 1, bad: 0, observed: 1 };
    const recent = minute - 300 * 1_440;
    await stores.db.insert(sliHour).values([
      { ...counted, m: minute - 500 * 1_440 },
      { ...counted, m: recent },
    ]);
    await thin(ctx());
    expect(await stores.db.select().from(sliHour)).toMatchObject([{ m: recent }]);
  });

  it.each([
    ['the one that decides', (year: object) => [year]],
    ['one beside it', (year: object) => [{ kind: 'rolling', windowMs: 7 * DAY_MS }, year]],
  ])('to a year of months keeps two of the longest, be it %s', async (_which, windowsWith) => {
    const calendar = { unit: 'month', count: 12, timeZone: 'UTC', startDate: '2026-01-01' };
    const id = await store({ windows: windowsWith({ kind: 'calendar', calendar }) });
    const minute = Math.floor(now.getTime() / 60_000);
    const counted = { sliId: (await row(id))?.sliId ?? 0, total: 1, bad: 0, observed: 1 };
    const oldest = minute - 2 * 366 * 1_440;
    await stores.db.insert(sliHour).values([
      { ...counted, m: minute - 800 * 1_440 },
      { ...counted, m: oldest },
    ]);
    await thin(ctx());
    const kept = await stores.db.select().from(sliHour).where(eq(sliHour.sliId, counted.sliId));
    expect(kept).toMatchObject([{ m: oldest }]);
  });

  it('to a source without a past goes on under the same counts', async () => {
    const id = await store();
    const before = await row(id);
    const done = await change(id, 1, { sourceId: 'src_push', indicator: { kind: 'push' } });
    expect(done).toMatchObject({ revision: 2, isRemeasured: false });
    expect((await row(id))?.sliId).toBe(before?.sliId);
  });

  it('of words alone does not ask the source', async () => {
    const id = await store();
    server.failWith(new DomainError('upstream', 'Nobody answers.'));
    expect(await change(id, 1, { description: 'Orders that went through' })).toMatchObject({ revision: 2 });
    const indicator = { kind: 'counters', total: 'hits_total', bad: 'hits_slow' };
    expect(await refusal(change(id, 2, { indicator }))).toMatchObject({ code: 'upstream' });
    expect((await row(id))?.revision).toBe(2);
  });

  it('loses against one that was first, whether seconds or moments before', async () => {
    const id = await store();
    const both = await Promise.allSettled([change(id, 1, { name: 'A' }), change(id, 1, { name: 'B' })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const lost = both.find((one) => one.status === 'rejected');
    expect(lost).toMatchObject({ reason: { code: 'conflict', fields: [{ field: 'revision' }] } });
    expect(await refusal(change(id, 1, { name: 'C' }))).toMatchObject({ code: 'conflict' });
    expect(await listRevisions(ctx(), id)).toHaveLength(2);
  });

  it('cannot move it to another platform, take a slug, or touch the demo', async () => {
    const id = await store();
    await store({ slug: 'search' });
    expect(await refusal(change(id, 1, { slug: 'search' }))).toMatchObject({ code: 'conflict' });
    const moved = change(id, 1, { platform: 'bank', sourceId: 'src_bank', indicator: { kind: 'push' } });
    expect(await refusal(moved)).toMatchObject({ code: 'invalid', fields: [{ field: 'platform' }] });
    await stores.db.update(slos).set({ isDemo: true }).where(eq(slos.id, id));
    expect(await refusal(change(id, 1, { name: 'x' }))).toMatchObject({ code: 'precondition' });
    expect(await refusal(archiveSlo(ctx(), { id, reason: '' }))).toMatchObject({ code: 'precondition' });
  });

  it('of an objective from before revisions were kept keeps what it said', async () => {
    const id = await store();
    await stores.db.execute('delete from slo_revisions');
    expect(await listRevisions(ctx(), id)).toMatchObject([{ revision: 1, changedBy: '' }]);
    await change(id, 1, { name: 'New' });
    expect((await listRevisions(ctx(), id)).map((r) => [r.revision, r.definition.name])).toEqual([
      [2, 'New'],
      [1, 'Checkout works'],
    ]);
  });

  it('may free a slug for another objective', async () => {
    const id = await store();
    await change(id, 1, { slug: 'orders' });
    const other = await store();
    expect(other).not.toBe(id);
    expect((await listSlos(ctx(), {})).rows.map((r) => r.id).toSorted()).toEqual([id, other].toSorted());
  });
});

describe('an archived objective', () => {
  it('leaves the list, keeps its revisions, and comes back under its slug', async () => {
    const id = await store();
    await archiveSlo(ctx(), { id, reason: 'Gone' });
    expect((await listSlos(ctx(), {})).rows).toEqual([]);
    expect(await listRevisions(ctx(), id)).toHaveLength(1);
    expect(await refusal(getDefinition(ctx(), id))).toMatchObject({ code: 'not_found' });
    expect(await refusal(archiveSlo(ctx(), { id, reason: '' }))).toMatchObject({ code: 'not_found' });
    expect(await createSlo(ctx(), deps, definition())).toEqual({ id });
    expect(await actions(id)).toEqual(expect.arrayContaining(['slo.archived', 'slo.restored']));
    expect((await listSlos(ctx(), {})).rows).toMatchObject([{ id, revision: 2 }]);
  });
});

describe('the gate', () => {
  const measured = async (state: string, leftRatio: number | null, freshness = 'fresh') => {
    const id = await store({ meanings: { freeze: 'Ask Ada', ship: 'Go' } });
    await stores.db.execute(
      `update sli_now set summary = jsonb_set(jsonb_set(jsonb_set(jsonb_set(summary::jsonb, '{state}', '"${state}"'),
        '{budget,leftRatio}', '${leftRatio ?? 'null'}'), '{freshness}', '"${freshness}"'), '{dataAt}', '${now.getTime()}')`,
    );
    return id;
  };

  it.each([
    ['on_course', 0.7, true, 'budget', 'Go'],
    ['caution', 0.15, true, 'caution', ''],
    ['fast_burn', 0.7, false, 'burning', ''],
    ['freeze', 0.05, false, 'frozen', 'Ask Ada'],
    ['overspent', -0.2, false, 'overspent', ''],
    ['no_data', null, false, 'unknown', ''],
    ['insufficient', 0.9, false, 'unknown', ''],
  ])('with %s answers for %s left: %s', async (...verdict) => {
    const [state, leftRatio, allow, reason, note] = verdict;
    const id = await measured(state, leftRatio);
    expect(await gateOf(ctx(), id, { unknownPasses: false })).toMatchObject({ allow, reason, note, leftRatio });
    const lenient = await gateOf(ctx(), id, { unknownPasses: true });
    expect(lenient.allow).toBe(allow || reason === 'unknown');
  });

  it('takes old news of a full budget for none, and old news of an empty one for true', async () => {
    const id = await measured('on_course', 0.9, 'stale');
    expect(await gateOf(ctx(), id, { unknownPasses: false })).toMatchObject({ allow: false, reason: 'unknown' });
    await stores.db.execute(`update sli_now set summary = jsonb_set(summary::jsonb, '{state}', '"freeze"')`);
    expect(await gateOf(ctx(), id, { unknownPasses: true })).toMatchObject({ allow: false, reason: 'frozen' });
  });

  it('opens for an override, names who decided, and closes when it ends or is withdrawn', async () => {
    const id = await measured('overspent', -1);
    const until = now.getTime() + HOUR_MS;
    const made = await createOverride(ctx(actorWith('owner')), { id, reason: 'Hotfix for the leak', until });
    expect(await gateOf(ctx(), id, { unknownPasses: false })).toMatchObject({
      allow: true,
      reason: 'override',
      state: 'overspent',
      override: {
        reason: 'Hotfix for the leak',
        createdBy: 'owner@example.test',
        createdByName: 'owner@example.test',
        until: new Date(until).toISOString(),
      },
    });
    expect((await getSlo(ctx(), id)).override).toMatchObject({ id: made.id, until });
    await withdrawOverride(ctx(), made.id);
    expect(await gateOf(ctx(), id, { unknownPasses: false })).toMatchObject({ allow: false, override: null });
    expect(await refusal(withdrawOverride(ctx(), made.id))).toMatchObject({ code: 'conflict' });
    await createOverride(ctx(), { id, reason: 'Again', until });
    stores.clock.set(new Date(until));
    expect((await getSlo(ctx(), id)).override).toBeNull();
    expect(await actions(id)).toEqual(expect.arrayContaining(['slo.overridden', 'slo.override_withdrawn']));
  });

  it('shows people by name and keeps their addresses, and says of others what is known', async () => {
    const id = await measured('overspent', -1);
    const email = 'Olga@Example.test';
    await stores.db
      .insert(users)
      .values({ id: 'usr_olga', email, emailKey: emailKey(email), name: 'Olga Lind', state: 'active', createdAt: now });
    const olga = { ...actorWith('owner'), email, name: 'Olga Lind' };
    const machine = { ...actorWith('owner'), email: null, name: 'Release pipeline' };
    await change(id, 1, { name: 'By Olga' }, olga);
    await change(id, 2, { name: 'By a machine' }, machine);
    const [byMachine, byOlga] = await listRevisions(ctx(), id);
    expect(byMachine).toMatchObject({ changedBy: 'Release pipeline', changedByName: 'Release pipeline' });
    expect(byOlga).toMatchObject({ changedBy: email, changedByName: 'Olga Lind' });
    await createOverride(ctx(olga), { id, reason: 'Hotfix for the leak', until: now.getTime() + HOUR_MS });
    expect((await getSlo(ctx(), id)).override).toMatchObject({ createdBy: email, createdByName: 'Olga Lind' });
    const exclusion = exclusionInput.parse({
      platformId: 'shop',
      category: 'maintenance',
      reason: 'Disks are swapped',
      startsAt: now.getTime() - (now.getTime() % HOUR_MS),
      durationMs: HOUR_MS,
    });
    const made = await createExclusion(ctx(olga), deps, exclusion);
    const { rows } = await listExclusions(ctx(), exclusionListInput.parse({}));
    expect(rows.find((one) => one.id === made.id)).toMatchObject({
      createdBy: email,
      createdByName: 'Olga Lind',
      updatedByName: 'Olga Lind',
    });
    await withdrawExclusion(ctx(machine), deps, { id: made.id, reason: 'not needed' });
    expect(await exclusionVersions(ctx(), made.id)).toMatchObject([
      { createdByName: 'Olga Lind', updatedBy: 'Release pipeline', updatedByName: 'Release pipeline' },
      { createdByName: 'Olga Lind', updatedByName: 'Olga Lind' },
    ]);
  });

  it.each([
    ['in the past', -1],
    ['of more than a week', 7 * DAY_MS + 1],
  ])('refuses an override %s', async (_what, aheadMs) => {
    const id = await measured('freeze', 0.01);
    const error = await refusal(createOverride(ctx(), { id, reason: 'Why not', until: now.getTime() + aheadMs }));
    expect(error).toMatchObject({ code: 'invalid', fields: [{ field: 'until' }] });
  });

  it('asks for the permission to override', async () => {
    const id = await measured('freeze', 0.01);
    const reader = actorWith('stakeholder', 'shop');
    const wanted = { id, reason: 'Please', until: now.getTime() + HOUR_MS };
    expect(await refusal(createOverride(ctx(reader), wanted))).toMatchObject({ code: 'forbidden' });
  });
});

describe('two who act at once', () => {
  it('never give two objectives the same slug', async () => {
    const [one, other] = [await store({ slug: 'one' }), await store({ slug: 'other' })];
    const outcomes = await Promise.allSettled([one, other].map((id) => change(id, 1, { slug: 'wanted' })));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'conflict', fields: [{ field: 'slug' }] },
    });
  });

  it('do not bring back with a change what the other takes out of use', async () => {
    const id = await store({ slug: 'leaving' });
    const gone = deps.openSource;
    const slow = createSloDeps({
      openSource: (spec) => {
        const open = gone(spec);
        if (open === null) return null;
        const probe = async () => (await archiveSlo(ctx(), { id, reason: 'not needed' }), server.probe());
        return { ...open, probe };
      },
    });
    const indicator = { kind: 'counters', total: 'hits_total', bad: 'hits_slow' };
    const wanted = definition({ slug: 'leaving', indicator });
    const work = updateSlo(ctx(), slow, { id, revision: 1, definition: wanted, reason: '' });
    expect(await refusal(work)).toMatchObject({ code: 'conflict' });
    expect((await row(id))?.archivedAt).not.toBeNull();
    expect(await actions(id)).not.toContain('slo.changed');
  });
});
