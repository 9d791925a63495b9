import { criticalAmong, type Risk } from '@qd/shared/approvals';
import { isBuiltInRole, isPermission, rolePermissions, type GrantScope } from '@qd/shared/permissions';
import type { ReadDb } from '../db/client.ts';
import { selectLiveGrants } from '../db/queries/grants.ts';
import { selectRole } from '../db/queries/roles.ts';
import type { LiveGrant } from '../db/queries/sessions.ts';
import { grantScopes } from './session.ts';

/** A role about to be given. */
export interface GrantToCome {
  role: string;
  platform: string;
  /** Null: until it is taken back. */
  expiresAt: Date | null;
}

/**
 * What is risky about giving a role to a person (`userId` null: to somebody new), for `rulesFor`: it makes an owner, or gives
 * permissions by which people change what others may do, and that the person does not hold there for as long already.
 */
export async function risksOfGiving(db: ReadDb, grant: GrantToCome, userId: string | null, now: Date): Promise<Risk[]> {
  const theirs = userId === null ? [] : await selectLiveGrants(db, userId, now);
  const lasting = theirs.filter((held) => lastsAsLong(held, grant));
  const given: GrantScope = { platform: grant.platform, permissions: await permissionsIn(db, grant.role) };
  if (grant.role === 'owner') {
    const isOwnerAlready = lasting.some((g) => g.role === 'owner' && ['*', grant.platform].includes(g.platform));
    return isOwnerAlready ? [] : [{ kind: 'makes_owner', gives: [given] }];
  }
  const critical = criticalAmong(given, grantScopes(lasting));
  return critical.length === 0 ? [] : [{ kind: 'gives_critical', gives: [given] }];
}

async function permissionsIn(db: ReadDb, role: string): Promise<GrantScope['permissions']> {
  if (isBuiltInRole(role)) return rolePermissions[role];
  return (await selectRole(db, role))?.permissions.filter(isPermission) ?? [];
}

function lastsAsLong(held: LiveGrant, grant: GrantToCome): boolean {
  return held.expiresAt === null || (grant.expiresAt !== null && held.expiresAt >= grant.expiresAt);
}
