import { addConsumerInput, createKeyInput } from '@qd/shared/api-keys';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { actingAs } from '../../../test/acting-as.ts';
import { addPeople, addPlatforms } from '../../../test/directory.ts';
import { emptyPeople } from '../../../test/empty-people.ts';
import { makingDeps } from '../../../test/key-making.ts';
import { plantKey } from '../../../test/keys.ts';
import { openTestStores, testCtx, type TestStores } from '../../../test/stores.ts';
import type { ChannelKind, Notifier } from '../../adapters/notify/port.ts';
import { auditEvents, keyConsumers, notifications } from '../../db/schema/index.ts';
import { deliverDue } from '../../platform/outbox-delivery.ts';
import { enqueue } from '../../platform/outbox.ts';
import { ingest } from '../../platform/write.ts';
import { addConsumer, listConsumers, removeConsumer, updateConsumer } from './service/consumers.ts';
import { createKey } from './service/create/create.ts';

const ADDRESS = 'https://hooks.example.com/services/T0/B0/s3cr3t?token=s3cr3t';
const SHOWN = 'https://hooks.example.com/…';

let stores: TestStores;
let ids: Record<'root' | 'operator' | 'here', string>;

beforeAll(async () => {
  stores = await openTestStores();
  await addPlatforms(stores.db, ['hashinsight', 'web3audit']);
});
afterAll(() => stores.close());
beforeEach(async () => {
  await emptyPeople(stores);
  const [root = '', operator = '', here = ''] = await addPeople(stores.db, [
    { name: 'Root', roles: ['owner'] },
    { name: 'Operator', roles: ['operator'] },
    { name: 'Here', roles: ['admin@web3audit', 'operator@hashinsight'] },
  ]);
  ids = { root, operator, here };
});

const as = (who: keyof typeof ids) => actingAs(stores, ids[who]);
const consumer = { name: 'edge', ownerName: 'Ada', channel: 'webhook', address: ADDRESS };
const add = async (keyId: string) =>
  addConsumer(await as('root'), makingDeps, addConsumerInput.parse({ keyId, ...consumer }));

it('are shown whole only to who may change them', async () => {
  const { id } = await plantKey(stores);
  await add(id);
  expect((await listConsumers(await as('root'), id)).consumers).toMatchObject([{ address: ADDRESS }]);
  expect((await listConsumers(await as('operator'), id)).consumers).toMatchObject([{ address: SHOWN }]);
});

it('are not in the audit log', async () => {
  const { id: keyId } = await plantKey(stores);
  const { id } = await add(keyId);
  const ctx = await as('root');
  const { keyId: _keyId, ...fields } = addConsumerInput.parse({ keyId, ...consumer, address: `${ADDRESS}2` });
  await updateConsumer(ctx, makingDeps, { ...fields, id });
  await removeConsumer(ctx, id);
  const rows = await stores.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.category, 'api-keys'), eq(auditEvents.targetId, keyId)))
    .orderBy(auditEvents.seq);
  expect(rows.map(({ before, after }) => [before, after])).toMatchObject([
    [null, { address: SHOWN }],
    [{ address: SHOWN }, { address: SHOWN }],
    [{ address: SHOWN }, null],
  ]);
  expect(rows[1]?.details).toMatchObject({ isAddressNew: true });
  expect(JSON.stringify(rows)).not.toContain('s3cr3t');
});

it('are copied from a key only by who may change its consumers', async () => {
  const { id } = await plantKey(stores);
  await add(id);
  const mail = { ...consumer, name: 'mail', channel: 'email', address: 'ada@example.com' };
  await addConsumer(await as('root'), makingDeps, addConsumerInput.parse({ keyId: id, ...mail }));
  const copiedBy = async (who: keyof typeof ids): Promise<string[]> => {
    const facts = { name: 'Copy', platform: 'web3audit', environment: 'prod', scopes: ['slo:read'], copyFrom: id };
    const made = await createKey(await as(who), makingDeps, createKeyInput.parse(facts));
    const rows = await stores.db.select().from(keyConsumers).where(eq(keyConsumers.lineageId, made.id));
    return rows.map(({ name }) => name).toSorted();
  };
  expect(await copiedBy('here')).toEqual(['mail']);
  expect(await copiedBy('root')).toEqual(['edge', 'mail']);
});

it('are not in the log of the console when a message is given up', async () => {
  const now = stores.clock.now();
  const at = now.toISOString();
  const words = {
    topic: 'api-keys.ends',
    severity: 'info' as const,
    title: 'A key ends',
    text: 'Soon.',
    url: null,
    at,
  };
  const body = { ...words, platform: null, details: {} };
  await ingest(stores, (tx) => enqueue(tx, [{ channels: [`webhook:${ADDRESS}`], body, dedupKey: 'k1' }], now));
  const ctx = testCtx(stores);
  const error = vi.fn();
  const log = Object.assign(Object.create(ctx.log) as typeof ctx.log, { error });
  const notifiers = new Map<ChannelKind, Notifier>();
  const delivery = { notifiers, publicUrl: null, sealing: makingDeps.sealing, onAttempt: () => undefined };
  await deliverDue({ ...ctx, log }, { ...delivery, random: () => 0.5 });
  expect(error).toHaveBeenCalledOnce();
  expect(JSON.stringify(error.mock.calls)).not.toContain('s3cr3t');
  expect(error.mock.calls[0]?.[0]).toMatchObject({ channel: 'webhook:hooks.example.com' });
  await stores.db.delete(notifications);
});
