import { isBuiltInRole, roleTitles } from '@qd/shared/permissions';
import {
  attentionOf,
  platformRole,
  type DirectoryRow,
  type GrantBrief,
  type MembershipBrief,
  type SignInWays,
} from '@qd/shared/users';
import type { DirectoryParts, ListedGrant } from '../../queries/directory-parts.ts';
import type { ListedPerson } from '../../queries/directory.ts';

/** The display name of a role; one that is gone is named by its id. */
export function roleTitle(role: string, storedTitle: string | null): string {
  return isBuiltInRole(role) ? roleTitles[role] : (storedTitle ?? role);
}

/** The display name of a role on a platform. */
export function platformRoleTitle(platform: string, role: string): string {
  return platformRole(platform, role)?.title ?? role;
}

/** True if a reader limited to some platforms may know of something on this one; what is on all platforms, they may. */
export function isShown(scope: '*' | readonly string[], platform: string): boolean {
  return scope === '*' || platform === '*' || scope.includes(platform);
}

const grantBrief = (grant: ListedGrant): GrantBrief => ({
  role: grant.role,
  title: roleTitle(grant.role, grant.title),
  platform: grant.platform,
  expiresAt: grant.expiresAt?.getTime() ?? null,
});

const membershipBrief = (given: Omit<MembershipBrief, 'title'>): MembershipBrief => ({
  platform: given.platform,
  role: given.role,
  title: platformRoleTitle(given.platform, given.role),
  state: given.state,
});

/** How a person can sign in. */
export function signInWays(person: ListedPerson, parts: DirectoryParts): SignInWays {
  return {
    password: person.hasPassword,
    oidc: parts.oidc.has(person.id),
    factors: parts.factors.filter((factor) => factor.userId === person.id).map((factor) => factor.kind),
  };
}

/** Puts people and what belongs to them together, as far as the reader's platforms go. */
export function directoryRows(
  people: readonly ListedPerson[],
  parts: DirectoryParts,
  reader: { scope: '*' | readonly string[]; nowMs: number },
): DirectoryRow[] {
  return people.map((person) => {
    const { id, name, email, state, isDemo } = person;
    const held = parts.grants.filter((grant) => grant.userId === id).map(grantBrief);
    const signIn = signInWays(person, parts);
    const invitation = parts.invitations.find((open) => open.userId === id);
    const row = {
      id,
      name,
      email,
      state,
      isDemo,
      createdAt: person.createdAt.getTime(),
      lastSeenAt: person.lastSeenAt?.getTime() ?? null,
    };
    return {
      ...row,
      grants: held.filter((grant) => isShown(reader.scope, grant.platform)),
      memberships: parts.memberships
        .filter((account) => account.userId === id && isShown(reader.scope, account.platform))
        .map(membershipBrief),
      signIn,
      invitation: invitation === undefined ? null : { expiresAt: invitation.expiresAt.getTime() },
      attention: attentionOf(
        {
          ...row,
          grants: held,
          hasSecondFactor: signIn.factors.some((kind) => kind !== 'recovery'),
          invitationEndsAt: invitation?.expiresAt.getTime() ?? null,
        },
        reader.nowMs,
      ),
    };
  });
}
