import { DomainError } from '@qd/shared/errors';
import { emailKey, type SessionView, type SignInAnswer, type SignInInput } from '@qd/shared/users';
import type { Tx } from '../../../db/client.ts';
import { selectLiveGrants } from '../../../db/queries/grants.ts';
import { endSession } from '../../../db/queries/sessions.ts';
import type { Ctx } from '../../../platform/context.ts';
import type { HttpCall } from '../../../platform/http-call.ts';
import type { Reservation } from '../../../platform/throttle.ts';
import { recordDenied, write } from '../../../platform/write.ts';
import { lockAccount, selectAccount, updatePasswordHash, type Account } from '../queries/accounts.ts';
import { hasOwner, selectDemoState } from '../queries/owners.ts';
import { roleViews, type UsersDeps } from './deps.ts';
import { personActor } from './person-actor.ts';
import { admitOrAsk, answerSignIn } from './sign-in/admission.ts';

/**
 * Checks a password: signs the person in and sets the session cookie, or gives a ticket for their second factor. Throws
 * `unauthenticated` with one message for an unknown address, a wrong password and a suspended person, and `rate_limited`
 * after too many failures.
 */
export async function signIn(ctx: Ctx, deps: UsersDeps, input: SignInInput, http: HttpCall): Promise<SignInAnswer> {
  const key = emailKey(input.email);
  const reservation = await deps.throttle.reserve(ctx, { emailKey: key, address: http.address });
  const account = await selectAccount(ctx.db, key);
  const fits = await check(ctx, deps, reservation, { account, password: input.password });
  if (account === null || !fits || account.state !== 'active') {
    await recordDenied(
      { ...ctx, actor: { ...ctx.actor, email: account?.email ?? input.email, address: http.address } },
      {
        action: 'users.signed_in',
        category: 'authentication',
        ...(account === null ? {} : { target: { kind: 'user', id: account.id } }),
        details: { method: 'password', reason: reasonOf(account, fits) },
      },
    );
    throw wrong();
  }
  const renewed = await renewedHash(deps, account, input.password);
  const outcome = await write({ ...ctx, actor: personActor(account, http.address) }, async (tx, record) => {
    await assertUnchanged(tx, key, account);
    await deps.throttle.succeed(tx, reservation);
    if (renewed !== null) await updatePasswordHash(tx, account.id, renewed);
    const current = { ...account, passwordHash: renewed ?? account.passwordHash };
    return admitOrAsk(tx, ctx, record, { account: current, http, method: 'password' });
  });
  return answerSignIn(ctx, http, outcome);
}

/** Ends the caller's session, if there is one, and removes the cookie either way. */
export async function signOut(ctx: Ctx, http: HttpCall): Promise<void> {
  const { sessionId } = ctx.actor;
  if (sessionId !== null) {
    await write(ctx, async (tx, record) => {
      await endSession(tx, sessionId, ctx.now());
      record({ action: 'users.signed_out', category: 'authentication', target: { kind: 'session', id: sessionId } });
    });
    ctx.hub.publish('users');
  }
  http.clearSessionCookie();
}

/** What the browser may know of itself and of the installation. */
export async function describeSession(
  ctx: Ctx,
  installation: { version: string; embedded: boolean },
): Promise<SessionView> {
  const now = ctx.now();
  const { actor } = ctx;
  const owned = await hasOwner(ctx.db, now);
  const demo = await selectDemoState(ctx.db);
  const base = { setup: !owned, ...demo, ...installation };
  if (actor.kind !== 'user' || actor.id === null) return { ...base, user: null };
  const grants = await selectLiveGrants(ctx.db, actor.id, now);
  return {
    ...base,
    user: {
      id: actor.id,
      name: actor.name,
      email: actor.email ?? '',
      roles: roleViews(grants),
      grants: [...actor.grants],
      assurance: actor.assurance ?? 1,
      enrolBy: actor.enrolBy ?? null,
      mustEnrol: actor.mustEnrol ?? false,
    },
  };
}

async function check(
  ctx: Ctx,
  deps: UsersDeps,
  reservation: Reservation,
  given: { account: Account | null; password: string },
): Promise<boolean> {
  try {
    return await deps.passwords.verify(given.account?.passwordHash ?? null, given.password);
  } catch (error) {
    await deps.throttle.giveBack(ctx, reservation);
    throw error;
  }
}

async function renewedHash(deps: UsersDeps, account: Account, password: string): Promise<string | null> {
  const outdated = account.passwordHash !== null && deps.passwords.isOutdated(account.passwordHash);
  return outdated ? deps.passwords.hash(password) : null;
}

/** The person may have been suspended, or the password changed, while the password was being checked. */
async function assertUnchanged(tx: Tx, key: string, checked: Account): Promise<void> {
  const account = await lockAccount(tx, key);
  if (account?.state !== 'active' || account.passwordHash !== checked.passwordHash) throw wrong();
}

function reasonOf(account: Account | null, fits: boolean): string {
  if (account === null) return 'unknown address';
  return fits ? 'suspended' : 'wrong password';
}

function wrong(): DomainError {
  return new DomainError('unauthenticated', 'The address or the password is wrong.');
}
