import {
  MAX_CONSUMERS,
  shownAddress,
  type AddConsumerInput,
  type ConsumersView,
  type UpdateConsumerInput,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { DAY_MS } from '@qd/shared/time';
import type { Tx } from '../../../db/client.ts';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write, type AuditEntry } from '../../../platform/write.ts';
import { lockKey } from '../queries.ts';
import {
  countConsumersLocked,
  insertConsumers,
  isConsumerNameTaken,
  lockConsumer,
  selectConsumers,
  selectLineageCallers,
  updateConsumerRow,
  type ConsumerRow,
} from '../queries/consumers.ts';
import { selectKey } from '../queries/creating.ts';
import { assertReceiver, newConsumerId } from './create/plan.ts';
import type { ApiKeysDeps } from './deps.ts';
import { vouchOf } from './rotation/addressees.ts';
import { consumerOf, isToldApart } from './rotation/callers.ts';
import { mayWith, visibleKey } from './visible-key.ts';

const MAX_CALLERS = 500;
const MAX_UNNAMED = 20;

type ReceiverDeps = Pick<ApiKeysDeps, 'receiverFault'>;

/** Who uses a key and its successors, with the calls of the last 24 h, and callers no consumer stands for. Throws `not_found`. */
export async function listConsumers(ctx: Ctx, keyId: string): Promise<ConsumersView> {
  const key = visibleKey(ctx, await selectKey(ctx.db, keyId));
  const canChange = mayWith(ctx, key, 'api-keys:write');
  const now = ctx.now();
  const since = new Date(now.getTime() - DAY_MS);
  const consumers = await selectConsumers(ctx.db, key.lineageId);
  const callers = await selectLineageCallers(ctx.db, { lineageId: key.lineageId, since, limit: MAX_CALLERS });
  const byConsumer = Map.groupBy(callers, (caller) => consumerOf(consumers, caller)?.id ?? null);
  return {
    consumers: consumers.map((row) => {
      const calls = byConsumer.get(row.id) ?? [];
      return {
        ...(canChange ? fieldsOf(row) : keptOf(row)),
        id: row.id,
        createdAt: row.createdAt.getTime(),
        calls24h: isToldApart(row) ? calls.reduce((sum, call) => sum + call.calls, 0) : null,
        lastCallAt: calls.length === 0 ? null : Math.max(...calls.map((call) => call.lastAt.getTime())),
      };
    }),
    unnamed: (byConsumer.get(null) ?? []).slice(0, MAX_UNNAMED).map((caller) => ({
      address: caller.address,
      agent: caller.agent,
      calls24h: caller.calls,
      lastCallAt: caller.lastAt.getTime(),
    })),
    canChange,
    asOf: now.getTime(),
  };
}

/** Names a consumer of a key. Throws `not_found`, `forbidden`, `conflict` for a name twice, `invalid` for a webhook that may not be called. */
export async function addConsumer(ctx: Ctx, deps: ReceiverDeps, input: AddConsumerInput): Promise<{ id: string }> {
  const { keyId, ...fields } = input;
  const id = newConsumerId();
  await write(ctx, async (tx, record) => {
    const key = visibleKey(ctx, await lockKey(tx, keyId), 'api-keys:write');
    assertReceiver(deps, fields);
    if ((await countConsumersLocked(tx, key.lineageId)) >= MAX_CONSUMERS) {
      throw new DomainError(
        'precondition',
        `A key has at most ${MAX_CONSUMERS} consumers; remove one that is gone first.`,
      );
    }
    const made = { createdBy: ctx.actor.id, createdAt: ctx.now(), ...(await vouchOf(tx, ctx, key)) };
    const row = { ...fields, id, lineageId: key.lineageId, ...made };
    if (!(await insertConsumers(tx, [row]))) throw nameTaken(fields.name);
    record({ ...entryOf('added', { platform: key.platform, keyId, name: fields.name }), after: keptOf(fields) });
  });
  ctx.hub.publish('api-keys');
  return { id };
}

/** Changes a consumer. Throws as `addConsumer`. */
export async function updateConsumer(ctx: Ctx, deps: ReceiverDeps, input: UpdateConsumerInput): Promise<void> {
  const { id, ...fields } = input;
  await write(ctx, async (tx, record) => {
    const { consumer, platform } = await lockedConsumer(tx, ctx, id);
    assertReceiver(deps, fields);
    const { lineageId } = consumer;
    if (await isConsumerNameTaken(tx, { lineageId, name: fields.name, exceptId: id })) throw nameTaken(fields.name);
    const isAddressNew = fields.address !== consumer.address || fields.channel !== consumer.channel;
    const vouch = isAddressNew ? await vouchOf(tx, ctx, { lineageId, platform }) : {};
    await updateConsumerRow(tx, id, { ...fields, ...vouch });
    const entry = entryOf('updated', { platform, keyId: lineageId, name: fields.name });
    const details = { ...entry.details, isAddressNew };
    record({ ...entry, details, before: keptOf(consumer), after: keptOf(fields) });
  });
  ctx.hub.publish('api-keys');
}

/** Takes a consumer off; what it was told stays on record. Throws `not_found` and `forbidden`. */
export async function removeConsumer(ctx: Ctx, id: string): Promise<void> {
  await write(ctx, async (tx, record) => {
    const { consumer, platform } = await lockedConsumer(tx, ctx, id);
    await updateConsumerRow(tx, id, { removedAt: ctx.now() });
    record({
      ...entryOf('removed', { platform, keyId: consumer.lineageId, name: consumer.name }),
      before: keptOf(consumer),
    });
  });
  ctx.hub.publish('api-keys');
}

async function lockedConsumer(tx: Tx, ctx: Ctx, id: string): Promise<{ consumer: ConsumerRow; platform: string }> {
  const found = await lockConsumer(tx, id);
  if (found === null) throw new DomainError('not_found', 'There is no such consumer; check the address.');
  assertCan(ctx, 'api-keys:write', found.platform === '*' ? null : found.platform, 'consumer');
  return found;
}

function fieldsOf({
  name,
  ownerName,
  channel,
  address,
  ranges,
  agents,
}: Pick<ConsumerRow, 'name' | 'ownerName' | 'channel' | 'address' | 'ranges' | 'agents'>) {
  return { name, ownerName, channel, address, ranges, agents };
}

/** The same without what lets anybody send to a webhook. */
function keptOf(consumer: Parameters<typeof fieldsOf>[0]) {
  return { ...fieldsOf(consumer), address: shownAddress(consumer.channel, consumer.address) };
}

function nameTaken(name: string): DomainError {
  return new DomainError('conflict', `There is a consumer called ${name} already; give this one another name.`, {
    fields: [{ field: 'name', message: 'is taken' }],
  });
}

function entryOf(act: string, of: { platform: string; keyId: string; name: string }): AuditEntry {
  return {
    action: `api-keys.consumer_${act}`,
    category: 'api-keys',
    platform: of.platform === '*' ? null : of.platform,
    target: { kind: 'api-key', id: of.keyId },
    details: { consumer: of.name },
  };
}
