import { DAY_MS, HOUR_MS } from '@qd/shared/time';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { makingDeps } from '../../../test/key-making.ts';
import { plantKey } from '../../../test/keys.ts';
import { addCalls, addConsumer, rotate } from '../../../test/rotations.ts';
import { openTestStores, testCtx, type TestCtx, type TestStores } from '../../../test/stores.ts';
import { auditEvents, keyNotices, notifications } from '../../db/schema/index.ts';
import { openLink } from '../../platform/notices.ts';
import { acknowledgeNotice, lookAtNotice } from './service/rotation/acknowledge.ts';
import { rotationBoard } from './service/rotation/board.ts';
import { calendarFile, keyCalendar } from './service/rotation/calendar.ts';
import { sendDueNotices } from './service/rotation/notices.ts';
import { remindConsumers, remindMany } from './service/rotation/remind.ts';

let stores: TestStores;
let ids: Record<'root' | 'local' | 'auditor', string>;

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  await stores.db.delete(notifications);
  const [root = '', local = '', auditor = ''] = await addPeople(stores.db, [
    { name: 'Root', roles: ['owner'] },
    { name: 'Local', roles: ['admin@web3audit'] },
    { name: 'Auditor', roles: ['auditor@hashinsight'] },
  ]);
  ids = { root, local, auditor };
});

const as = (who: keyof typeof ids): Promise<TestCtx> => actingAs(stores, ids[who]);
const send = () => sendDueNotices(testCtx(stores), makingDeps);
const steps = async () =>
  (await stores.db.select().from(keyNotices).orderBy(asc(keyNotices.sentAt))).map(({ daysBefore }) => daysBefore);
const mails = () =>
  stores.db.select().from(notifications).orderBy(asc(notifications.createdAt), asc(notifications.channel));
const refused = (code: string) => ({ name: 'DomainError', code });
/** The token of the newest link sent to a channel. */
const tokenOf = async (channel: string) => {
  const found = (await mails()).findLast((mail) => mail.channel === channel);
  const path = openLink(makingDeps.sealing, found?.body.sealedUrl ?? '', found?.dedupKey ?? '');
  return path.split('#')[1] ?? '';
};
const hourly = async (hours: number) => {
  for (let i = 0; i < hours; i += 1) {
    await send();
    stores.clock.advance(HOUR_MS);
  }
};

describe('notices of an end', () => {
  it('come when a rotation starts, then three, one and no days before it, and to who still tries after it', async () => {
    const old = await plantKey(stores);
    await addConsumer(stores, old.id, 'edge-gw-1', { ranges: ['203.0.113.1/32'] });
    await rotate(await as('root'), old.id);
    await hourly(7 * 24 + 1);
    expect(await steps()).toEqual([7, 3, 1, 0]);
    await hourly(24);
    expect(await steps()).toHaveLength(4);
    await addCalls(stores, old.id, { address: '203.0.113.1', outcome: 'rotated' });
    await hourly(2);
    expect(await steps()).toEqual([7, 3, 1, 0, -1]);
    const titles = (await mails()).map(({ body }) => body.title);
    expect(titles[0]).toMatch(/^The API key Miner ingest ends on \d{4}-/);
    expect(titles.at(-1)).toMatch(/ended on/);
  });

  it('are queued exactly once by two workers, and recorded', async () => {
    const old = await plantKey(stores);
    await addConsumer(stores, old.id, 'edge-gw-1');
    await addConsumer(stores, old.id, 'edge-gw-2', { channel: 'slack', address: '#edge' });
    await addConsumer(stores, old.id, 'edge-gw-3', { channel: 'webhook', address: 'https://example.com/hook' });
    await addConsumer(stores, old.id, 'gone', { removedAt: stores.clock.now() });
    await rotate(await as('root'), old.id);
    const told = await Promise.all([send(), send(), send()]);
    expect(told.reduce((sum, n) => sum + n, 0)).toBe(3);
    expect((await mails()).map(({ channel }) => channel).toSorted()).toEqual([
      'email:edge-gw-1@example.com',
      'slack:#edge',
      'webhook:https://example.com/hook',
    ]);
    const log = await stores.db.select().from(auditEvents).where(eq(auditEvents.action, 'api-keys.notified'));
    expect(log).toMatchObject([{ targetId: old.id, actorKind: 'system', details: { daysBefore: 7 } }]);
    expect(await send()).toBe(0);
  });

  it('catch up with only the latest after a pause', async () => {
    const old = await plantKey(stores);
    await addConsumer(stores, old.id, 'edge-gw-1');
    await rotate(await as('root'), old.id);
    stores.clock.advance(6.5 * DAY_MS);
    await send();
    expect(await steps()).toEqual([1]);
  });

  it('come before an expiry without a rotation too', async () => {
    const old = await plantKey(stores, { expiresAt: new Date(stores.clock.now().getTime() + 8 * DAY_MS) });
    await addConsumer(stores, old.id, 'edge-gw-1');
    await hourly(8 * 24 + 2);
    expect(await steps()).toEqual([7, 3, 1, 0]);
    const [{ body }] = (await mails()) as [Awaited<ReturnType<typeof mails>>[number]];
    expect(body.text).toContain('No successor has been made yet');
  });

  it('spare who moved, keys that were stopped, and keys of the demo', async () => {
    const ctx = await as('root');
    const old = await plantKey(stores);
    await addConsumer(stores, old.id, 'moved', { ranges: ['203.0.113.1/32'] });
    await addConsumer(stores, old.id, 'still', { ranges: ['203.0.113.2/32'] });
    const { newKeyId } = await rotate(ctx, old.id);
    await send();
    stores.clock.advance(4 * DAY_MS);
    await addCalls(stores, newKeyId, { address: '203.0.113.1' });
    await addCalls(stores, old.id, { address: '203.0.113.2' });
    expect(await send()).toBe(1);
    expect((await mails()).filter(({ channel }) => channel.includes('moved'))).toHaveLength(1);
    const soon = new Date(stores.clock.now().getTime() + DAY_MS);
    for (const row of [{ quarantinedAt: soon }, { revokedAt: soon }, { isDemo: true }]) {
      const { id } = await plantKey(stores, { expiresAt: soon, ...row });
      await addConsumer(stores, id, 'nobody');
    }
    expect(await send()).toBe(0);
  });
});

describe('an acknowledgement', () => {
  it('is given through the link, which is nowhere in the open, and shows on the board', async () => {
    const old = await plantKey(stores);
    await addConsumer(stores, old.id, 'edge-gw-1', { address: 'ops@example.com' });
    await rotate(await as('root'), old.id);
    await send();
    const token = await tokenOf('email:ops@example.com');
    expect(JSON.stringify([await mails(), await stores.db.select().from(keyNotices)])).not.toContain(token);
    expect(await lookAtNotice(testCtx(stores), token)).toMatchObject({
      keyName: 'Miner ingest',
      consumer: 'edge-gw-1',
      acknowledgedAt: null,
      isRotated: true,
    });
    stores.clock.advance(HOUR_MS);
    const knownAt = stores.clock.now().getTime();
    await acknowledgeNotice(testCtx(stores), token);
    stores.clock.advance(HOUR_MS);
    expect(await acknowledgeNotice(testCtx(stores), token)).toMatchObject({ acknowledgedAt: knownAt });
    expect((await rotationBoard(await as('auditor'), old.id))?.consumers).toMatchObject([{ acknowledgedAt: knownAt }]);
    await expect(lookAtNotice(testCtx(stores), 'x'.repeat(43))).rejects.toMatchObject(refused('precondition'));
  });
});

describe('reminding', () => {
  it('writes to who has not moved, at most once an hour', async () => {
    const old = await plantKey(stores);
    const ctx = await as('root');
    await addConsumer(stores, old.id, 'moved', { ranges: ['203.0.113.1/32'] });
    await addConsumer(stores, old.id, 'still', { ranges: ['203.0.113.2/32'] });
    const { newKeyId } = await rotate(ctx, old.id);
    await addCalls(stores, newKeyId, { address: '203.0.113.1' });
    expect(await remindConsumers(ctx, makingDeps, old.id)).toEqual({ reminded: ['still'] });
    await expect(remindConsumers(ctx, makingDeps, old.id)).rejects.toMatchObject(refused('conflict'));
    stores.clock.advance(HOUR_MS);
    expect(await remindConsumers(ctx, makingDeps, old.id)).toEqual({ reminded: ['still'] });
    expect((await mails())[0]?.body.title).toMatch(/^Reminder: the API key/);
    await expect(remindConsumers(await as('local'), makingDeps, old.id)).rejects.toMatchObject(refused('not_found'));
    await expect(remindConsumers(await as('auditor'), makingDeps, old.id)).rejects.toMatchObject(refused('forbidden'));
  });

  it('does what it can for many keys', async () => {
    const [one, bare] = [await plantKey(stores), await plantKey(stores)];
    await addConsumer(stores, one.id, 'edge-gw-1');
    const { keys } = await remindMany(await as('root'), makingDeps, [one.id, bare.id, 'nothing', one.id]);
    expect(keys).toMatchObject([
      { keyId: one.id, reminded: ['edge-gw-1'], fault: null },
      { keyId: bare.id, reminded: [], fault: expect.stringContaining('no consumers') },
      { keyId: 'nothing', reminded: [], fault: expect.stringContaining('no such key') },
    ]);
  });
});

describe('the board of a rotation', () => {
  it('says what each consumer sends, who is unknown, and whether the old key can be closed', async () => {
    const old = await plantKey(stores);
    await addConsumer(stores, old.id, 'batch-import', { agents: ['batch/'] });
    await addConsumer(stores, old.id, 'edge-gw-1', { ranges: ['203.0.113.1/32'] });
    await addConsumer(stores, old.id, 'edge-gw-2', { ranges: ['203.0.113.2/32', '2001:db8::/32'] });
    await addConsumer(stores, old.id, 'somewhere');
    const { newKeyId } = await rotate(await as('root'), old.id, { graceHours: 24 });
    await addCalls(stores, newKeyId, { address: '203.0.113.1', count: 84_310 });
    await addCalls(stores, old.id, { address: '203.0.113.1', count: 9, agoMs: 2 * HOUR_MS });
    await addCalls(stores, old.id, { address: '2001:db8::7', count: 82_977 });
    await addCalls(stores, old.id, { address: '192.0.2.1', agent: 'batch/2', count: 1_204 });
    await addCalls(stores, newKeyId, { address: '192.0.2.1', agent: 'batch/2', count: 688 });
    await addCalls(stores, old.id, { address: '192.0.2.99', agent: 'python', count: 3 });
    const board = await rotationBoard(await as('auditor'), old.id);
    expect(
      board?.consumers.map(({ name, sends, oldLastHour, newLastHour }) => [name, sends, oldLastHour, newLastHour]),
    ).toEqual([
      ['batch-import', 'both', 1_204, 688],
      ['edge-gw-1', 'new', 0, 84_310],
      ['edge-gw-2', 'old', 82_977, 0],
      ['somewhere', null, 0, 0],
    ]);
    expect(board?.unknown).toMatchObject([{ address: '192.0.2.99', agent: 'python', sends: 'old', oldLastHour: 3 }]);
    expect(board).toMatchObject({
      isOpen: true,
      graceMs: DAY_MS,
      graceEndsAt: null,
      verdict: { isSafe: false, stillOld: ['batch-import', 'edge-gw-2'], unknownCallers: 1 },
      envLines: { overlap: `API_KEYS=hsi_prod_key_${old.id}…,hsi_prod_key_${newKeyId}…` },
    });
    expect(await rotationBoard(await as('auditor'), newKeyId)).toMatchObject({ rotationId: board?.rotationId });
  });

  it('shows a notice that could not be delivered', async () => {
    const old = await plantKey(stores);
    await addConsumer(stores, old.id, 'edge-gw-1');
    await rotate(await as('root'), old.id);
    await send();
    await stores.db.update(notifications).set({ status: 'failed', lastError: 'The mail server did not take it.' });
    const board = await rotationBoard(await as('root'), old.id);
    expect(board?.consumers).toMatchObject([{ notDelivered: 'The mail server did not take it.' }]);
  });

  it('is empty without a rotation, and not there for strangers', async () => {
    const { id } = await plantKey(stores);
    expect(await rotationBoard(await as('auditor'), id)).toBeNull();
    await expect(rotationBoard(await as('local'), id)).rejects.toMatchObject(refused('not_found'));
    await expect(rotationBoard(await as('root'), 'nothing')).rejects.toMatchObject(refused('not_found'));
  });
});

describe('the calendar', () => {
  it('names rotations due, ends of old keys and expiries of the platforms one may see', async () => {
    stores.clock.set(new Date('2026-10-02T09:12:00Z'));
    const began = new Date('2026-07-20T00:00:00Z');
    const due = await plantKey(stores, {
      activatedAt: began,
      expiresAt: new Date('2026-12-01T00:00:00Z'),
      name: 'Due',
    });
    await plantKey(stores, { platform: 'web3audit', name: 'Elsewhere' });
    const old = await plantKey(stores, { name: 'Rotating' });
    await rotate(await as('root'), old.id);
    const entries = await keyCalendar(await as('auditor'), {});
    expect(entries.map(({ name, kind, at }) => [name, kind, new Date(at).toISOString().slice(0, 10)])).toEqual([
      ['Rotating', 'old_key_ends', '2026-10-09'],
      ['Due', 'rotation_due', '2026-10-18'],
      ['Due', 'expires', '2026-12-01'],
      ['Rotating', 'rotation_due', '2026-12-31'],
      ['Rotating', 'expires', '2026-12-31'],
    ]);
    expect(await keyCalendar(await as('auditor'), { platform: 'web3audit' })).toEqual([]);
    const file = await calendarFile(await as('auditor'), 'https://console.example');
    expect(file).toMatch(/^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n/);
    expect(file).toContain('DTSTART:20261018T000000Z');
    expect(file).toContain('SUMMARY:Rotate Due');
    expect(file).toContain(`https://console.example/keys/${due.id}`);
    expect(file.match(/BEGIN:VEVENT/g)).toHaveLength(5);
    expect(file).not.toContain('Elsewhere');
  });
});
