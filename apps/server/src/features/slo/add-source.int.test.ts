import { DomainError } from '@qd/shared/errors';
import { sloSourceInput, type SloSourceInput } from '@qd/shared/slo';
import { desc, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeSource } from '../../adapters/metrics/fake.ts';
import { auditEvents, platforms, sources } from '../../db/schema/index.ts';
import { addSource } from './service/add-source.ts';
import { createSloDeps, type SloDeps } from './service/deps.ts';
import { listSources } from './service/sources.ts';

let stores: TestStores;
let isDown: boolean;
let deps: SloDeps;

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

beforeEach(() => {
  isDown = false;
  deps = createSloDeps({
    openSource: ({ kind }) =>
      kind === 'push' ? null : { ...createFakeSource({ intervalMs: 15_000, series: [] }), probe },
  });
});
afterEach(async () => {
  await stores.db.delete(sources);
  await stores.db.delete(platforms);
});

function probe(): Promise<{ version: string | null; latencyMs: number }> {
  return isDown
    ? Promise.reject(new DomainError('upstream', 'http://p does not answer.'))
    : Promise.resolve({ version: '3.1.0', latencyMs: 4 });
}

const prometheus: SloSourceInput = sloSourceInput.parse({
  platform: 'shop',
  platformName: 'The shop',
  kind: 'prometheus',
  url: 'http://prometheus:9090',
});
const everywhere = () => testCtx(stores, { actor: actorWith('admin', '*') });
const onlyShop = () => testCtx(stores, { actor: actorWith('admin', 'shop') });

describe('adding a source', () => {
  it('brings its platform with it, is tried first, and can be chosen at once', async () => {
    const { id } = await addSource(everywhere(), deps, prometheus);
    expect(await listSources(everywhere(), {})).toEqual([
      expect.objectContaining({
        id,
        platformName: 'The shop',
        kind: 'prometheus',
        serverVersion: '3.1.0',
        isDown: false,
      }),
    ]);
    const [entry] = await stores.db.select().from(auditEvents).orderBy(desc(auditEvents.seq)).limit(1);
    expect(entry).toMatchObject({ action: 'slo.source_added', status: 'success' });
  });

  it('stores nothing when it does not answer', async () => {
    isDown = true;
    await expect(addSource(everywhere(), deps, prometheus)).rejects.toMatchObject({ code: 'upstream' });
    expect(await stores.db.select().from(platforms)).toEqual([]);
    expect(await stores.db.select().from(sources)).toEqual([]);
  });

  it('refuses a second one of a kind, and the demo', async () => {
    await addSource(everywhere(), deps, prometheus);
    await expect(addSource(everywhere(), deps, prometheus)).rejects.toMatchObject({ code: 'conflict' });
    await addSource(everywhere(), deps, { ...prometheus, kind: 'push', url: null });
    await stores.db.update(platforms).set({ isDemo: true }).where(eq(platforms.id, 'shop'));
    const scrape = { ...prometheus, kind: 'scrape' as const };
    await expect(addSource(everywhere(), deps, scrape)).rejects.toMatchObject({ code: 'precondition' });
  });

  it('adds one of twenty at once, where it says it did', async () => {
    const wanted = Array.from({ length: 20 }, (_, i) => ({ ...prometheus, url: `http://p${i}:9090` }));
    const outcomes = await Promise.allSettled(wanted.map((one) => addSource(everywhere(), deps, one)));
    const won = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
    expect(won).toHaveLength(1);
    expect(await stores.db.select().from(sources)).toMatchObject([{ url: `http://p${won[0]}:9090` }]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' });
  });

  it('lets only who may write everywhere add a platform, and nobody write elsewhere', async () => {
    await expect(addSource(onlyShop(), deps, prometheus)).rejects.toMatchObject({ code: 'forbidden' });
    await addSource(everywhere(), deps, prometheus);
    await addSource(onlyShop(), deps, { ...prometheus, kind: 'push', url: null });
    await addSource(everywhere(), deps, { ...prometheus, platform: 'bank' });
    const push = { ...prometheus, platform: 'bank', kind: 'push' as const, url: null };
    await expect(addSource(onlyShop(), deps, push)).rejects.toMatchObject({ code: 'not_found' });
  });

  it.each([
    [{ ...prometheus, url: null }, 'url'],
    [{ ...prometheus, url: 'ftp://p' }, 'url'],
    [{ ...prometheus, kind: 'push' }, 'url'],
    [{ ...prometheus, platform: 'Shop' }, 'platform'],
    [{ ...prometheus, intervalMs: 0 }, 'intervalMs'],
    [{ ...prometheus, kind: 'demo' }, 'kind'],
  ])('names the field that is wrong: %j', (input, field) => {
    const read = sloSourceInput.safeParse(input);
    expect(read.error?.issues.map((issue) => issue.path.join('.'))).toContain(field);
  });
});
