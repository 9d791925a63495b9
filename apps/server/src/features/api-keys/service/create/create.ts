import type { KeyDelivery, NewClaim } from '@qd/shared/api-keys';
import type { Ctx } from '../../../../platform/context.ts';
import { write } from '../../../../platform/write.ts';
import { insertKey } from '../../queries.ts';
import { openClaim } from '../claims/link.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { drawSecret } from '../draw.ts';
import { assertMayCreate, assertMayDeliver, assertTheirs, invalid } from './giving.ts';
import { createdEntry, idTaken, planKey, storeConsumers, type KeyWish } from './plan.ts';

type CreateDeps = Pick<ApiKeysDeps, 'peppers' | 'receiverFault'>;
type ClaimDeps = CreateDeps & Pick<ApiKeysDeps, 'sealing' | 'canMail'>;

/** A new key; `text` is shown now and never again. */
export interface CreatedKey {
  id: string;
  text: string;
  expiresAt: Date;
}

/** A key that waits for its link to be opened; until then it has no secret. */
export interface PendingKey {
  id: string;
  expiresAt: Date;
  claim: NewClaim;
}

/**
 * Makes a key. Throws `invalid` for an unknown platform, scope or owner and for a life beyond the policy, `forbidden` when the
 * caller, or the person the key acts for, lacks a scope on the platform, and for a key of another person, who alone may see it.
 */
export async function createKey(ctx: Ctx, deps: CreateDeps, wish: KeyWish): Promise<CreatedKey> {
  const created = await write(ctx, async (tx, record) => {
    const rights = { ...wish, ownerId: wish.ownerId ?? null };
    const owner = await assertMayCreate(tx, ctx, rights);
    assertTheirs(ctx, rights, 'send them a link by which they draw it');
    const plan = await planKey(tx, ctx, wish, owner);
    const { id, createdAt, expiresAt } = plan.row;
    const { text, hash, pepperVersion } = drawSecret(deps, plan.row);
    if (!(await insertKey(tx, { ...plan.row, hash, pepperVersion, activatedAt: createdAt }))) throw idTaken();
    await storeConsumers(tx, ctx, deps, plan);
    record(createdEntry(plan, 'api-keys.created', { copiedFrom: wish.copyFrom ?? null }));
    return { id, text, expiresAt };
  });
  ctx.hub.publish('api-keys');
  return created;
}

/**
 * Makes a key whose secret is drawn by whoever is to use it, through a link that works once: nobody here ever sees it. The link
 * of a person's own key goes to that person. Throws as `createKey`.
 */
export async function createKeyForClaim(
  ctx: Ctx,
  deps: ClaimDeps,
  wish: KeyWish,
  to: Extract<KeyDelivery, { kind: 'claim' }>,
): Promise<PendingKey> {
  const created = await write(ctx, async (tx, record) => {
    const owner = await assertMayCreate(tx, ctx, { ...wish, ownerId: wish.ownerId ?? null });
    if (owner !== null && owner.email.toLowerCase() !== to.recipientEmail.toLowerCase()) {
      throw invalid('recipientEmail', `A key of a person's own goes to their own address, ${owner.email}.`);
    }
    const plan = await planKey(tx, ctx, wish, owner);
    const recipient = { name: to.recipientName, email: to.recipientEmail, isDemo: owner?.isDemo ?? false };
    if (!(await insertKey(tx, { ...plan.row, pepperVersion: deps.peppers.current.version }))) throw idTaken();
    await storeConsumers(tx, ctx, deps, plan);
    const claim = await openClaim(tx, ctx, deps, { key: plan.row, recipient, sendMail: to.sendMail });
    const details = { copiedFrom: wish.copyFrom ?? null, recipient: recipient.email, isMailed: claim.path === null };
    record(createdEntry(plan, 'api-keys.created', details));
    return { id: plan.row.id, expiresAt: plan.row.expiresAt, claim };
  });
  ctx.hub.publish('api-keys');
  return created;
}

/**
 * Sends a person a key of their own on a platform: they draw it through a link, at their own address, with no more than they may
 * do there. Throws `not_found`, `forbidden` and `invalid`.
 */
export async function deliverKey(ctx: Ctx, deps: ClaimDeps, wish: KeyWish & { ownerId: string }): Promise<PendingKey> {
  const created = await write(ctx, async (tx, record) => {
    const owner = await assertMayDeliver(tx, ctx, wish);
    const plan = await planKey(tx, ctx, wish, owner);
    if (!(await insertKey(tx, { ...plan.row, pepperVersion: deps.peppers.current.version }))) throw idTaken();
    const claim = await openClaim(tx, ctx, deps, { key: plan.row, recipient: owner, sendMail: true });
    record(createdEntry(plan, 'api-keys.delivered', { recipient: owner.email, isMailed: claim.path === null }));
    return { id: plan.row.id, expiresAt: plan.row.expiresAt, claim };
  });
  ctx.hub.publish('api-keys');
  return created;
}
