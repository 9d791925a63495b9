import { DomainError } from '@qd/shared/errors';
import type { Permission } from '@qd/shared/permissions';
import type { Tx } from '../../../db/client.ts';
import type { Ctx } from '../../../platform/context.ts';
import { lockKey, type KeyRow } from '../queries.ts';
import { selectKey } from '../queries/creating.ts';
import { holdPerson } from '../queries/owners.ts';
import { visibleKey } from './visible-key.ts';

/**
 * A key and the person it acts for, both held until the transaction ends: the person first, as everywhere, so that two acts never
 * wait for each other in a circle. For acts that ask about that person, or store another key of theirs. Throws like `visibleKey`,
 * and `conflict` when the key was passed on meanwhile.
 */
export async function heldWithOwner(tx: Tx, ctx: Pick<Ctx, 'actor'>, id: string, by: Permission): Promise<KeyRow> {
  const seen = visibleKey(ctx, await selectKey(tx, id), by);
  if (seen.ownerId !== null) await holdPerson(tx, seen.ownerId);
  const key = visibleKey(ctx, await lockKey(tx, id), by);
  if (key.ownerId === seen.ownerId) return key;
  throw new DomainError('conflict', `${key.name} was passed on to somebody else meanwhile; look at it again.`);
}
