import { DomainError } from '@qd/shared/errors';
import { can } from '@qd/shared/permissions';
import type { Tx } from '../../../../db/client.ts';
import { selectActingGrants } from '../../../../db/queries/grants.ts';
import type { Actor, Ctx } from '../../../../platform/context.ts';
import { grantScopes } from '../../../../platform/session.ts';
import type { KeyRow } from '../../queries.ts';
import { selectPersonAddress } from '../../queries/owners.ts';
import { assertMayCreate, assertMayDeliver } from '../create/giving.ts';
import { maySendSuccessor } from '../rotation/delivery.ts';
import { scopeOfKey } from '../visible-key.ts';

/**
 * Passes if the caller may hand this key over now: whoever may create it, or, for a key of a person's own, whoever may send it
 * to them. Throws as creating does.
 */
export async function assertMayHandOverBy(tx: Tx, ctx: Pick<Ctx, 'actor' | 'now'>, key: KeyRow): Promise<void> {
  const { platform, scopes, ownerId } = key;
  const isWriter = ctx.actor.kind !== 'user' || (await holdsWrite(tx, ctx, key));
  if (isWriter || ownerId === null) await assertMayCreate(tx, ctx, { platform, scopes, ownerId });
  else await assertMayDeliver(tx, ctx, { platform, scopes, ownerId });
}

async function holdsWrite(tx: Tx, { actor, now }: Pick<Ctx, 'actor' | 'now'>, key: KeyRow): Promise<boolean> {
  const held = actor.id === null ? [] : await selectActingGrants(tx, actor.id, now());
  return can(grantScopes(held), 'api-keys:write', scopeOfKey(key));
}

/**
 * The same of whoever made a link, asked when it is used: they may have been demoted, suspended or removed since. The command
 * line needs nobody's rights. Throws `precondition` with the refusal as its cause.
 */
export async function assertMayHandOver(
  tx: Tx,
  ctx: Pick<Ctx, 'now'>,
  createdBy: string | null,
  key: KeyRow,
): Promise<void> {
  if (createdBy === null) return;
  const creator = await selectPersonAddress(tx, createdBy);
  const actor: Actor = {
    kind: 'user',
    id: createdBy,
    email: creator?.email ?? null,
    name: creator?.name ?? 'Nobody',
    role: null,
    grants: [],
    sessionId: null,
    address: null,
  };
  try {
    await assertMayHandOverBy(tx, { actor, now: ctx.now }, key);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (await maySendSuccessor(tx, { actor, now: ctx.now }, key)) return;
    const words = 'Whoever made this link may not hand over this key any more; ask for a new one.';
    throw new DomainError('precondition', words, { cause: error });
  }
}
