import { sloDefinition } from '@qd/shared/slo';
import { DAY_MS } from '@qd/shared/time';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestStores, testCtx, type TestStores } from '../../test/stores.ts';
import { createFakeSource } from '../adapters/metrics/fake.ts';
import { platforms, slos, sources } from '../db/schema/index.ts';
import { createSlo } from '../features/slo/service/definitions/save.ts';
import { createSloDeps, type SloDeps } from '../features/slo/service/deps.ts';
import { buildProgram, runProgram } from './program.ts';
import type { CliConsole } from './tools.ts';

let stores: TestStores;
let deps: SloDeps;
const now = new Date('2026-05-20T12:30:20Z');

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());
beforeEach(() => {
  stores.clock.set(now);
  deps = createSloDeps({
    openSource({ kind, intervalMs }) {
      const first = now.getTime() / 1_000 - 12_000;
      const samples = Array.from({ length: 800 }, (_, i) => [first + i * 15, i] as const);
      const series = [{ name: 'hits_total', labels: {}, samples }];
      return kind === 'prometheus' ? createFakeSource({ intervalMs, series }) : null;
    },
  });
});
afterEach(async () => {
  for (const table of [slos, sources, platforms]) await stores.db.delete(table);
});

async function qd(argv: string[], files: Record<string, string> = {}) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: (path: string) => Promise.resolve(files[path] ?? ''),
  };
  // Commands on objectives use no other part of a console.
  const open = () =>
    Promise.resolve({
      ctx: testCtx(stores),
      services: { slo: deps },
      config: { SLO_MEASUREMENT_WINDOW: 14 },
    } as unknown as CliConsole);
  const code = await runProgram(buildProgram({ io, open }), argv, io);
  return { code, out, err };
}

const platformFile = `platform: shop
prometheus: http://p:9090
slos:
  - name: Checkout
    target: 99.9
    total: hits_total
    bad: hits_total{code="500"}
`;

describe('qd slo', () => {
  it('applies a platform file, lists it, and says so when nothing changed', async () => {
    const files = { 'shop.yaml': platformFile };
    expect(await qd(['slo', 'apply', '-f', 'shop.yaml'], files)).toMatchObject({
      code: 0,
      out: expect.stringContaining('shop: 1 created, 0 changed, 0 as they were.'),
    });
    expect((await qd(['slo', 'apply', '-f', 'shop.yaml'], files)).out).toContain('1 as they were');
    expect((await qd(['slo', 'list'])).out).toMatch(/slo_shop_checkout +shop +Checkout +99\.9%/);
    const [row] = await stores.db.select().from(slos);
    expect(row?.windowMs).toBe(14 * DAY_MS);
  });

  it('exports what apply reads back, as text or JSON', async () => {
    await qd(['slo', 'apply', '-f', 'shop.yaml'], { 'shop.yaml': platformFile });
    for (const format of ['yaml', 'json']) {
      const exported = await qd(['slo', 'export', '--platform', 'shop', '--format', format]);
      expect(exported).toMatchObject({ code: 0, out: expect.stringContaining('openslo/v1') });
      const again = await qd(['slo', 'apply', '-f', 'x', '--json'], { x: exported.out });
      expect(JSON.parse(again.out)).toMatchObject({ isStored: true, faults: [] });
      expect(again.out).toContain('unchanged');
    }
    expect(await qd(['slo', 'export', '--platform', 'bank'])).toMatchObject({ code: 1 });
    expect(await qd(['slo', 'export', '--format', 'xml'])).toMatchObject({ code: 1 });
  });

  it('names file, line and field of every fault', async () => {
    const faulty = platformFile.replace('99.9', '100').replace('name: Checkout', 'name: Checkout\n    color: red');
    const { code, err } = await qd(['slo', 'apply', '-f', 'shop.yaml'], { 'shop.yaml': faulty });
    expect(code).toBe(1);
    expect(err).toContain('shop.yaml:5 slos[0].color: is not a known field');
    expect(err).toContain('shop.yaml:6 slos[0].target');
    const broken = await qd(['slo', 'apply', '-f', 'shop.yaml'], { 'shop.yaml': 'a: 1\nb: [' });
    expect(broken).toMatchObject({ code: 1, err: expect.stringMatching(/shop\.yaml:\d: is not valid YAML/) });
    expect(await stores.db.select().from(slos)).toEqual([]);
  });

  it('lints without storing, and exits 1 when something must be changed', async () => {
    const sound = await qd(['slo', 'lint', '-f', 'shop.yaml'], { 'shop.yaml': platformFile });
    expect(sound).toMatchObject({ code: 0, out: expect.stringContaining('shop.yaml is sound.') });
    const openSlo = 'apiVersion: openslo/v1\nkind: SLO\nmetadata:\n  name: Bad Name\nspec: {}\n';
    const bad = await qd(['slo', 'lint', '-f', 'o.yaml', '--platform', 'shop'], { 'o.yaml': openSlo });
    expect(bad).toMatchObject({ code: 1, err: expect.stringContaining('o.yaml:4 document 1 metadata.name') });
    expect(await stores.db.select().from(slos)).toEqual([]);
  });

  it('takes objectives out of use that a file no longer names, when asked to', async () => {
    await qd(['slo', 'apply', '-f', 'x'], { x: platformFile });
    const other = platformFile.replace('Checkout', 'Search');
    expect((await qd(['slo', 'apply', '-f', 'x'], { x: other })).out).toContain('“checkout”');
    expect((await qd(['slo', 'apply', '-f', 'x', '--prune'], { x: other })).out).toContain('1 taken out of use');
  });

  it('reads the past of an objective, and says where it has none', async () => {
    await qd(['slo', 'apply', '-f', 'x'], { x: platformFile });
    const done = await qd(['slo', 'backfill', 'slo_shop_checkout', '--days', '1', '--json']);
    expect(done.code).toBe(0);
    expect(JSON.parse(done.out)).toMatchObject({ measuredSince: expect.stringMatching(/^2026-05-20T0[89]:/) });
    expect(await qd(['slo', 'backfill', 'slo_none'])).toMatchObject({ code: 1 });
    expect(await qd(['slo', 'backfill', 'slo_shop_checkout', '--days', 'many'])).toMatchObject({ code: 1 });
    const common = { platformId: 'shop', name: 'P', url: null, intervalMs: 15_000, createdAt: now };
    await stores.db.insert(sources).values({ ...common, id: 'src_push', kind: 'push' });
    const windows = [{ kind: 'rolling', windowMs: DAY_MS }];
    const pushed = { platform: 'shop', slug: 'p', name: 'P', sourceId: 'src_push', indicator: { kind: 'push' } };
    await createSlo(testCtx(stores), deps, sloDefinition.parse({ ...pushed, targetPercent: 9, windows }));
    expect(await qd(['slo', 'backfill', 'slo_shop_p'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('past'),
    });
  });

  it('explains itself', async () => {
    const { code, out } = await qd(['slo', '--help']);
    expect(code).toBe(0);
    for (const command of ['list', 'apply', 'lint', 'export', 'backfill <id>'])
      expect(out).toContain(command.split(' ')[0]);
    expect(out).not.toContain('undefined');
  });
});
