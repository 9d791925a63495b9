import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  defaultKeyPrefix,
  formatKey,
  readKey,
  type ApiKeyState,
  type ApiKeyView,
  type CreateKeyInput,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { Page } from '@qd/shared/paging';
import { platformsWith } from '@qd/shared/permissions';
import { DAY_MS } from '@qd/shared/time';
import type { UserState } from '@qd/shared/users';
import type { Tx } from '../../../db/client.ts';
import { assertCan } from '../../../platform/access.ts';
import type { Ctx } from '../../../platform/context.ts';
import { assertMayGive } from '../../../platform/escalation.ts';
import { pepperedHash, type Pepper } from '../../../platform/pepper.ts';
import { write } from '../../../platform/write.ts';
import {
  insertKey,
  lockKey,
  markRevoked,
  platformExists,
  selectKeyOwner,
  selectKeys,
  type KeyRow,
} from '../queries.ts';
import { isForMachines, scopesBeyond } from './scopes.ts';

/** A new key; `text` is shown now and never again. */
export interface CreatedKey {
  id: string;
  text: string;
  expiresAt: Date;
}

/**
 * Makes a key. Throws `invalid` for an unknown platform or owner, `forbidden` when the caller, or the person the key acts for,
 * lacks a scope on the platform.
 */
export async function createKey(
  ctx: Ctx,
  deps: { pepper: Pepper },
  input: CreateKeyInput,
  options: { isDemo?: boolean } = {},
): Promise<CreatedKey> {
  const { name, platform, environment, scopes, ownerId } = input;
  const prefix = input.prefix ?? defaultKeyPrefix(platform);
  const created = await write(ctx, async (tx, record) => {
    await assertMayCreate(tx, ctx, input);
    const createdAt = ctx.now();
    const expiresAt = new Date(createdAt.getTime() + input.lifeDays * DAY_MS);
    const key = formatKey({ prefix, environment }, randomBytes, crc32);
    const hash = pepperedHash(deps.pepper, key.text);
    const isDemo = options.isDemo ?? false;
    const pepperVersion = deps.pepper.version;
    const shown = { name, platform, environment, scopes, ownerId, expiresAt };
    const isNew = await insertKey(tx, { ...shown, id: key.kid, hash, pepperVersion, isDemo, createdAt });
    // One chance in 10^14 per key; the caller simply asks again.
    if (!isNew) throw new DomainError('conflict', 'The id drawn for the key is taken; create it again.');
    record({
      action: 'api-keys.created',
      category: 'api-keys',
      level: 'warning',
      platform: platform === '*' ? null : platform,
      target: { kind: 'api-key', id: key.kid },
      after: shown,
    });
    return { id: key.kid, text: key.text, expiresAt };
  });
  ctx.hub.publish('api-keys');
  return created;
}

async function assertMayCreate(tx: Tx, ctx: Ctx, input: CreateKeyInput): Promise<void> {
  const { platform, scopes, ownerId } = input;
  const given = scopes.filter((scope) => !isForMachines(scope));
  await assertMayGive(tx, ctx, { platform, permissions: given }, 'api-keys:write');
  if (platform !== '*' && !(await platformExists(tx, platform))) {
    throw invalid('platform', `There is no platform ${platform}; see qd platforms list.`);
  }
  if (ownerId === null) return;
  const owner = await selectKeyOwner(tx, ownerId, ctx.now());
  if (owner?.state !== 'active') throw invalid('ownerId', 'The key must act for a person who is active.');
  const beyond = scopesBeyond(owner.grants, scopes, platform);
  if (beyond.length > 0) {
    throw new DomainError('forbidden', `The person the key acts for does not hold ${beyond.join(', ')} there.`);
  }
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid', message, { fields: [{ field, message }] });
}

/** One page of keys by id, on the platforms where the caller may see keys; never their secrets. The cursor is the last id. */
export async function listKeys(
  ctx: Pick<Ctx, 'db' | 'actor' | 'now'>,
  input: { cursor?: string | undefined; limit: number },
): Promise<Page<ApiKeyView>> {
  const platforms = platformsWith(ctx.actor.grants, 'api-keys:read');
  const found = await selectKeys(ctx.db, { platforms, afterId: input.cursor ?? null, limit: input.limit });
  const page = found.slice(0, input.limit);
  return {
    rows: page.map(({ key, owner }) => toView(key, owner, ctx.now())),
    nextCursor: found.length > input.limit ? (page.at(-1)?.key.id ?? null) : null,
  };
}

type Owner = { email: string; state: UserState } | null;

function toView(key: KeyRow, owner: Owner, now: Date): ApiKeyView {
  const { id, name, platform, environment, scopes, ownerId, isDemo } = key;
  return {
    id,
    name,
    platform,
    environment,
    scopes,
    ownerId,
    isDemo,
    state: stateOf(key, owner, now),
    ownerEmail: owner?.email ?? null,
    createdAt: key.createdAt.getTime(),
    expiresAt: key.expiresAt?.getTime() ?? null,
    revokedAt: key.revokedAt?.getTime() ?? null,
    lastUsedAt: key.lastUsedAt?.getTime() ?? null,
  };
}

function stateOf(key: KeyRow, owner: Owner, now: Date): ApiKeyState {
  if (key.revokedAt !== null) return 'revoked';
  if (key.expiresAt !== null && key.expiresAt <= now) return 'expired';
  return key.ownerId !== null && owner?.state !== 'active' ? 'owner_suspended' : 'active';
}

/**
 * Ends a key for ever; takes its id or the whole key. The row stays, so that the key is known to have been ours.
 * Gives false when it was revoked before. Throws `not_found`.
 */
export async function revokeKey(ctx: Ctx, input: { key: string; reason: string }): Promise<boolean> {
  const id = readKey(input.key, crc32)?.kid ?? input.key;
  const key = await write(ctx, async (tx, record) => {
    const found = await lockKey(tx, id);
    if (found === null) throw new DomainError('not_found', `There is no key ${id.slice(0, 20)}; see qd keys list.`);
    assertCan(ctx, 'api-keys:write', found.platform === '*' ? null : found.platform);
    if (found.revokedAt === null) await markRevoked(tx, id, ctx.now());
    record({
      action: 'api-keys.revoked',
      category: 'api-keys',
      level: 'warning',
      platform: found.platform === '*' ? null : found.platform,
      target: { kind: 'api-key', id },
      details: { name: found.name, reason: input.reason, wasRevokedBefore: found.revokedAt !== null },
      before: { revokedAt: found.revokedAt },
      after: { revokedAt: found.revokedAt ?? ctx.now() },
    });
    return found;
  });
  ctx.hub.publish('api-keys');
  return key.revokedAt === null;
}
