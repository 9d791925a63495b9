import { mkdtemp, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { endingDeps, keysOver, plantKey, testPeppers } from '../../../test/keys.ts';
import { listeningLog } from '../../../test/listening-log.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import { createFakeTombstones } from '../../adapters/tombstones/fake.ts';
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
    const tombstones = createTombstoneKeeper(file(), log, stores.clock);
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
    expect(heard.filter(({ words }) => words.includes('lacked what ended long ago'))).toHaveLength(1);

    await restore(dump);
    expect([await works(gone.text), await works(stopped.text)]).toEqual([true, true]);
    await createTombstoneKeeper(file(), log, stores.clock).keep(testCtx(stores));
    expect([await works(gone.text), await works(stopped.text)]).toEqual([false, false]);
  });

  it('says all of it again with the next key that ends, too', async () => {
    const { log } = listeningLog();
    const deps = { peppers: testPeppers, tombstones: createTombstoneKeeper(file(), log, stores.clock) };
    const [gone, other] = [await plantKey(stores), await plantKey(stores)];
    await revokeKey(testCtx(stores), deps, { key: gone.id, reason: 'leaked' });
    await truncate(file().place, 0);
    await revokeKey(testCtx(stores), deps, { key: other.id, reason: 'leaked' });
    expect(await idsInFile()).toEqual(new Set([gone.id, other.id]));
  });

  it('takes over again what another replica alone had added to it', async () => {
    const { log } = listeningLog();
    const here = createTombstoneKeeper(file(), log, stores.clock);
    const there = { peppers: testPeppers, tombstones: createTombstoneKeeper(file(), log, stores.clock) };
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

describe('a ledger that cannot be written', () => {
  const full = () => Promise.reject(new Error('ENOSPC: no space left on device, write'));

  it('ends keys all the same, says so and since when, and catches up', async () => {
    const { log } = listeningLog();
    const ledger = createFakeTombstones();
    const tombstones = createTombstoneKeeper(ledger, log, stores.clock);
    const deps = { peppers: testPeppers, tombstones };
    const [one, other, byOther] = [await plantKey(stores), await plantKey(stores), await plantKey(stores)];
    await tombstones.keep(testCtx(stores));
    expect(tombstones.state()).toMatchObject({ ended: 0, unwritten: 0, failure: null, lacked: null });

    const { append } = ledger;
    ledger.append = full;
    const since = stores.clock.now().getTime();
    for (const { id } of [one, other]) {
      const answer = await revokeKey(testCtx(stores), deps, { key: id, reason: 'leaked' });
      expect(answer).toEqual({ isNew: true, isLedgerPending: true });
    }
    await revokeKey(testCtx(stores), endingDeps(), { key: byOther.id, reason: 'leaked' });
    stores.clock.advance(60_000);
    const message =
      'The ledger of revoked keys memory cannot be written: ENOSPC: no space left on device, write. Free space there, or let the console write it; what ended stays ended, and is added once that can be.';
    await expect(tombstones.keep(testCtx(stores))).rejects.toMatchObject({ code: 'precondition', message });
    expect(tombstones.state()).toMatchObject({ ended: 3, unwritten: 3, failure: { message, since } });
    expect([await works(one.text), await works(other.text)]).toEqual([false, false]);

    ledger.append = append;
    await tombstones.keep(testCtx(stores));
    expect(tombstones.state()).toMatchObject({ ended: 3, unwritten: 0, failure: null, lacked: null });
    expect(ledger.written.map(({ id }) => id).toSorted()).toEqual([one.id, other.id, byOther.id].toSorted());
  });

  it('may be unreadable: what ends is written, and the failure is said', async () => {
    const { log } = listeningLog();
    const ledger = createFakeTombstones();
    const tombstones = createTombstoneKeeper(ledger, log, stores.clock);
    ledger.version = () => Promise.reject(new Error('EACCES: permission denied'));
    const { id } = await plantKey(stores);
    await revokeKey(testCtx(stores), { peppers: testPeppers, tombstones }, { key: id, reason: 'leaked' });
    expect(ledger.written).toMatchObject([{ id }]);
    expect(tombstones.state().failure?.message).toContain('cannot be read: EACCES');
  });
});

describe('a ledger and a database of different ages', () => {
  it('of which the ledger is the older, or new: what it lacked is said and added', async () => {
    const { log, heard } = listeningLog();
    const { id } = await plantKey(stores);
    await revokeKey(testCtx(stores), endingDeps(), { key: id, reason: 'leaked' });
    stores.clock.advance(24 * 3_600_000);
    const tombstones = createTombstoneKeeper(createFakeTombstones(), log, stores.clock);
    await tombstones.keep(testCtx(stores));
    expect(tombstones.state().lacked).toEqual({ keys: 1, at: stores.clock.now().getTime() });
    expect(heard).toMatchObject([{ facts: { keys: 1 } }]);
    await tombstones.keep(testCtx(stores));
    expect(heard).toHaveLength(1);
  });

  it('of which the ledger is behind by what ended as the console stopped: nothing is said', async () => {
    const { log, heard } = listeningLog();
    const { id } = await plantKey(stores);
    await revokeKey(testCtx(stores), endingDeps(), { key: id, reason: 'leaked' });
    const tombstones = createTombstoneKeeper(createFakeTombstones(), log, stores.clock);
    await tombstones.keep(testCtx(stores));
    expect([heard, tombstones.state().lacked]).toEqual([[], null]);
  });

  it('of which the database is the older: how many keys it brought back is said', async () => {
    const { log } = listeningLog();
    const ledger = createFakeTombstones();
    const { id } = await plantKey(stores);
    const dump = await stores.db.select().from(apiKeys);
    await revokeKey(testCtx(stores), endingDeps(ledger), { key: id, reason: 'leaked' });
    await restore(dump);
    const tombstones = createTombstoneKeeper(ledger, log, stores.clock);
    await tombstones.keep(testCtx(stores));
    expect(tombstones.state().revived).toEqual({ keys: 1, at: stores.clock.now().getTime() });
  });
});
