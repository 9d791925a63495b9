import { can, isPermission } from '@qd/shared/permissions';
import { platformRole, type AuthorizeAnswer, type AuthorizeInput, type AuthorizeReason } from '@qd/shared/users';
import { assertCan } from '../../../../platform/access.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { grantScopes } from '../../../../platform/session.ts';
import { selectStanding, type Standing } from '../../queries/authorize.ts';

const sentences: Record<AuthorizeReason, string> = {
  role: 'A role of this person allows it.',
  no_account: 'Nobody of this id or address has an account on this platform.',
  suspended: 'This person, or their account on this platform, is suspended.',
  invited: 'This person is invited and has not come in yet.',
  not_in_role: 'No role of this person on this platform allows it.',
};

/**
 * Whether a person may do something on a platform: a permission of the platform by their account there, one of the console by
 * their roles here. Throws `forbidden` or `not_found` for a key of another platform.
 */
export async function authorize(ctx: Ctx, input: AuthorizeInput): Promise<AuthorizeAnswer> {
  assertCan(ctx, 'users:authorize', input.platform);
  const { user, platform } = input;
  const reason = reasonOf(await selectStanding(ctx.db, { user, platform }, ctx.now()), input);
  return { allow: reason === 'role', reason, message: sentences[reason] };
}

function reasonOf(standing: Standing | null, { permission, platform }: AuthorizeInput): AuthorizeReason {
  // Who has nothing here is nobody here: a key of one platform must not learn who belongs to another.
  if (standing === null || hasNothing(standing)) return 'no_account';
  const { membership, grants, state } = standing;
  if (state === 'suspended' || state === 'invited') return state;
  if (isPermission(permission)) return can(grantScopes(grants), permission, platform) ? 'role' : 'not_in_role';
  if (membership?.state === 'suspended') return 'suspended';
  const role = membership === null ? null : platformRole(platform, membership.role);
  return role?.permissions.includes(permission) === true ? 'role' : 'not_in_role';
}

function hasNothing({ state, membership, grants }: Standing): boolean {
  return state === 'offboarded' || (membership === null && grants.length === 0);
}
