import { randomBytes } from 'node:crypto';
import { drawKeyId, type CreateKeyInput, type NewConsumer } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { DAY_MS } from '@qd/shared/time';
import type { Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { AuditEntry } from '../../../../platform/write.ts';
import { insertConsumers, selectConsumers } from '../../queries/consumers.ts';
import { selectKey } from '../../queries/creating.ts';
import type { KeyOwner } from '../../queries/owners.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { lifeDaysOf, policyOf } from '../policy.ts';
import { vouchOf, type Vouch } from '../rotation/addressees.ts';
import { mayWith, visibleKey } from '../visible-key.ts';
import { invalid } from './giving.ts';

/** What somebody wants of a new key; what is left out follows the policy or is none. */
export type KeyWish = Pick<CreateKeyInput, 'name' | 'platform' | 'environment' | 'scopes'> &
  Partial<Omit<CreateKeyInput, 'delivery'>>;

/** A key about to be stored, without its secret. */
export interface KeyPlan {
  row: {
    id: string;
    lineageId: string;
    name: string;
    platform: string;
    environment: CreateKeyInput['environment'];
    scopes: string[];
    ownerId: string | null;
    format: 'v2' | 'seed16';
    prefix: string;
    ipAllow: string[];
    rateLimitPerMin: number | null;
    isDemo: boolean;
    createdBy: string | null;
    createdAt: Date;
    expiresAt: Date;
  };
  consumers: PlannedConsumer[];
}

/** A copied consumer keeps who gave its address: who copies it did not. */
type PlannedConsumer = NewConsumer & Partial<Vouch>;

/**
 * Plans a key by the policy of its platform; that of a person of the demo is of the demo. Ask the caller's rights first. Throws
 * `invalid` and `not_found`.
 */
export async function planKey(
  tx: Tx,
  ctx: Ctx,
  wish: KeyWish,
  owner: Pick<KeyOwner, 'isDemo'> | null,
): Promise<KeyPlan> {
  const { name, platform, environment, scopes, ownerId = null } = wish;
  const policy = await policyOf(tx, platform);
  const lifeDays = await lifeDaysOf(tx, ctx, { policy, environment, lifeDays: wish.lifeDays });
  const id = drawKeyId(randomBytes);
  const createdAt = ctx.now();
  return {
    row: {
      id,
      lineageId: id,
      name,
      platform,
      environment,
      scopes,
      ownerId,
      format: policy.format,
      prefix: wish.prefix ?? policy.prefix,
      ipAllow: wish.ipAllow ?? [],
      rateLimitPerMin: wish.rateLimitPerMin ?? null,
      isDemo: owner?.isDemo ?? false,
      createdBy: ctx.actor.id,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + lifeDays * DAY_MS),
    },
    consumers: await consumersOf(tx, ctx, wish),
  };
}

/**
 * Named consumers, and those of the key that is copied which no named one stands for. Addresses of webhooks are secrets of the
 * source: who may not change them there does not take them along.
 */
async function consumersOf(tx: Tx, ctx: Ctx, wish: KeyWish): Promise<PlannedConsumer[]> {
  const named = wish.consumers ?? [];
  const twice = named.find((one, i) => named.findIndex((other) => other.name === one.name) !== i);
  if (twice !== undefined)
    throw invalid('consumers', `Two consumers are called ${twice.name}; give each a name of its own.`);
  if (wish.copyFrom === undefined) return named;
  const source = visibleKey(ctx, await selectKey(tx, wish.copyFrom));
  const copied = await selectConsumers(tx, source.lineageId);
  const mayTakeHooks = mayWith(ctx, source, 'api-keys:write');
  const open = copied.filter((row) => mayTakeHooks || row.channel !== 'webhook');
  const more = open.filter((row) => !named.some((one) => one.name === row.name));
  return [
    ...named,
    ...more.map((row) => ({
      name: row.name,
      ownerName: row.ownerName,
      channel: row.channel,
      address: row.address,
      ranges: row.ranges,
      agents: row.agents,
      addressSetBy: row.addressSetBy ?? (row.addressScopes === null ? row.createdBy : null),
      addressScopes: row.addressScopes,
    })),
  ];
}

/** Stores the consumers of a new key. Throws `invalid` for a webhook that may not be called. */
export async function storeConsumers(
  tx: Tx,
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'receiverFault'>,
  { row, consumers }: KeyPlan,
): Promise<void> {
  for (const consumer of consumers) assertReceiver(deps, consumer);
  const { lineageId, createdBy, createdAt } = row;
  const vouch = await vouchOf(tx, ctx, row);
  await insertConsumers(
    tx,
    consumers.map((consumer) => ({
      ...vouch,
      ...consumer,
      id: newConsumerId(),
      lineageId,
      createdBy,
      createdAt,
    })),
  );
}

/** Throws `invalid` for a webhook at an address that may not be called. */
export function assertReceiver(
  deps: Pick<ApiKeysDeps, 'receiverFault'>,
  { channel, address }: Pick<NewConsumer, 'channel' | 'address'>,
): void {
  const fault = channel === 'webhook' ? deps.receiverFault(address) : null;
  if (fault !== null) throw invalid('address', `The address of the webhook ${fault}.`);
}

/** A fresh id of a consumer. */
export function newConsumerId(): string {
  return `kco_${randomBytes(9).toString('base64url')}`;
}

/** One chance in 10^14 per key; the caller simply asks again. */
export function idTaken(): DomainError {
  return new DomainError('conflict', 'The id drawn for the key is taken; create it again.');
}

/** What the log keeps of a new key. */
export function createdEntry(
  { row, consumers }: KeyPlan,
  action: AuditEntry['action'],
  details: Record<string, unknown>,
): AuditEntry {
  const { name, platform, environment, scopes, ownerId, expiresAt, ipAllow, rateLimitPerMin } = row;
  return {
    action,
    category: 'api-keys',
    level: 'warning',
    platform: platform === '*' ? null : platform,
    target: { kind: 'api-key', id: row.id },
    details: { ...details, consumers: consumers.map((consumer) => consumer.name) },
    after: { name, platform, environment, scopes, ownerId, expiresAt, ipAllow, rateLimitPerMin },
  };
}
