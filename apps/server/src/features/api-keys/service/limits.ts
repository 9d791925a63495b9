import {
  isUsable,
  keyState,
  type KeyLimitsView,
  type LimitsPreview,
  type LimitsPreviewInput,
  type UpdateKeyInput,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { DAY_MS } from '@qd/shared/time';
import ipaddr from 'ipaddr.js';
import { isWithin } from '../../../platform/client-address.ts';
import type { Ctx } from '../../../platform/context.ts';
import { write } from '../../../platform/write.ts';
import type { KeyRow } from '../queries.ts';
import { selectKey, updateKeyRow } from '../queries/creating.ts';
import { selectCallsByAddress, selectMinutesBeyond } from '../queries/limits.ts';
import { assertMayCreate } from './create/giving.ts';
import { heldWithOwner } from './held-key.ts';
import { standingOf } from './standing.ts';
import { mayWith, visibleKey } from './visible-key.ts';

const MAX_ADDRESSES = 2_000;
const SHOWN_ADDRESSES = 5;

/** Name, scopes and limits of a key, as a form for changing them begins. Throws `not_found`. */
export async function keyLimits(ctx: Ctx, keyId: string): Promise<KeyLimitsView> {
  const key = visibleKey(ctx, await selectKey(ctx.db, keyId));
  const { id, name, platform, scopes, ipAllow, rateLimitPerMin, updatedAt } = key;
  return {
    id,
    name,
    platform,
    scopes,
    ipAllow,
    rateLimitPerMin,
    updatedAt: updatedAt?.getTime() ?? null,
    canChange: isChangeable(key, ctx.now()) && mayWith(ctx, key, 'api-keys:write'),
  };
}

/**
 * What limits would have refused of the calls of the last 24 h. Of calls both refuse, the address is named first, as the
 * verifier asks it first; minutes are counted whole, so calls refused for their address may be counted by the rate as well.
 * Throws `not_found`.
 */
export async function previewLimits(ctx: Ctx, input: LimitsPreviewInput): Promise<LimitsPreview> {
  const key = visibleKey(ctx, await selectKey(ctx.db, input.id));
  const now = ctx.now();
  const since = new Date(now.getTime() - DAY_MS);
  const limitPerMin = input.rateLimitPerMin === undefined ? key.rateLimitPerMin : input.rateLimitPerMin;
  const ranges = input.ipAllow ?? key.ipAllow;
  const minutes = await selectMinutesBeyond(ctx.db, { keyId: key.id, since, limitPerMin });
  const callers = await selectCallsByAddress(ctx.db, { keyId: key.id, since, limit: MAX_ADDRESSES });
  const named = callers.filter((caller) => ipaddr.isValid(caller.address));
  const allowed = ranges.map((range) => ipaddr.parseCIDR(range));
  const outside = ranges.length === 0 ? [] : named.filter(({ address }) => !isWithin(address, allowed));
  const unknown = ranges.length === 0 ? [] : callers.filter((caller) => !ipaddr.isValid(caller.address));
  const sum = (rows: readonly { calls: number }[]): number => rows.reduce((total, row) => total + row.calls, 0);
  return {
    calls: Math.max(minutes.calls, sum(callers)),
    refusedByAddress: sum(outside),
    refusedByRate: minutes.beyond,
    addresses: outside.slice(0, SHOWN_ADDRESSES),
    moreAddresses: Math.max(0, outside.length - SHOWN_ADDRESSES),
    unknownCalls: sum(unknown),
    asOf: now.getTime(),
  };
}

/**
 * Changes name, scopes or limits of a key that still lives. Scopes may only be those the caller, and the person the key acts for,
 * could give to a new key. Throws `not_found`, `forbidden`, `invalid`, `precondition` for keys that ended, and `conflict` when it
 * changed since `seenAt`, or is passed on just now.
 */
export async function updateKey(ctx: Ctx, input: UpdateKeyInput): Promise<{ updatedAt: number }> {
  const at = await write(ctx, async (tx, record) => {
    const key = await heldWithOwner(tx, ctx, input.id, 'api-keys:write');
    if ((key.updatedAt?.getTime() ?? null) !== input.seenAt) {
      throw new DomainError('conflict', 'Somebody changed this key meanwhile; look at it again, then change it.');
    }
    if (!isChangeable(key, ctx.now())) throw new DomainError('precondition', 'This key has ended; make another one.');
    const before = factsOf(key);
    const { name, scopes, ipAllow, rateLimitPerMin } = { ...before, ...given(input) };
    const after = { name, scopes, ipAllow, rateLimitPerMin };
    const added = scopes.filter((scope) => !key.scopes.includes(scope));
    // Taking scopes away is always right, even ones the caller could not give.
    await assertMayCreate(tx, ctx, {
      platform: key.platform,
      scopes: added,
      ownerId: added.length > 0 ? key.ownerId : null,
    });
    const updatedAt = ctx.now();
    await updateKeyRow(tx, key.id, { ...after, updatedAt });
    record({
      action: 'api-keys.updated',
      category: 'api-keys',
      level: 'warning',
      platform: key.platform === '*' ? null : key.platform,
      target: { kind: 'api-key', id: key.id },
      before,
      after,
    });
    return updatedAt;
  });
  ctx.hub.publish('api-keys');
  return { updatedAt: at.getTime() };
}

function factsOf({ name, scopes, ipAllow, rateLimitPerMin }: KeyRow) {
  return { name, scopes, ipAllow, rateLimitPerMin };
}

/** What the input names; `null` is a value, absence is none. */
function given({ name, scopes, ipAllow, rateLimitPerMin }: UpdateKeyInput): Partial<ReturnType<typeof factsOf>> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(ipAllow === undefined ? {} : { ipAllow }),
    ...(rateLimitPerMin === undefined ? {} : { rateLimitPerMin }),
  };
}

/** True while a key may open something, now or once its owner is back, its leak cleared or its link opened. */
function isChangeable(key: KeyRow, now: Date): boolean {
  const state = keyState(standingOf(key, 'active'), now.getTime());
  return isUsable(state) || state === 'pending' || state === 'quarantined';
}
