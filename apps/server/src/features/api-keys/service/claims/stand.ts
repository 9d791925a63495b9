import { keyState, type ClaimStanding, type NewClaim } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import type { ReadDb, Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { write, type AuditEntry } from '../../../../platform/write.ts';
import type { KeyRow } from '../../queries.ts';
import { cancelClaims, selectNewestClaim, type ClaimRow } from '../../queries/claims.ts';
import { selectKey } from '../../queries/creating.ts';
import { selectPersonAddress } from '../../queries/owners.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { heldWithOwner } from '../held-key.ts';
import { assertAddressHolds } from '../rotation/delivery.ts';
import { standingOf } from '../standing.ts';
import { mayWith, visibleKey } from '../visible-key.ts';
import { assertMayHandOverBy } from './hand-over.ts';
import { linkWay, openClaim } from './link.ts';

/** Where the newest link of a key stands; null for keys that were never sent by one. Throws `not_found`. */
export async function claimStanding(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'canMail'>,
  keyId: string,
): Promise<ClaimStanding | null> {
  const key = visibleKey(ctx, await selectKey(ctx.db, keyId));
  const claim = await selectNewestClaim(ctx.db, keyId);
  if (claim === null) return null;
  const { recipientName, recipientEmail, createdAt, expiresAt, claimedAt } = claim;
  const recipient = await recipientOf(ctx.db, key, claim);
  const reader = { canMail: deps.canMail, makerId: ctx.actor.id, held: ctx.actor.grants };
  return {
    state: stateOf(claim, ctx.now()),
    recipientName,
    recipientEmail,
    createdAt: createdAt.getTime(),
    expiresAt: expiresAt.getTime(),
    claimedAt: claimedAt?.getTime() ?? null,
    canChange: isWaiting(key, ctx.now()) && mayWith(ctx, key, 'api-keys:deliver'),
    way: linkWay(reader, { key, recipient, sendMail: true }),
  };
}

/** Takes the link of a waiting key back. Throws `not_found`, `forbidden`, and `precondition` when the key was drawn meanwhile. */
export async function cancelClaim(ctx: Ctx, keyId: string): Promise<void> {
  await write(ctx, async (tx, record) => {
    const { key, claim } = await waitingKey(tx, ctx, keyId);
    const ended = await cancelClaims(tx, keyId, ctx.now());
    record({ ...entryOf(key, 'api-keys.claim_cancelled'), details: { recipient: claim.recipientEmail, ended } });
  });
  ctx.hub.publish('api-keys');
}

/**
 * Makes a new link for a waiting key; the one before is dead at once. Throws like `cancelClaim`, and `precondition` where the link
 * could only be shown and the caller may not see it.
 */
export async function resendClaim(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'sealing' | 'canMail'>,
  { keyId, sendMail }: { keyId: string; sendMail: boolean },
): Promise<NewClaim> {
  const made = await write(ctx, async (tx, record) => {
    const { key, claim } = await waitingKey(tx, ctx, keyId);
    await assertAddressHolds(tx, ctx, key, claim);
    const recipient = await recipientOf(tx, key, claim);
    const link = await openClaim(tx, ctx, deps, { key, recipient, sendMail });
    const details = { recipient: recipient.email, isMailed: link.path === null, expiresAt: new Date(link.expiresAt) };
    record({ ...entryOf(key, 'api-keys.claim_resent'), details });
    return link;
  });
  ctx.hub.publish('api-keys');
  return made;
}

/** Whom a link goes to. The person may have another address by now; theirs is the one that counts. */
async function recipientOf(db: ReadDb, { ownerId }: KeyRow, claim: ClaimRow) {
  const owner = ownerId === null ? null : await selectPersonAddress(db, ownerId);
  return owner ?? { name: claim.recipientName, email: claim.recipientEmail, isDemo: false };
}

async function waitingKey(tx: Tx, ctx: Ctx, keyId: string): Promise<{ key: KeyRow; claim: ClaimRow }> {
  const key = await heldWithOwner(tx, ctx, keyId, 'api-keys:deliver');
  await assertMayHandOverBy(tx, ctx, key);
  const claim = await selectNewestClaim(tx, keyId);
  if (claim !== null && isWaiting(key, ctx.now())) return { key, claim };
  throw new DomainError('precondition', 'This key waits for no link: it was drawn, or has ended.');
}

function isWaiting(key: KeyRow, now: Date): boolean {
  return keyState(standingOf(key, null), now.getTime()) === 'pending';
}

function stateOf(claim: ClaimRow, now: Date): ClaimStanding['state'] {
  if (claim.claimedAt !== null) return 'claimed';
  if (claim.cancelledAt !== null) return 'cancelled';
  return claim.expiresAt <= now ? 'lapsed' : 'waiting';
}

function entryOf(key: KeyRow, action: AuditEntry['action']) {
  return {
    action,
    category: 'api-keys' as const,
    level: 'warning' as const,
    platform: key.platform === '*' ? null : key.platform,
    target: { kind: 'api-key' as const, id: key.id },
  };
}
