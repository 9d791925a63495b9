import {
  consoleScopes,
  defaultKeyPolicy,
  platformScopes,
  scopesOfRole,
  type CreateOptions,
  type DeliverOptions,
  type OwnerScopes,
} from '@qd/shared/api-keys';
import { DomainError } from '@qd/shared/errors';
import { isPermission, permissions, platformsWith } from '@qd/shared/permissions';
import { emailKey, platformRole } from '@qd/shared/users';
import { assertCan, maySee } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { selectAccounts, selectKeyHolder, selectPersonAddress, selectPersonId } from '../../queries/owners.ts';
import { selectAllAddedScopes, selectKeyPolicies, selectPlatforms } from '../../queries/policies.ts';
import { linkWay } from '../claims/link.ts';
import type { ApiKeysDeps } from '../deps.ts';
import { isConsoleOwner } from '../policy.ts';
import { isForMachines } from '../scopes.ts';
import { beyondOwner } from './giving.ts';

/** What the form for a new key offers to its reader: platforms, their policies and scopes, and what is theirs to give. */
export async function createOptions(ctx: Ctx, deps: Pick<ApiKeysDeps, 'canMail'>): Promise<CreateOptions> {
  const writable = platformsWith(ctx.actor.grants, 'api-keys:write');
  const policies = await selectKeyPolicies(ctx.db);
  const added = await selectAllAddedScopes(ctx.db);
  const platforms = await selectPlatforms(ctx.db, writable);
  return {
    platforms: platforms.map(({ id, name }) => ({
      id,
      name,
      policy: policies.get(id) ?? defaultKeyPolicy(id),
      scopes: platformScopes(id, added.get(id) ?? []),
    })),
    consoleScopes: consoleScopes().map((view) => ({ ...view, platforms: giverOf(ctx, view.scope, writable) })),
    isOwner: await isConsoleOwner(ctx.db, ctx),
    canMail: deps.canMail,
  };
}

function giverOf({ actor }: Ctx, scope: string, writable: '*' | string[]): '*' | string[] {
  if (!isPermission(scope)) return [];
  if (isForMachines(scope) || actor.kind !== 'user') return writable;
  const held = platformsWith(actor.grants, scope);
  if (writable === '*') return held;
  return held === '*' ? writable : held.filter((platform) => writable.includes(platform));
}

/**
 * What a key of a person may carry on a platform (`*`: on all): what they may do there themselves. Throws `not_found`, the same
 * for nobody and for people with nothing on platforms the reader may see.
 */
export async function ownerScopes(ctx: Ctx, of: { ownerId: string; platform: string }): Promise<OwnerScopes> {
  const { ownerId, platform } = of;
  assertCan(ctx, 'api-keys:write', platform === '*' ? null : platform, 'platform');
  const owner = await selectKeyHolder(ctx.db, { userId: ownerId, platform }, ctx.now());
  const isHere =
    owner?.platformRole !== null || owner.grants.some(({ platform: p }) => p === '*' || maySee(ctx.actor, p));
  if (owner?.state !== 'active' || !isHere) throw noPerson();
  const all = [...scopesOfRole(platform, owner.platformRole), ...permissions.filter((p) => !isForMachines(p))];
  const beyond = beyondOwner(owner, { platform, scopes: all });
  const scopes = all.filter((scope) => !beyond.includes(scope));
  return { scopes, email: owner.email, name: owner.name };
}

/** What may be sent to a person as a key of their own, on platforms where the reader may. Throws `not_found`. */
export async function deliverOptions(
  ctx: Ctx,
  deps: Pick<ApiKeysDeps, 'canMail'>,
  ownerId: string,
): Promise<DeliverOptions> {
  const person = await selectPersonAddress(ctx.db, ownerId);
  const where = platformsWith(ctx.actor.grants, 'api-keys:deliver');
  const accounts = person === null ? [] : await selectAccounts(ctx.db, ownerId);
  const here = accounts.filter(({ platform }) => where === '*' || where.includes(platform));
  if (person === null || (here.length === 0 && where !== '*')) throw noPerson();
  const policies = await selectKeyPolicies(ctx.db);
  const reader = { canMail: deps.canMail, makerId: ctx.actor.id, held: ctx.actor.grants };
  return {
    name: person.name,
    email: person.email,
    isDemo: person.isDemo,
    accounts: here.map(({ platform, platformName, role }) => ({
      platform,
      platformName,
      role: platformRole(platform, role)?.title ?? role,
      policy: policies.get(platform) ?? defaultKeyPolicy(platform),
      scopes: platformScopes(platform, []).filter(({ scope }) => scopesOfRole(platform, role).includes(scope)),
      way: linkWay(reader, { key: { platform, ownerId }, recipient: person, sendMail: true }),
    })),
  };
}

/** Id of the person with an address. Throws `invalid` for nobody. */
export async function findPerson(ctx: Pick<Ctx, 'db'>, email: string): Promise<string> {
  const id = await selectPersonId(ctx.db, emailKey(email.trim()));
  if (id !== null) return id;
  throw new DomainError('invalid', `Nobody here has the address ${email.slice(0, 100)}.`);
}

function noPerson(): DomainError {
  return new DomainError('not_found', 'There is no such person here; look at the list again.');
}
