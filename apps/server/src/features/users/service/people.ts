import { DomainError } from '@qd/shared/errors';
import { emailKey, noticeWords, type CreateUserInput } from '@qd/shared/users';
import type { Tx } from '../../../db/client.ts';
import { upsertGrant } from '../../../db/queries/grants.ts';
import { endSessionsOf } from '../../../db/queries/sessions.ts';
import type { Ctx } from '../../../platform/context.ts';
import { assertMayGive, assertMayTouch } from '../../../platform/escalation.ts';
import { notice } from '../../../platform/notices.ts';
import { write } from '../../../platform/write.ts';
import { insertUser, lockAccount, selectAccount, updatePasswordHash, type Account } from '../queries/accounts.ts';
import { addressTaken } from './bootstrap.ts';
import { newId, type UsersDeps } from './deps.ts';
import { hashNewPassword } from './new-password.ts';

/**
 * Makes a person who can sign in at once, with a first role if one is named. Throws `conflict` when the address is taken, and
 * `invalid` for a password that would be guessed soon.
 */
export async function createUser(
  ctx: Ctx,
  deps: UsersDeps,
  input: CreateUserInput,
  options: { isDemo?: boolean } = {},
): Promise<{ id: string }> {
  const { email, name, role, platform } = input;
  const passwordHash = await hashNewPassword(deps, { password: input.password, person: input });
  const id = newId('usr');
  await write(ctx, async (tx, record) => {
    await assertMayGive(tx, ctx, role === null ? { permissions: [], platform } : { role, platform }, 'users:write');
    const createdAt = ctx.now();
    const isDemo = options.isDemo ?? false;
    const row = {
      id,
      email,
      emailKey: emailKey(email),
      name,
      passwordHash,
      state: 'active' as const,
      isDemo,
      createdAt,
    };
    if (!(await insertUser(tx, row))) throw addressTaken();
    if (role !== null) {
      const reason = 'First role';
      await upsertGrant(tx, {
        id: newId('grt'),
        userId: id,
        role,
        platform,
        reason,
        grantedBy: ctx.actor.id,
        createdAt,
      });
    }
    record({
      action: 'users.created',
      category: 'access',
      target: { kind: 'user', id },
      after: { email, name, role, platform: role === null ? null : platform, isDemo },
    });
  });
  ctx.hub.publish('users');
  return { id };
}

/** Gives a person a new password and ends all their sessions. Throws `not_found`, or `invalid` when it would be guessed soon. */
export async function setPassword(
  ctx: Ctx,
  deps: UsersDeps,
  input: { email: string; password: string },
): Promise<{ endedSessions: number }> {
  const person = await selectAccount(ctx.db, emailKey(input.email));
  if (person === null) throw unknownAddress(input.email);
  const passwordHash = await hashNewPassword(deps, { password: input.password, person });
  const endedSessions = await write(ctx, async (tx, record) => {
    const account = await lockedAccount(tx, input.email);
    await assertMayTouch(tx, ctx, account.id, 'users:reset');
    await updatePasswordHash(tx, account.id, passwordHash);
    const ended = await endSessionsOf(tx, account.id, ctx.now());
    record({
      action: 'users.password_set',
      category: 'authentication',
      level: 'warning',
      target: { kind: 'user', id: account.id },
      details: { email: account.email, endedSessions: ended },
    });
    await notice(tx, ctx, { to: account, ...noticeWords('users.password_reset', { address: null }), url: '/account' });
    return ended;
  });
  ctx.hub.publish('users');
  return { endedSessions };
}

/** The account of an address, locked until the transaction ends. Throws `not_found`. */
async function lockedAccount(tx: Tx, email: string): Promise<Account> {
  const account = await lockAccount(tx, emailKey(email));
  if (account === null) throw unknownAddress(email);
  return account;
}

function unknownAddress(email: string): DomainError {
  return new DomainError('not_found', `Nobody has the address ${email}; see qd users list.`, {
    fields: [{ field: 'email', message: 'is unknown' }],
  });
}
