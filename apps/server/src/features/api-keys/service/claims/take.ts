import { consoleScopes, keyState, platformScopes, type ClaimView, type DrawnKey } from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { emailKey, noticeWords } from '@qd/shared/users';
import type { ReadDb, Tx } from '../../../../db/client.ts';
import type { Actor, Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { notice } from '../../../../platform/notices.ts';
import { anonymous } from '../../../../platform/request-context.ts';
import { tokenHash } from '../../../../platform/session.ts';
import { recordDenied, write } from '../../../../platform/write.ts';
import { lockKey, type KeyRow } from '../../queries.ts';
import { lockClaim, markClaimed, selectClaim, selectPlatformName, type ClaimRow } from '../../queries/claims.ts';
import { activateKey, selectKey } from '../../queries/creating.ts';
import { holdPerson, selectKeyHolder, selectPersonAddress, type KeyOwner } from '../../queries/owners.ts';
import { selectAddedScopes } from '../../queries/policies.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { drawSecret } from '../draw.ts';
import { policyOf } from '../policy.ts';
import { standingOf } from '../standing.ts';
import { assertMayHandOver } from './hand-over.ts';

/** What the holder of a link sees before drawing the key. Throws `precondition`, the same for used, old and unknown links. */
export async function lookAtClaim(ctx: Pick<Ctx, 'db' | 'now'>, token: string): Promise<ClaimView> {
  const { claim, key } = await openOrThrow(ctx, token);
  const { platform, environment, expiresAt } = key;
  const creator = claim.createdBy === null ? null : await selectPersonAddress(ctx.db, claim.createdBy);
  return {
    keyId: key.id,
    keyName: key.name,
    recipientName: claim.recipientName,
    platform,
    platformName: await selectPlatformName(ctx.db, platform),
    environment,
    scopes: await scopesShown(ctx.db, key),
    createdBy: creator?.name ?? 'Whoever runs this console',
    keyExpiresAt: expiresAt?.getTime() ?? null,
    expiresAt: claim.expiresAt.getTime(),
    overlapDays: (await policyOf(ctx.db, platform)).overlapDays,
  };
}

/**
 * Draws the key of a link, once: only now its secret comes to be, and nobody is ever shown it again. Throws `precondition` when
 * the link is over, or when whoever made it could not hand the key over any more.
 */
export async function takeClaim(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'peppers'>,
  token: string,
  http: HttpCall,
): Promise<DrawnKey> {
  const found = await openOrThrow(ctx, token);
  const actor = drawerOf(ctx, http.address);
  try {
    const drawn = await write({ ...ctx, actor }, async (tx, record) => {
      const { claim, key } = await lockedOrThrow(tx, ctx, found);
      await assertMayHandOver(tx, ctx, claim.createdBy, key);
      if (key.format === 'opaque') throw claimOver();
      const activatedAt = ctx.now();
      const { text, hash, pepperVersion } = drawSecret(deps, { ...key, format: key.format });
      await activateKey(tx, key.id, { hash, pepperVersion, activatedAt });
      await markClaimed(tx, claim.id, { now: activatedAt, from: http.address });
      await tellOfDraw(tx, ctx, { claim, key, address: http.address });
      record({
        action: 'api-keys.claimed',
        category: 'api-keys',
        level: 'warning',
        platform: key.platform === '*' ? null : key.platform,
        target: { kind: 'api-key', id: key.id },
        details: {
          recipient: claim.recipientEmail,
          actsFor: key.ownerId,
          linkMadeBy: claim.createdBy,
          userAgent: http.userAgent,
        },
        after: { activatedAt },
      });
      return { keyId: key.id, text };
    });
    ctx.hub.publish('api-keys');
    return drawn;
  } catch (error) {
    if (error instanceof DomainError && error.cause instanceof DomainError)
      await noteRefusal({ ...ctx, actor }, found.key, error);
    throw error;
  }
}

interface OpenClaim {
  claim: ClaimRow;
  key: KeyRow;
}

async function openOrThrow(ctx: Pick<Ctx, 'db' | 'now'>, token: string): Promise<OpenClaim> {
  const claim = await selectClaim(ctx.db, tokenHash(token));
  const key = claim === null ? null : await selectKey(ctx.db, claim.keyId);
  if (claim === null || key === null) throw claimOver();
  const owner = await ownerOf(ctx.db, key, ctx.now());
  assertOpen({ claim, key }, owner, ctx.now());
  return { claim, key };
}

/**
 * The same, locked: of calls at once the first draws the key, and the others find it drawn. People, keys, links: in the order of
 * those who take a link back or pass a key on.
 */
async function lockedOrThrow(tx: Tx, ctx: Pick<Ctx, 'now'>, found: OpenClaim): Promise<OpenClaim> {
  if (found.key.ownerId !== null) await holdPerson(tx, found.key.ownerId);
  const key = await lockKey(tx, found.key.id);
  const claim = await lockClaim(tx, found.claim.id);
  if (claim === null || key === null) throw claimOver();
  const owner = await ownerOf(tx, key, ctx.now());
  assertOpen({ claim, key }, owner, ctx.now());
  return { claim, key };
}

function ownerOf(db: ReadDb, key: KeyRow, now: Date) {
  return key.ownerId === null
    ? Promise.resolve(null)
    : selectKeyHolder(db, { userId: key.ownerId, platform: key.platform }, now);
}

/** The link of a person's own key is for whom the key acts for now, at the address they have now. */
function assertOpen({ claim, key }: OpenClaim, owner: Pick<KeyOwner, 'state' | 'email'> | null, now: Date): void {
  const isUsed = claim.claimedAt !== null || claim.cancelledAt !== null || claim.expiresAt <= now;
  const isTheirs = key.ownerId === null || (owner?.state === 'active' && isSentTo(claim, owner));
  const state = keyState(standingOf(key, owner?.state ?? null), now.getTime());
  if (isUsed || !isTheirs || state !== 'pending') throw claimOver();
}

function isSentTo({ recipientEmail }: ClaimRow, { email }: { email: string }): boolean {
  return emailKey(recipientEmail) === emailKey(email);
}

/** In the same words whatever is wrong: who holds a link learns nothing of others'. */
export function claimOver(cause?: unknown): DomainError {
  const words = 'This link was used, taken back or has run out; ask whoever sent it for a new one.';
  return new DomainError('precondition', words, cause === undefined ? {} : { cause });
}

async function scopesShown(db: ReadDb, key: KeyRow): Promise<ClaimView['scopes']> {
  const added = key.platform === '*' ? [] : await selectAddedScopes(db, key.platform);
  const known = [...(key.platform === '*' ? [] : platformScopes(key.platform, added)), ...consoleScopes()];
  return key.scopes.flatMap((scope) => known.find((one) => one.scope === scope) ?? []);
}

/** Whoever has the link draws the key: somebody unknown, unless they are signed in. */
function drawerOf({ actor }: Pick<Ctx, 'actor'>, address: string | null): Actor {
  return actor.kind === 'user' ? actor : anonymous(address);
}

/** Tells whoever made the link, and the person the key acts for, that it was drawn. */
async function tellOfDraw(
  tx: Tx,
  ctx: Ctx,
  { claim, key, address }: { claim: ClaimRow; key: KeyRow; address: string },
): Promise<void> {
  const platform = await selectPlatformName(tx, key.platform);
  const { createdBy, recipientName: name, recipientEmail: email } = claim;
  const creator = createdBy === null ? null : await selectPersonAddress(tx, createdBy);
  if (creator !== null && creator.id !== key.ownerId) {
    const words = noticeWords('api-keys.claimed', { name, email, key: key.name, platform, address });
    await notice(tx, ctx, { to: creator, ...words, url: `/keys/${key.id}` });
  }
  const owner = key.ownerId === null ? null : await selectPersonAddress(tx, key.ownerId);
  if (owner === null || owner.isDemo) return;
  const facts = { by: creator?.name ?? 'Whoever runs this console', key: key.name, platform, address };
  await notice(tx, ctx, { to: owner, ...noticeWords('api-keys.own_claimed', facts) });
}

async function noteRefusal(ctx: Ctx, key: KeyRow, error: DomainError): Promise<void> {
  await recordDenied(ctx, {
    action: 'api-keys.claimed',
    category: 'api-keys',
    platform: key.platform === '*' ? null : key.platform,
    target: { kind: 'api-key', id: key.id },
    details: { reason: error.cause instanceof Error ? error.cause.message : error.message },
  });
}
