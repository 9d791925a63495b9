import { isPermission, peopleOnly, type Permission } from '@qd/shared/permissions';
import { platformRole } from '@qd/shared/users';
import type { OwnedKey } from '../../queries/verified-key.ts';
import { scopesBeyond } from '../scopes.ts';

/** What a key may do now: permissions of the console, and scopes of its platform in the platform's own names. */
export interface EffectiveScopes {
  console: Permission[];
  platform: string[];
}

/**
 * The scopes of a key that hold now: of the console those the catalog knows and leaves to machines; and where it acts for a
 * person, only what that person may still do, by grants here and by their account on the platform.
 */
export function effectiveScopes({ key, owner }: OwnedKey): EffectiveScopes {
  const known = key.scopes.filter((s): s is Permission => isPermission(s) && !peopleOnly.includes(s));
  const own = key.scopes.filter((s) => !isPermission(s));
  if (key.ownerId === null) return { console: known, platform: own };
  const beyond = scopesBeyond(owner?.grants ?? [], known, key.platform);
  const account = owner?.membership?.state === 'active' ? owner.membership.role : null;
  const held = account === null ? [] : (platformRole(key.platform, account)?.permissions ?? []);
  return { console: known.filter((s) => !beyond.includes(s)), platform: own.filter((s) => held.includes(s)) };
}

/**
 * True unless a key acts for somebody who has lost what it stood on: a live account or a grant where it opens, and whatever of its
 * scopes they could give it.
 */
export function isBacked({ key, owner }: OwnedKey, left: EffectiveScopes): boolean {
  if (key.ownerId === null) return true;
  const isThere =
    owner?.membership?.state === 'active' ||
    owner?.grants.some(({ platform }) => [platform, key.platform].includes('*') || platform === key.platform) === true;
  return isThere && (key.scopes.length === 0 || left.console.length + left.platform.length > 0);
}
