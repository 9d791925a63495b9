import { DomainError } from '@qd/shared/errors';
import { noticeWords, type AccountView, type ChangePasswordInput, type UpdateAccountInput } from '@qd/shared/users';
import { selectFactorState } from '../../../../db/queries/factor-state.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { notice } from '../../../../platform/notices.ts';
import { renewToken } from '../../../../platform/session.ts';
import { actingSession } from '../../../../platform/step-up.ts';
import { recordDenied, write } from '../../../../platform/write.ts';
import { updatePasswordHash, type UserRow } from '../../queries/accounts.ts';
import { selectPasskeys, selectTotps } from '../../queries/factors.ts';
import { endSessionsBut, lockAccountById, selectPerson, updateName } from '../../queries/own-account.ts';
import type { UsersDeps } from '../deps.ts';
import { passkeyObstacle } from '../factors/relying-party.ts';
import { hashNewPassword } from '../new-password.ts';

/** The caller's own account, with what they can prove themselves by. */
export async function describeAccount(ctx: Ctx, http: HttpCall): Promise<AccountView> {
  const person = await ownPerson(ctx);
  const state = await selectFactorState(ctx.db, person.id, ctx.now());
  const apps = await selectTotps(ctx.db, person.id);
  const passkeys = await selectPasskeys(ctx.db, person.id);
  const view = (row: { id: string; label: string; createdAt: Date; lastUsedAt: Date | null }) => ({
    id: row.id,
    label: row.label,
    createdAt: row.createdAt.getTime(),
    lastUsedAt: row.lastUsedAt?.getTime() ?? null,
  });
  return {
    id: person.id,
    name: person.name,
    email: person.email,
    version: person.version,
    hasPassword: person.passwordHash !== null,
    totp: apps.map(view),
    passkeys: passkeys.map((row) => ({ ...view(row), isSynced: row.isBackedUp })),
    recoveryCodesLeft: state?.recoveryCodesLeft ?? 0,
    isFactorRequired: state?.isRequired ?? false,
    enrolBy: state?.enrolBy ?? null,
    passkeyObstacle: passkeyObstacle(http),
  };
}

/** Changes the caller's own name. Throws `conflict` when the account changed since `version`. */
export async function updateAccount(ctx: Ctx, input: UpdateAccountInput): Promise<{ version: number }> {
  const { userId } = actingSession(ctx.actor);
  const { name, version } = input;
  await write(ctx, async (tx, record) => {
    const before = await selectPerson(tx, userId);
    if (before === null || !(await updateName(tx, { userId, name, version }))) {
      throw new DomainError('conflict', 'Your account was changed meanwhile; look at it again.');
    }
    record({
      action: 'users.profile_changed',
      category: 'access',
      target: { kind: 'user', id: userId },
      before: { name: before.name },
      after: { name },
    });
  });
  ctx.hub.publish('users');
  return { version: version + 1 };
}

/**
 * Gives the caller a new password and ends their other sessions; this one gets a new token. Throws `unauthenticated` when the
 * old one is wrong, `precondition` for someone who has none, `invalid` when the new one would be guessed soon, `rate_limited`.
 */
export async function changePassword(
  ctx: Ctx,
  deps: UsersDeps,
  input: ChangePasswordInput,
  http: HttpCall,
): Promise<{ endedSessions: number }> {
  const { sessionId } = actingSession(ctx.actor);
  const person = await ownPerson(ctx);
  await assertOldPassword(ctx, deps, { person, password: input.password, address: http.address });
  if (input.newPassword === input.password) {
    throw new DomainError('invalid', 'This is the password you have; give a new one.', {
      fields: [{ field: 'newPassword', message: 'is the one you have' }],
    });
  }
  const passwordHash = await hashNewPassword(deps, { password: input.newPassword, person, field: 'newPassword' });
  const done = await write(ctx, async (tx, record) => {
    const now = ctx.now();
    const account = await lockAccountById(tx, person.id);
    if (account?.passwordHash !== person.passwordHash) throw wrongPassword();
    await updatePasswordHash(tx, person.id, passwordHash);
    const ended = await endSessionsBut(tx, { userId: person.id, sessionId, now, reason: 'password changed' });
    const renewed = await renewToken(tx, sessionId, { assurance: ctx.actor.assurance ?? 1, now });
    const words = noticeWords('users.password_changed', { address: http.address });
    await notice(tx, ctx, { to: person, ...words, url: '/account' });
    record({
      action: 'users.password_changed',
      category: 'authentication',
      level: 'warning',
      target: { kind: 'user', id: person.id },
      details: { endedSessions: ended },
    });
    return { ended, renewed };
  });
  http.setSessionCookie(done.renewed.token, done.renewed.lifeMs);
  ctx.hub.publish('users');
  return { endedSessions: done.ended };
}

/** The caller as stored. Throws `unauthenticated`. */
export async function ownPerson(ctx: Ctx): Promise<UserRow> {
  const person = await selectPerson(ctx.db, actingSession(ctx.actor).userId);
  if (person === null) throw new DomainError('unauthenticated', 'Sign in to see this.');
  return person;
}

async function assertOldPassword(
  ctx: Ctx,
  deps: UsersDeps,
  given: { person: UserRow; password: string; address: string },
): Promise<void> {
  const { person, password, address } = given;
  if (person.passwordHash === null) {
    throw new DomainError('precondition', 'You have no password; ask an owner or admin for a link to set one.');
  }
  const reservation = await deps.throttle.reserveFactor(ctx, { userId: person.id, address });
  if (await deps.passwords.verify(person.passwordHash, password)) {
    await deps.throttle.giveBack(ctx, reservation);
    return;
  }
  await recordDenied(ctx, {
    action: 'users.password_changed',
    category: 'authentication',
    target: { kind: 'user', id: person.id },
    details: { reason: 'wrong password' },
  });
  throw wrongPassword();
}

function wrongPassword(): DomainError {
  return new DomainError('unauthenticated', 'Your present password is wrong.', {
    fields: [{ field: 'password', message: 'is wrong' }],
  });
}
