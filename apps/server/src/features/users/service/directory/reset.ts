import { DomainError } from '@qd/shared/errors';
import { emailKey } from '@qd/shared/users';
import type { ReadDb, Tx } from '../../../../db/client.ts';
import type { Ctx } from '../../../../platform/context.ts';
import { assertMayTouch, assertSomebodyElse } from '../../../../platform/escalation.ts';
import { write } from '../../../../platform/write.ts';
import { selectAccount, updatePasswordHash } from '../../queries/accounts.ts';
import { endSessions } from '../../queries/directory-acts.ts';
import { deleteFactors } from '../../queries/factors.ts';
import { selectPerson } from '../../queries/own-account.ts';
import type { UsersDeps } from '../deps.ts';
import { hashNewPassword } from '../new-password.ts';
import { lockedPerson, tell } from './locked.ts';

/** What to reset of a person who is locked out: the password, to the one given, and every second factor. */
export interface ResetInput {
  id: string;
  password: string | null;
  factors: boolean;
}

/**
 * Lets somebody who is locked out in again; every session ends. Throws `not_found`, `forbidden`, `precondition` for who
 * has left, and `invalid` for a password that would be guessed soon.
 */
export async function resetPerson(
  ctx: Ctx,
  deps: Pick<UsersDeps, 'passwords'>,
  input: ResetInput,
): Promise<{ endedSessions: number; removedFactors: number }> {
  const passwordHash = input.password === null ? null : await newHash(ctx, deps, input.id, input.password);
  const done = await write(ctx, async (tx, record) => {
    const person = await lockedPerson(tx, ctx, input.id);
    assertSomebodyElse(ctx, person.id, 'users:reset');
    await assertMayTouch(tx, ctx, person.id, 'users:reset');
    if (person.state === 'offboarded') throw new DomainError('precondition', 'This person has left for good.');
    // Before the factors go: the database keeps the last way in of the last owner.
    if (passwordHash !== null) await updatePasswordHash(tx, person.id, passwordHash);
    const removedFactors = input.factors ? await takeOffFactors(tx, person.id) : 0;
    const ended = await endSessions(tx, { userId: person.id }, { at: ctx.now(), reason: 'reset' });
    record({
      action: 'users.reset',
      category: 'authentication',
      level: 'critical',
      target: { kind: 'user', id: person.id },
      details: {
        email: person.email,
        password: passwordHash !== null,
        factors: input.factors,
        removedFactors,
        endedSessions: ended.length,
      },
    });
    const facts = { address: null };
    if (passwordHash !== null) await tell(tx, ctx, person, { topic: 'users.password_reset', facts });
    if (input.factors) await tell(tx, ctx, person, { topic: 'users.factors_reset', facts });
    return { endedSessions: ended.length, removedFactors };
  });
  ctx.hub.publish('users');
  return done;
}

async function newHash(
  ctx: Pick<Ctx, 'db'>,
  deps: Pick<UsersDeps, 'passwords'>,
  id: string,
  password: string,
): Promise<string> {
  const person = (await selectPerson(ctx.db, id)) ?? { name: '', email: '' };
  return hashNewPassword(deps, { password, person });
}

async function takeOffFactors(tx: Tx, userId: string): Promise<number> {
  const removed = await deleteFactors(tx, userId);
  return removed.totp + removed.passkeys;
}

/** The id of the person with an address. Throws `not_found`. */
export async function personIdOf(ctx: { db: ReadDb }, email: string): Promise<string> {
  const account = await selectAccount(ctx.db, emailKey(email));
  if (account !== null) return account.id;
  throw new DomainError('not_found', `Nobody has the address ${email}; see qd users list.`, {
    fields: [{ field: 'email', message: 'is unknown' }],
  });
}
