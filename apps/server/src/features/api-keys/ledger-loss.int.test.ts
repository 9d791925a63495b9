import { mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { keysOver, plantKey, testPeppers } from '../../../test/keys.ts';
import { listeningLog } from '../../../test/listening-log.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFileTombstones } from '../../adapters/tombstones/file.ts';
import { apiKeys } from '../../db/schema/index.ts';
import { derivedKey } from '../../platform/derived-key.ts';
import { quarantineKey } from './service/ending/quarantine.ts';
import { revokeKey } from './service/ending/revoke.ts';
import { createTombstoneKeeper } from './service/ending/tombstones.ts';

let stores: TestStores;
let folder: string;
const made: string[] = [];
const from = { address: '198.51.100.7', requestId: 'req_key' };
const macKey = derivedKey('a password of at least 32 characters', 'revoked keys v1');
beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight']);
});
afterAll(async () => {
  for (const path of made) await rm(path, { recursive: true, force: true });
  await stores.close();
});
beforeEach(async () => {
  await emptyPeople(stores);
  folder = await mkdtemp(join(tmpdir(), 'qd-ledger-'));
  made.push(folder);
});

const file = () => createFileTombstones(folder, macKey);
const works = async (text: string) => (await keysOver(stores, testCtx(stores)).verify(text, from)) !== null;
const idsInFile = async () => new Set((await file().read()).tombstones.map(({ id }) => id));
async function restore(rows: (typeof apiKeys.$inferSelect)[]): Promise<void> {
  await stores.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.delete(apiKeys);
    await tx.insert(apiKeys).values(rows);
  });
}

describe('a ledger that loses what it said while the console runs', () => {
  const losses: [string, (path: string, older: string) => Promise<void>][] = [
    ['is emptied', (path) => truncate(path, 0)],
    ['is cut within a line', (path) => truncate(path, 40)],
    ['is deleted', (path) => rm(path)],
    ['is an older copy', (path, older) => writeFile(path, older)],
    ['is replaced by a file as long as it', (path) => replaceBySpaces(path)],
    ['is on a disk that is away', (path) => rename(path, `${path}.away`)],
  ];

  it.each(losses)('says all of it again within a minute when it %s', async (_how, lose) => {
    const { log, heard } = listeningLog();
    const tombstones = createTombstoneKeeper(file(), log);
    const deps = { peppers: testPeppers, tombstones };
    const before = await plantKey(stores);
    await revokeKey(testCtx(stores), deps, { key: before.id, reason: 'leaked' });
    const older = await readFile(file().place, 'utf8');
    const [gone, stopped] = [await plantKey(stores), await plantKey(stores)];
    const dump = await stores.db.select().from(apiKeys);
    await revokeKey(testCtx(stores), deps, { key: gone.id, reason: 'leaked' });
    await quarantineKey(testCtx(stores), deps, { id: stopped.id, reason: 'in a ticket' });
    await tombstones.keep(testCtx(stores));

    await lose(file().place, older);
    for (let minute = 0; minute < 3; minute += 1) await tombstones.keep(testCtx(stores));
    expect(await idsInFile()).toEqual(new Set([before.id, gone.id, stopped.id]));
    expect(heard.filter(({ words }) => words.includes('lacks what it said before'))).toHaveLength(1);

    await restore(dump);
    expect([await works(gone.text), await works(stopped.text)]).toEqual([true, true]);
    await createTombstoneKeeper(file(), log).keep(testCtx(stores));
    expect([await works(gone.text), await works(stopped.text)]).toEqual([false, false]);
  });

  it('says all of it again with the next key that ends, too', async () => {
    const { log } = listeningLog();
    const deps = { peppers: testPeppers, tombstones: createTombstoneKeeper(file(), log) };
    const [gone, other] = [await plantKey(stores), await plantKey(stores)];
    await revokeKey(testCtx(stores), deps, { key: gone.id, reason: 'leaked' });
    await truncate(file().place, 0);
    await revokeKey(testCtx(stores), deps, { key: other.id, reason: 'leaked' });
    expect(await idsInFile()).toEqual(new Set([gone.id, other.id]));
  });

  it('takes over again what another replica alone had added to it', async () => {
    const { log } = listeningLog();
    const here = createTombstoneKeeper(file(), log);
    const there = { peppers: testPeppers, tombstones: createTombstoneKeeper(file(), log) };
    const [gone, other] = [await plantKey(stores), await plantKey(stores)];
    await revokeKey(testCtx(stores), { ...there, tombstones: here }, { key: gone.id, reason: 'leaked' });
    stores.clock.advance(60_000);
    await revokeKey(testCtx(stores), there, { key: other.id, reason: 'leaked' });
    await here.keep(testCtx(stores));
    await truncate(file().place, 0);
    stores.clock.advance(24 * 3_600_000);
    await here.keep(testCtx(stores));
    expect(await idsInFile()).toEqual(new Set([gone.id, other.id]));
  });
});

async function replaceBySpaces(path: string): Promise<void> {
  const { length } = await readFile(path);
  await writeFile(`${path}.new`, `${' '.repeat(length - 1)}\n`);
  await rename(`${path}.new`, path);
}
