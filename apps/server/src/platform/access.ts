import { DomainError } from '@qd/shared/errors';
import { can, type Permission } from '@qd/shared/permissions';
import type { Actor } from './context.ts';

/** What was refused, for the audit log. */
export interface Denial {
  permission: Permission;
  platform: string | null;
}

const denials = new WeakMap<DomainError, Denial>();

/** The refusal behind an error, or null when the error is no refusal. */
export function denialOf(error: unknown): Denial | null {
  return error instanceof DomainError ? (denials.get(error) ?? null) : null;
}

/** True if the actor holds any grant on the platform; who does not must not learn that the row exists. */
export function maySee(actor: Actor, platform: string): boolean {
  return actor.grants.some((g) => (g.platform === '*' || g.platform === platform) && g.permissions.length > 0);
}

/**
 * Passes if the actor holds the permission on the row's platform (`null`: on all platforms).
 * Throws `forbidden`, or `not_found` for rows of platforms the actor may not even see: in the very words for a `thing` there is
 * not, so that nobody learns which there are.
 */
export function assertCan(
  ctx: { actor: Actor },
  permission: Permission,
  platform: string | null,
  thing = 'thing here',
): void {
  if (can(ctx.actor.grants, permission, platform)) return;
  refuseUnenrolled(ctx.actor);
  const seen = platform === null || maySee(ctx.actor, platform);
  throw seen
    ? denied(
        { permission, platform },
        'forbidden',
        `This needs the permission ${permission}; ask an owner or admin for it.`,
      )
    : denied({ permission, platform }, 'not_found', `There is no such ${thing}; check the address.`);
}

/** Passes if the actor holds the permission on at least one platform; rows are then filtered or checked one by one. */
export function assertCanSomewhere(ctx: { actor: Actor }, permission: Permission): void {
  if (ctx.actor.grants.some((g) => g.permissions.includes(permission))) return;
  refuseUnenrolled(ctx.actor);
  throw denied(
    { permission, platform: null },
    'forbidden',
    `This needs the permission ${permission}; ask an owner or admin for it.`,
  );
}

/** Someone whose role requires a second factor, and whose grace is over, has no grants until it is set up. */
function refuseUnenrolled(actor: Actor): void {
  if (actor.mustEnrol !== true) return;
  throw new DomainError(
    'precondition',
    'Your role requires a second factor, and the time to set one up is over. Set one up in your account first.',
  );
}

/** An error that the transport records as a refusal in the audit log. */
export function denied(denial: Denial, code: 'forbidden' | 'not_found', message: string): DomainError {
  return recorded(new DomainError(code, message), denial);
}

/** The same of an error that has its own words, as there are for a thing that does not exist. */
export function recorded(error: DomainError, denial: Denial): DomainError {
  denials.set(error, denial);
  return error;
}
