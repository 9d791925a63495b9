import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import type { ReadDb } from '../../db/client.ts';
import { users } from '../../db/schema/index.ts';
import { ingest } from '../../platform/write.ts';
import { tellProgress } from './queries/imports/progress.ts';
import { checkImport } from './service/imports/check.ts';
import { commitImport } from './service/imports/commit.ts';
import { createImportsDeps } from './service/imports/deps.ts';
import { listImports, viewImport } from './service/imports/views.ts';

let stores: TestStores;
/** Two replicas: nothing in common but the stores. */
const [here, elsewhere] = [createImportsDeps(), createImportsDeps()];

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores.close());

async function* file(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const check = (text: string) => checkImport(testCtx(stores), here, { fileName: 'new.csv', bytes: file(text) });
const commit = (id: string, deps = here) =>
  commitImport(testCtx(stores), deps, { id, mode: 'all', reason: 'Test', sendInvitations: false });

describe('how far a commit is', () => {
  it('is read in every replica while it runs, of that import alone, and forgotten with its transaction', async () => {
    const [running, other] = [await check('email,name\na@example.test,A\n'), await check('email,name\n')];
    const seen = async (db: ReadDb) => {
      const ctx = { ...testCtx(stores), db };
      expect(await viewImport(ctx, elsewhere, running.id)).toMatchObject({ state: 'committing', doneCount: 1_500 });
      const { rows } = await listImports(ctx, elsewhere, { limit: 10 });
      const states = new Map(rows.map((row) => [row.id, row.state]));
      expect([states.get(running.id), states.get(other.id)]).toEqual(['committing', 'checked']);
    };
    const [told, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const committing = ingest(stores, async (tx) => {
      await tellProgress(tx, running.id, 0);
      await tellProgress(tx, running.id, 1_500);
      // The embedded store has one connection for all, and one process.
      if (stores.kind === 'embedded') await seen(tx);
      told.resolve();
      await release.promise;
    });
    await told.promise;
    try {
      if (stores.kind === 'postgres') await seen(stores.db);
    } finally {
      release.resolve();
    }
    await committing;
    expect(await viewImport(testCtx(stores), elsewhere, running.id)).toMatchObject({ state: 'checked' });
  });

  it('is told by the commit itself, and a second one elsewhere is refused at once', async () => {
    const email = 'known@example.test';
    const createdAt = stores.clock.now();
    const known = { id: 'usr_known', email, emailKey: email, name: 'Known', state: 'active' as const, createdAt };
    await stores.db.insert(users).values(known);
    const { id } = await check(`email,name\n${email},Renamed\n`);
    const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    // The commit waits for a person somebody else holds.
    const holding = ingest(stores, async (tx) => {
      await tx.select().from(users).where(eq(users.id, known.id)).for('update');
      held.resolve();
      await release.promise;
    });
    await held.promise;
    const done = commit(id);
    // On the embedded store every reader waits for the transaction as well, and sees the end of it.
    if (stores.kind === 'postgres') {
      const stateElsewhere = async () => (await viewImport(testCtx(stores), elsewhere, id)).state;
      await vi.waitFor(async () => expect(await stateElsewhere()).toBe('committing'), { timeout: 20_000 });
      await expect(commit(id, elsewhere)).rejects.toThrow('being committed already');
    }
    release.resolve();
    await holding;
    expect(await done).toMatchObject({ import: { state: 'committed' } });
    expect(await viewImport(testCtx(stores), elsewhere, id)).toMatchObject({ state: 'committed', doneCount: 1 });
    await expect(commit(id, elsewhere)).rejects.toMatchObject({ code: 'conflict' });
  });
});
