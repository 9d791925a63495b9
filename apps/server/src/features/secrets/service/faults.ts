import { DomainError } from '@qd/shared/errors';
import { can } from '@qd/shared/permissions';
import type { Tx } from '../../../db/client.ts';
import { isTaken } from '../../../db/taken.ts';
import type { Ctx } from '../../../platform/context.ts';
import { isActivePerson } from '../queries/secrets.ts';
import { NAME_INDEX } from '../queries/writes.ts';

/** An input that cannot be stored, with the field at fault. */
export function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid', `Nothing was stored: ${field} ${message}.`, { fields: [{ field, message }] });
}

/** Throws `invalid` for an instant that has not come yet. */
export function assertPast(ctx: Pick<Ctx, 'now'>, field: string, at: number): void {
  if (at > ctx.now().getTime()) throw invalid(field, 'lies in the future; record a rotation once it is done');
}

/** Throws `invalid` unless the owner is the caller, or an active person the caller may see. */
export async function assertOwner(tx: Tx, ctx: Ctx, platform: string, ownerId: string | null): Promise<void> {
  if (ownerId === null) return;
  const mayKnow = ownerId === ctx.actor.id || can(ctx.actor.grants, 'users:read', platform);
  if (mayKnow && (await isActivePerson(tx, ownerId))) return;
  throw invalid('ownerId', 'names nobody active you may see; write the name instead');
}

/** Runs a change; a name that is in use on the platform becomes a `conflict` that says so. */
export async function refusingTakenNames<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!isTaken(error, NAME_INDEX)) throw error;
    const message = 'is in the register of this platform already';
    throw new DomainError('conflict', `This name ${message}.`, { fields: [{ field: 'name', message }], cause: error });
  }
}
