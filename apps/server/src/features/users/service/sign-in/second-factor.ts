import { DomainError } from '@qd/shared/errors';
import {
  noticeWords,
  TICKET_TRIES,
  type SecondFactorAnswer,
  type SecondFactorInput,
  type SignInAnswer,
} from '@qd/shared/users';
import type { Tx } from '../../../../db/client.ts';
import { countTry, selectChallenge, useChallenge, type ChallengeRow } from '../../../../db/queries/challenges.ts';
import type { Ctx } from '../../../../platform/context.ts';
import type { HttpCall } from '../../../../platform/http-call.ts';
import { notice } from '../../../../platform/notices.ts';
import { tokenHash } from '../../../../platform/session.ts';
import { ingest, recordDenied, write } from '../../../../platform/write.ts';
import type { Account } from '../../queries/accounts.ts';
import { lockAccountById, selectPerson } from '../../queries/own-account.ts';
import type { UsersDeps } from '../deps.ts';
import { takeRecovery, takeTotpCode } from '../factors/check.ts';
import { personActor } from '../person-actor.ts';
import { admit, answerSignIn, passwordMark } from './admission.ts';

type Method = 'password' | 'oidc' | 'link';

/**
 * Lets someone in who shows the second factor a ticket asks for. Throws `precondition` when the ticket is used, too old, had five
 * tries or the account changed since; `unauthenticated` for a code that is wrong or was used before; `rate_limited`.
 */
export async function showSecondFactor(
  ctx: Ctx,
  deps: UsersDeps,
  input: SecondFactorInput,
  http: HttpCall,
): Promise<SecondFactorAnswer> {
  const key = { kind: 'second_factor' as const, tokenHash: tokenHash(input.ticket), now: ctx.now() };
  const found = await selectChallenge(ctx.db, key);
  const person = found?.userId ? await selectPerson(ctx.db, found.userId) : null;
  if (found === null || person === null) throw ticketIsDead();
  const reservation = await deps.throttle.reserveFactor(ctx, { userId: person.id, address: http.address });
  // Counted in a transaction of its own: guesses sent at once cannot overtake the counter.
  if ((await ingest(ctx, (tx) => countTry(tx, key, TICKET_TRIES))) === null) throw ticketIsDead();
  const asPerson = { ...ctx, actor: personActor(person, http.address) };
  const kind = 'code' in input ? 'totp' : 'recovery';
  const admitted = await noting(asPerson, { kind, userId: person.id }, () =>
    write(asPerson, async (tx, record) => {
      const account = await unchangedAccount(tx, found);
      if ((await useChallenge(tx, key)) === null) throw ticketIsDead();
      const left = await take(tx, deps, { input, account, now: ctx.now() });
      await deps.throttle.succeed(tx, reservation);
      if (left !== null) {
        await notice(tx, ctx, { to: account, ...noticeWords('users.recovery_code_used', { left }), url: '/account' });
      }
      const method = methodOf(found);
      const details = { secondFactor: kind };
      return { left, ...(await admit(tx, ctx, record, { account, http, method, assurance: 2, details })) };
    }),
  );
  answerSignIn(ctx, http, admitted);
  return { ok: true, recoveryCodesLeft: admitted.left } satisfies SignInAnswer & SecondFactorAnswer;
}

/** Uses the code up; gives the recovery codes left where it was one of those. */
async function take(
  tx: Tx,
  deps: UsersDeps,
  given: { input: SecondFactorInput; account: Account; now: Date },
): Promise<number | null> {
  const { input, now } = given;
  const userId = given.account.id;
  if ('code' in input) {
    if (await takeTotpCode(tx, deps, { userId, code: input.code, now })) return null;
    throw wrongFactor('code');
  }
  const left = await takeRecovery(tx, deps, { userId, code: input.recoveryCode, now });
  if (left === null) throw wrongFactor('recoveryCode');
  return left;
}

/** Person, state and password must still be what they were when the ticket was given. */
async function unchangedAccount(tx: Tx, ticket: ChallengeRow): Promise<Account> {
  const account = ticket.userId === null ? null : await lockAccountById(tx, ticket.userId);
  const isSame = account?.state === 'active' && passwordMark(account.passwordHash) === ticket.payload['passwordMark'];
  if (!account || !isSame) throw ticketIsDead();
  return account;
}

function methodOf(ticket: ChallengeRow): Method {
  const { method } = ticket.payload;
  return method === 'oidc' || method === 'link' ? method : 'password';
}

async function noting<T>(ctx: Ctx, about: { kind: string; userId: string }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DomainError) {
      await recordDenied(ctx, {
        action: 'users.signed_in',
        category: 'authentication',
        target: { kind: 'user', id: about.userId },
        details: { method: about.kind, reason: error.code === 'unauthenticated' ? 'wrong code' : 'ticket is dead' },
      });
    }
    throw error;
  }
}

/** The refusal of a code; the same for a wrong one and one used before. */
export function wrongFactor(field: string): DomainError {
  return new DomainError('unauthenticated', 'This code is wrong, too old, or was used before; give a new one.', {
    fields: [{ field, message: 'is wrong, too old, or was used before' }],
  });
}

function ticketIsDead(): DomainError {
  return new DomainError('precondition', 'This took too long or too many tries; sign in again from the start.');
}
