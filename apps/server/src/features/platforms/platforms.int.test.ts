import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addObjective } from '../../../test/objectives.ts';
import { actorWith, openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { platforms, slos } from '../../db/schema/index.ts';
import type { Actor } from '../../platform/context.ts';
import { createCallerFactory } from '../../platform/trpc.ts';
import { platformsRouter } from './router.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
  for (const slug of ['checkout', 'search', 'old']) await addObjective(stores.db, { platform: 'shop', slug });
  await stores.db.update(slos).set({ archivedAt: new Date() }).where(eq(slos.slug, 'old'));
  await stores.db.insert(platforms).values({ id: 'bank', name: 'A bank', isDemo: true, createdAt: new Date() });
});
afterAll(() => stores.close());

const list = (actor: Actor) => createCallerFactory(platformsRouter)(testCtx(stores, { actor })).list();

describe('platforms.list', () => {
  it('gives platforms by name with the number of their objectives in use', async () => {
    expect(await list(actorWith('owner'))).toEqual([
      { id: 'bank', name: 'A bank', isDemo: true, sloCount: 0 },
      { id: 'shop', name: 'shop', isDemo: false, sloCount: 2 },
    ]);
  });

  it('shows only platforms the person may see', async () => {
    expect((await list(actorWith('stakeholder', 'shop'))).map(({ id }) => id)).toEqual(['shop']);
    expect(await list(actorWith('stakeholder', 'nowhere'))).toEqual([]);
    await expect(list({ ...actorWith('owner'), grants: [] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
