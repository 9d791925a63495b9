import { DomainError } from '@qd/shared/errors';
import { platformFile as platformFileSchema } from '@qd/shared/slo';
import { DAY_MS } from '@qd/shared/time';
import { desc, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeSource, type FakeSource } from '../../adapters/metrics/fake.ts';
import { auditEvents, platforms, slos, sources } from '../../db/schema/index.ts';
import { applyPlatform, applyPlatformFile } from './service/apply-platform.ts';
import { getDefinition, listRevisions } from './service/definitions/read.ts';
import { archiveSlo, updateSlo } from './service/definitions/save.ts';
import { anchorFor } from './service/definitions/stored-definition.ts';
import { createSloDeps, type SloDeps } from './service/deps.ts';
import { listSlos } from './service/list.ts';

let stores: TestStores;
let deps: SloDeps;
let server: FakeSource;
const now = new Date('2026-05-20T12:30:20Z');

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(() => {
  stores.clock.set(now);
  const seconds = now.getTime() / 1_000;
  const samples = Array.from({ length: 200 }, (_, i) => [seconds - 3_000 + i * 15, i] as const);
  server = createFakeSource({
    intervalMs: 15_000,
    series: [{ name: 'hits_total', labels: { instance: 'a' }, samples }],
  });
  deps = createSloDeps({ openSource: ({ kind }) => (kind === 'prometheus' ? server : null) });
});
afterEach(async () => {
  for (const table of [slos, sources, platforms]) await stores.db.delete(table);
});

const file = (more: Record<string, unknown> = {}, slo: Record<string, unknown> = {}) => ({
  platform: 'web-shop',
  name: 'Web shop',
  prometheus: 'http://prometheus:9090',
  slos: [{ name: 'Checkout works', target: 99.9, total: 'hits_total', bad: 'hits_total{code="500"}', ...slo }],
  ...more,
});
const ctx = () => testCtx(stores);
const apply = (parsed: unknown) => applyPlatformFile(ctx(), deps, parsed);
const lastAudit = async () => (await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1))[0];
const counts = async () => [
  (await stores.db.select().from(platforms)).length,
  (await stores.db.select().from(sources)).length,
  (await stores.db.select().from(slos)).length,
];

describe('a platform file', () => {
  it('makes the platform, its source and its objectives, shows them, and leaves a trace', async () => {
    const applied = await apply(file());
    expect(applied).toEqual({
      platform: 'web-shop',
      created: ['slo_web-shop_checkout-works'],
      updated: [],
      unchanged: [],
      archived: [],
      remarks: [],
    });
    expect(await stores.db.select().from(sources)).toMatchObject([
      { id: 'src_web-shop_prometheus', kind: 'prometheus', url: 'http://prometheus:9090', intervalMs: 30_000 },
    ]);
    const [row] = (await listSlos(ctx(), {})).rows;
    expect(row).toMatchObject({
      id: applied.created[0],
      platformName: 'Web shop',
      targetPercent: '99.9',
      state: 'no_data',
    });
    expect(row?.budget.window.startAt).toBe(Date.UTC(2026, 4, 1));
    expect(await stores.db.select().from(auditEvents).orderBy(auditEvents.seq)).toMatchObject([
      { action: 'slo.platform_applied', platform: 'web-shop', actorKind: 'system' },
      { action: 'slo.created', platform: 'web-shop', targetId: applied.created[0] },
    ]);
  });

  it('changes nothing when it is applied again, and writes no trace', async () => {
    await apply(file());
    const before = await lastAudit();
    expect(await apply(file())).toMatchObject({ created: [], updated: [], unchanged: ['slo_web-shop_checkout-works'] });
    expect((await lastAudit())?.seq).toBe(before?.seq);
  });

  it('changes what differs, keeps what was measured, and records before and after', async () => {
    await apply(file());
    await stores.db.update(slos).set({ readUntilMinute: 5, lastError: 'old' });
    const applied = await apply(
      file({ interval: '1m' }, { target: '99.95', slug: 'checkout-works', name: 'Checkout' }),
    );
    expect(applied).toMatchObject({ created: [], updated: ['slo_web-shop_checkout-works'] });
    expect((await stores.db.select().from(slos))[0]).toMatchObject({
      name: 'Checkout',
      targetPercent: '99.95',
      readUntilMinute: 5,
      lastError: null,
    });
    expect((await stores.db.select().from(sources))[0]?.intervalMs).toBe(60_000);
    expect(await lastAudit()).toMatchObject({
      action: 'slo.changed',
      before: { targetPercent: '99.9' },
      after: { targetPercent: '99.95' },
    });
  });

  it('goes on from now when a platform is measured by another source, and drops the idle one', async () => {
    await apply(file());
    await stores.db.update(slos).set({ measuredSinceMinute: 5, readUntilMinute: null });
    const { prometheus: _gone, ...rest } = file();
    await apply({ ...rest, scrape: 'http://shop/metrics' });
    expect(await stores.db.select().from(sources)).toMatchObject([{ id: 'src_web-shop_scrape' }]);
    expect((await stores.db.select().from(slos))[0]).toMatchObject({
      sourceId: 'src_web-shop_scrape',
      readUntilMinute: Math.floor(now.getTime() / 60_000),
    });
  });

  it('leaves objectives alone that it does not name, says so, and takes them out of use when asked to', async () => {
    await apply(file());
    const second = { name: 'Search works', target: 99, total: 'hits_total', bad: 'x' };
    const { remarks } = await apply(file({ slos: [second] }));
    expect(await counts()).toEqual([1, 1, 2]);
    expect(remarks).toEqual([
      expect.stringContaining('no samples'),
      expect.stringContaining('“checkout-works” (Checkout works) is stored but not in the file'),
    ]);
    const pruned = await applyPlatformFile(ctx(), deps, file({ slos: [second] }), { prune: true });
    expect(pruned).toMatchObject({
      archived: ['slo_web-shop_checkout-works'],
      unchanged: ['slo_web-shop_search-works'],
    });
    expect((await listSlos(ctx(), {})).rows.map(({ name }) => name)).toEqual(['Search works']);
    expect((await lastAudit())?.action).toBe('slo.archived');
  });

  it('keeps a revision of everything it stores, and brings archived objectives back', async () => {
    const { created } = await apply(file());
    await apply(file({}, { target: 99 }));
    await applyPlatformFile(
      ctx(),
      deps,
      file({ slos: [{ name: 'Other', target: 9, total: 'hits_total', bad: 'x' }] }),
      {
        prune: true,
      },
    );
    await apply(file({}, { target: 99 }));
    expect((await lastAudit())?.action).toBe('slo.restored');
    const revisions = await listRevisions(ctx(), created[0] ?? '');
    expect(revisions.map(({ revision, definition }) => [revision, definition.targetPercent])).toEqual([
      [3, '99'],
      [2, '99'],
      [1, '99.9'],
    ]);
  });

  it('of the console itself comes back at every start without undoing what people changed', async () => {
    const definition = platformFileSchema.parse(file());
    const start = (more: Record<string, unknown> = {}) =>
      applyPlatform(ctx(), deps, platformFileSchema.parse(file({}, more)), { keepEdits: true });
    const { created } = await applyPlatform(ctx(), deps, definition, { keepEdits: true });
    const id = created[0] ?? '';
    expect(await start({ target: 99.5 })).toMatchObject({ updated: [id] });
    const { definition: stored } = await getDefinition(ctx(), id);
    const edit = { id, revision: 2, definition: { ...stored, targetPercent: '98' }, reason: '' };
    await updateSlo(testCtx(stores, { actor: actorWith('owner') }), deps, edit);
    expect(await start({ target: 99.7 })).toMatchObject({ created: [], updated: [] });
    expect((await getDefinition(ctx(), id)).definition.targetPercent).toBe('98');
    await archiveSlo(ctx(), { id, reason: '' });
    expect(await start({ target: 99.7 })).toMatchObject({ created: [], updated: [] });
    expect((await listSlos(ctx(), {})).rows).toEqual([]);
  });

  it('counts afresh when a query changes, because the server knows what it would have counted', async () => {
    const { created } = await apply(file());
    await stores.db.update(slos).set({ measuredSinceMinute: 5, readUntilMinute: 9 });
    const before = (await stores.db.select().from(slos))[0];
    await apply(file({}, { bad: 'hits_total{code="502"}' }));
    const after = (await stores.db.select().from(slos))[0];
    expect(after).toMatchObject({ id: created[0], revision: 2, measuredSinceMinute: null, readUntilMinute: null });
    expect(after?.sliId).not.toBe(before?.sliId);
  });

  it('stores every kind of window, indicator and rule, and finds them again', async () => {
    const rich = file({
      slos: [
        {
          name: 'Errors',
          target: 99.9,
          total: 'hits_total',
          bad: 'x',
          window: [{ calendar: 'month', timeZone: 'Europe/Berlin', startDate: '2026-01-01' }, { rolling: '7d' }],
          alerting: { policy: 'constant_share', absent: false, exhaustion: '24h', muted: true },
          meanings: { freeze: 'Ask Ada.' },
          service: 'checkout',
          labels: { team: 'pay' },
          exclusions: 'good',
        },
      ],
    });
    const { created } = await apply(rich);
    expect(await apply(rich)).toMatchObject({ unchanged: created });
    expect((await getDefinition(ctx(), created[0] ?? '')).definition).toMatchObject({
      windows: [
        { kind: 'calendar', calendar: { unit: 'month', count: 1, timeZone: 'Europe/Berlin', startDate: '2026-01-01' } },
        { kind: 'rolling', windowMs: 7 * DAY_MS },
      ],
      alerting: { policy: 'constant_share', absentMs: null, exhaustionMs: DAY_MS, isMuted: true, minBadEvents: 3 },
      meanings: { freeze: 'Ask Ada.', ship: '' },
      service: 'checkout',
      labels: { team: 'pay' },
      exclusionMode: 'good',
    });
  });

  it('keeps the name of a platform when the file has none', async () => {
    await apply(file());
    await apply(file({ name: undefined }, { target: 99 }));
    expect((await stores.db.select().from(platforms))[0]?.name).toBe('Web shop');
  });

  it('makes an objective that is pushed, without asking anybody', async () => {
    const pushed = { platform: 'jobs', push: true, slos: [{ name: 'Nightly import', target: 95, window: '7d' }] };
    const { created } = await apply(pushed);
    expect(created).toEqual(['slo_jobs_nightly-import']);
    expect((await stores.db.select().from(slos))[0]?.anchorAt).toEqual(new Date('2026-05-18T00:00:00Z'));
    expect(server.reads).toBe(0);
  });

  it.each([
    ['unknown fields', file({ color: 'red' }), 'color'],
    ['a target of 100', file({}, { target: 100 }), 'slos[0].target'],
    ['two sources', file({ scrape: 'http://x/metrics' }), 'scrape'],
    ['no objectives', file({ slos: [] }), 'slos'],
    ['the same counter twice', file({}, { bad: 'hits_total' }), 'slos[0].bad'],
    ['text', 'hello', ''],
  ])('is refused with %s, naming the field, and stores nothing', async (_what, parsed, field) => {
    const error: unknown = await apply(parsed).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid' });
    expect((error as DomainError).fields.map((f) => f.field)).toContain(field);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('is refused as a whole when one indicator cannot be read', async () => {
    const good = { name: 'Good', target: 99, total: 'hits_total', bad: 'x' };
    const parsed = file({
      slos: [good, { ...good, name: 'Bad', total: 'rate(x[5m])' }, { ...good, name: 'Worse', bad: 'x{' }],
    });
    const error: unknown = await apply(parsed).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'invalid' });
    expect((error as DomainError).fields.map((f) => f.field)).toEqual(['slos[1]', 'slos[2]']);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('is refused when the source does not answer', async () => {
    server.failWith(new DomainError('upstream', 'http://prometheus:9090 cannot be read: nobody listens there.'));
    await expect(apply(file())).rejects.toMatchObject({ code: 'upstream' });
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it('remarks on counters without samples', async () => {
    const { remarks } = await apply(file({}, { total: 'misspelt_total' }));
    expect(remarks).toEqual([expect.stringContaining('slos[0] (Checkout works): no samples')]);
  });

  it('does not take an objective away from the demo', async () => {
    const demo = await addObjective(stores.db, { platform: 'web-shop', slug: 'checkout-works' });
    await stores.db.update(slos).set({ isDemo: true }).where(eq(slos.id, demo.id));
    await expect(apply(file())).rejects.toMatchObject({ code: 'conflict', fields: [{ field: 'slos[0].slug' }] });
  });

  it('asks a person for the permission on that platform', async () => {
    const as = (actor: ReturnType<typeof actorWith>) => applyPlatformFile(testCtx(stores, { actor }), deps, file());
    await expect(as(actorWith('stakeholder', 'web-shop'))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(as(actorWith('admin', 'elsewhere'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(as(actorWith('admin', 'web-shop'))).resolves.toMatchObject({ platform: 'web-shop' });
  });

  it('gives long names an id that fits', async () => {
    const name = 'A very long name of an objective that goes on and on and on';
    const { created } = await apply(file({ platform: 'a-platform-with-a-long-name-too' }, { name }));
    expect(created[0]).toMatch(/^slo_a-platform-with-a-long-name-too_.*\.[0-9a-f]{8}$/);
    expect(created[0]?.length).toBe(64);
  });
});

describe('the first cycle', () => {
  it.each([
    [30 * DAY_MS, '2026-05-01'],
    [28 * DAY_MS, '2026-05-01'],
    [7 * DAY_MS, '2026-05-18'],
    [DAY_MS, '2026-05-20'],
  ])('of a window of %i ms begins on %s', (windowMs, day) => {
    expect(anchorFor(windowMs, now)).toEqual(new Date(`${day}T00:00:00Z`));
  });

  it('of a week begins on Monday, Sundays included', () => {
    expect(anchorFor(7 * DAY_MS, new Date('2026-05-24T23:59:00Z'))).toEqual(new Date('2026-05-18T00:00:00Z'));
  });
});
