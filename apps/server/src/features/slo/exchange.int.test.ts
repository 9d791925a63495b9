import { DomainError } from '@qd/shared/errors';
import { importInput, type SloDefinition, sloDefinition } from '@qd/shared/slo';
import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeSource, type FakeSource } from '../../adapters/metrics/fake.ts';
import { auditEvents, platforms, slos, sources } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { getDefinition, listRevisions } from './service/definitions/read.ts';
import { createSlo } from './service/definitions/save.ts';
import { createSloDeps, type SloDeps } from './service/deps.ts';
import { exportSlos } from './service/exchange/export.ts';
import { importSlos, inspectImport } from './service/exchange/import.ts';
import { listSlos } from './service/list.ts';

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
  const samples = Array.from({ length: 100 }, (_, i) => [now.getTime() / 1_000 - 1_500 + i * 15, i] as const);
  server = createFakeSource({ intervalMs: 15_000, series: [{ name: 'hits_total', labels: {}, samples }] });
  server.close = () => Promise.resolve();
  deps = createSloDeps({ openSource: ({ kind }) => (kind === 'prometheus' ? server : null) });
  await stores.db.insert(platforms).values({ id: 'shop', name: 'Shop', createdAt: now });
  const common = { platformId: 'shop', intervalMs: 15_000, createdAt: now, lastOkAt: now };
  await stores.db.insert(sources).values([
    { ...common, id: 'src_prom', kind: 'prometheus', name: 'Prometheus', url: 'http://u:secret@p:9090' },
    { ...common, id: 'src_push', kind: 'push', name: 'Push', url: null },
  ]);
});
afterEach(async () => {
  for (const table of [slos, sources, platforms]) await stores.db.delete(table);
});

const ctx = (actor?: Actor) => testCtx(stores, actor === undefined ? {} : { actor });
const take = (text: string, more: Record<string, unknown> = {}, actor?: Actor) =>
  importSlos(ctx(actor), deps, importInput.parse({ text, ...more }));
const stored = () => stores.db.select().from(slos);

const yaml = (name: string, bad = 'hits_bad', more = '') => `apiVersion: openslo/v1
kind: SLO
metadata:
  name: ${name}
spec:
  service: shop
  indicator:
    metadata: { name: ${name} }
    spec:
      ratioMetric:
        counter: true
        bad: { metricSource: { type: Prometheus, spec: { query: ${bad} } } }
        total: { metricSource: { type: Prometheus, spec: { query: hits_total } } }
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
${more}`;

const definitions: SloDefinition[] = [
  sloDefinition.parse({
    platform: 'shop',
    slug: 'checkout',
    name: 'Checkout — “works”',
    description: 'Line one\nline two: yes',
    service: 'Check out',
    owner: 'Ada',
    sourceId: 'src_prom',
    indicator: { kind: 'counters', total: 'hits_total', bad: 'hits_bad{code=~"5.."}' },
    targetPercent: '99.95',
    windows: [
      { kind: 'calendar', calendar: { unit: 'month', timeZone: 'Europe/Berlin', startDate: '2026-01-01' } },
      { kind: 'cycle', windowMs: 28 * DAY_MS, anchorAt: now.getTime() - 1_234 },
    ],
    alerting: {
      policy: 'custom',
      rows: [{ shortMs: HOUR_MS / 12, longMs: HOUR_MS, limit: 14.4, severity: 'page' }],
      absentMs: null,
    },
    labels: { team: 'pay', 'not a label!': 'yes' },
    meanings: { freeze: 'no: really' },
  }),
  sloDefinition.parse({
    platform: 'shop',
    slug: 'import',
    name: 'on',
    sourceId: 'src_push',
    indicator: { kind: 'push' },
    targetPercent: '95',
    windows: [{ kind: 'rolling', windowMs: 7 * DAY_MS }],
    exclusionMode: 'good',
  }),
];

describe('an export', () => {
  it.each(['yaml', 'json'] as const)(
    'as %s reads back as it was, in the same console and in a fresh one',
    async (format) => {
      for (const one of definitions) await createSlo(ctx(), deps, one);
      const { text, count } = await exportSlos(ctx(), { format });
      expect(count).toBe(2);
      expect(text).not.toContain('secret');
      expect(await take(text)).toMatchObject({ isStored: true, faults: [] });
      expect((await take(text)).documents.map(({ kind, outcome }) => [kind, outcome])).toEqual([
        ['DataSource', 'skipped'],
        ['DataSource', 'skipped'],
        ['Service', 'skipped'],
        ['Service', 'skipped'],
        ['SLO', 'unchanged'],
        ['SLO', 'unchanged'],
      ]);
      await stores.db.delete(slos);
      const report = await take(text);
      expect(report.faults).toEqual([]);
      const ids = report.documents.flatMap(({ objectives }) => objectives.map(({ id }) => id ?? ''));
      const again = await Promise.all(ids.map(async (id) => (await getDefinition(ctx(), id)).definition));
      expect(again).toEqual(definitions);
    },
  );

  it('holds what the actor may see and asked for', async () => {
    for (const one of definitions) await createSlo(ctx(), deps, one);
    const stranger = actorWith('owner', 'bank');
    expect(await exportSlos(ctx(stranger), { format: 'yaml' })).toMatchObject({ count: 0 });
    expect(await exportSlos(ctx(), { format: 'yaml', ids: ['slo_shop_import'] })).toMatchObject({ count: 1 });
    const unknown = exportSlos(ctx(), { format: 'yaml', ids: ['slo_gone'] });
    await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an import', () => {
  it('stores documents of anyone, tells what became of each, and leaves a trace', async () => {
    const report = await take([yaml('checkout'), yaml('search')].join('---\n'), { platform: 'shop' });
    expect(report).toMatchObject({
      isStored: true,
      documents: [
        { document: 1, line: 1, kind: 'SLO', name: 'checkout', outcome: 'created' },
        { document: 2, kind: 'SLO', name: 'search', outcome: 'created', objectives: [{ id: 'slo_shop_search' }] },
      ],
    });
    expect((await listSlos(ctx(), {})).rows).toHaveLength(2);
    expect(await listRevisions(ctx(), 'slo_shop_checkout')).toMatchObject([{ reason: 'Imported from OpenSLO' }]);
    const actions = (await stores.db.select().from(auditEvents).orderBy(auditEvents.seq)).map(({ action }) => action);
    expect(actions.slice(-3)).toEqual(['slo.created', 'slo.created', 'slo.imported']);
    const changed = [yaml('checkout', 'hits_other'), yaml('search')].join('---\n');
    const second = await take(changed, { platform: 'shop' });
    expect(second.documents.map(({ outcome }) => outcome)).toEqual(['updated', 'unchanged']);
    expect(await listRevisions(ctx(), 'slo_shop_checkout')).toMatchObject([{ isRemeasured: true }, {}]);
  });

  it('that is only looked at stores nothing', async () => {
    const input = importInput.parse({ text: yaml('checkout'), platform: 'shop' });
    expect(await inspectImport(ctx(), deps, input)).toMatchObject({
      isStored: false,
      documents: [{ outcome: 'created', objectives: [{ id: null }] }],
    });
    expect(await stored()).toEqual([]);
  });

  it('stores nothing when one document is bad, and says where', async () => {
    const text = [yaml('checkout'), yaml('search', 'hits_bad', '    - goal: 1\n'), yaml('login')].join('---\n');
    const report = await take(text, { platform: 'shop' });
    expect(report.isStored).toBe(false);
    expect(report.documents.map(({ outcome }) => outcome)).toEqual(['created', 'failed', 'created']);
    const line = text.split('\n').findIndex((l) => l.includes('goal')) + 1;
    expect(report.faults).toContainEqual({
      document: 2,
      line,
      field: 'spec.objectives[1].goal',
      message: 'is not a field of OpenSLO v1; remove it',
    });
    expect(await stored()).toEqual([]);
  });

  it('stores nothing when a source refuses one query or does not answer', async () => {
    const text = [yaml('checkout'), yaml('search', '"hits_total{"')].join('---\n');
    const report = await take(text, { platform: 'shop' });
    expect(report).toMatchObject({ isStored: false, faults: [{ document: 2, field: 'spec.indicator' }] });
    server.failWith(new DomainError('upstream', 'Nobody answers.'));
    const down = await take(yaml('checkout'), { platform: 'shop' });
    expect(down).toMatchObject({ isStored: false, faults: [{ message: expect.stringMatching(/Try again/) }] });
    expect(await stored()).toEqual([]);
  });

  it('of 500 documents is one step', async () => {
    const text = Array.from({ length: 500 }, (_, i) => yaml(`objective-${i}`)).join('---\n');
    const report = await take(text, { platform: 'shop', sourceId: 'src_prom' });
    expect(report.faults).toEqual([]);
    expect(report.documents.filter(({ outcome }) => outcome === 'created')).toHaveLength(500);
    expect(await stored()).toHaveLength(500);
  }, 90_000);

  it.each<[string, string, Record<string, unknown>, RegExp]>([
    ['no YAML', 'a: [1\nb: 2', {}, /not valid YAML/],
    ['the same key twice', 'a: 1\na: 2', {}, /not valid YAML/],
    ['nothing', '# only a remark', {}, /no documents/],
    ['too many documents', '---\na: 1\n'.repeat(2_001), {}, /at most 2000/],
    ['nesting without end', '['.repeat(5_000) + ']'.repeat(5_000), {}, /too deep/],
    ['nesting by indentation', Array.from({ length: 80 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), {}, /too deep/],
    ['entries without end', `a: [${'1,'.repeat(200_000)}1]`, {}, /too many entries/],
    [
      'aliases that multiply',
      [
        'a0: &a0 [x,x,x,x,x,x,x,x,x,x]',
        ...Array.from({ length: 8 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(',')}]`),
      ].join('\n'),
      {},
      /aliases/,
    ],
    ['no platform', yaml('checkout'), {}, /platform/],
    ['the same objective twice', `${yaml('a')}---\n${yaml('a')}`, { platform: 'shop' }, /too/],
    [
      'a source that is not there',
      yaml('a').replaceAll('Prometheus', 'quarterdeck-push'),
      { platform: 'shop', sourceId: 'src_prom' },
      /push/,
    ],
    [
      'text a store cannot keep',
      yaml('a').replace('service: shop', 'service: "a\\0b"'),
      { platform: 'shop' },
      /hidden/,
    ],
  ])('is refused with %s', async (_what, text, more, message) => {
    const report = await take(text, more);
    expect(report.isStored).toBe(false);
    expect(report.faults.map((fault) => fault.message).join('\n')).toMatch(message);
    expect(await stored()).toEqual([]);
  });

  it('leaves the demo alone', async () => {
    await take(yaml('checkout'), { platform: 'shop' });
    await stores.db.update(slos).set({ isDemo: true });
    const report = await take(yaml('checkout'), { platform: 'shop' });
    expect(report.faults).toMatchObject([{ message: expect.stringMatching(/demo/) }]);
  });

  it('needs the permission on every platform it writes to', async () => {
    const reader = actorWith('stakeholder', 'shop');
    const refused = take(yaml('checkout'), { platform: 'shop' }, reader);
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  });
});
