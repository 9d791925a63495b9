import { DomainError } from '@qd/shared/errors';
import { noticeWords, type RenamePasskeyInput } from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { selectFactorState } from '../../../../db/queries/factor-state.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { notice } from '../../../../platform/notices.ts';
import { actingSession } from '../../../../platform/step-up.ts';
import { write } from '../../../../platform/write.ts';
import { deletePasskey, deleteRecoveryCodes, deleteTotp, renamePasskey } from '../../queries/factors.ts';
import { lockAccountById } from '../../queries/own-account.ts';
import type { UsersDeps } from '../deps.ts';
import { renewRecoveryCodes } from '../factors/recovery.ts';

/** Removes one of the caller's authenticator apps. Throws `not_found`, or `conflict` for the last factor while one is required. */
export function removeTotp(ctx: Ctx, input: { id: string }): Promise<void> {
  return removeFactor(ctx, { id: input.id, kind: 'totp' }, deleteTotp);
}

/** The same for a passkey. */
export function removePasskey(ctx: Ctx, input: { id: string }): Promise<void> {
  return removeFactor(ctx, { id: input.id, kind: 'passkey' }, deletePasskey);
}

/** Gives one of the caller's passkeys another name. Throws `not_found`. */
export async function nameOwnPasskey(ctx: Ctx, input: RenamePasskeyInput): Promise<void> {
  const { userId } = actingSession(ctx.actor);
  await write(ctx, async (tx, record) => {
    const renamed = await renamePasskey(tx, { id: input.id, userId }, input.label);
    if (renamed === null) throw unknownFactor();
    record({
      action: 'users.passkey_renamed',
      category: 'authentication',
      target: { kind: 'factor', id: input.id },
      before: { label: renamed.before },
      after: { label: input.label },
    });
  });
}

/** Ten new recovery codes in place of those the caller had, shown this once. Throws `precondition` without a factor to recover. */
export async function newRecoveryCodes(ctx: Ctx, deps: UsersDeps): Promise<{ codes: string[] }> {
  const { userId } = actingSession(ctx.actor);
  const codes = await write(ctx, async (tx, record) => {
    await lockAccountById(tx, userId);
    if (!(await hasAnyFactor(tx, ctx, userId))) {
      throw new DomainError('precondition', 'Recovery codes stand in for a second factor; set one up first.');
    }
    const { email, name } = ctx.actor;
    const words = noticeWords('users.recovery_codes_renewed', {});
    await notice(tx, ctx, { to: { email: email ?? '', name }, ...words, url: '/account' });
    record({
      action: 'users.recovery_codes_renewed',
      category: 'authentication',
      level: 'warning',
      target: { kind: 'user', id: userId },
    });
    return renewRecoveryCodes(tx, deps.recoveryKey, { userId, now: ctx.now() });
  });
  return { codes };
}

async function removeFactor(
  ctx: Ctx,
  factor: { id: string; kind: 'totp' | 'passkey' },
  remove: (tx: Tx, key: { id: string; userId: string }) => Promise<{ label: string } | null>,
): Promise<void> {
  const { userId } = actingSession(ctx.actor);
  await write(ctx, async (tx, record) => {
    // Locked, so that two removals at once cannot both leave one other factor.
    await lockAccountById(tx, userId);
    const removed = await remove(tx, { id: factor.id, userId });
    if (removed === null) throw unknownFactor();
    const state = await selectFactorState(tx, userId, ctx.now());
    const isLast = state !== null && !state.hasTotp && !state.hasPasskey;
    if (isLast && state.isRequired) {
      throw new DomainError(
        'conflict',
        'Your role requires a second factor, and this is your last; add another first.',
      );
    }
    if (isLast) await deleteRecoveryCodes(tx, userId);
    const { email, name } = ctx.actor;
    const words = noticeWords('users.factor_removed', { factor: removed.label });
    await notice(tx, ctx, { to: { email: email ?? '', name }, ...words, url: '/account' });
    record({
      action: 'users.factor_removed',
      category: 'authentication',
      level: 'warning',
      target: { kind: 'factor', id: factor.id },
      before: { kind: factor.kind, label: removed.label },
    });
  });
  ctx.hub.publish('users');
}

async function hasAnyFactor(tx: Tx, ctx: Pick<Ctx, 'now'>, userId: string): Promise<boolean> {
  const state = await selectFactorState(tx, userId, ctx.now());
  return state !== null && (state.hasTotp || state.hasPasskey);
}

function unknownFactor(): DomainError {
  return new DomainError('not_found', 'You have no such factor; look at your account again.');
}
